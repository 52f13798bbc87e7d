"""Asking before downloads are left unfinished."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from mltrack_tui.screens.dialogs import KeyedDialog
from mltrack_tui.screens.place import counted

if TYPE_CHECKING:
    from mltrack_tui.transfer.downloads import Download

STAYS = "What has come stays, and need not come again."
_WAYS = (("s", "stay, let them go on"), ("q", "quit"))


class QuitDialog(KeyedDialog[bool]):
    """Whether to quit though something is downloaded; ``ctrl+q`` once more does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "highlight(1)", show=False),
        Binding("k", "highlight(-1)", show=False),
    ]

    def __init__(self, under_way: "Sequence[Download]") -> None:
        super().__init__()
        self._number = len(under_way)

    def compose(self) -> ComposeResult:
        """What would be left, and the ways."""
        with Vertical(classes="dialog small") as frame:
            frame.border_title = f"{counted(self._number, 'download')} under way"
            frame.border_subtitle = "enter chooses · esc stays"
            yield Static(STAYS)
            yield OptionList(*(Option(Content.assemble((f"{key}  ", "$accent"), label)) for key, label in _WAYS))

    def on_mount(self) -> None:
        """Ready for the keys."""
        self.query_one(OptionList).focus()

    @property
    def choice_keys(self) -> Sequence[str]:
        """The ways have a key each."""
        return [key for key, _ in _WAYS]

    def choose(self, index: int) -> None:
        """Quit, or stay."""
        self.dismiss(_WAYS[index][0] == "q")
