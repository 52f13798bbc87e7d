"""A table that paints only what is visible: rows may be 100,000, columns thousands.

Textual's line API: each line is painted from the cells that its rows give when asked. Moving the cursor repaints two
lines; columns scroll by whole columns, and the first ones may stay where they are.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from mltrack_tui.commands import GRID
from mltrack_tui.widgets.cells import GridColumn, GridRows, NoRows, Tone
from mltrack_tui.widgets.inks import ink
from mltrack_tui.widgets.painter import Painter
from mltrack_tui.widgets.viewport import Viewport

WHEEL_ROWS = 3
_INKS: Mapping[str, str] = {
    "header": "$dim",
    "rule": "$faint",
    "row-cursor": "on $row",
    "row-cursor:ansi": "underline on $row",
    "cell-cursor": "bold on $cell",
    "cell-cursor:ansi": "bold reverse on $cell",
    Tone.PLAIN: "$foreground",
    Tone.DIM: "$dim",
    Tone.STRONG: "bold $foreground",
    Tone.GOOD: "$success",
    Tone.BAD: "$error",
    Tone.WARN: "$warning",
    Tone.BUSY: "$primary",
    Tone.GRAPH: "$graph",
    Tone.BEST: "bold $accent",
}


class Grid(Widget, can_focus=True):
    """Rows and columns with a cell cursor, shown as its `Viewport` says; without rows, the sentence ``empty``."""

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
        self.rows: GridRows = NoRows()
        self.viewport = Viewport(frozen)
        self.sort_marks: Mapping[int, str] = {}
        self.empty = ""
        self._styles: dict[tuple[str, str], Style] = {}
        self._painter = Painter(self.viewport, self._style)

    @property
    def cursor_row(self) -> int:
        """The index of the cursor's row; 0 in an empty grid."""
        return self.cursor[0]

    @property
    def cursor_column(self) -> int:
        """The index of the cursor's column."""
        return self.cursor[1]

    @property
    def columns(self) -> Sequence[GridColumn]:
        """All columns, on screen or not."""
        return self.viewport.columns

    @property
    def top(self) -> int:
        """The index of the first row on screen."""
        return self.viewport.top

    @property
    def visible_rows(self) -> range:
        """The indexes of the rows on screen."""
        return self.viewport.visible_rows

    @property
    def visible_columns(self) -> tuple[int, ...]:
        """The indexes of the columns on screen, the frozen ones first; the last may be cut."""
        return tuple(index for index, _ in self.viewport.placed())

    # What it shows

    def show(
        self,
        rows: GridRows,
        *,
        columns: Sequence[GridColumn] | None = None,
        cursor_row: int | None = None,
        cursor_column: int | None = None,
        top: int | None = None,
        sort_marks: Mapping[int, str] | None = None,
    ) -> None:
        """Show these rows, with the cursor on this row and column or, where one is not given, where it was.

        The cursor's line stays at its height on the screen where that is possible, its column at its place; unless
        the first row on screen is to be ``top``.
        """
        height = self.cursor_row - self.top
        self.rows = rows
        self.viewport.rows = len(rows)
        if sort_marks is not None:
            self.sort_marks = sort_marks
        row = self.cursor_row if cursor_row is None else cursor_row
        self.cursor = (self._nearest_row(row), self.cursor_column)
        self.viewport.top = max(self.cursor_row - height, 0) if top is None else top
        self.show_columns(self.columns if columns is None else columns, cursor_column=cursor_column)
        self.repaint()

    def show_columns(
        self, columns: Sequence[GridColumn], *, frozen: int | None = None, cursor_column: int | None = None
    ) -> None:
        """Show other columns of the same rows, or the same ones in other widths."""
        view, seen = self.viewport, (self.visible_rows, self.visible_columns)
        x = view.x_of(self.cursor_column) if cursor_column is not None and len(view.columns) else None
        view.columns = columns
        view.frozen = view.frozen if frozen is None else frozen
        column = self.cursor_column if cursor_column is None else cursor_column
        self.cursor = (self.cursor_row, self._nearest_column(column))
        if x is not None:
            view.hold(self.cursor_column, x)
        view.bring_into_view(*self.cursor)
        self.refresh()
        if seen != (self.visible_rows, self.visible_columns):
            self.post_message(self.Viewed(self))
        self.post_message(self.Moved(self))

    def center(self) -> None:
        """Show as much above the cursor's row as below it."""
        self.viewport.top = max(self.cursor_row - self.viewport.page // 2, 0)
        self.viewport.bring_into_view(*self.cursor)
        self.repaint()

    def recount(self) -> None:
        """The rows on screen are the same; there are more or fewer below them, for which there may be room."""
        before = self.visible_rows
        self.viewport.rows = len(self.rows)
        if self.visible_rows != before:
            self.repaint()
        self.post_message(self.Moved(self))

    def repaint(self) -> None:
        """Paint everything again: the same rows now have other cells."""
        self.refresh()
        self.post_message(self.Viewed(self))

    # Moving

    def action_cursor(self, rows: int, columns: int) -> None:
        """Move by so many rows and columns."""
        self.move(self.cursor_row + rows, self.cursor_column + columns)

    def action_page(self, pages: int) -> None:
        """Move by whole screens, the view with the cursor."""
        page = self.viewport.page
        step = pages * max(page, 1)
        self.viewport.top = max(min(self.top + step, len(self.rows) - page), 0)
        self.move(self.cursor_row + step, self.cursor_column, scrolled=True)

    def action_row_edge(self, side: int) -> None:
        """Move to the first (-1) or last (1) row."""
        self.move(0 if side < 0 else len(self.rows) - 1, self.cursor_column)

    def action_column_edge(self, side: int) -> None:
        """Move to the first (-1) or last (1) column."""
        if side < 0 and self.viewport.left != self.viewport.staying:
            self.viewport.left = self.viewport.staying
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
        view, before = self.viewport, self.cursor
        seen = (view.top, view.left)
        self.cursor = (self._nearest_row(row), self._nearest_column(column))
        if self.cursor == before and not scrolled:
            return
        view.bring_into_view(*self.cursor)
        if scrolled or (view.top, view.left) != seen:
            self.repaint()
        elif self.cursor_row == before[0]:
            self.refresh(self.cell_region(*before).union(self.cell_region(*self.cursor)))
        else:
            self.refresh(*(Region(0, line - self.top + 1, self.size.width, 1) for line in (before[0], self.cursor_row)))
        self.post_message(self.Moved(self))

    def cell_region(self, row: int, column: int) -> Region:
        """Where a cell lies; nowhere where its column is not on screen."""
        x = self.viewport.x_of(column)
        return Region() if x is None else Region(x, row - self.top + 1, self.columns[column].width, 1)

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
        placed = reversed(self.viewport.placed())
        column = next((index for index, x in placed if x <= event.x), self.cursor_column)
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
        self.viewport.width, self.viewport.page = self.size.width, max(self.size.height - 1, 0)
        self.viewport.bring_into_view(*self.cursor)
        self.repaint()

    def _nearest_row(self, row: int) -> int:
        return max(min(row, len(self.rows) - 1), 0)

    def _nearest_column(self, column: int) -> int:
        return max(min(column, len(self.columns) - 1), 0)

    # Painting

    def notify_style_update(self) -> None:
        """Forget the styles of the theme before."""
        super().notify_style_update()
        self._styles.clear()

    def _style(self, tone: str, under: str) -> Style:
        """A tone's ink on what lies under it: '' or the row's or the cell's cursor."""
        style = self._styles.get((tone, under))
        if style is None:
            style = self.rich_style + ink(self, _INKS, tone)
            if under:
                style += ink(self, _INKS, under)
            self._styles[tone, under] = style
        return style

    def render_line(self, y: int) -> Strip:
        """Paint one line: the titles, a row, or nothing."""
        if y == 0:
            return self._painter.header(self.sort_marks)
        row = self.top + y - 1
        if row >= len(self.rows):
            return self._painter.words(self.empty if y == 1 else "")
        cells = self.rows.cells(row, self.visible_columns)
        return self._painter.row(cells, self.cursor_column if row == self.cursor_row else None)
