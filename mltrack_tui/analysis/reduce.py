"""A long history as few points that draw the same picture."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf, isfinite

from mltrack_tui.domain.history import History


def reduce(history: History, buckets: int) -> History:
    """The smallest and the largest value of each of so many equal parts of the steps, and the first and last point.

    Infinities do not count as smallest or largest but stay, one of each sign a part; a part with nothing but NaN keeps
    one, so that gaps survive. Where all steps are equal, the parts are equal numbers of points instead. A history of
    no more than twice as many points as buckets comes back as it is.
    """
    if len(history) <= 2 * buckets:
        return history
    kept = {0, len(history) - 1}
    for low, high in _slices(history.steps, buckets):
        kept.update(telling(history.values, low, high))
    places = sorted(kept)
    return History(
        metric=history.metric,
        steps=array("q", map(history.steps.__getitem__, places)),
        timestamps=array("q", map(history.timestamps.__getitem__, places)),
        values=array("d", map(history.values.__getitem__, places)),
        total=history.total,
    )


def between(history: History, first: int, last: int) -> History:
    """The points of the steps from first to last, both included; ``total`` counts them alone."""
    low, high = bisect_left(history.steps, first), bisect_right(history.steps, last)
    steps, timestamps, values = history.steps[low:high], history.timestamps[low:high], history.values[low:high]
    return replace(history, steps=steps, timestamps=timestamps, values=values, total=len(steps))


def parts(first: int, last: int, count: int) -> Iterator[tuple[int, int]]:
    """The whole numbers from first to last in at most ``count`` equal parts: from where, and before where."""
    span = last - first + 1
    edges = [first + part * span // count for part in range(count + 1)]
    return ((low, high) for low, high in pairwise(edges) if low < high)


def _slices(steps: "array[int]", buckets: int) -> Iterator[tuple[int, int]]:
    first, last = steps[0], steps[-1]
    if first == last:
        yield from parts(0, len(steps) - 1, buckets)
        return
    for low, high in parts(first, last, buckets):
        yield bisect_left(steps, low), bisect_left(steps, high)


def telling(values: Sequence[float], low: int, high: int) -> Iterator[int]:
    """The places from low to before high that must be kept: the smallest and the largest, and what is not finite."""
    part = values[low:high]
    finite = part if isfinite(sum(part)) else array("d", filter(isfinite, part))
    if finite:
        yield low + part.index(min(finite))
        yield low + part.index(max(finite))
    if len(finite) < len(part):
        infinities = [value for value in (inf, -inf) if value in part]
        yield from (low + part.index(value) for value in infinities)
        if not finite and not infinities:
            yield low
