"""What the columns of a table hold, told by some of their cells, and how these are written so that they compare."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from math import isfinite

from mltrack_tui.domain.numbers import NumberFormat, aligned, exact, number_of, short

_WHOLE = re.compile(r"\s*[+-]?\d+\s*", re.ASCII)
ABSENT = frozenset({"na", "n/a", "null", "none", "-", "<na>", "nat"})
"""What people write for no value. It stays what they wrote, and makes no column of numbers one of text."""
_MOSTLY = 0.9
"""The part of the cells that are numbers where a column is one of numbers."""
_MOST_DECIMALS, _WIDEST = 6, 14
"""Digits behind the point and characters of numbers that are shown as they are written."""


class Holds(Enum):
    """What a column's cells are."""

    WHOLE = auto()
    NUMBERS = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Look:
    """How the cells of a column are written.

    Attributes:
        decimals: digits behind the point where numbers are shown as they are written.
        format: how they are shown where these are too many; None where they are not.
        width: characters that the cells seen so far take.
    """

    holds: Holds
    decimals: int
    format: NumberFormat | None
    width: int

    @property
    def is_numeric(self) -> bool:
        """Whether it holds numbers, which stand to the right."""
        return self.holds is not Holds.TEXT

    def text(self, cell: str) -> str:
        """A cell as it is shown; of a number that has no room, two digits."""
        number = number_of(cell) if self.is_numeric else None
        if number is None:
            return cell
        if not isfinite(number):
            return exact(number)
        text = aligned(cell.strip(), self.decimals) if self.format is None else self.format.text(number)
        return text if len(text) <= self.width else short(number)


def look_of(cells: Iterable[str]) -> Look:
    """How a column is to be written that has these cells, and others."""
    there = [cell for cell in cells if cell]
    said = [cell for cell in there if cell.strip().casefold() not in ABSENT]
    read = [(cell, number) for cell in said if (number := number_of(cell)) is not None]
    widest = max(map(len, there), default=0)
    if not read or len(read) < len(said) * _MOSTLY:
        return Look(Holds.TEXT, 0, None, widest)
    numbers = [cell for cell, number in read if isfinite(number)]
    if all(_WHOLE.fullmatch(cell) for cell in numbers):
        return Look(Holds.WHOLE, 0, None, max(map(len, numbers), default=0))
    others = max((len(cell) for cell in there if number_of(cell) is None), default=0)
    decimals, whole = _digits(numbers)
    if decimals <= _MOST_DECIMALS and whole + decimals < _WIDEST:
        return Look(Holds.NUMBERS, decimals, None, max(*map(len, numbers), whole + 1 + decimals, others))
    format_ = NumberFormat.of(number for _, number in read)
    return Look(Holds.NUMBERS, 0, format_, max(format_.width, others))


def _digits(cells: Sequence[str]) -> tuple[int, int]:
    """The most digits behind the point, and the most characters before it; an exponent is of the former."""
    parts = [cell.strip().partition(".") for cell in cells]
    return max(len(behind) for *_, behind in parts), max(len(before) for before, *_ in parts)
