"""Which values occur, and how often."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan

from mltrack_tui.analysis.order import SortColumn, text_value
from mltrack_tui.domain.query import Value


@dataclass(frozen=True, slots=True)
class Tally:
    """A value and how many have it; the value is None for those that have none."""

    value: Value
    count: int


def tallied(values: Iterable[Value]) -> list[Tally]:
    """Each value once, the most frequent first, then in the order of a sort; all NaN are one value."""
    counts = Counter(values)
    not_numbers = [value for value in counts if value != value]  # noqa: PLR0124 (NaN: each object of it was counted alone)
    if not_numbers:
        together = sum(counts.pop(value) for value in not_numbers)
        counts[nan] = together
    held = list(counts)
    places = SortColumn.of([text_value(value) if isinstance(value, str) else value for value in held])
    in_order = places.arrange(range(len(held)), descending=False)
    in_order.sort(key=lambda place: -counts[held[place]])
    return [Tally(held[place], counts[held[place]]) for place in in_order]


def total(tallies: Sequence[Tally]) -> int:
    """How many were counted."""
    return sum(tally.count for tally in tallies)
