"""What part of a chart is looked at: the ranges of its axes, and the points between them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite, isnan, nan

from mltrack_tui.analysis.curves import Trace, reduced
from mltrack_tui.domain.curves import CurveLook, Scale, Window
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
        found: dict[int, Seen] = {}  # what is drawn is mostly what was logged

        def part(of: Trace) -> Seen:
            return found.setdefault(id(of), found.get(id(of)) or Seen.between(of, low, high, parts))

        seen = [(line, part(line.drawn), list(map(part, line.behind))) for line in lines.lines]
        heights = Heights.of(look.y, [value for _, drawn, _ in seen for value in _numbers(drawn.values)])
        return cls(
            (low, high),
            only,
            heights,
            _range(heights, seen, look, chosen.y),
            seen,
            list(map(part, lines.logged)),
        )

    def strokes(self, seen: Seen, across: int, down: int) -> list[list[Dot]]:
        """The lines through some points on a grid of dots; what lies above or below it stays there.

        A value without a height parts them. One that is cut off by an edge goes on to it.
        """
        if self.y is None:
            return []
        xs, ys = self._points(seen)
        gaps = not isfinite(sum(ys)) and any(map(isnan, ys))
        columns = placed(xs, *self.x, across)
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

    def _points(self, seen: Seen) -> tuple[Sequence[float], Sequence[float]]:
        """Each x and its height, with the places at which the line leaves the range."""
        of, (low, high) = seen.of, self.x
        xs, ys = seen.xs, self.heights.of_all(seen.values)
        outside = [at for at in (seen.first - 1, seen.last) if 0 <= at < len(of.xs)]
        if not outside or len(outside) + len(xs) < 2:
            return xs, ys
        ends = [
            (of.xs[at], height)
            for at, height in zip(outside, self.heights.of_all([of.values[at] for at in outside]), strict=True)
        ]
        inner = [(xs[0], ys[0]), (xs[-1], ys[-1])] if len(xs) else [ends[-1], ends[0]]
        before = [_between(ends[0], inner[0], low)] if seen.first else []
        after = [_between(inner[1], ends[-1], high)] if seen.last < len(of.xs) else []
        return [*(low for _ in before), *xs, *(high for _ in after)], [*before, *ys, *after]

    def columns(self, seen: Seen, wanted: Callable[[float], bool], across: int, *, finite: bool = False) -> set[int]:
        """The columns of dots in which the wanted values lie; ``finite`` where finite ones may be wanted."""
        if isfinite(sum(seen.values)) and not finite:
            return set()
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


def _numbers(values: Sequence[float], heights: Heights | None = None) -> Sequence[float]:
    """Those that are finite, and have a height."""
    if not isfinite(sum(values)):
        values = list(filter(isfinite, values))
    return values if heights is None else list(filter(heights.takes, values))


def _range(
    heights: Heights,
    lines: Sequence[tuple[Line, Seen, Sequence[Seen]]],
    look: CurveLook,
    chosen: tuple[float, float] | None,
) -> tuple[float, float] | None:
    limited = heights if heights.scale is Scale.LOG else None
    parts = [_numbers(seen.values, limited) for _, drawn, behind in lines for seen in (drawn, *behind)]
    parts = [part for part in parts if len(part)]
    if not parts:
        return None
    low, high = min(map(min, parts)), max(map(max, parts))
    if chosen is not None:
        least, most = (end if heights.takes(end) else low for end in chosen)
        low, high = (least, most) if least < most else (low, high)
    elif look.clips_outliers:
        low, high = _without_outliers([drawn for _, drawn, _ in lines], limited) or (low, high)
    return heights.around(heights.height(low), heights.height(high))


def _without_outliers(seen: Sequence[Seen], heights: Heights | None) -> tuple[float, float] | None:
    """The 5th and the 95th of a hundred values; None without values."""
    parts = [each.of.values[each.first : each.last] for each in seen]
    every = max(sum(map(len, parts)) // _ENOUGH, 1)
    values = sorted(value for part in parts for value in _numbers(part[::every], heights))
    if not values:
        return None
    cut = int(len(values) * _OUTLIERS)
    return values[cut], values[-1 - cut]
