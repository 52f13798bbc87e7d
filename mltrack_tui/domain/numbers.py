"""Numbers in text, and text for numbers."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

MAX_DOUBLE = 1.7976931348623157e308
LONGEST_NUMBER = 64
"""Characters of a text that may still be a number; longer ones are text."""
_NUMBER = re.compile(r"\s*[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|nan)\s*", re.IGNORECASE | re.ASCII)


def number_of(text: str) -> float | None:
    """The number that a parameter's text says, or None: ``1e-3``, ``.5``, ``inf`` and ``nan`` are numbers."""
    if len(text) > LONGEST_NUMBER or _NUMBER.fullmatch(text) is None:
        return None
    return float(text)


def as_stored(value: float) -> float:
    """A number as MLflow stores it: the infinities as the greatest doubles. NaN stays what it is."""
    return min(max(value, -MAX_DOUBLE), MAX_DOUBLE)


def as_json(value: float) -> float | str:
    """A metric's value as JSON can hold it: NaN and the infinities as ``"NaN"``, ``"Infinity"``, ``"-Infinity"``."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def exact(value: float) -> str:
    """All of a number: the shortest text that reads back as the same float."""
    if math.isfinite(value):
        return repr(value)
    return "NaN" if math.isnan(value) else "+inf" if value > 0 else "-inf"


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How all numbers of one column are written, so that they compare at a glance.

    Attributes:
        decimals: digits behind the point, the same in the whole column; a number that would lose all but its last
            two digits that way, or is too long, is written like ``9.1e+3`` instead.
        width: characters that the numbers seen so far take.
    """

    decimals: int
    width: int

    @classmethod
    def of(cls, sample: Iterable[float]) -> "NumberFormat":
        """A format that suits these numbers; NaN and the infinities among them do not count."""
        numbers = [value for value in sample if math.isfinite(value)]
        largest = max((abs(value) for value in numbers), default=0.0)
        if largest < 1e9 and all(value.is_integer() for value in numbers):
            decimals = 0
        elif largest >= 1e6 or (0 < largest < 1e-3):
            decimals = 3
        else:
            decimals = max(4 - max(math.floor(math.log10(largest)), 0), 1)
        widest = max((len(f"{value:.{decimals}f}") for value in numbers if abs(value) < 1e9), default=0)
        return cls(decimals, max(min(widest, 10), 7 if decimals else 4)).wide_enough(numbers)

    def wide_enough(self, values: Iterable[float]) -> "NumberFormat":
        """The same format, wide enough for these numbers too."""
        return replace(self, width=max([self.width, *(len(self.text(value)) for value in values)]))

    def text(self, value: float) -> str:
        """A number in this format; its exact digits are `exact`'s business."""
        if not math.isfinite(value):
            return exact(value)
        text = f"{value:.{self.decimals}f}"
        lost = value != 0 and abs(value) < 10 ** (1 - self.decimals) and float(text) != value
        if len(text) > self.width or lost:
            return short(value)
        return text


def short(value: float) -> str:
    """About two digits of a number, whatever its size: ``9.1e+3``, ``1.0e-12``."""
    if not math.isfinite(value):
        return exact(value)
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    return f"{mantissa}e{int(exponent):+d}"


def aligned(text: str, decimals: int) -> str:
    """A number as it was logged, padded behind so that the points of a column line up: ``0.1`` to ``0.1   ``.

    ``decimals`` is how many digits behind the point the longest of the column has.
    """
    whole, point, digits = text.partition(".")
    if not digits.isdigit() and not (not point and whole.lstrip("+-").isdigit()):
        return text
    behind = len(digits) + 1 if point else 0
    return text + " " * max(decimals + (1 if decimals else 0) - behind, 0)
