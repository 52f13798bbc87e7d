"""How the numbers of an axis lie on so many cells, and where its labels are."""

from collections.abc import Sequence
from dataclasses import dataclass

from mltrack_tui.analysis.quartiles import are_of_many_sizes
from mltrack_tui.domain.curves import Scale
from mltrack_tui.plots.scales import Heights
from mltrack_tui.plots.series import placed

_MOST_TICKS = 6
_BETWEEN_LABELS = 3


@dataclass(frozen=True, slots=True)
class Ruler:
    """A scale from one of its heights to a greater one."""

    heights: Heights
    low: float
    high: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> "Ruler":
        """A scale that has all of some finite numbers, of which there is one or more."""
        ordered = sorted(numbers)
        heights = Heights(Scale.LOG if are_of_many_sizes(ordered) else Scale.LINEAR)
        return cls(heights, *heights.around(heights.height(ordered[0]), heights.height(ordered[-1])))

    @property
    def logarithmic(self) -> bool:
        """Whether it goes by powers of ten."""
        return self.heights.scale is Scale.LOG

    def cells(self, numbers: Sequence[float], cells: int) -> list[int]:
        """Which of so many cells each of some numbers of the scale lies in."""
        return placed([self.heights.height(number) for number in numbers], self.low, self.high, cells)

    def left(self, rows: int) -> dict[int, str]:
        """The labels of a left axis by line, 0 being the top."""
        found = self.heights.labels(self.low, self.high, max(2, min(_MOST_TICKS, rows // 2)))
        return {rows - 1 - row: text for row, text in self._lying(found, rows).items()}

    def bottom(self, columns: int) -> dict[int, str]:
        """The labels of a bottom axis by column: as many as have room beside each other."""
        for most in range(_MOST_TICKS, 1, -1):
            found = self.heights.labels(self.low, self.high, most)
            if sum(len(text) + _BETWEEN_LABELS for _, text in found) <= columns:
                break
        return self._lying(found, columns)

    def _lying(self, labels: Sequence[tuple[float, str]], cells: int) -> dict[int, str]:
        places = placed([height for height, _ in labels], self.low, self.high, cells)
        return {place: text for place, (_, text) in zip(places, labels, strict=True) if 0 <= place < cells}
