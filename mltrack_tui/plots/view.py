"""What part of a chart is looked at: the ranges of its axes, and the points between them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import isfinite, isnan, nan

from mltrack_tui.analysis.curves import Trace, reduced
from mltrack_tui.domain.curves import CurveLook, Window
from mltrack_tui.plots.canvas import Dot
from mltrack_tui.plots.lines import Line, Lines
from mltrack_tui.plots.scales import Heights
from mltrack_tui.plots.series import placed
from mltrack_tui.plots.ticks import window

_OUTLIERS = 0.05
_ENOUGH = 20_000  # values that tell where the outliers begin


@dataclass(frozen=True, slots=True)
class Seen:
    """The points of a trace in a range of x, as few as draw the same picture.

    Attributes:
        xs, values: those points.
        places: which points of the trace they are.
        before, after: the trace's next points outside, to which the line goes on.
        first, last: from which and before which point the trace lies in the range.
    """

    of: Trace
    first: int
    last: int
    places: Sequence[int]
    xs: Sequence[float]
    values: Sequence[float]

    @classmethod
    def between(cls, of: Trace, low: float, high: float, parts: int) -> "Seen":
        """The points from low to high; two are left of each of so many equal parts of that."""
        first, last = of.within(low, high)
        places = reduced(of, first, last, parts)
        if len(places) == last - first:
            return cls(of, first, last, places, of.xs[first:last], of.values[first:last])
        return cls(of, first, last, places, [of.xs[at] for at in places], [of.values[at] for at in places])

    def count(self, wanted: Callable[[float], bool]) -> int:
        """How many of all values in the range are wanted."""
        return sum(map(wanted, self.of.values[self.first : self.last]))

    @property
    def is_finite(self) -> bool:
        """Whether all values in the range surely are."""
        return isfinite(sum(self.values)) and isfinite(sum(self.of.values[self.first : self.last]))


@dataclass(frozen=True, slots=True)
class View:
    """Ranges and points.

    Attributes:
        x: the canvas's left and right edge.
        only: the one x that all points have, or None.
        heights: the scale, and ``y`` the heights of the canvas's lower and upper edge; None where no value has any.
        lines: what is seen of each line, and of those behind it.
    """

    x: tuple[float, float]
    only: float | None
    heights: Heights
    y: tuple[float, float] | None
    lines: Sequence[tuple[Line, Seen, Sequence[Seen]]]
    logged: Sequence[Seen]

    @classmethod
    def of(
        cls, lines: Lines, look: CurveLook, chosen: Window, shared: tuple[float, float] | None, parts: int
    ) -> "View":
        """What a window shows; ``shared`` is the range of x where the window names none."""
        low, high = chosen.x or (None if lines.ordinal else shared) or _extent(lines)
        only = low if low == high else None
        if low == high:
            low, high = window(low, high)
        seen = [
            (
                line,
                Seen.between(line.drawn, low, high, parts),
                [Seen.between(behind, low, high, parts) for behind in line.behind],
            )
            for line in lines.lines
        ]
        heights = Heights.of(look.y, list(_values(seen, isfinite)))
        return cls(
            (low, high),
            only,
            heights,
            _range(heights, seen, look, chosen.y),
            seen,
            [Seen.between(of, low, high, parts) for of in lines.logged],
        )

    def strokes(self, seen: Seen, across: int, down: int) -> list[list[Dot]]:
        """The lines through some points on a grid of dots; what lies above or below it stays there.

        A value without a height parts them. One that is cut off by an edge goes on to it.
        """
        if self.y is None:
            return []
        points = list(self._points(seen))
        xs, ys = [x for x, _ in points], [height for _, height in points]
        columns = placed(xs, *self.x, across)
        gaps = any(map(isnan, ys))
        rows = placed([0.0 if isnan(height) else height for height in ys] if gaps else ys, *self.y, down)
        dots = list(zip(columns, rows, strict=True))
        if not gaps:
            return [dots] if dots else []
        runs: list[list[Dot]] = [[]]
        for dot, height in zip(dots, ys, strict=True):
            if isnan(height):
                runs.append([])
            else:
                runs[-1].append(dot)
        return list({tuple(run): run for run in runs if run}.values())

    def _points(self, seen: Seen) -> Iterator[tuple[float, float]]:
        """Each x and height, with the places at which the line leaves the range."""
        of, (low, high) = seen.of, self.x
        inside = list(zip(seen.xs, map(self._height, seen.values), strict=True))
        outside = [
            (of.xs[at], self._height(of.values[at])) for at in (seen.first - 1, seen.last) if 0 <= at < len(of.xs)
        ]
        before = outside[0] if seen.first else None
        after = outside[-1] if seen.last < len(of.xs) else None
        if before is not None and (inside or after is not None):
            yield low, _between(before, inside[0] if inside else after or before, low)
        yield from inside
        if after is not None and (inside or before is not None):
            yield high, _between(inside[-1] if inside else before or after, after, high)

    def _height(self, value: float) -> float:
        return self.heights.height(value) if self.heights.takes(value) else nan

    def columns(self, seen: Seen, wanted: Callable[[float], bool], across: int) -> set[int]:
        """The columns of dots in which the wanted values lie."""
        return set(placed([x for x, value in zip(seen.xs, seen.values, strict=True) if wanted(value)], *self.x, across))


def _between(one: tuple[float, float], other: tuple[float, float], x: float) -> float:
    """The height of a line at an x between its ends, or NaN."""
    (x1, y1), (x2, y2) = one, other
    if not (isfinite(y1) and isfinite(y2)) or x1 == x2:
        return nan
    share = min(max((x - x1) / (x2 - x1), 0.0), 1.0)
    return y1 * (1 - share) + y2 * share


def _extent(lines: Lines) -> tuple[float, float]:
    ends = [(of.xs[0], of.xs[-1]) for of in lines.logged if len(of.xs)]
    return (min(low for low, _ in ends), max(high for _, high in ends)) if ends else (0, 0)


def _values(seen: Sequence[tuple[Line, Seen, Sequence[Seen]]], wanted: Callable[[float], bool]) -> Iterator[float]:
    for _, drawn, behind in seen:
        for each in (drawn, *behind):
            yield from filter(wanted, each.values)


def _range(
    heights: Heights,
    seen: Sequence[tuple[Line, Seen, Sequence[Seen]]],
    look: CurveLook,
    chosen: tuple[float, float] | None,
) -> tuple[float, float] | None:
    values = list(_values(seen, lambda value: isfinite(value) and heights.takes(value)))
    if not values:
        return None
    low, high = min(values), max(values)
    if chosen is not None:
        least, most = chosen
        low, high = (least if heights.takes(least) else min(low, most)), most
        if not (heights.takes(high) and low < high):
            low, high = min(values), max(values)
    elif look.clips_outliers:
        low, high = _without_outliers([drawn for _, drawn, _ in seen], heights) or (low, high)
    return heights.around(heights.height(low), heights.height(high))


def _without_outliers(seen: Sequence[Seen], heights: Heights) -> tuple[float, float] | None:
    """The 5th and the 95th of a hundred values; None without values."""
    parts = [each.of.values[each.first : each.last] for each in seen]
    every = max(sum(map(len, parts)) // _ENOUGH, 1)
    values = sorted(
        value
        for value in chain.from_iterable(part[::every] for part in parts)
        if isfinite(value) and heights.takes(value)
    )
    if not values:
        return None
    cut = int(len(values) * _OUTLIERS)
    return values[cut], values[-1 - cut]
