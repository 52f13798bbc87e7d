"""A metric's history brought down to one number."""

from collections.abc import Sequence
from math import inf, nan

from mltrack_tui.domain.query import Aggregate


def aggregate(values: Sequence[float], how: Aggregate) -> float | None:
    """What the values of a history come to, in its order of step, timestamp and value; None of no points.

    NaN stays out, unless there is nothing else. Raises ValueError for `Aggregate.BEST`, which is one of the others.
    """
    numbers = [value for value in values if value == value]  # noqa: PLR0124 (only NaN differs from itself)
    if not numbers:
        return nan if values else None
    match how:
        case Aggregate.FIRST:
            return numbers[0]
        case Aggregate.LAST:
            return numbers[-1]
        case Aggregate.MIN:
            return min(numbers)
        case Aggregate.MAX:
            return max(numbers)
        case Aggregate.MEAN:
            return mean(sum(numbers) / len(numbers), min(numbers), max(numbers))
        case Aggregate.BEST:
            raise ValueError(how)


def mean(average: float, smallest: float, largest: float) -> float:
    """A mean that knows of infinities: where both occur, it is no number."""
    if smallest == -inf:
        return nan if largest == inf else -inf
    return inf if largest == inf else average
