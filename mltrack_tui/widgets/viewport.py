"""Which rows and columns of a table are on screen, and where: sums of widths, without a terminal."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mltrack_tui.widgets.cells import GridColumn

GAP = 2
"""Blanks between two columns."""


class Viewport:
    """A window of so many terminal cells onto a table: rows from ``top`` on, columns from ``left`` on.

    The first ``frozen`` columns stay on the left while the rest scrolls, as far as they leave room for it. No question
    goes through more columns than fit the window, however many there are.
    """

    def __init__(self, frozen: int = 0) -> None:
        self.columns: Sequence[GridColumn] = ()
        self.frozen = frozen
        self.rows = 0
        self.width = 0
        self.page = 0
        self.top = 0
        self.left = frozen
        self._placed: list[tuple[int, int]] = []
        self._placed_for: tuple[object, ...] = ()

    @property
    def end(self) -> int:
        """How many rows from the very first one on fill the window as it is scrolled, be there as many or not."""
        return self.top + self.page

    @property
    def visible_rows(self) -> range:
        """The indexes of the rows on screen."""
        return range(self.top, min(self.end, self.rows))

    @property
    def staying(self) -> int:
        """How many columns stay: those frozen, but never so many that they fill the window."""
        taken = 1
        for index in range(min(self.frozen, len(self.columns))):
            taken += self.columns[index].width + GAP
            if taken > self.width * 3 // 4:
                return index
        return min(self.frozen, len(self.columns))

    def placed(self) -> list[tuple[int, int]]:
        """Index and x of each column on screen, those that stay first; the last may be cut."""
        state = (self.columns, self.left, self.width, self.frozen)
        if len(self._placed_for) == len(state) and all(a is b for a, b in zip(state, self._placed_for, strict=True)):
            return self._placed
        placed, x, staying = [], 1, self.staying
        for indexes in (range(staying), range(max(self.left, staying), len(self.columns))):
            for index in indexes:
                if self.has_rule(index):
                    x += GAP
                if x >= self.width:
                    break
                placed.append((index, x))
                x += self.columns[index].width + GAP
        self._placed, self._placed_for = placed, state
        return placed

    def has_rule(self, index: int) -> bool:
        """Whether a line sets this column apart from the one before it."""
        return self.columns[index].rule or (self.staying > 0 and index == self.left)

    def x_of(self, column: int) -> int | None:
        """Where a column begins, if it is on screen."""
        return next((x for index, x in self.placed() if index == column), None)

    def fits(self, column: int) -> bool:
        """Whether all of a column is on screen."""
        x = self.x_of(column)
        return x is not None and x + self.columns[column].width <= self.width

    def bring_into_view(self, row: int, column: int) -> None:
        """Scroll no farther than it takes to have this cell on screen, and leave no room unused on the right."""
        page = max(self.page, 1)
        self.top = min(max(self.top, row - page + 1), row, max(self.rows - page, 0))
        if not self.columns:
            return
        staying, room = self.staying, self._room
        self.left = max(min(self.left, self._first_of(len(self.columns), room)), staying)
        if column >= staying:
            self.left = max(min(self.left, column), self._first_of(column + 1, room), staying)

    def hold(self, column: int, x: int) -> None:
        """Scroll so that a column begins at x, or as near before it as other columns allow."""
        if self.staying <= column < len(self.columns):
            room = self._room - (self.width - x - self.columns[column].width)
            self.left = max(self._first_of(column + 1, room), self.staying)

    @property
    def _room(self) -> int:
        """Terminal cells for the columns that scroll."""
        return self.width - 1 - sum(self.columns[index].width + GAP for index in range(self.staying))

    def _first_of(self, end: int, room: int) -> int:
        """The first of as many scrolling columns before ``end`` as fit so much room; of one at least."""
        first, taken, staying = end, 0, self.staying
        while first > staying:
            column = self.columns[first - 1]
            behind = taken + GAP * (1 + self.columns[first].rule) if first < end else 0
            line = GAP if staying or column.rule else 0
            if line + column.width + behind > room:
                break
            taken = column.width + behind
            first -= 1
        return min(first, end - 1)
