"""Candidates under their parents, and candidates that have a value in common."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import fsum, isnan, nan, sqrt
from typing import NamedTuple

from mltrack_tui.analysis.order import SortColumn, text_value
from mltrack_tui.domain.query import Direction, Value


class Branch(NamedTuple):
    """A line of a tree: which candidate, by its place, how deep it lies, and how many lie under it at any depth."""

    place: int
    depth: int
    below: int


class Forest:
    """Candidates in the order given, each under its parent.

    One whose parent is not among them stands at the top, and so does the first of a ring of parents.

    Attributes:
        places: where each stands in the order given.
        above: by place, the place of the parent; None at the top.
        below: by place, how many lie under each at any depth.
    """

    def __init__(self, ids: Sequence[str], parents: Sequence[str | None]) -> None:
        self._ids = ids
        self.places = {id_: place for place, id_ in enumerate(ids)}
        self.above = _without_rings([None if parent is None else self.places.get(parent) for parent in parents])
        self._children: dict[int | None, list[int]] = {}
        for place, parent in enumerate(self.above):
            self._children.setdefault(parent, []).append(place)
        self.below = _counted(self.above, self._children)

    def parents(self) -> Iterator[str]:
        """Those that others lie under."""
        return (id_ for id_, below in zip(self._ids, self.below, strict=True) if below)

    def lines(self, unfolded: Collection[str]) -> list[Branch]:
        """The tree; what lies under one that is not unfolded is left out."""
        lines: list[Branch] = []
        waiting = [(place, 0) for place in reversed(self._children.get(None, ()))]
        while waiting:
            place, depth = waiting.pop()
            lines.append(Branch(place, depth, self.below[place]))
            if self.below[place] and self._ids[place] in unfolded:
                waiting += [(child, depth + 1) for child in reversed(self._children[place])]
        return lines


def _without_rings(above: list[int | None]) -> list[int | None]:
    """The same where nobody lies under themselves."""
    settled: set[int] = set()
    for start in range(len(above)):
        path: set[int] = set()
        place: int | None = start
        while place is not None and place not in settled and place not in path:
            path.add(place)
            place = above[place]
        if place in path:
            above[place] = None
        settled |= path
    return above


def _counted(above: Sequence[int | None], children: "dict[int | None, list[int]]") -> list[int]:
    """How many lie under each."""
    order: list[int] = list(children.get(None, ()))
    for place in order:  # grows while it is gone through: parents stand before their children
        order += children.get(place, ())
    below = [0] * len(above)
    for place in reversed(order):
        parent = above[place]
        if parent is not None:
            below[parent] += below[place] + 1
    return below


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates, by their places, that have this value in common; None is that it is missing."""

    value: Value
    places: tuple[int, ...]


def groups(values: Sequence[Value]) -> list[Group]:
    """All groups in natural order: numbers, NaN, text, missing. Text that says the same number stays apart."""
    found: dict[Value, list[int]] = {}
    for place, value in enumerate(values):
        key = nan if isinstance(value, float) and isnan(value) else value  # as a key, one NaN finds itself
        found.setdefault(key, []).append(place)
    keys = list(found)
    column = SortColumn.of([text_value(key) if isinstance(key, str) else key for key in keys])
    ordered = column.arrange(range(len(keys)), descending=False)
    return [Group(keys[place], tuple(found[keys[place]])) for place in ordered]


@dataclass(frozen=True, slots=True)
class Spread:
    """What the numbers of a group come to.

    ``mean`` and ``deviation`` (of a sample: over n - 1; None of fewer than two) leave out NaN, of which there are
    ``nans``; ``best`` is None without a direction, and all are None where there is no number.
    """

    numbers: int
    nans: int
    mean: float | None
    deviation: float | None
    best: float | None


def spread(values: Iterable[Value], direction: Direction | None) -> Spread:
    """Bring the numbers of a group together."""
    floats = [value for value in values if isinstance(value, int | float)]
    numbers = [value for value in floats if not isnan(value)]
    nans = len(floats) - len(numbers)
    if not numbers:
        return Spread(0, nans, None, None, None)
    mean = _mean(numbers)
    deviation = None
    if len(numbers) > 1:
        variance = _mean([(value - mean) * (value - mean) for value in numbers])
        deviation = sqrt(variance * len(numbers) / (len(numbers) - 1))
    best = None if direction is None else max(numbers) if direction is Direction.MAX else min(numbers)
    return Spread(len(numbers), nans, mean, deviation, best)


def _mean(numbers: Sequence[float]) -> float:
    try:
        return fsum(numbers) / len(numbers)
    except (OverflowError, ValueError):  # beyond the doubles, or both infinities
        return sum(value / len(numbers) for value in numbers)
