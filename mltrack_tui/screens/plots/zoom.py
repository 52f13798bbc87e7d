"""What part of the charts is looked at: one range of x for all of them, one of values for each; and the cursor."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from mltrack_tui.domain.curves import Scale, Window

Range = tuple[float, float]
SHARE = 0.25
"""How much of what is seen moves out of sight by one step to a side."""
_FINEST = 1e-12
"""The smallest part of its own numbers that a range may be: below, floats tell no places apart."""


@dataclass(slots=True)
class Zoom:
    """What is looked at.

    Attributes:
        x: the range that all charts show; None is everything.
        y: by metric, of those that do not show all their values.
        cursor: the x that is read; None is the last one.
    """

    x: Range | None = None
    y: dict[str, Range] = field(default_factory=dict)
    cursor: float | None = None

    def window(self, metric: str) -> Window:
        """What a chart shows."""
        return Window(self.x, self.y.get(metric))

    def reset(self, metric: str) -> None:
        """Show everything again."""
        self.x = None
        self.y.pop(metric, None)

    def zoom_x(self, seen: Range, factor: float, *, least: float = 0.0) -> bool:
        """Show so many times as much, around the cursor where that is seen; False where nothing finer is to be had."""
        low, high = seen
        around = self.cursor if self.cursor is not None and low <= self.cursor <= high else (low + high) / 2
        wanted = scaled(seen, around, factor)
        if factor < 1 and (wanted[1] - wanted[0] < least or too_fine(wanted)):
            return False
        self.x = wanted
        return True

    def limit(self, whole: Range) -> None:
        """Show everything where a range has become as wide; let none lie beside it."""
        if self.x is not None:
            self.x = within(self.x, whole)

    def pan_x(self, seen: Range, steps: int, whole: Range) -> None:
        """Move to a side, as far as there is something."""
        shift = steps * SHARE * (seen[1] - seen[0])
        shift = max(min(shift, whole[1] - seen[1]), whole[0] - seen[0])
        if self.x is not None:
            self.x = (seen[0] + shift, seen[1] + shift)

    def bring(self, x: float, seen: Range) -> bool:
        """Have an x in sight; says whether it was not."""
        low, high = seen
        if self.x is None or low <= x <= high:
            return False
        shift = x - high if x > high else x - low
        self.x = (low + shift, high + shift)
        return True

    def zoom_y(self, metric: str, seen: Range, factor: float, around: float | None, scale: Scale) -> None:
        """Show so many times as many values of a metric, around one of them."""
        wanted = _on_scale(seen, scale, lambda low, high, middle: scaled((low, high), middle, factor), around)
        if not (factor < 1 and too_fine(wanted)):
            self.y[metric] = wanted

    def pan_y(self, metric: str, seen: Range, steps: int, scale: Scale) -> None:
        """Move up or down."""

        def moved(low: float, high: float, _middle: float) -> Range:
            shift = steps * SHARE * (high - low)
            return low + shift, high + shift

        self.y[metric] = _on_scale(seen, scale, moved, None)


def scaled(seen: Range, around: float, factor: float) -> Range:
    """So many times as much, with one number at its place."""
    low, high = seen
    return around - (around - low) * factor, around + (high - around) * factor


def too_fine(wanted: Range) -> bool:
    """Whether a range is smaller than floats can tell."""
    low, high = wanted
    return not math.isfinite(high - low) or high - low <= _FINEST * max(abs(low), abs(high))


def within(wanted: Range, whole: Range) -> Range | None:
    """A range moved into a larger one; None where it is as wide."""
    low, high = wanted
    if high - low >= whole[1] - whole[0]:
        return None
    shift = max(whole[0] - low, 0.0) - max(high - whole[1], 0.0)
    return low + shift, high + shift


def _on_scale(seen: Range, scale: Scale, change: Callable[[float, float, float], Range], around: float | None) -> Range:
    """A range changed as it looks: of a logarithmic scale, its exponents."""
    low, high = seen
    if scale is Scale.LOG and low > 0:
        low, high = math.log10(low), math.log10(high)
        middle = math.log10(around) if around is not None and around > 0 else (low + high) / 2
        low, high = change(low, high, middle)
        return 10 ** max(min(low, 307.0), -307.0), 10 ** max(min(high, 307.0), -307.0)
    middle = around if around is not None and low <= around <= high else low / 2 + high / 2
    return change(low, high, middle)
