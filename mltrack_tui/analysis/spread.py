"""How the values of a column spread, in few enough parts to choose from: the values themselves, or bins of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from mltrack_tui.analysis.histogram import Bin, histogram, round_edges, time_edges
from mltrack_tui.analysis.tally import Tally, tallied
from mltrack_tui.domain.numbers import number_of
from mltrack_tui.domain.query import Value

FEW = 24
"""So many different values are shown themselves, be they numbers."""
_MOSTLY = 0.9
"""The share of numbers among the values that are there, from which on they are shown as bins."""

Part = Tally | Bin


@dataclass(frozen=True, slots=True)
class Clock:
    """That numbers are milliseconds, whose days begin ``offset`` before those of UTC."""

    offset: int = 0


def spread(values: Sequence[Value], clock: Clock | None = None) -> list[Part]:
    """The parts that all of the values are in, each in one.

    Many different numbers, also those that texts say, become bins; NaN, the infinities, other texts and what is
    missing stay by themselves behind these.
    """
    tallies = tallied(values)
    numbers = {each.value: number for each in tallies if (number := _finite(each.value)) is not None}
    counted = sum(each.count for each in tallies if each.value in numbers)
    there = sum(each.count for each in tallies if each.value is not None)
    if len(tallies) <= FEW or counted < _MOSTLY * there or len(set(numbers.values())) < 2:
        return list(tallies)
    low, high = min(numbers.values()), max(numbers.values())
    edges = round_edges(low, high) if clock is None else time_edges(low, high, offset=clock.offset)
    bins = histogram([numbers[value] for value in values if value in numbers], edges)
    return [*bins, *(each for each in tallies if each.value not in numbers)]


def _finite(value: Value) -> float | None:
    number = number_of(value) if isinstance(value, str) else value
    return number if number is not None and isfinite(number) else None
