"""How the values of a column spread, in few enough parts to choose from: the values themselves, or bins of numbers."""

from collections.abc import Callable, Sequence
from math import isfinite

from mltrack_tui.analysis.histogram import Bin, histogram, round_edges
from mltrack_tui.analysis.tally import Tally, tallied
from mltrack_tui.domain.numbers import number_of
from mltrack_tui.domain.query import Value

FEW = 24
"""So many different values are shown themselves, be they numbers."""
_MOSTLY = 0.9
"""The share of numbers among the numbers and the texts, from which on they are shown as bins."""

Part = Tally | Bin


Edges = Callable[[float, float], Sequence[float]]
"""Where bins between a smallest and a greatest number are cut."""


def spread(values: Sequence[Value], edges: Edges = round_edges, few: int = FEW) -> list[Part]:
    """The parts that all of the values are in, each in one.

    More than ``few`` different numbers, also those that texts say, become bins; NaN, the infinities, other texts and
    what is missing stay by themselves behind these.
    """
    tallies = tallied(values)
    numbers = {each.value: number for each in tallies if (number := finite(each.value)) is not None}
    counted = sum(each.count for each in tallies if each.value in numbers)
    there = counted + sum(each.count for each in tallies if isinstance(each.value, str) and each.value not in numbers)
    if len(tallies) <= few or counted < _MOSTLY * there or len(set(numbers.values())) < 2:
        return list(tallies)
    cuts = edges(min(numbers.values()), max(numbers.values()))
    bins = histogram([numbers[value] for value in values if value in numbers], cuts)
    return [*bins, *(each for each in tallies if each.value not in numbers)]


def finite(value: Value) -> float | None:
    """The number that a value is, or that its text says, where it has an end."""
    number = number_of(value) if isinstance(value, str) else value
    return number if number is not None and isfinite(number) else None
