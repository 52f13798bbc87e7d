"""The lines of a table: titles, rows, words."""

from collections.abc import Callable, Mapping, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from mltrack_tui.widgets.cells import LOADING, Cell, Tone, fit
from mltrack_tui.widgets.line import Line
from mltrack_tui.widgets.viewport import GAP, Viewport

StyleOf = Callable[[str, str], Style]
"""A tone's ink on what lies under it: '' or the row's or the cell's cursor. Equal styles are the same object."""


class Painter:
    """Paints what a viewport shows, in styles that somebody else knows."""

    def __init__(self, viewport: Viewport, style: StyleOf) -> None:
        self._viewport = viewport
        self._style = style

    def words(self, text: str) -> Strip:
        """A sentence."""
        line, width = Line(self._style(Tone.DIM, "")), self._viewport.width
        line.put(1, fit(text, max(width - 1, 0)), self._style(Tone.DIM, ""))
        return line.strip(width)

    def header(self, marks: Mapping[int, str]) -> Strip:
        """The titles, those of sorted columns with their marks; ``‹`` and ``›`` say that there is more on that side.

        A mark may take one of the blanks between columns, on the side that the title leaves open.
        """
        view, style = self._viewport, self._style
        line, width = Line(style("header", "")), view.width
        placed = view.placed()
        for index, x in placed:
            if view.has_rule(index):
                line.put(x - GAP, "│", style("rule", ""))
            column, mark = view.columns[index], marks.get(index, "")
            title = mark + column.title
            spare = 1 if mark and cell_len(title) > column.width else 0
            text = fit(title, min(column.width + spare, width - x), column.right)
            line.put(x - spare if column.right else x, text, style(Tone.STRONG if mark else "header", ""))
        strip = line.strip(width)
        if placed and (placed[-1][0] < len(view.columns) - 1 or not view.fits(placed[-1][0])):
            strip = Strip([*strip.crop(0, width - 1), Segment("›", style(Tone.STRONG, ""))])
        return strip.adjust_cell_length(width, style("header", ""))

    def row(self, cells: Sequence[Cell] | None, cursor: int | None) -> Strip:
        """The cells on screen of a row; ``cursor`` is the cursor's column in the cursor's row."""
        view, style = self._viewport, self._style
        under = "" if cursor is None else "row-cursor"
        placed, line = view.placed(), Line(style(Tone.PLAIN, under))
        for (index, x), cell in zip(placed, cells or [LOADING] * len(placed), strict=True):
            if index == view.left > view.staying:
                line.put(x - GAP, "‹", style("rule", under))
            column = view.columns[index]
            room = min(column.width, view.width - x)
            here = "cell-cursor" if index == cursor else under
            half = column.right and (room < column.width or len(cell.text) > room)
            if half:  # half a number is another number
                line.put(x, fit("…", room, right=True), style(cell.tone, here))
            elif cell.tail.text and not column.right:
                self._put_remark(line, x, room, cell, here)
            elif cell.lead.text or cell.tail.text:
                self._put_parts(line, x, room, cell, here)
            else:
                line.put(x, fit(cell.text, room, column.right), style(cell.tone, here))
        return line.strip(view.width)

    def _put_remark(self, line: Line, x: int, room: int, cell: Cell, under: str) -> None:
        """A text with something right behind it, which a long text leaves its room."""
        length = min(cell_len(cell.text), max(room - len(cell.tail.text), 0))
        line.put(x, fit(cell.text, length), self._style(cell.tone, under))
        line.put(x + length, fit(cell.tail.text, room - length), self._style(cell.tail.tone, under))

    def _put_parts(self, line: Line, x: int, room: int, cell: Cell, under: str) -> None:
        """A number with something before or behind it; what stands before gives way to a long number."""
        lead, tail, style = cell.lead, cell.tail, self._style
        body = max(room - len(tail.text), 0)
        blank = body - len(lead.text) - len(cell.text)
        if blank < 0:
            lead, blank = cell.lead._replace(text=""), body - len(cell.text)
        line.put(x, " " * max(blank, 0), style(cell.tone, under))
        line.put(x + max(blank, 0), lead.text, style(lead.tone, under))
        text = fit(cell.text, min(body, len(cell.text)))
        line.put(x + max(blank, 0) + len(lead.text), text, style(cell.tone, under))
        line.put(x + body, tail.text[:room], style(tail.tone, under))
