"""Where values lie on a row of dots."""

import math
from collections.abc import Sequence

_FAR = 4.0  # pictures above or below which it makes no difference how far away a value is


def placed(values: Sequence[float], low: float, high: float, dots: int) -> list[int]:
    """On which of so many dots from low to high values fall: with numbers below 0 or above for what lies outside.

    ``low < high``. Whole numbers are placed exactly at any size.
    """
    if not values:
        return []
    span, most = high - low, dots - 1
    if math.isinf(span):
        low, span = low / 2, high / 2 - low / 2
        values = [value / 2 for value in values]
    if low <= min(values) and max(values) <= high:
        return [int((value - low) / span * most + 0.5) for value in values]
    shares = [min(max((value - low) / span, -_FAR), 1 + _FAR) for value in values]
    return [int((share + _FAR) * most + 0.5) - int(_FAR * most) for share in shares]
