"""How numbers spread: bins whose edges are round, so that they can be read and written into a filter."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import floor, log10

from mltrack_tui.domain.numbers import as_stored
from mltrack_tui.domain.times import DAY, HOUR, MINUTE, SECOND

MOST_BINS = 20
WIDE = 1000
"""So many times the smallest number, if all are positive, the bins grow with the numbers: 1, 2, 5, 10."""
_LENGTHS = (
    *(1, 2, 5, 10, 20, 50, 100, 200, 500),
    *(count * SECOND for count in (1, 2, 5, 10, 15, 30)),
    *(count * MINUTE for count in (1, 2, 5, 10, 15, 30)),
    *(count * HOUR for count in (1, 2, 3, 6, 12)),
    *(count * DAY for count in (1, 2, 7, 14, 28, 91, 182, 364, 3640, 36400)),
)
"""Round lengths of time in milliseconds."""


@dataclass(frozen=True, slots=True)
class Bin:
    """How many numbers are at least ``low`` and less than ``high``, or, ``closed``, at most ``high``."""

    low: float
    high: float
    count: int
    closed: bool = False


def histogram(numbers: Sequence[float], edges: Sequence[float]) -> list[Bin]:
    """The finite ``numbers`` between the ``edges``, which rise; the last bin is closed, so that each has a place."""
    ordered = sorted(numbers)
    bins = []
    start = 0
    last = len(edges) - 2
    for index, (low, high) in enumerate(pairwise(edges)):
        closed = index == last
        end = (bisect_right if closed else bisect_left)(ordered, high)
        bins.append(Bin(low, high, end - start, closed))
        start = end
    return bins


def round_edges(low: float, high: float, most: int = MOST_BINS) -> list[float]:
    """Edges from at most ``low`` to at least ``high``, which differ, for at most about ``most`` bins, two or more."""
    if low > 0 and high / low >= WIDE:
        return _growing(low, high, most)
    return even_edges(low, high, most)


def even_edges(low: float, high: float, most: int = MOST_BINS) -> list[float]:
    """The same for bins that are all equally wide."""
    span = (Decimal(high) - Decimal(low)) / (most - 1)
    unit = Decimal(10) ** span.adjusted()
    step = next(unit * factor for factor in (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
                if unit * factor >= span)  # fmt: skip
    return _stepped(low, high, step)


def time_edges(low: float, high: float, *, offset: int = 0) -> list[float]:
    """The same of milliseconds, by seconds, minutes, hours and days; ``offset`` moves all of them, as a time zone."""
    step = next((length for length in _LENGTHS if (high - low) / length < MOST_BINS - 1), None)
    if step is None:  # centuries
        return round_edges(low, high)
    return [edge - offset for edge in _stepped(low + offset, high + offset, Decimal(step))]


def length_edges(low: float, high: float) -> list[float]:
    """The same of lengths of time; where they differ widely, the bins grow with them."""
    if low < 0 or high < WIDE * max(low, 1) or high > _LENGTHS[-1]:
        return time_edges(low, high)
    lengths = [0.0, *map(float, _LENGTHS)]
    edges = lengths[bisect_right(lengths, low) - 1 : bisect_left(lengths, high) + 1]
    stride = -(-(len(edges) - 1) // MOST_BINS)
    return [*edges[:-1:stride], edges[-1]]


def _stepped(low: float, high: float, step: Decimal) -> list[float]:
    first, last = (Decimal(low) // step, Decimal(high) / step)
    if first * step > Decimal(low):  # // of Decimal goes towards zero
        first -= 1
    edges = {_double(first * step)}
    while first < last:
        first += 1
        edges.add(_double(first * step))
    return sorted(edges)


def _growing(low: float, high: float, most: int) -> list[float]:
    first, last = floor(log10(low)), floor(log10(high)) + 1
    decades = last - first
    factors = (1, 2, 5) if decades * 3 <= most else (1,)
    stride = -(-decades // most)
    powers = range(first, last + stride, stride)
    edges = [_double(Decimal(factor).scaleb(power)) for power in powers for factor in factors]
    start = bisect_right(edges, low) - 1
    end = bisect_left(edges, high)
    return edges[max(start, 0) : end + 1]


def _double(edge: Decimal) -> float:
    return as_stored(float(edge))
