"""Two columns of the same candidates, pair by pair: where both have a place, and how the one goes with the other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from math import fsum, isinf, isnan, sqrt
from typing import NamedTuple

from mltrack_tui.analysis.tally import tallied
from mltrack_tui.domain.numbers import number_of
from mltrack_tui.domain.query import Value

MOST_CATEGORIES = 24
"""Texts that an axis has places for, the most frequent; what has others is counted."""
_FEWEST = 3
"""Pairs below which no correlation is told."""


class Left(StrEnum):
    """Why a value has no place on an axis."""

    MISSING = "missing"
    NAN = "NaN"
    ABOVE = "+inf"
    BELOW = "-inf"
    TEXT = "text"
    """A text among numbers."""
    RARE = "rare"
    """One of more texts than the axis has places for."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A column as an axis has it: its numbers, or, where most of it is other text, these texts as categories.

    Attributes:
        categories: the texts, the most frequent first, whose places are 0, 1, …; None on an axis of numbers.
        places: where each value lies, or why it lies nowhere.
    """

    categories: tuple[str, ...] | None
    places: Sequence["float | Left"]

    @classmethod
    def of(cls, values: Sequence[Value]) -> "Axis":
        """Take in a column."""
        numbers = [number_of(value) if isinstance(value, str) else value for value in values]
        texts = [
            value for value, number in zip(values, numbers, strict=True) if number is None and isinstance(value, str)
        ]
        if 2 * len(texts) <= sum(value is not None for value in values):
            return cls(None, [_number(value, number) for value, number in zip(values, numbers, strict=True)])
        written = [None if value is None else value if isinstance(value, str) else repr(value) for value in values]
        common = tallied(text for text in written if text is not None)[:MOST_CATEGORIES]
        categories = tuple(str(each.value) for each in common)
        place = {text: float(index) for index, text in enumerate(categories)}
        return cls(categories, [Left.MISSING if text is None else place.get(text, Left.RARE) for text in written])


def _number(value: Value, number: float | None) -> "float | Left":
    if value is None:
        return Left.MISSING
    if number is None:
        return Left.TEXT
    if isnan(number):
        return Left.NAN
    if isinf(number):
        return Left.ABOVE if number > 0 else Left.BELOW
    return number


class Point(NamedTuple):
    """A candidate with a place on two axes: ``place`` is its place in their columns."""

    x: float
    y: float
    place: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidates on two axes.

    Attributes:
        x, y: the axes.
        points: those with a place on both, from the left to the right, then upwards.
        left_out: how many of the others lack which axis (0 is x) and why, counted once each, by x first.
        rho: Spearman's rank correlation of the numbers, as `spearman`; None also where an axis is of categories.
    """

    x: Axis
    y: Axis
    points: Sequence[Point]
    left_out: Mapping[tuple[int, Left], int]
    rho: float | None

    @classmethod
    def of(cls, xs: Sequence[Value], ys: Sequence[Value]) -> "Pairs":
        """Pair the values of two columns, which are the same candidates' in the same order."""
        x, y = Axis.of(xs), Axis.of(ys)
        points: list[Point] = []
        lacking: Counter[tuple[int, Left]] = Counter()
        for index, (across, up) in enumerate(zip(x.places, y.places, strict=True)):
            if isinstance(across, Left):
                lacking[0, across] += 1
            elif isinstance(up, Left):
                lacking[1, up] += 1
            else:
                points.append(Point(across, up, index))
        points.sort()
        numbers = x.categories is None and y.categories is None
        rho = spearman([point.x for point in points], [point.y for point in points]) if numbers else None
        return cls(x, y, points, lacking, rho)


def spearman(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Spearman's rank correlation, equal numbers with their mean rank; None of fewer than three or of a constant.

    Pearson's correlation of the ranks, as `scipy.stats.spearmanr`.
    """
    if len(xs) < _FEWEST:
        return None
    mean = (len(xs) + 1) / 2
    across, up = ([rank - mean for rank in ranks(values)] for values in (xs, ys))
    spread = sqrt(fsum(each * each for each in across)) * sqrt(fsum(each * each for each in up))
    if not spread:
        return None
    return max(-1.0, min(1.0, fsum(a * b for a, b in zip(across, up, strict=True)) / spread))


def ranks(values: Sequence[float]) -> list[float]:
    """The rank of each number from 1; equal ones share the mean of theirs. NaN is not for this."""
    found = [0.0] * len(values)
    before = 0
    for _, tied in groupby(sorted(range(len(values)), key=values.__getitem__), key=values.__getitem__):
        places = list(tied)
        for place in places:
            found[place] = before + (len(places) + 1) / 2
        before += len(places)
    return found
