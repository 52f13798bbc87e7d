"""How values become heights, and which of them an axis names."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mltrack_tui.domain.curves import Scale
from mltrack_tui.domain.numbers import MAX_DOUBLE
from mltrack_tui.plots.ticks import labels, ticks, window

_MOST_DECADES = 8
_LEAST_EXPONENT = -300
_PLAIN_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Heights:
    """A scale: what is equally far apart in its heights is drawn equally far apart.

    ``unit`` is where symlog turns from linear to logarithmic; the other scales have no use for it.
    """

    scale: Scale = Scale.LINEAR
    unit: float = 1.0

    @classmethod
    def of(cls, scale: Scale, values: Sequence[float]) -> "Heights":
        """A scale that suits finite values: symlog's unit is the least of them, but at most 8 decades below the most.

        The unit is a power of ten.
        """
        if scale is not Scale.SYMLOG:
            return cls(scale)
        sizes = [abs(value) for value in values if value]
        if not sizes:
            return cls(scale)
        most = math.floor(math.log10(max(sizes)))
        return cls(scale, 10.0 ** max(math.floor(math.log10(min(sizes))), most - _MOST_DECADES, _LEAST_EXPONENT))

    def takes(self, value: float) -> bool:
        """Whether a value has a height at all; NaN has none, the infinities are infinitely high."""
        return value > 0 if self.scale is Scale.LOG else value == value  # noqa: PLR0124 - NaN

    def height(self, value: float) -> float:
        """The height of a value that the scale takes."""
        if self.scale is Scale.LINEAR or math.isinf(value):
            return value if value > 0 or self.scale is not Scale.LOG else -math.inf
        if self.scale is Scale.LOG:
            return math.log10(value)
        return math.copysign(math.log10(1 + min(abs(value) / self.unit, MAX_DOUBLE)), value)

    def of_all(self, values: Sequence[float]) -> Sequence[float]:
        """The heights of many values, NaN for those that the scale does not take."""
        if self.scale is Scale.LINEAR:
            return values
        log = math.log10
        if self.scale is Scale.LOG:
            return [log(value) if value > 0 else math.nan for value in values]
        unit = self.unit
        return [math.copysign(log(1 + abs(value) / unit), value) for value in values]

    def value(self, height: float) -> float:
        """The value at a height, as far as doubles go."""
        if self.scale is Scale.LINEAR:
            return height
        if self.scale is Scale.LOG:
            return _power(height)
        return math.copysign(min((_power(abs(height)) - 1) * self.unit, MAX_DOUBLE), height)

    def around(self, lowest: float, highest: float) -> tuple[float, float]:
        """The heights of a picture's lower and upper edge, for the heights of its least and its greatest value."""
        if self.scale is Scale.LINEAR:
            return window(lowest, highest)
        if highest - lowest > 1e-9:
            return lowest, highest
        return lowest - 0.5, highest + 0.5

    def labels(self, low: float, high: float, most: int) -> list[tuple[float, str]]:
        """At most ``most`` heights from low to high, with what they are called."""
        if self.scale is Scale.LINEAR:
            numbers = ticks(low, high, most)
        else:
            numbers = self._powers(low, high, most)
            if len(numbers) >= 2:
                return [(self.height(float(number)), _brief(number)) for number in numbers]
            least, greatest = self.value(low), self.value(high)
            numbers = ticks(least, greatest, most) if least < greatest else []
        found = zip(numbers, labels(numbers), strict=True)
        return [(self.height(float(number)), text) for number, text in found if self.takes(float(number))]

    def _powers(self, low: float, high: float, most: int) -> list[Decimal]:
        """Powers of ten, each one or each so many-th; of few decades with their doubles and fives."""
        if self.scale is Scale.LOG:
            return _decades(self.value(low), self.value(high), most)
        least, greatest = self.value(low), self.value(high)
        around_zero = [Decimal(0)] * (least <= 0 <= greatest)
        share = max((most - len(around_zero)) // (2 if least < 0 < greatest else 1), 1)
        above = _decades(max(least, self.unit), greatest, share) if greatest > self.unit else []
        below = _decades(max(-greatest, self.unit), -least, share) if -least > self.unit else []
        return [*(-number for number in reversed(below)), *around_zero, *above]


def _power(exponent: float) -> float:
    return 10.0**exponent if exponent < 308.25 else MAX_DOUBLE


def _decades(low: float, high: float, most: int) -> list[Decimal]:
    """Round positive numbers from low to high, equally far apart as powers go."""
    if not 0 < low < high:
        return []
    first, last = Decimal(str(low)), Decimal(str(high))
    exponents = range(first.adjusted(), last.adjusted() + 1)
    for multiples in ((1, 2, 5), (1, 3), (1,)):
        if len(exponents) > 2 * most and len(multiples) > 1:
            continue  # doubles may have 600 decades
        numbers = [Decimal(multiple).scaleb(exponent) for exponent in exponents for multiple in multiples]
        within = [number for number in numbers if first <= number <= last]
        if len(within) <= most:
            return within
    every = -(-len(within) // most)
    return within[(len(within) - 1) % every :: every]


def _brief(number: Decimal) -> str:
    """A round number, as short as it goes."""
    plain = f"{number:f}"
    if len(plain) <= _PLAIN_LENGTH:
        return plain
    sign, digits, exponent = number.normalize().as_tuple()
    return f"{'-' * sign}{''.join(map(str, digits))}e{exponent}"
