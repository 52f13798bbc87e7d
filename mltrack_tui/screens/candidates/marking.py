"""A table of things of which some are marked."""

from collections.abc import Sequence
from typing import ClassVar, Generic

from textual.binding import BindingType

from mltrack_tui.commands import MARKS
from mltrack_tui.screens.candidates.marks import K, Marks
from mltrack_tui.screens.demand import SeekingGrid
from mltrack_tui.widgets.grid import Grid


class MarkingGrid(SeekingGrid, Generic[K]):
    """Marks its rows by the keys; the first column shows which."""

    CALLED = "row"
    """What a row stands for."""

    BINDINGS: ClassVar[list[BindingType]] = [*MARKS.bindings()]

    class Told(Grid.GridMessage):
        """There is something to say about what was done."""

        def __init__(self, grid: Grid, text: str, tone: str = "warning") -> None:
            super().__init__(grid)
            self.text = text
            self.tone = tone

    def __init__(self) -> None:
        super().__init__()
        self.marks: Marks[K] = Marks()

    @property
    def ids(self) -> Sequence[K]:
        """What the rows stand for, from the top."""
        raise NotImplementedError

    def why_not_marked(self, each: K) -> str:  # noqa: ARG002 - it is all the same here
        """Why something cannot be marked, in a sentence; '' where it can."""
        return ""

    @property
    def cursor_id(self) -> K | None:
        """What the cursor is on."""
        return self.ids[self.cursor_row] if self.cursor_row < len(self.ids) else None

    def tell(self, text: str, tone: str = "warning") -> None:
        """Say something about what was done, once that is shown."""
        self.post_message(self.Told(self, text, tone))

    def action_mark(self) -> None:
        """Mark what the cursor is on, or unmark it, and go on to the next."""
        if (here := self.cursor_id) is None:
            return
        if why := self.why_not_marked(here):
            self.tell(why)
        else:
            self.marks.invert([here])
            self.refresh(self.cell_region(self.cursor_row, 0))
            self.post_message(self.Moved(self))
            self.action_cursor(1, 0)

    def action_mark_range(self) -> None:
        """Begin a range of marks here, or mark all from where it began to here."""
        if (here := self.cursor_id) is None:
            return
        lost = False
        if self.marks.anchor is None:
            self.marks.anchor = here
        else:
            lost = not self.marks.mark_range(self.ids, self.cursor_row, self.why_not_marked)
        self._repaint_marks()
        if lost:
            self.tell(f"The {self.CALLED} that the range began with is not shown any more.")

    def forget_range(self) -> None:
        """Look for no other end of a range."""
        self.marks.anchor = None
        self._repaint_marks()

    def action_invert_marks(self) -> None:
        """Mark what is shown and not marked, and unmark the rest of it."""
        self.marks.invert(each for each in self.ids if not self.why_not_marked(each))
        self._repaint_marks()

    def action_unmark_all(self) -> None:
        """Unmark all."""
        self.marks.clear()
        self._repaint_marks()

    def _repaint_marks(self) -> None:
        self.refresh()
        self.post_message(self.Moved(self))
