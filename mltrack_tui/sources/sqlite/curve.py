"""A long history as the telling points of its parts, to which points may be added as they are logged."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isnan

from mltrack_tui.analysis.points import Points
from mltrack_tui.analysis.reduce import parts
from mltrack_tui.domain.history import History
from mltrack_tui.domain.numbers import MAX_DOUBLE, as_stored

Row = tuple[int, int, float, int]
"""Step, timestamp, value and is_nan of a point, as MLflow stores them."""


def telling(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Those of a part's points that `analysis.reduce.reduce` keeps, by step, timestamp and value.

    The smallest and the largest, and one infinity of each sign; where there is nothing but NaN, one of these.
    """
    finite: list[Row] = []
    others: dict[float | None, Row] = {}
    for row in sorted(rows):
        _, _, value, is_nan = row
        if is_nan or abs(value) >= MAX_DOUBLE:
            others.setdefault(None if is_nan else value, row)
        else:
            finite.append(row)
    nan = others.pop(None, None)
    kept = set(others.values())
    if finite:
        kept |= {min(finite, key=_value), max(finite, key=_value)}
    return tuple(sorted(kept)) or ((nan,) if nan else ())


def _as_stored(step: int, timestamp: int, value: float) -> Row:
    return (step, timestamp, 0.0, 1) if isnan(value) else (step, timestamp, as_stored(value), 0)


def _value(row: Row) -> float:
    return row[2]


@dataclass(frozen=True, slots=True)
class Curve:
    """A history in parts of about equal width.

    Attributes:
        first, last: its ends.
        lows: the step at which each part begins.
        parts: the telling points of each.
        total: how many points there are.
        upto: the greatest rowid of ``metrics`` that was looked at: of later ones, none is in here.
    """

    first: Row
    last: Row
    lows: Sequence[int]
    parts: Sequence[tuple[Row, ...]]
    total: int
    upto: int

    @classmethod
    def of(cls, reduced: History, buckets: int, upto: int) -> "Curve | None":
        """A history that `reduce` made of more points; None where all of them lie at one step."""
        rows = [_as_stored(*point) for point in zip(reduced.steps, reduced.timestamps, reduced.values, strict=True)]
        first, last = rows[0], rows[-1]
        if first[0] == last[0] or reduced.total is None:
            return None
        lows = [low for low, _ in parts(first[0], last[0], buckets)]
        found: list[list[Row]] = [[] for _ in lows]
        for row in rows:
            found[bisect_right(lows, row[0]) - 1].append(row)
        return cls(first, last, lows, list(map(telling, found)), reduced.total, upto)

    def history(self, metric: str) -> History:
        """What is drawn."""
        points = Points()
        points.extend({self.first, self.last}.union(*self.parts))
        return points.history(metric, total=self.total)

    def grown(self, rows: Sequence[Row], upto: int, most: int) -> "Curve | None":
        """With the points that were logged since, in at most so many parts; None where some lie before its first step.

        Parts are added behind, as wide as the others, and brought together in pairs when they become too many: so
        every part keeps the smallest and the largest of all of its points.
        """
        if any(row[0] < self.first[0] for row in rows):
            return None
        if not rows:
            return replace(self, upto=upto)
        last = max(self.last, *rows)
        lows, parts = _long_enough(list(self.lows), list(self.parts), last[0], most)
        added: dict[int, list[Row]] = {}
        for row in rows:
            added.setdefault(bisect_right(lows, row[0]) - 1, []).append(row)
        for place, some in added.items():
            parts[place] = telling([*parts[place], *some])
        return Curve(min(self.first, *rows), last, lows, parts, self.total + len(rows), upto)


def _long_enough(
    lows: list[int], parts: list[tuple[Row, ...]], last: int, most: int
) -> tuple[list[int], list[tuple[Row, ...]]]:
    """The parts of a curve with as many behind them as a last step needs."""
    width = max((second - first for first, second in pairwise(lows)), default=1)
    while last >= lows[0] + most * width:
        pairs = zip(parts[::2], [*parts[1::2], ()], strict=False)
        parts = [telling([*one, *other]) for one, other in pairs]
        lows = lows[::2]
        width *= 2
    while last >= lows[-1] + width:
        lows.append(lows[-1] + width)
        parts.append(())
    return lows, parts
