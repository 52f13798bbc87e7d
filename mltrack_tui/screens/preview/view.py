"""What every way to look at a file can do."""

from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from mltrack_tui.commands import Command
from mltrack_tui.preview.file import ArtifactFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mltrack_tui.export.table import Exportable
    from mltrack_tui.screens.copying import Copyable
    from mltrack_tui.screens.preview.place import PreviewPlace


class View(Widget):
    """One way to look at one file, below the tabs of its place. It has the keys where its place says `focus_view`.

    Made when its tab is first opened; then `load` is awaited in a worker of the place. It fetches no more than is
    shown, and asks for the rest as the user goes on, by `PreviewPlace.reading`. Whatever `summary` or
    `value_under_cursor` say anew, it tells by `tell`.
    """

    HINTS: ClassVar[tuple[Command, ...]] = ()

    def __init__(self, place: "PreviewPlace", file: ArtifactFile) -> None:
        super().__init__()
        self.place, self.file = place, file

    async def load(self) -> None:
        """Read what is shown first, and show it; called again where the file changed while it was read.

        Raises:
            SourceError: the source failed; the place tells it.
            TooMuch: the place asks the user, and loads again or opens the next tab.
            Unreadable: the file is nothing of this kind; the place says why and opens the next tab.
        """
        raise NotImplementedError

    def focus_view(self) -> None:
        """Have the keys."""
        self.focus()

    def tell(self) -> None:
        """Have the place say anew what this says of itself."""
        self.place.tell()

    def summary(self) -> str:
        """What is shown of how much: ``lines 1–40 of 812``. The place adds how many bytes were fetched for it."""
        return ""

    def at(self) -> object:
        """Where the user is in it: until that changes, no notice is taken away by what was only read."""
        return self.summary()

    def value_under_cursor(self) -> tuple[str, str] | None:
        """Name and full text of what the cursor is on, where there is one."""
        return None

    def copyable(self) -> "Sequence[Copyable]":
        """What else can be copied: what is shown."""
        return ()

    def exportable(self) -> "Exportable | None":
        """The table that is shown, where it is one."""
        return None

    def leave(self) -> bool:
        """Leave what is open within the view; False where nothing is."""
        return False
