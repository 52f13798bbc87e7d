"""Curves without their noise."""

from array import array
from collections.abc import Iterable
from math import isfinite


def smoothed(values: Iterable[float], weight: float) -> "array[float]":
    """The exponential moving average, in which the past has a weight of at least 0 and less than 1.

    It is debiased, so that it begins at the first value and not at 0: Adam's correction (Kingma and Ba, 2015,
    section 3), and what TensorBoard draws. NaN and the infinities stay where they are and do not count.
    """
    result = array("d")
    past, share = 0.0, 0.0
    for value in values:
        if not isfinite(value):
            result.append(value)
            continue
        past = past * weight + value * (1 - weight)
        share = share * weight + (1 - weight)
        result.append(past / share)
    return result
