"""What every way to look at a file can do."""

from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from mltrack_tui.commands import Command
from mltrack_tui.preview.file import ArtifactFile

if TYPE_CHECKING:
    from mltrack_tui.screens.preview.place import PreviewPlace


class View(Widget):
    """One way to look at one file, below the tabs of its place. It has the keys where its place says `focus_view`.

    Made when its tab is first opened; then `load` is awaited in a worker of the place. It fetches no more than is
    shown, and asks for the rest as the user goes on.
    """

    HINTS: ClassVar[tuple[Command, ...]] = ()

    def __init__(self, place: "PreviewPlace", file: ArtifactFile) -> None:
        super().__init__()
        self.place, self.file = place, file

    async def load(self) -> None:
        """Read what is shown first, and show it.

        Raises:
            SourceError: the source failed; the place tells it.
            Unreadable: the file is nothing of this kind; the place says why and opens the next tab.
        """
        raise NotImplementedError

    def focus_view(self) -> None:
        """Have the keys."""
        self.focus()

    def summary(self) -> str:
        """What is shown of how much, for the line above the hints: ``lines 1–40 · 64 kB of 5.0 GB read``."""
        return ""

    def value_under_cursor(self) -> tuple[str, str] | None:
        """Name and full text of what the cursor is on, where there is one."""
        return None
