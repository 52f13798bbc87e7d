"""The table that the tree of artifacts is shown in."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from mltrack_tui.commands import MARKS, ROWS
from mltrack_tui.screens.candidate.tree_rows import NAME, TreeRows
from mltrack_tui.screens.candidates.marking import MarkingGrid


class ArtifactGrid(MarkingGrid[str], inherit_bindings=False):
    """The tree's lines; the cursor stays in the names."""

    CALLED = "artifact"
    BINDINGS: ClassVar[list[BindingType]] = [*ROWS.bindings(), *MARKS.bindings()]

    @property
    def ids(self) -> Sequence[str]:
        """Their paths."""
        return self.rows.paths if isinstance(self.rows, TreeRows) else ()

    def why_not_marked(self, each: str) -> str:
        """Only what can be downloaded is marked."""
        return self.rows.why_not_downloaded(each) if isinstance(self.rows, TreeRows) else ""

    def action_open(self) -> None:
        """Open what the cursor is on; without lines, what the sentence in their place offers."""
        self.post_message(self.Opened(self))

    def move(self, row: int, column: int, *, scrolled: bool = False) -> None:  # noqa: ARG002 - there is only one
        """Put the cursor on a line."""
        super().move(row, NAME, scrolled=scrolled)
