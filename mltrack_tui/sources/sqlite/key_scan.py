"""A metric's points of all candidates at once, in the order of the primary key, which begins with the metric's name.

For many candidates with short histories: finding each of them by another index takes longer than to read them all.
"""

from math import nan
from time import monotonic
from typing import Any

from sqlalchemy import select, tuple_
from sqlmodel import col

from mltrack_tui.analysis.aggregate import mean
from mltrack_tui.domain.query import Aggregate, Column
from mltrack_tui.sources.sqlite.reader import Reader
from mltrack_tui.sources.sqlite.value_tables import Metric
from mltrack_tui.sources.sqlite.values import metric_value

_AT_ONCE = 10_000  # points; of most candidates there is one

_PLACE = (col(Metric.timestamp), col(Metric.step), col(Metric.run_uuid), col(Metric.value), col(Metric.is_nan))
"""The rest of the primary key."""


class KeyScan:
    """An aggregate of all candidates, on its way.

    Attributes:
        done: whether all points were read.
    """

    def __init__(self, column: Column) -> None:
        self._column = column
        self._after: tuple[Any, ...] | None = None
        self._states: dict[str, Any] = {}
        self.done = False

    def advance(self, reader: Reader, until: float) -> None:
        """Read on, until a time of `monotonic`."""
        statement = select(*_PLACE).where(col(Metric.key) == self._column.name).order_by(*_PLACE).limit(_AT_ONCE)
        while not self.done:
            more = statement if self._after is None else statement.where(tuple_(*_PLACE) > tuple_(*self._after))
            rows = reader.rows(more)
            self._add(rows)
            self.done = len(rows) < _AT_ONCE
            if rows:
                self._after = rows[-1]
            if monotonic() >= until:
                return

    def values(self) -> dict[str, float]:
        """The aggregate of every candidate that has a point of the metric."""
        how = self._column.aggregate
        if how is Aggregate.MEAN:
            return {run: _mean(*state) if state else nan for run, state in self._states.items()}
        place = 2 if how in {Aggregate.FIRST, Aggregate.LAST} else 0
        return {run: metric_value(state[place], 0) if state else nan for run, state in self._states.items()}

    def _add(self, rows: list[tuple[Any, ...]]) -> None:
        states, how = self._states, self._column.aggregate
        for timestamp, step, run, value, is_nan in rows:
            state = states.get(run)
            if is_nan:
                states.setdefault(run, None)
            elif how is Aggregate.MEAN:
                total, count, low, high = state or (0.0, 0, value, value)
                states[run] = (total + value, count + 1, min(low, value), max(high, value))
            else:
                point = (step, timestamp, value) if how in {Aggregate.FIRST, Aggregate.LAST} else (value,)
                least = how in {Aggregate.FIRST, Aggregate.MIN}
                if state is None or ((point < state) if least else (point > state)):
                    states[run] = point


def _mean(total: float, count: int, low: float, high: float) -> float:
    return mean(total / count, metric_value(low, 0), metric_value(high, 0))
