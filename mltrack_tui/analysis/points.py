"""The points of a metric, gathered and put in order."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from math import inf, nan
from typing import Any

from mltrack_tui.domain.history import History
from mltrack_tui.domain.numbers import MAX_DOUBLE


class Points:
    """Points in four arrays: a million take 25 MB, as rows they would take 250."""

    def __init__(self) -> None:
        self._steps = array("q")
        self._timestamps = array("q")
        self._values = array("d")
        self._nans = bytearray()

    def extend(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows of (step, timestamp, value, is_nan); the greatest doubles are what MLflow keeps of infinities."""
        for step, timestamp, value, is_nan in rows:
            self._steps.append(step)
            self._timestamps.append(timestamp)
            self._values.append(_as_logged(value))
            self._nans.append(is_nan)

    def history(self, metric: str, *, total: int | None = None, exact: bool = True) -> History:
        """What was added, in order of step, timestamp, value, is_nan (mlflow gives NaN the value 0 in this order)."""
        self._arrange()
        values = self._values
        place = self._nans.find(1)
        while place >= 0:
            values[place] = nan
            place = self._nans.find(1, place + 1)
        return History(metric, self._steps, self._timestamps, values, len(values) if total is None else total, exact)

    def _arrange(self) -> None:
        def points() -> Iterator[tuple[int, int, float, int]]:
            return zip(self._steps, self._timestamps, self._values, self._nans, strict=True)

        if all(earlier <= later for earlier, later in zip(points(), islice(points(), 1, None), strict=False)):
            return
        order = list(range(len(self._steps)))
        for column in (self._nans, self._values, self._timestamps, self._steps):
            order.sort(key=column.__getitem__)
        self._steps = array("q", map(self._steps.__getitem__, order))
        self._timestamps = array("q", map(self._timestamps.__getitem__, order))
        self._values = array("d", map(self._values.__getitem__, order))
        self._nans = bytearray(map(self._nans.__getitem__, order))


def _as_logged(value: float) -> float:
    return value if -MAX_DOUBLE < value < MAX_DOUBLE else inf if value > 0 else -inf
