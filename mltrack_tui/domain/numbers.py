"""Numbers in text, and text for numbers."""

import math
import re

MAX_DOUBLE = 1.7976931348623157e308
_NUMBER = re.compile(r"\s*[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|nan)\s*", re.IGNORECASE)


def number_of(text: str) -> float | None:
    """The number that a parameter's text says, or None: ``1e-3``, ``.5``, ``inf`` and ``nan`` are numbers."""
    if len(text) > 64 or _NUMBER.fullmatch(text) is None:
        return None
    return float(text)


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
