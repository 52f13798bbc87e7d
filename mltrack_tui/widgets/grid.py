"""A table that paints only what is visible: rows may be 100,000, columns thousands.

Textual's line API: each line is painted from the cells that its rows give when asked. Moving the cursor repaints two
lines; columns scroll by whole columns, and the first ones may stay where they are.
"""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from mltrack_tui.commands import GRID
from mltrack_tui.widgets.cells import LOADING, GridColumn, GridRows, NoRows, Tone, fit
from mltrack_tui.widgets.line import Line

GAP = 2
"""Blanks between two columns."""
WHEEL_ROWS = 3


class Grid(Widget, can_focus=True):
    """Rows and columns with a cell cursor, shown from ``top`` on; without rows, the sentence ``empty``."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--header",
        "grid--rule",
        "grid--row-cursor",
        "grid--cell-cursor",
        *(f"grid--{tone}" for tone in Tone),
    }
    BINDINGS: ClassVar[list[BindingType]] = [*GRID.bindings()]

    cursor: var[tuple[int, int]] = var((0, 0))
    """Row and column. Whoever watches it is called before anything is painted, and so paints in the same frame."""

    class GridMessage(Message):
        """Something about one grid."""

        def __init__(self, grid: "Grid") -> None:
            super().__init__()
            self.grid = grid

        @property
        def control(self) -> "Grid":
            """The grid, for ``@on`` with a selector."""
            return self.grid

        def can_replace(self, message: Message) -> bool:
            """Only the newest of a kind matters."""
            return type(message) is type(self) and message.control is self.grid

    class Moved(GridMessage):
        """The cursor is in another cell."""

    class Viewed(GridMessage):
        """Other rows or columns are on screen; what is missing of them should be loaded."""

    class Opened(GridMessage):
        """The user wants to see what lies behind the cursor's row."""

    class TitlePressed(GridMessage):
        """The user clicked on the title of the cursor's column."""

    def __init__(self, *, id: str | None = None, frozen: int = 0) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.columns: Sequence[GridColumn] = ()
        self.rows: GridRows = NoRows()
        self.frozen = frozen
        self.sort_marks: dict[int, str] = {}
        self.empty = ""
        self.top = 0
        self._left = frozen
        self._styles: dict[tuple[str, str], Style] = {}

    @property
    def cursor_row(self) -> int:
        """The index of the cursor's row; 0 in an empty grid."""
        return self.cursor[0]

    @property
    def cursor_column(self) -> int:
        """The index of the cursor's column."""
        return self.cursor[1]

    # What it shows

    def show(
        self,
        rows: GridRows,
        *,
        columns: Sequence[GridColumn] | None = None,
        cursor_row: int | None = None,
        cursor_column: int | None = None,
        sort_marks: dict[int, str] | None = None,
    ) -> None:
        """Show these rows, with the cursor on this row and column or, where one is not given, where it was.

        The cursor's line stays at its height on the screen where that is possible.
        """
        height = self.cursor_row - self.top
        self.rows = rows
        if columns is not None:
            self.columns = columns
        if sort_marks is not None:
            self.sort_marks = sort_marks
        row = self.cursor_row if cursor_row is None else cursor_row
        column = self.cursor_column if cursor_column is None else cursor_column
        self.cursor = (self._nearest_row(row), self._nearest_column(column))
        self.top = max(self.cursor_row - height, 0)
        self._bring_into_view()
        self.repaint()
        self.post_message(self.Moved(self))

    def repaint(self) -> None:
        """Paint everything again: the same rows now have other cells."""
        self.refresh()
        self.post_message(self.Viewed(self))

    @property
    def visible_rows(self) -> range:
        """The indexes of the rows on screen."""
        return range(self.top, min(self.top + self._page, len(self.rows)))

    @property
    def visible_columns(self) -> tuple[int, ...]:
        """The indexes of the columns on screen, the frozen ones first; the last may be cut."""
        return tuple(index for index, _ in self._placed())

    # Moving

    def action_cursor(self, rows: int, columns: int) -> None:
        """Move by so many rows and columns."""
        self.move(self.cursor_row + rows, self.cursor_column + columns)

    def action_page(self, pages: int) -> None:
        """Move by whole screens, the view with the cursor."""
        step = pages * max(self._page, 1)
        self.top = max(min(self.top + step, len(self.rows) - self._page), 0)
        self.move(self.cursor_row + step, self.cursor_column, scrolled=True)

    def action_row_edge(self, side: int) -> None:
        """Move to the first (-1) or last (1) row."""
        self.move(0 if side < 0 else len(self.rows) - 1, self.cursor_column)

    def action_column_edge(self, side: int) -> None:
        """Move to the first (-1) or last (1) column."""
        if side < 0 and self._left != self.frozen:
            self._left = self.frozen
            self.repaint()
        self.move(self.cursor_row, 0 if side < 0 else len(self.columns) - 1)

    def action_open(self) -> None:
        """Say that the cursor's row is to be opened."""
        if len(self.rows):
            self.post_message(self.Opened(self))

    def move(self, row: int, column: int, *, scrolled: bool = False) -> None:
        """Put the cursor on a cell, as near as there is one, and bring it into view."""
        if not self.columns:
            return
        view, before = (self.top, self._left), self.cursor
        self.cursor = (self._nearest_row(row), self._nearest_column(column))
        if self.cursor == before and not scrolled:
            return
        self._bring_into_view()
        if scrolled or (self.top, self._left) != view:
            self.repaint()
        elif self.cursor_row == before[0]:
            self.refresh(self._cell_region(before[1]).union(self._cell_region(self.cursor_column)))
        else:
            self.refresh(*(Region(0, line - self.top + 1, self.size.width, 1) for line in (before[0], self.cursor_row)))
        self.post_message(self.Moved(self))

    def _cell_region(self, column: int) -> Region:
        """Where the cell of a column lies in the cursor's row."""
        x = next((x for index, x in self._placed() if index == column), 0)
        return Region(x, self.cursor_row - self.top + 1, self.columns[column].width, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll with the wheel."""
        event.stop()
        self.move(self.cursor_row + WHEEL_ROWS, self.cursor_column)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll with the wheel."""
        event.stop()
        self.move(self.cursor_row - WHEEL_ROWS, self.cursor_column)

    def on_click(self, event: events.Click) -> None:
        """Move to the cell that was clicked; a title sorts, a second click opens."""
        column = next((index for index, x in reversed(self._placed()) if x <= event.x), self.cursor_column)
        if event.y == 0:
            self.move(self.cursor_row, column)
            self.post_message(self.TitlePressed(self))
        elif (row := self.top + event.y - 1) < len(self.rows):
            again = row == self.cursor_row and event.chain > 1
            self.move(row, column)
            if again:
                self.action_open()

    def on_show(self) -> None:
        """Have the keys again: who is hidden loses them."""
        if self.screen.focused is None:
            self.focus()

    def on_resize(self) -> None:
        """Keep the cursor in view at any size."""
        self._bring_into_view()
        self.repaint()

    @property
    def _page(self) -> int:
        return max(self.size.height - 1, 0)

    def _nearest_row(self, row: int) -> int:
        return max(min(row, len(self.rows) - 1), 0)

    def _nearest_column(self, column: int) -> int:
        return max(min(column, len(self.columns) - 1), 0)

    def _bring_into_view(self) -> None:
        page = max(self._page, 1)
        lowest = max(len(self.rows) - page, 0)
        self.top = min(max(self.top, self.cursor_row - page + 1), self.cursor_row, lowest)
        self._left = max(min(self._left, self._farthest_left()), self.frozen)
        if self.cursor_column < self.frozen:
            return
        self._left = max(min(self._left, self.cursor_column), self.frozen)
        while self._left < self.cursor_column and not self._fits(self.cursor_column):
            self._left += 1

    def _farthest_left(self) -> int:
        """Where the view begins when it ends with the last column: farther right, it would leave room unused."""
        room = self.size.width - 1 - sum(column.width + GAP for column in self.columns[: self.frozen])
        first = len(self.columns)
        while first > self.frozen:
            column = self.columns[first - 1]
            room -= column.width + GAP * (1 + column.rule)
            if room < 0:
                break
            first -= 1
        return min(first, len(self.columns) - 1)

    def _fits(self, column: int) -> bool:
        return any(index == column and x + self.columns[index].width <= self.size.width for index, x in self._placed())

    # Painting

    def _placed(self) -> list[tuple[int, int]]:
        """Index and x of each column on screen."""
        placed, x, width = [], 1, self.size.width
        for index in (*range(min(self.frozen, len(self.columns))), *range(self._left, len(self.columns))):
            if self._has_rule(index):
                x += GAP
            if x >= width:
                break
            placed.append((index, x))
            x += self.columns[index].width + GAP
        return placed

    def _has_rule(self, index: int) -> bool:
        return self.columns[index].rule or (self.frozen > 0 and index == self._left)

    def notify_style_update(self) -> None:
        """Forget the styles of the theme before."""
        super().notify_style_update()
        self._styles.clear()

    def _style(self, tone: str, under: str) -> Style:
        """A tone's ink on what lies under it: '' or the row's or the cell's cursor."""
        style = self._styles.get((tone, under))
        if style is None:
            style = self.rich_style + self.get_component_rich_style(f"grid--{tone}", partial=True)
            if under:
                style += self.get_component_rich_style(f"grid--{under}", partial=True)
            self._styles[tone, under] = style
        return style

    def render_line(self, y: int) -> Strip:
        """Paint one line: the titles, a row, or nothing."""
        width = self.size.width
        if y == 0:
            return self._header().adjust_cell_length(width, self._style("header", ""))
        row = self.top + y - 1
        if row >= len(self.rows):
            return self._words(self.empty if y == 1 else "")
        at_cursor = row == self.cursor_row
        placed = self._placed()
        indexes = tuple(index for index, _ in placed)
        cells = self.rows.cells(row, indexes) or [LOADING] * len(indexes)
        under = "row-cursor" if at_cursor else ""
        line = Line(self._style(Tone.PLAIN, under))
        for (index, x), cell in zip(placed, cells, strict=True):
            if index == self._left > self.frozen:
                line.put(x - GAP, "‹", self._style("rule", under))
            column = self.columns[index]
            here = at_cursor and index == self.cursor_column
            style = self._style(cell.tone, "cell-cursor" if here else under)
            room = min(column.width, width - x)
            half = column.right and (room < column.width or len(cell.text) > room)
            text = "…" if half else cell.text  # half a number is another number
            line.put(x, fit(text, room, column.right), style)
        return line.strip(width)

    def _words(self, text: str) -> Strip:
        line = Line(self._style(Tone.DIM, ""))
        line.put(1, fit(text, max(self.size.width - 1, 0)), self._style(Tone.DIM, ""))
        return line.strip(self.size.width)

    def _header(self) -> Strip:
        """The titles; ``‹`` and ``›`` say that there are more columns on that side."""
        line, width = Line(self._style("header", "")), self.size.width
        placed = self._placed()
        for index, x in placed:
            if self._has_rule(index):
                line.put(x - GAP, "│", self._style("rule", ""))
            column = self.columns[index]
            mark = self.sort_marks.get(index, "")
            title = fit(f"{mark}{column.title}", min(column.width, width - x), column.right)
            line.put(x, title, self._style(Tone.STRONG if mark else "header", ""))
        strip = line.strip(width)
        if placed and (placed[-1][0] < len(self.columns) - 1 or not self._fits(placed[-1][0])):
            more = Segment("›", self._style(Tone.STRONG, ""))
            strip = Strip([*strip.crop(0, width - 1), more])
        return strip
