"""How the numbers of an axis lie on so many cells, and where its labels are."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log10

from mltrack_tui.plots.series import place
from mltrack_tui.plots.ticks import labels, ticks, window

_WIDE = 1000
"""So many times the smallest number, if all are positive, an axis goes by their powers of ten."""
_MOST_TICKS = 6
_BETWEEN_LABELS = 3


@dataclass(frozen=True, slots=True)
class Ruler:
    """A finite range, ``low < high``: of numbers, or, ``logarithmic``, of the powers of ten that they are."""

    low: float
    high: float
    logarithmic: bool = False

    @classmethod
    def of(cls, numbers: Iterable[float]) -> "Ruler":
        """The range of some finite numbers; of none, from 0 to 1."""
        ordered = sorted(numbers) or [0.0, 1.0]
        low, high = ordered[0], ordered[-1]
        if low > 0 and high / low > _WIDE:
            return cls(log10(low), log10(high), logarithmic=True)
        return cls(*window(low, high))

    def cell(self, number: float, cells: int) -> int:
        """Which of so many cells a number of this range lies in."""
        return place(log10(number) if self.logarithmic else number, self.low, self.high, cells)

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """At most so many round numbers of the range, two or more, with their labels."""
        if self.logarithmic:
            return [(10.0 ** int(power), f"1e{power:f}") for power in ticks(self.low, self.high, most, whole=True)]
        numbers = ticks(self.low, self.high, most)
        return list(zip(map(float, numbers), labels(numbers), strict=True))

    def left(self, rows: int) -> dict[int, str]:
        """The labels of a left axis by line, 0 being the top."""
        return {rows - 1 - self.cell(number, rows): text for number, text in self.ticks(_fitting(rows // 2))}

    def bottom(self, columns: int) -> dict[int, str]:
        """The labels of a bottom axis by column: as many as have room beside each other."""
        for most in range(_MOST_TICKS, 1, -1):
            found = self.ticks(most)
            if sum(len(text) + _BETWEEN_LABELS for _, text in found) <= columns:
                break
        return {self.cell(number, columns): text for number, text in found}


def _fitting(ticks: int) -> int:
    return max(2, min(_MOST_TICKS, ticks))
