"""In what order candidates stand: the same answer for every source.

Numbers come first, then NaN, then text, then what is missing, in both directions; equal ones keep the order they had.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf, nan

from mltrack_tui.domain.cells import logged_value as logged_value  # noqa: PLC0414 - many find it here
from mltrack_tui.domain.entities import Candidate
from mltrack_tui.domain.numbers import number_of
from mltrack_tui.domain.query import Column, Kind, Order, Value

_NUMBER, _NAN, _TEXT, _MISSING = range(4)


@dataclass(frozen=True, slots=True)
class SortColumn:
    """The values of a column in nine bytes each: what kind each is, and the number, or the rank of the text."""

    kinds: bytearray
    numbers: "array[float]"

    @classmethod
    def of(cls, values: Sequence[Value], *, as_mlflow: bool = False) -> "SortColumn":
        """Take in a column. Text is ordered without regard to case, then by its characters; as MLflow, by these."""
        kinds = bytearray(len(values))
        numbers = array("d", bytes(8 * len(values)))
        texts: set[str] = set()
        for position, value in enumerate(values):
            if value is None:
                kinds[position] = _MISSING
            elif isinstance(value, str):
                kinds[position] = _TEXT
                texts.add(value)
            elif value != value:  # noqa: PLR0124 (only NaN differs from itself; math.isnan costs a third more here)
                kinds[position] = _NAN
            else:
                numbers[position] = value
        if texts:
            ordered = sorted(texts)
            if not as_mlflow:
                ordered.sort(key=str.casefold)
            ranks = {text: rank for rank, text in enumerate(ordered)}
            for position, value in enumerate(values):
                if isinstance(value, str):
                    numbers[position] = ranks[value]
        return cls(kinds, numbers)

    def at(self, positions: Sequence[int]) -> "SortColumn":
        """The same column, of some positions, in this order."""
        return SortColumn(
            bytearray(map(self.kinds.__getitem__, positions)), array("d", map(self.numbers.__getitem__, positions))
        )

    def number(self, position: int) -> float | None:
        """The number there, which may be NaN, or None."""
        kind = self.kinds[position]
        return self.numbers[position] if kind == _NUMBER else nan if kind == _NAN else None

    def arrange(self, positions: Iterable[int], *, descending: bool) -> list[int]:
        """Positions in the order of their values; equal ones stay in the order given."""
        groups: list[list[int]] = [[], [], [], []]
        kinds = self.kinds
        if not any(kinds):  # numbers only, as a metric's column mostly is
            return sorted(positions, key=self.numbers.__getitem__, reverse=descending)
        for position in positions:
            groups[kinds[position]].append(position)
        for kind in (_NUMBER, _TEXT):
            groups[kind].sort(key=self.numbers.__getitem__, reverse=descending)
        return [position for group in groups for position in group]


def arrange(positions: Iterable[int], keys: Sequence[tuple[SortColumn, bool]]) -> list[int]:
    """Positions by several keys, the first the weightiest; each is a column and whether it descends."""
    arranged = list(positions)
    for column, descending in reversed(keys):
        arranged = column.arrange(arranged, descending=descending)
    return arranged


def arranged(candidates: Sequence[Candidate], orders: Sequence[Order]) -> list[Candidate]:
    """Candidates by some orders, the first the weightiest; equal ones stay as they came, which is base order."""
    keys = [
        (SortColumn.of([sort_value(each, order) for each in candidates], as_mlflow=order.as_mlflow), order.descending)
        for order in orders
    ]
    return [candidates[place] for place in arrange(range(len(candidates)), keys)]


def base_order(start_time: int | None, candidate_id: str) -> tuple[float, str]:
    """The key of the order that there is without any other: the latest start first, none last, then the id."""
    return (inf if start_time is None else -start_time, candidate_id)


def text_value(text: str | None) -> Value:
    """What a parameter or tag is sorted by: the number that it says, else its text."""
    if text is None:
        return None
    number = number_of(text)
    return text if number is None else number


def sort_value(candidate: Candidate, order: Order) -> Value:
    """What a candidate is sorted by."""
    value = logged_value(candidate, order.column)
    if not isinstance(value, str) or not by_number(order):
        return value
    return text_value(value.removeprefix("!") if order.column.kind is Kind.CI else value)  # merge request !12


def by_number(order: Order) -> bool:
    """Whether texts are sorted by the numbers that they say."""
    column = order.column
    if order.as_mlflow:
        return False
    return column.kind in {Kind.PARAM, Kind.TAG, Kind.CI} or column == Column(Kind.ATTRIBUTE, "experiment_id")
