"""Some numbers as a box: the middle half of them, how far the rest reaches, and what lies beyond."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from math import isinf

_REACH = 1.5
"""How many times the box's length its whiskers may reach (Tukey, Exploratory Data Analysis, 1977)."""


@dataclass(frozen=True, slots=True)
class Box:
    """What a box plot shows of some numbers.

    Attributes:
        count: how many they are, outliers included.
        low, high: the farthest numbers that lie within 1.5 lengths of the box.
        first, median, third: the quartiles.
        outliers: what lies beyond ``low`` and ``high``, in ascending order.
    """

    count: int
    low: float
    first: float
    median: float
    third: float
    high: float
    outliers: tuple[float, ...]

    @property
    def numbers(self) -> tuple[float, ...]:
        """All that is drawn of it."""
        return (self.low, self.first, self.median, self.third, self.high, *self.outliers)

    @classmethod
    def of(cls, numbers: Iterable[float]) -> "Box | None":
        """The box of finite numbers; None of none."""
        ordered = sorted(numbers)
        if not ordered:
            return None
        first, median, third = (quantile(ordered, share) for share in (0.25, 0.5, 0.75))
        reach = _REACH * (third - first)
        # Interpolated quartiles may lie just beyond every number there is.
        start = min(bisect_left(ordered, first - reach), len(ordered) - 1)
        end = max(bisect_right(ordered, third + reach), start + 1)
        outliers = (*ordered[:start], *ordered[end:])
        return cls(len(ordered), ordered[start], first, median, third, ordered[end - 1], outliers)


def are_of_many_sizes(ordered: list[float]) -> bool:
    """Whether positive numbers in ascending order are better seen by their powers of ten.

    They differ a thousandfold, and not by a few small ones alone, as there are among many evenly spread numbers: the
    middle nine tenths of them differ a hundredfold.
    """
    if not ordered or ordered[0] <= 0 or ordered[-1] / ordered[0] <= 1000:
        return False
    return quantile(ordered, 0.95) / quantile(ordered, 0.05) >= 100


def quantile(ordered: list[float], share: float) -> float:
    """The number below which a share (0 to 1) of some numbers in ascending order lies, at least one of them.

    Interpolated linearly, as numpy does by default (method 7 of Hyndman and Fan, 1996).
    """
    place = share * (len(ordered) - 1)
    below = int(place)
    low, high = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
    part = place - below
    if isinf(high - low):
        return low * (1 - part) + high * part
    return low + (high - low) * part
