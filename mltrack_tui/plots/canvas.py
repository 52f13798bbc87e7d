"""Lines through dots, as which dots of each cell are set; and the one door to plotext.

A column of dots is one whole number, a bit a dot, so that a line as high as the canvas costs no more than a short one:
a curve that is noisy, and therefore nearly all such lines, is drawn in a millisecond. plotext, which spends some
microseconds on a dot, gets the flat lines that bridge several columns, each shape of them once. It gets whole numbers
that lie on its canvas and nothing else: never a NaN, an infinity, a range of no width or a text of ours, each of which
it fails on or passes on to the terminal.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, cycle, pairwise
from threading import Lock

from mltrack_tui.plots.picture import Style
from mltrack_tui.plots.style import Glyphs, glyphs

Dot = tuple[int, int]
"""Column and row of a dot, (0, 0) at the lower left."""

DOTS_ACROSS = 2
"""Dots side by side in one cell of braille."""

DOTS_DOWN = 4
"""Dots above each other in one cell of braille."""

_LONGEST = 16
"""Dots across that plotext draws at once; a longer line is drawn in parts, which are soon all of known shapes."""

_STEEP = 3
"""Dots above each other from which a line has no gap in its dashes: there would be little left of it."""

_one_at_a_time = Lock()  # plotext has one figure for the whole process


class Canvas:
    """Cells of dots to draw on: ``columns`` and ``rows`` are at least 1."""

    def __init__(self, columns: int, rows: int, made_of: Glyphs) -> None:
        self.columns, self.rows = columns, rows
        self.across, self.down = columns * made_of.across, rows * made_of.down
        self._made_of = made_of
        self._shapes: dict[tuple[int, int], list[Dot]] = {}
        bits = [4 * (row // made_of.down) + row % made_of.down for row in range(self.down)]  # a digit of 16 a cell
        self._under = [1 << bit for bit in bits]
        self._up_to = [2 << bit for bit in bits]
        self._digits = [_digits(place * made_of.down, made_of.down) for place in range(made_of.across)]

    def drawn(self, strokes: Iterable[Sequence[Dot]], dashes: str = "") -> bytes:
        """Join the dots of each stroke by lines: the set of dots of each cell, column by column, each from the top.

        Dots go to the right or stay in their column, which lies on the canvas; above and below they may leave it.
        A cell's set is a place in `Glyphs.cells`. ``dashes`` are 1 for a column that is drawn, and 0, again and again.
        """
        columns = [0] * self.across
        bridges = []
        for stroke in strokes:
            bridges += self._steps(columns, pairwise(stroke) if len(stroke) > 1 else zip(stroke, stroke, strict=True))
        flat = [(x2 - x1, abs(y2 - y1)) for (x1, y1), (x2, y2) in bridges]
        self._shapes |= _flat_shapes(set(flat) - self._shapes.keys())
        for ((x1, y1), (_, y2)), shape in zip(bridges, flat, strict=True):
            sign = 1 if y2 >= y1 else -1
            for x, rise in self._shapes[shape]:
                self._span(columns, x1 + x, y1 + sign * rise, y1 + sign * rise)
        if dashes:
            columns = [
                dots if shown == "1" or dots.bit_count() > _STEEP else 0
                for dots, shown in zip(columns, cycle(dashes), strict=False)
            ]
        return self._cells(columns)

    def _steps(self, columns: list[int], lines: Iterable[tuple[Dot, Dot]]) -> list[tuple[Dot, Dot]]:
        """Draw lines within a column or to the next, half of the way in each; those that bridge columns come back."""
        span, bridges = self._span, []
        for one, other in lines:
            (x1, y1), (x2, y2) = one, other
            if x1 == x2:
                span(columns, x1, y1, y2)
            elif x2 - x1 == 1:
                half = (y1 + y2 + (y1 > y2)) // 2
                span(columns, x1, y1, half)
                span(columns, x2, half + (y2 > half) - (y2 < half), y2)
            elif abs(y2 - y1) > x2 - x1:
                bridges += self._steps(columns, pairwise(_corners(one, other, x2 - x1)))
            elif x2 - x1 > _LONGEST:
                bridges += self._steps(columns, pairwise(_corners(one, other, -((x1 - x2) // _LONGEST))))
            else:
                bridges.append((one, other))
        return bridges

    def _span(self, columns: list[int], x: int, y1: int, y2: int) -> None:
        low, high = (y1, y2) if y1 <= y2 else (y2, y1)
        if high >= 0 and low < self.down:
            columns[x] |= self._up_to[min(high, self.down - 1)] - self._under[max(low, 0)]

    def _cells(self, columns: list[int]) -> bytes:
        sets = 0
        for place, digits in enumerate(self._digits):
            text = "".join([f"{column:0{self.rows}x}" for column in columns[place :: self._made_of.across]])
            sets |= int.from_bytes(text.encode().translate(digits))
        return sets.to_bytes(self.columns * self.rows)


def _corners(one: Dot, other: Dot, parts: int) -> Iterator[Dot]:
    """The ends of so many parts of a line: at most as many as it has columns."""
    (x1, y1), (x2, y2) = one, other
    for part in range(parts + 1):
        across = (x2 - x1) * part // parts
        yield x1 + across, y1 + round((y2 - y1) * across / (x2 - x1))


def _digits(shift: int, down: int) -> bytes:
    """A table from a digit of base 16 to the dots that it says, so far from the lowest bit."""
    table = bytearray(256)
    for number in range(16):
        table[ord(f"{number:x}")] = (number & ((1 << down) - 1)) << shift
    return bytes(table)


def _flat_shapes(wanted: set[tuple[int, int]]) -> dict[tuple[int, int], list[Dot]]:
    """The dots of lines that rise by so much over so many columns, and no steeper than that, by plotext.

    All on one canvas side by side, which is as low as they are: what it costs goes by its cells.
    """
    if not wanted:
        return {}
    shapes = sorted(wanted)
    starts = list(accumulate((across + 1 for across, _ in shapes), initial=0))
    xs: list[int | None] = []
    ys: list[int | None] = []
    for start, (across, rise) in zip(starts, shapes, strict=False):
        xs += (start, start + across, None)
        ys += (0, rise, None)
    rows = max(rise for _, rise in shapes) // DOTS_DOWN + 1
    with _one_at_a_time:
        lines = _by_plotext(xs[:-1], ys[:-1], -(-starts[-1] // DOTS_ACROSS), rows)
    dots = sorted(_set_dots(lines))
    found: dict[tuple[int, int], list[Dot]] = {shape: [] for shape in shapes}
    place = 0
    for x, y in dots:
        while x >= starts[place + 1]:
            place += 1
        found[shapes[place]].append((x - starts[place], y))
    return found


def _set_dots(lines: Sequence[str]) -> Iterator[Dot]:
    made_of = glyphs(Style.BRAILLE)
    for row, line in enumerate(reversed(lines)):
        for column, character in enumerate(line):
            dots = made_of.cells.index(character)
            for bit in range(dots.bit_length()):
                if dots >> bit & 1:
                    yield column * DOTS_ACROSS + bit // DOTS_DOWN, row * DOTS_DOWN + bit % DOTS_DOWN


def _by_plotext(xs: list[int | None], ys: list[int | None], columns: int, rows: int) -> list[str]:
    """Lines of braille; plotext draws none to and none from a None."""
    import plotext

    plotext.clear_figure()
    plotext.limit_size(False, False)  # else it asks how large standard output is
    plotext.plot_size(columns, rows)
    plotext.frame(False)
    plotext.xfrequency(0)
    plotext.yfrequency(0)
    plotext.xlim(0, columns * DOTS_ACROSS - 1)
    plotext.ylim(0, rows * DOTS_DOWN - 1)
    plotext.plot(xs, ys, marker="braille")  # one signal: of two in one cell it keeps only the later one's dots
    text: str = plotext.uncolorize(plotext.build())
    plotext.clear_figure()
    return text.splitlines()
