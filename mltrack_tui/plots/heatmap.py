"""A matrix as a picture: in each cell a shade and its number, so that it reads with and without colours."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from mltrack_tui.plots.painting import HERE, caption, filled, finished, fitted, padded, scrolled, title, words
from mltrack_tui.plots.picture import AXIS, TEXT, TITLE, Ink, Picture, Run, Style

_SHADES = {Style.BRAILLE: " ░▒▓█", Style.BLOCK: " ░▒▓█", Style.ASCII: " .:*#"}
_SHADE = 2
"""Cells of a shade, and its lines where there is room: about a square."""
_GAP = 1
_WIDEST_LABEL = 16
_INK = Ink("curve", 0)


@dataclass(frozen=True, slots=True)
class Heatmap:
    """What is drawn.

    Attributes:
        title: what it is of.
        corner: what rows and columns are.
        rows, columns: their labels.
        texts: each cell's number as text.
        below: what stands below the number where a cell has two lines, or nothing.
        shades: how dark each cell is, from 0 to 1.
        notes: for the last line, the weightiest first.
    """

    title: str
    corner: str
    rows: Sequence[str]
    columns: Sequence[str]
    texts: Sequence[Sequence[str]]
    below: Sequence[Sequence[str]]
    shades: Sequence[Sequence[float]]
    notes: Sequence[str] = ()


def draw_heatmap(heatmap: Heatmap, cursor: tuple[int, int], width: int, height: int, style: Style) -> Picture:
    """Draw a matrix as exactly ``height`` lines of at most ``width`` cells, as much of it around the cursor as fits."""
    gutter = min(max(map(cell_len, (*heatmap.rows, heatmap.corner))), _WIDEST_LABEL, max(width // 3, 1))
    cell = _cell_width(heatmap, (width - gutter - 1) // max(len(heatmap.columns), 1) - _GAP)
    across = (width - gutter - 1) // (cell + _GAP)
    down = 2 if height - 3 >= 2 * len(heatmap.rows) else 1
    rows_shown = (height - 3) // down
    if across < 1 or rows_shown < 1 or not heatmap.rows:
        return finished(words(heatmap.title, width, height).lines, style)
    rows = scrolled(len(heatmap.rows), cursor[0], min(rows_shown, len(heatmap.rows)))
    columns = scrolled(len(heatmap.columns), cursor[1], min(across, len(heatmap.columns)))
    lines = [title(_extent(heatmap, rows, columns), width), _titles(heatmap, columns, cursor[1], gutter, cell)]
    for row in rows:
        for part in range(down):
            label = padded(heatmap.rows[row] if part == 0 else "", gutter, right=True) + " "
            cells = _line(heatmap, row, columns, cursor=cursor, cell=cell, shades=_SHADES[style], below=part > 0)
            lines.append((Run(label, TITLE if row == cursor[0] else AXIS), *cells))
    return finished([*filled(lines, height - 1), caption(heatmap.notes, width)], style)


def _cell_width(heatmap: Heatmap, room: int) -> int:
    """Cells for a shade and a number; more where a label needs them and all columns have that room."""
    texts = [len(text) for rows in (heatmap.texts, heatmap.below) for row in rows for text in row]
    longest = max(map(cell_len, heatmap.columns))
    return max(_SHADE + 1 + max(texts), min(longest, _WIDEST_LABEL, room))


def _extent(heatmap: Heatmap, rows: range, columns: range) -> str:
    """The title, and which part of the matrix is seen where that is not all of it."""
    if len(rows) == len(heatmap.rows) and len(columns) == len(heatmap.columns):
        return heatmap.title
    across = f"columns {columns.start + 1}–{columns.stop} of {len(heatmap.columns)}"
    return f"{heatmap.title}  rows {rows.start + 1}–{rows.stop} of {len(heatmap.rows)}, {across}"


def _titles(heatmap: Heatmap, columns: range, here: int, gutter: int, cell: int) -> tuple[Run, ...]:
    """The labels of the columns, the cursor's in bold."""
    runs = [Run(padded(heatmap.corner, gutter) + " ", AXIS)]
    for column in columns:
        label = padded(heatmap.columns[column], cell, right=True) + " " * _GAP
        runs.append(Run(label, TITLE if column == here else AXIS))
    return tuple(runs)


def _line(
    heatmap: Heatmap, row: int, columns: range, *, cursor: tuple[int, int], cell: int, shades: str, below: bool
) -> list[Run]:
    """A line of a row's cells: the numbers, or what stands below them."""
    texts = heatmap.below if below else heatmap.texts
    runs = []
    for column in columns:
        shade = _shade(heatmap.shades[row][column], shades) * _SHADE
        text = texts[row][column] if texts else ""
        ink = HERE if (row, column) == cursor else AXIS if below else TEXT
        runs += [Run(shade, _INK), Run(fitted(text, cell - _SHADE).rjust(cell - _SHADE), ink), Run(" " * _GAP, TEXT)]
    return runs


def _shade(share: float, shades: str) -> str:
    """A character as dark as a share; none at all is blank, whatever there is shows."""
    return shades[0] if share <= 0 else shades[min(1 + int(share * (len(shades) - 1)), len(shades) - 1)]
