"""One value of each marked candidate, as bars beside each other's."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from rich.cells import cell_len

from mltrack_tui.analysis.small_pictures import bar
from mltrack_tui.analysis.spread import finite
from mltrack_tui.domain.numbers import exact
from mltrack_tui.domain.query import Value
from mltrack_tui.plots.painting import (
    BEST_MARK,
    MIN_HEIGHT,
    MIN_WIDTH,
    caption,
    filled,
    finished,
    fitted,
    head,
    ink_of,
    number_of_slot,
    padded,
    scrolled,
    title,
    words,
)
from mltrack_tui.plots.picture import AXIS, BEST, MARK, TEXT, Ink, Picture, Run, Style
from mltrack_tui.plots.ticks import ticks

FRAME = 2
_NARROW = 0.2
"""Where all numbers lie within this part of the farthest one, bars from 0 would look the same: they begin later."""
_LONGEST_BAR = 60


@dataclass(frozen=True, slots=True)
class Bars:
    """What is drawn.

    Attributes:
        column: what the column is called.
        names, values: of the marked candidates, by slot.
        best: the slot of the best value.
        notes: what else is to be said.
    """

    column: str
    names: Sequence[str]
    values: Sequence[Value]
    best: int | None = None
    notes: Sequence[str] = ()


def draw_bars(bars: Bars, cursor: int, width: int, height: int, style: Style) -> Picture:
    """Draw the bars around the cursor's as ``height`` lines of at most ``width`` cells; no data raises."""
    if not bars.values or width < MIN_WIDTH or height < MIN_HEIGHT:
        why = "no candidates" if not bars.values else "there is no room for a picture"
        return finished(words(why, width, height, bars.column).lines, style)
    shown = scrolled(len(bars.values), cursor, height - FRAME)
    told = [fitted(_told(value), width // 4) for value in bars.values]
    right = max(map(cell_len, told))
    left = max(min(max(map(cell_len, bars.names)), width // 3), 4)
    scale = _Scale.of([number for value in bars.values if (number := finite(value)) is not None])
    room = min(max(width - left - right - 8, 1), _LONGEST_BAR)
    lines = [title(bars.column, width)]
    for slot in shown:
        value, best = bars.values[slot], slot == bars.best
        number = finite(value)
        drawn = scale.bar(number, room) if number is not None else " " * room
        lines.append(
            (
                Run(BEST_MARK if best else " ", BEST),
                *head(f"{number_of_slot(slot)} {bars.names[slot]}", left + 2, chosen=slot == cursor, ink=ink_of(slot)),
                Run(f" {drawn} ", ink_of(slot)),
                Run(padded(told[slot], right, right=number is not None), _ink(value, best=best)),
            )
        )
    extent = f"{len(shown):,} of {len(bars.values):,} candidates" if len(shown) < len(bars.values) else ""
    return finished([*filled(lines, height - 1), caption([scale.words, extent, *bars.notes], width)], style)


def _told(value: Value) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else exact(value)


def _ink(value: Value, *, best: bool) -> Ink:
    if best:
        return BEST
    if value is None:
        return AXIS
    return MARK if not isinstance(value, str) and not isfinite(value) else TEXT


@dataclass(frozen=True, slots=True)
class _Scale:
    """The numbers at the left and the right end, and that from which bars go: 0 as a rule."""

    low: float
    base: float
    high: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> "_Scale":
        """A scale for some finite numbers."""
        low, high = min(numbers, default=0.0), max(numbers, default=0.0)
        farthest = max(abs(low), abs(high))
        if low < high and low * high > 0 and high - low <= _NARROW * farthest:
            if low > 0:
                return cls(base := _below(low, high), base, high)
            return cls(low, base := -_below(-high, -low), base)
        return cls(min(low, 0.0), 0.0, max(high, 0.0))

    @property
    def words(self) -> str:
        """Where bars begin."""
        return f"bars from {self.base:.10g}" + (", not 0" if self.base else "")

    def bar(self, number: float, room: int) -> str:
        """The bar of a number in so many cells: to the right of the base, or to the left of it."""
        before = self._before(room)
        if number < self.base:
            cells = max(round((self.base - number) / (self.base - self.low) * before), 1)
            return " " * (before - cells) + "█" * cells + " " * (room - before)
        longest = room - before
        return " " * before + (
            bar((number - self.base) / (self.high - self.base), longest) if number else " " * longest
        )

    def _before(self, room: int) -> int:
        """The cells on the left of the base."""
        if self.low == self.base:
            return 0
        if self.high == self.base:
            return room
        share = (self.base / 2 - self.low / 2) / (self.high / 2 - self.low / 2)
        return min(max(round(share * room), 1), room - 1)


def _below(low: float, high: float) -> float:
    """A round number somewhat below the lowest of some, so that it has a bar too."""
    return float(ticks(low - (high - low) / 2, low, 2)[0])
