"""What of a metric's history is drawn over what: its values, their slope, how they differ from another's."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from math import inf, isfinite, nan, sqrt
from operator import le

from mltrack_tui.analysis.reduce import telling
from mltrack_tui.domain.curves import XAxis
from mltrack_tui.domain.history import History


@dataclass(frozen=True, slots=True)
class Trace:
    """Points in ascending order of x.

    ``places`` says which point of the history each of them is from.
    """

    xs: Sequence[float]
    values: Sequence[float]
    places: Sequence[int]

    def within(self, low: float, high: float) -> tuple[int, int]:
        """From which and before which point x lies from low to high."""
        return bisect_left(self.xs, low), bisect_right(self.xs, high)

    def nearest(self, x: float) -> int | None:
        """The point whose x is nearest, of equally near ones the last; None without points."""
        place = bisect_right(self.xs, x)
        if not place:
            return bisect_right(self.xs, self.xs[0]) - 1 if self.xs else None
        if place < len(self.xs) and self.xs[place] - x < x - self.xs[place - 1]:
            return bisect_right(self.xs, self.xs[place]) - 1
        return place - 1


def trace(history: History, over: XAxis, began: int | None = None, other: History | None = None) -> Trace:
    """A history over what was chosen.

    Args:
        began: what `XAxis.RELATIVE` counts from, milliseconds since the epoch; the first point if not given.
        other: the metric that it is drawn over, with `XAxis.METRIC`.
    """
    if over is XAxis.STEP:
        return _in_order(Trace(history.steps, history.values, range(len(history))))
    if over is XAxis.METRIC:
        return _in_order(_by_step(history, other)) if other is not None else Trace((), (), ())
    start = 0
    if over is XAxis.RELATIVE:
        start = min(history.timestamps, default=0) if began is None else began
    seconds = array("d", [(time - start) / 1000 for time in history.timestamps])
    return _in_order(Trace(seconds, history.values, range(len(history))))


def by_order(history: History) -> Trace:
    """A history over the order of its points, from 1: for one whose steps are all the same."""
    return Trace(range(1, len(history) + 1), history.values, range(len(history)))


def _by_step(history: History, other: History) -> Trace:
    """Values over those that another metric had at the same steps; of equal steps the last counts."""
    xs = {step: x for step, x in zip(other.steps, other.values, strict=True) if isfinite(x)}
    last = {step: place for place, step in enumerate(history.steps) if step in xs}
    places = list(last.values())
    return Trace([xs[step] for step in last], [history.values[place] for place in places], places)


def _in_order(of: Trace) -> Trace:
    if all(map(le, of.xs, islice(of.xs, 1, None))):
        return of
    order = sorted(range(len(of.xs)), key=of.xs.__getitem__)
    return Trace(
        [of.xs[place] for place in order],
        [of.values[place] for place in order],
        [of.places[place] for place in order],
    )


def reduced(of: Trace, first: int, last: int, parts: int) -> list[int]:
    """Which points from one to before another tell all that so many equal parts of x can show.

    The first and the last, and of each part the smallest and the largest value; all where there are few.
    """
    if last - first <= 2 * parts + 2:
        return list(range(first, last))
    low, high = float(of.xs[first]), float(of.xs[last - 1])
    if low == high:
        edges = [first + (last - first) * part // parts for part in range(parts + 1)]
    else:
        middle = [low * (1 - part / parts) + high * (part / parts) for part in range(1, parts)]
        edges = [first, *(bisect_left(of.xs, edge, first, last) for edge in middle), last]
    kept = {first, last - 1}
    for begin, end in pairwise(edges):
        kept.update(telling(of.values, begin, end))
    return sorted(kept)


def slope(of: Trace) -> Trace:
    """How fast the values change: each point's difference to the finite one before by their distance in x.

    Of points at the same x the last counts.
    """
    found = [((after - before) / (x2 - x1), place) for (x1, before, _), (x2, after, place) in pairwise(_distinct(of))]
    return Trace(
        [of.xs[place] for _, place in found],
        array("d", (value for value, _ in found)),
        [of.places[place] for _, place in found],
    )


def difference(of: Trace, baseline: Trace) -> Trace:
    """The values less the baseline's at the same x, between whose points is interpolated: only as far as it reaches."""
    base = [(x, value) for x, value, _ in _distinct(baseline)]
    if not base:
        return Trace((), (), ())
    first, last = of.within(base[0][0], base[-1][0])
    xs = of.xs[first:last]
    values = array("d", map(float.__sub__, map(float, of.values[first:last]), _at(base, xs)))
    return Trace(xs, values, of.places[first:last])


def _distinct(of: Trace) -> Iterator[tuple[float, float, int]]:
    """x, value and place of the finite points, the last of each x."""
    held: tuple[float, float, int] | None = None
    for place, (x, value) in enumerate(zip(of.xs, of.values, strict=True)):
        if not isfinite(value):
            continue
        if held is not None and held[0] != x:
            yield held
        held = x, value, place
    if held is not None:
        yield held


def _at(base: Sequence[tuple[float, float]], xs: Sequence[float]) -> Iterator[float]:
    """The values of a line of ascending points at some x, ascending too and none outside."""
    place = 0
    for x in xs:
        while place < len(base) - 1 and base[place + 1][0] <= x:
            place += 1
        (x1, value1), (x2, value2) = base[place], base[min(place + 1, len(base) - 1)]
        share = (x - x1) / (x2 - x1) if x2 > x1 else 0.0
        yield value1 * (1 - share) + value2 * share


@dataclass(frozen=True, slots=True)
class Band:
    """The mean of some traces over x, and one sample deviation around it; NaN where none of them has a value."""

    xs: Sequence[float]
    means: Sequence[float]
    deviations: Sequence[float]


def band(traces: Sequence[Trace], most: int) -> Band:
    """The mean and the spread of some traces, at each x of any of them, or at ``most`` places where there are more.

    Between the points of a trace is interpolated; it counts as far as it reaches. A single one has no deviation.
    """
    lines = [line for line in ([(x, value) for x, value, _ in _distinct(of)] for of in traces) if line]
    xs: list[float] = sorted({x for line in lines for x, _ in line})
    if len(xs) > most:
        xs = [xs[0] * (1 - part / (most - 1)) + xs[-1] * (part / (most - 1)) for part in range(most)]
    columns: list[list[float]] = [[] for _ in xs]
    for line in lines:
        first, last = bisect_left(xs, line[0][0]), bisect_right(xs, line[-1][0])
        for place, value in enumerate(_at(line, xs[first:last]), first):
            columns[place].append(value)
    spreads = [_spread(column) for column in columns]
    return Band(xs, [mean for mean, _ in spreads], [deviation for _, deviation in spreads])


def _spread(values: Sequence[float]) -> tuple[float, float]:
    """Mean and sample deviation, neither of which any doubles make infinite on the way."""
    if not values:
        return nan, 0.0
    size = max(map(abs, values)) or 1.0
    mean = sum(value / size for value in values) / len(values)
    if len(values) == 1:
        return values[0], 0.0
    deviation = sqrt(sum((value / size - mean) ** 2 for value in values) / (len(values) - 1))
    return mean * size, min(deviation * size, inf)
