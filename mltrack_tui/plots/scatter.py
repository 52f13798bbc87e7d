"""Candidates as points between two axes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len

from mltrack_tui.analysis.correlation import Axis, Left, Pairs
from mltrack_tui.plots.axes import bottom_axis
from mltrack_tui.plots.painting import (
    BEST_MARK,
    HERE,
    MIN_HEIGHT,
    MIN_WIDTH,
    caption,
    finished,
    fitted,
    ink_of,
    number_of_slot,
    padded,
    painted,
    title,
    words,
)
from mltrack_tui.plots.picture import AXIS, BEST, TEXT, Picture, Run, Style
from mltrack_tui.plots.ruler import Ruler
from mltrack_tui.plots.style import glyphs

_AXIS_FROM = 7
"""Lines from which on there is room for the axis below."""
_LEGEND_FROM = 12
"""Lines from which on there is room to say who is marked."""
_ONE, _SEVERAL, _MANY = "•", "●", "█"
_FROM_MANY = 10
"""Candidates in one cell that are many."""


@dataclass(frozen=True, slots=True)
class Scatter:
    """What is drawn. Candidates are told by their index in the columns.

    Attributes:
        x, y: what the axes are called.
        pairs: the candidates with a place on both.
        slots: those that are marked.
        best: the one whose value on the y axis is best.
        names: of the marked ones and the best, where they are known.
        extent: words where not all candidates are in the columns, or ''.
    """

    x: str
    y: str
    pairs: Pairs
    slots: Mapping[int, int] = field(default_factory=dict)
    best: int | None = None
    names: Mapping[int, str] = field(default_factory=dict)
    extent: str = ""


@dataclass(frozen=True, slots=True)
class _Categories:
    """How the categories of an axis lie on so many cells: each has an equal part of them."""

    names: Sequence[str]

    logarithmic = False

    def cells(self, categories: Sequence[float], cells: int) -> list[int]:
        """The middle of each category's part."""
        return [int((2 * category + 1) * cells / (2 * len(self.names))) for category in categories]

    def bottom(self, columns: int) -> dict[int, str]:
        """A tick for each."""
        return dict.fromkeys(self.cells(range(len(self.names)), columns), "")

    def left(self, rows: int) -> dict[int, str]:
        """Their names by line, 0 being the top."""
        return {
            rows - 1 - row: name for row, name in zip(self.cells(range(len(self.names)), rows), self.names, strict=True)
        }

    def words(self, columns: int) -> str:
        """A line of their names, each within its part."""
        edges = [index * columns // len(self.names) for index in range(len(self.names) + 1)]
        line = ""
        for name, start, end in zip(self.names, edges, edges[1:], strict=False):
            text = fitted(name, max(end - start - 1, 0))
            line += padded(" " * ((end - start - cell_len(text)) // 2) + text, end - start)
        return line.rstrip()


@dataclass(frozen=True, slots=True)
class DrawnScatter:
    """A scatter plot that was drawn, and its frame, in which a cursor can be put without drawing it anew."""

    lines: Sequence[tuple[Run, ...]]
    style: Style
    frame: Sequence[str] = ()
    cells: Mapping[int, Mapping[int, Run]] = field(default_factory=dict)
    places: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """The line and column of each candidate."""
    gutter: int = 0

    def picture(self, cursor: int | None = None) -> Picture:
        """The picture, with a cursor on a candidate and at its places on the axes."""
        if cursor is None or cursor not in self.places:
            return finished(self.lines, self.style)
        row, column = self.places[cursor]
        lines, bottom = list(self.lines), len(self.frame) - 2
        here = dict(self.cells.get(row, {}))
        here[column] = Run(here[column].text, HERE)
        here[self.gutter] = Run(self.frame[row][self.gutter], HERE)
        lines[1 + row] = painted(self.frame[row], here, AXIS)
        if 1 + bottom < len(lines) - 1:  # the last line is the caption
            lines[1 + bottom] = painted(self.frame[bottom], {column: Run(self.frame[bottom][column], HERE)}, AXIS)
        return finished(lines, self.style)


def draw_scatter(scatter: Scatter, width: int, height: int, style: Style) -> DrawnScatter:
    """Draw candidates as exactly ``height`` lines of at most ``width`` cells; no data raises."""
    pairs = scatter.pairs
    if not pairs.points or width < MIN_WIDTH or height < MIN_HEIGHT:
        why = "no candidate has both" if not pairs.points else caption(_notes(scatter, style), width)[0].text
        return DrawnScatter(words(why, width, height, f"{scatter.y} over {scatter.x}").lines, style)
    across = _ruler(pairs.x, [point.x for point in pairs.points])
    up = _ruler(pairs.y, [point.y for point in pairs.points])
    legend = [_legend(scatter, width)] if height >= _LEGEND_FROM and (scatter.slots or scatter.best is not None) else []
    below = 2 if height >= _AXIS_FROM else 0
    rows = height - 2 - below - len(legend)
    frame, gutter = _frame(across, up, width, rows)
    columns = width - gutter - 1
    lines_of = up.cells([point.y for point in pairs.points], rows)
    columns_of = across.cells([point.x for point in pairs.points], columns)
    places = {
        point.place: (rows - 1 - row, gutter + 1 + column)
        for point, row, column in zip(pairs.points, lines_of, columns_of, strict=True)
    }
    cells = _cells(scatter, places)
    heading = f"{_axis_name(scatter.y, up)} over {_axis_name(scatter.x, across)}"
    lines = [
        title(heading, width),
        *(painted(line, cells.get(row, {}), AXIS) for row, line in enumerate(frame[:rows])),
        *((Run(line, AXIS),) for line in frame[rows : rows + below]),
        *legend,
        caption(_notes(scatter, style), width),
    ]
    return DrawnScatter(lines, style, frame, cells, places, gutter)


def _ruler(axis: Axis, numbers: Sequence[float]) -> Ruler | _Categories:
    return Ruler.of(numbers) if axis.categories is None else _Categories(axis.categories)


def _axis_name(name: str, ruler: Ruler | _Categories) -> str:
    return f"{name} (log)" if ruler.logarithmic else name


def _frame(across: Ruler | _Categories, up: Ruler | _Categories, width: int, rows: int) -> tuple[list[str], int]:
    """The axes as ``rows`` lines and two more, and how many cells the labels on the left take."""
    left = {row: fitted(text, width // 4) for row, text in up.left(rows).items()}
    gutter = max(map(cell_len, left.values()), default=0)
    columns = width - gutter - 1
    made_of = glyphs(Style.BRAILLE)
    lines = [
        padded(left.get(row, ""), gutter, right=True)
        + (made_of.upright_tick if row in left else made_of.upright)
        + " " * columns
        for row in range(rows)
    ]
    axis, below = bottom_axis(across.bottom(columns), columns, gutter, width, made_of)
    if isinstance(across, _Categories):
        below = " " * (gutter + 1) + across.words(columns)
    return [*lines, axis, below], gutter


def _cells(scatter: Scatter, places: Mapping[int, tuple[int, int]]) -> dict[int, dict[int, Run]]:
    """The canvas's cells by line and column: whether many candidates are there, the marked and the best above them."""
    found: dict[int, dict[int, Run]] = {}
    for (row, column), count in Counter(places.values()).items():
        mark = _ONE if count == 1 else _SEVERAL if count < _FROM_MANY else _MANY
        found.setdefault(row, {})[column] = Run(mark, TEXT)
    for index, slot in sorted(scatter.slots.items(), key=lambda each: -each[1]):
        if index in places:
            row, column = places[index]
            found[row][column] = Run(number_of_slot(slot), ink_of(slot))
    if scatter.best is not None and scatter.best in places:
        row, column = places[scatter.best]
        found[row][column] = Run(BEST_MARK, BEST)
    return found


def _legend(scatter: Scatter, width: int) -> tuple[Run, ...]:
    """Who is best and who is marked, as far as there is room; those that are not drawn are said to be so."""
    drawn = {point.place for point in scatter.pairs.points}
    known = [(BEST_MARK, BEST, scatter.best)] if scatter.best is not None else []
    known += [
        (number_of_slot(slot), ink_of(slot), index)
        for index, slot in sorted(scatter.slots.items(), key=lambda each: each[1])
    ]
    runs: list[Run] = []
    room = width
    for mark, ink, index in known:
        text = f"{mark} {fitted(scatter.names.get(index, ''), 24)}{'' if index in drawn else ' (not drawn)'}  "
        if cell_len(text) > room - 1:
            runs.append(Run("…", AXIS))
            break
        runs.append(Run(text, ink))
        room -= cell_len(text)
    return tuple(runs)


_REASONS = {
    Left.MISSING: "without {name}",
    Left.NAN: "NaN in {name}",
    Left.ABOVE: "+inf in {name}",
    Left.BELOW: "-inf in {name}",
    Left.TEXT: "text in {name}",
    Left.RARE: "of rarer {name}",
}


def _notes(scatter: Scatter, style: Style) -> list[str]:
    """What the picture is of, the weightiest first."""
    pairs = scatter.pairs
    of = f"{len(pairs.points):,} of {len(pairs.x.places):,} candidates"
    letter = "rho" if style is Style.ASCII else "ρ"
    rho = "" if pairs.rho is None else f"Spearman {letter} = {round(pairs.rho, 2) + 0.0:.2f}".replace("-", "−")
    names = (scatter.x, scatter.y)
    lacking = sorted(pairs.left_out.items(), key=lambda each: -each[1])
    return [
        f"{rho} over {of}" if rho else of,
        scatter.extent,
        *(f"{count:,} {_REASONS[why].format(name=fitted(names[axis], 20))}" for (axis, why), count in lacking),
    ]
