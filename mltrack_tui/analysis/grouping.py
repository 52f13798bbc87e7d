"""Candidates by what a column holds: its values, or ranges of many numbers."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from math import cbrt, ceil, inf, isfinite, log2, nan

from mltrack_tui.analysis.correlation import ranks
from mltrack_tui.analysis.histogram import Bin, even_edges, round_edges
from mltrack_tui.analysis.quartiles import are_of_many_sizes, quantile
from mltrack_tui.analysis.spread import FEW, Part, finite, spread
from mltrack_tui.domain.query import Value

_RANGES = 8
"""Ranges that many different numbers become where each has a box."""
_CHOICES = 8
"""So many different numbers are shown themselves where they are texts: somebody chose each of them."""
_REPEATED = 3
"""So many candidates to a value there are at least, on average, where numbers are shown themselves."""


@dataclass(frozen=True, slots=True)
class Group:
    """A part of a column, and the places in it of the candidates that are in this part, in their order."""

    part: Part
    places: Sequence[int]

    @property
    def says_something(self) -> bool:
        """Whether it is numbers or text, not what has no value or none to compare by."""
        if isinstance(self.part, Bin):
            return True
        value = self.part.value
        return value is not None and (isinstance(value, str) or isfinite(value))


def grouped(values: Sequence[Value], most: int) -> list[Group]:
    """The parts of a column, numbers in ascending order, then texts by frequency, +inf, -inf, NaN and missing last.

    Numbers that rarely occur twice become at most about ``most`` ranges, two or more, of which some may be empty.
    """
    chosen = any(isinstance(value, str) for value in values)
    few = min(FEW, max(len(values) // _REPEATED, _CHOICES if chosen else 1))
    edges = round_edges if are_of_many_sizes(sorted(numbers_of(values))) else even_edges
    parts = spread(values, partial(edges, most=most), few)
    lows = [part.low for part in parts if isinstance(part, Bin)]
    at = {_key(part.value): index for index, part in enumerate(parts) if not isinstance(part, Bin)}
    places: list[list[int]] = [[] for _ in parts]
    for place, value in enumerate(values):
        index = at.get(_key(value))
        if index is None:
            number = finite(value)
            index = bisect_right(lows, number if number is not None else -inf) - 1
        places[index].append(place)
    return sorted(map(Group, parts, places), key=_order)


def binned(values: Sequence[Value], rows: int) -> list[Group]:
    """The parts for a histogram in so many rows: as many ranges as suit the numbers."""
    suitable = bins_of(numbers_of(values), rows)
    groups = grouped(values, max(min(suitable * 3 // 2, rows), 2))  # what is rounded up makes them fewer
    beside = sum(not isinstance(group.part, Bin) for group in groups)
    if len(groups) > rows > beside + 1 and beside < len(groups):
        groups = grouped(values, max(rows - beside - 1, 2))
    return groups


def categories(values: Sequence[Value]) -> list[Group]:
    """The parts for boxes, those that somebody is in."""
    return [group for group in grouped(values, _RANGES) if group.places]


def is_ordered(groups: Sequence[Group]) -> bool:
    """Whether the parts are mostly numbers, whose own order says something."""
    telling = [group for group in groups if group.says_something]
    numbers = sum(isinstance(group.part, Bin) or finite(group.part.value) is not None for group in telling)
    return 2 * numbers > len(telling)


def numbers_of(values: Iterable[Value]) -> list[float]:
    """The finite numbers that values are, or that their texts say."""
    return [number for value in values if (number := finite(value)) is not None]


def explained(groups: Sequence[Sequence[float]]) -> float | None:
    """How far the groups that numbers are in tell their ranks: 1 wholly, 0 or less not at all.

    The rank epsilon squared of Kruskal and Wallis, lessened by what as many groups would explain by chance (Kelley,
    1935), so that many small groups gain nothing by their number. None of one group, or where each number is its own.
    """
    filled = [group for group in groups if group]
    numbers = [number for group in filled for number in group]
    count = len(numbers)
    if len(filled) < 2 or count <= len(filled):
        return None
    places = ranks(numbers)
    mean = (count + 1) / 2
    whole = sum((rank - mean) ** 2 for rank in places)
    if not whole:
        return None
    between, start = 0.0, 0
    for group in filled:
        own = places[start : start + len(group)]
        between += len(own) * (sum(own) / len(own) - mean) ** 2
        start += len(group)
    return 1 - (1 - between / whole) * (count - 1) / (count - len(filled))


def bins_of(numbers: Sequence[float], most: int) -> int:
    """How many bins suit finite numbers: by Freedman and Diaconis (1981), or Sturges where these say fewer.

    As `numpy.histogram_bin_edges` with ``auto``; at least two, at most ``most``.
    """
    ordered = sorted(numbers)
    if not ordered or ordered[0] == ordered[-1]:
        return 2
    span = ordered[-1] - ordered[0]
    width = 2 * (quantile(ordered, 0.75) - quantile(ordered, 0.25)) / cbrt(len(ordered))
    sturges = log2(len(ordered)) + 1
    fitting = max(span / width, sturges) if width and isfinite(span) else sturges
    return max(2, ceil(min(fitting, most)))


def _key(value: Value) -> Value:
    return nan if value != value else value  # noqa: PLR0124 (all NaN are one key: this object of it)


def _order(group: Group) -> tuple[int, float]:
    if isinstance(group.part, Bin):
        return 0, group.part.low
    value = group.part.value
    number = finite(value)
    if number is not None:
        return 0, number
    if isinstance(value, str):
        return 1, -group.part.count
    if value is None:
        return 4, 0
    return (3, 0) if value != value else (2, -value)  # noqa: PLR0124
