"""Where an axis has its numbers, and how they read.

Ticks are decimals: exact multiples of 1, 2, 2.5 or 5 times a power of ten, at any size a float can have.
"""

import math
from collections.abc import Sequence
from decimal import Decimal

_MAX = 1.7976931348623157e308
_FLAT = 1e-9
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_PLAIN_LENGTH = 7


def window(lowest: float, highest: float) -> tuple[float, float]:
    """The finite range an axis shows for finite values: theirs, or one around them where they are as good as equal.

    As good as equal is a spread below a billionth of the values: rounding noise would else fill the picture, and its
    labels the axis.
    """
    size = max(abs(lowest), abs(highest))
    if highest - lowest > size * _FLAT:
        return lowest, highest
    room = size / 2 or 1.0
    return max(lowest - room, -_MAX), min(highest + room, _MAX)


def ticks(low: float, high: float, most: int, *, whole: bool = False) -> list[Decimal]:
    """Round numbers within a range, at most ``most`` and at least one, equally far apart, in ascending order.

    Takes finite numbers, ``low < high`` and ``most >= 2``; ``whole`` allows whole numbers only.
    """
    first, last = Decimal(str(low)), Decimal(str(high))  # 0.3 is a tick of 0 to 0.3
    exponent = ((last - first) / most).adjusted()
    if whole:
        exponent = max(exponent, 0)
    while True:
        for multiple in _STEPS:
            step = multiple.scaleb(exponent)
            if whole and step != step.to_integral_value():
                continue
            start = math.ceil(first / step)
            count = math.floor(last / step) - start + 1
            if count <= most:
                return [step * (start + index) for index in range(count)]
        exponent += 1


def labels(numbers: Sequence[Decimal]) -> list[str]:
    """The numbers as text, all with the same decimals; scientific where that is shorter and plain text is long."""
    plain = _written(numbers, "f")
    if max(map(len, plain), default=0) <= _PLAIN_LENGTH:
        return plain
    scientific = _written(numbers, "e")
    return min(plain, scientific, key=lambda texts: max(map(len, texts)))


def _written(numbers: Sequence[Decimal], style: str) -> list[str]:
    decimals = max((_decimals(number, style) for number in numbers), default=0)
    return [f"{number:.{decimals}{style}}" if number or style == "f" else "0" for number in numbers]


def _decimals(number: Decimal, style: str) -> int:
    """How many digits behind the point say all of a number."""
    if not number:
        return 0
    digits = number.normalize()
    last_digit = int(digits.as_tuple().exponent)
    return max(0, digits.adjusted() - last_digit if style == "e" else -last_digit)
