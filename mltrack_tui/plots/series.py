"""A history as what can be drawn: unbroken runs of finite values, and where the others are."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from mltrack_tui.domain.history import History
from mltrack_tui.plots.canvas import Dot
from mltrack_tui.plots.ticks import window

Run = Sequence[tuple[int, float]]
"""Neighbours to be joined by a line: x and a value that is a number."""


@dataclass(frozen=True, slots=True)
class Series:
    """The points of one history.

    Attributes:
        points: x and value, NaN and the infinities included.
        ordinal: whether x is the place in the history, from 1, because all steps are the same.
        x: the smallest and the largest x; (0, 0) without points.
        y: the finite range that the picture shows, or None where no value is finite.
    """

    points: Sequence[tuple[int, float]]
    ordinal: bool
    x: tuple[int, int]
    y: tuple[float, float] | None

    @classmethod
    def of(cls, history: History) -> "Series":
        """What a history has to draw."""
        steps, values = history.steps, history.values
        ordinal = len(steps) > 1 and min(steps) == max(steps)
        xs: Sequence[int] = range(1, len(steps) + 1) if ordinal else steps
        finite = [value for value in values if math.isfinite(value)]
        return cls(
            points=list(zip(xs, values, strict=True)),
            ordinal=ordinal,
            x=(min(xs), max(xs)) if xs else (0, 0),
            y=window(min(finite), max(finite)) if finite else None,
        )

    @property
    def runs(self) -> Iterator[Run]:
        """The values between one NaN and the next, infinities included."""
        for is_gap, run in groupby(self.points, key=lambda point: math.isnan(point[1])):
            if not is_gap:
                yield list(run)

    def where(self, wanted: Callable[[float], bool]) -> list[int]:
        """The x of the points whose values are wanted."""
        return [x for x, value in self.points if wanted(value)]


def place(value: float, low: float, high: float, dots: int) -> int:
    """Which of so many dots from ``low`` to ``high`` a value falls on: the nearest edge for what lies outside.

    Whole numbers are placed exactly at any size. NaN is not for this.
    """
    if value <= low:
        return (dots - 1) // 2 if low == high else 0
    if value >= high:
        return dots - 1
    span, offset = high - low, value - low
    if math.isinf(span):
        span, offset = high / 2 - low / 2, value / 2 - low / 2
    return round(offset / span * (dots - 1))


def strokes(series: Series, across: int, down: int) -> list[list[Dot]]:
    """The runs on a grid of dots, each column with no more dots than its picture needs, no stroke twice."""
    if series.y is None:
        return []
    low, high = series.y
    found: dict[tuple[Dot, ...], None] = {}
    for run in series.runs:
        dots = [(place(x, *series.x, across), place(value, low, high, down)) for x, value in run]
        found[tuple(_thinned(dots))] = None
    return [list(stroke) for stroke in found]


def _thinned(dots: Iterable[Dot]) -> Iterator[Dot]:
    """First, lowest, highest and last of the neighbours in a column, which draw the same line as all of them."""
    for column, together in groupby(dots, key=lambda dot: dot[0]):
        rows = [row for _, row in together]
        previous = None
        for row in (rows[0], min(rows), max(rows), rows[-1]):
            if row != previous:
                yield column, row
            previous = row


_FAR = 4.0  # pictures above or below which it makes no difference how far away a value is


def placed(values: Sequence[float], low: float, high: float, dots: int) -> list[int]:
    """On which of so many dots from low to high values fall: with numbers below 0 or above for what lies outside.

    ``low < high``. Whole numbers are placed exactly at any size.
    """
    if not values:
        return []
    span, most = high - low, dots - 1
    if math.isinf(span):
        low, span = low / 2, high / 2 - low / 2
        values = [value / 2 for value in values]
    if low <= min(values) and max(values) <= high:
        return [int((value - low) / span * most + 0.5) for value in values]
    shares = [min(max((value - low) / span, -_FAR), 1 + _FAR) for value in values]
    return [int((share + _FAR) * most + 0.5) - int(_FAR * most) for share in shares]
