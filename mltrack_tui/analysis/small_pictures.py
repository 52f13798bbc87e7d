"""Bars and curves of one line, as text."""

from array import array
from collections.abc import Sequence
from math import isfinite

from mltrack_tui.domain.history import History

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_HEIGHTS = "▁▂▃▄▅▆▇█"


def bar(share: float, width: int) -> str:
    """A bar over this share of so many characters, to an eighth of one; a sliver for the least."""
    eighths = max(round(share * width * 8), 1)
    whole, part = divmod(eighths, 8)
    return ("█" * whole + (_EIGHTHS[part] if part else "")).ljust(width)


def sparkline(history: History, width: int) -> str:
    """A metric over its steps in so many characters, from its own smallest to its own largest value.

    Each character is the last number in its part of the steps; where there is none, the one before goes on. NaN and
    the infinities leave a blank.
    """
    if not len(history):
        return " " * width
    first, last = history.steps[0], history.steps[-1]
    span = max(last - first, 1)
    latest: list[float | None] = [None] * width
    for step, value in zip(history.steps, history.values, strict=True):
        latest[min((step - first) * width // span, width - 1)] = value
    return _curve(latest, array("d", filter(isfinite, history.values)))


def hills(values: Sequence[float | None], high: float) -> str:
    """Values as a character each, from 0 to ``high``; a blank where there is none."""
    top = len(_HEIGHTS) - 1
    return "".join(
        _HEIGHTS[min(max(int(value / high * len(_HEIGHTS)), 0), top)] if value is not None and high > 0 else " "
        for value in values
    )


def _curve(latest: list[float | None], numbers: "array[float]") -> str:
    low = min(numbers, default=0.0)
    height = max(numbers, default=0.0) - low
    curve, mark = "", " "
    for value in latest:
        if value is not None:
            mark = " "
            if isfinite(value):
                share = (value - low) / height if 0 < height < float("inf") else 0.5
                mark = _HEIGHTS[min(int(share * len(_HEIGHTS)), len(_HEIGHTS) - 1)]
        curve += mark
    return curve
