"""The box that words of metrics' names are typed into."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static


class NameBox(Input):
    """A text box that hands the keys on at once, so that what is typed ahead is theirs who have them next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "hand_on(False)", show=False),
        Binding("escape", "hand_on(True)", show=False),
    ]

    def __init__(self, hand_on: Callable[[bool], None]) -> None:
        """``hand_on`` gives the keys to somebody else; its argument says whether nothing is to be filtered any more."""
        super().__init__(placeholder="words of a metric's name", compact=True, select_on_focus=False)
        self.cursor_blink = False  # each blink is sent over a slow line
        self._hand_on = hand_on

    def action_hand_on(self, clear: bool) -> None:
        """Let somebody else have the keys."""
        self._hand_on(clear)


class NameFilter(Horizontal):
    """The line of such a box; it is there while it has text or the keys."""

    class Changed(Message):
        """Other names are to be shown."""

    def __init__(self, hand_on: Callable[[], None]) -> None:
        super().__init__(classes="name-filter")
        self._elsewhere = hand_on
        self._box = NameBox(self._leave)
        self.display = False

    def compose(self) -> ComposeResult:
        """A sign, then the box."""
        yield Static("╱", classes="sign")
        yield self._box

    @property
    def text(self) -> str:
        """The words."""
        return self._box.value

    def open(self) -> None:
        """Have the keys."""
        self.display = True
        self.screen.set_focus(self._box)

    def clear(self) -> bool:
        """Filter no longer; says whether that was done."""
        filtered = bool(self._box.value)
        self._box.value = ""
        self.display = False
        return filtered

    def _leave(self, clear: bool) -> None:
        if clear:
            self.clear()
        self.display = bool(self._box.value)
        self._elsewhere()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say so."""
        event.stop()
        self.post_message(self.Changed())
