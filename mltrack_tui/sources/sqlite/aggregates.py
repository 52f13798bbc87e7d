"""What the histories of many candidates come to: worked out some at a time, and kept until the store changes."""

import threading
from collections.abc import Iterator, Sequence
from math import inf, nan
from time import monotonic
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, func, literal, select
from sqlmodel import col

from mltrack_tui.analysis.aggregate import aggregate, mean
from mltrack_tui.domain.query import Aggregate, Column, Kind
from mltrack_tui.sources.base import Price, no_price
from mltrack_tui.sources.sqlite.key_scan import KeyScan
from mltrack_tui.sources.sqlite.points import Logged, number, read_points
from mltrack_tui.sources.sqlite.reader import Reader, chunks
from mltrack_tui.sources.sqlite.tables import Run
from mltrack_tui.sources.sqlite.usage import Values, totals
from mltrack_tui.sources.sqlite.value_tables import Metric
from mltrack_tui.sources.sqlite.values import metric_value

_COUNTED_AT_ONCE = 50  # candidates; counting up to `_LONG` points of each takes 100 ms at most
_POINTS_AT_ONCE = 50_000  # about 40 ms
_LONG = 20_000  # points; a history of more is read piece by piece
_KEPT = 8  # columns
_MANY = 2000  # candidates
_SHORT = 50  # points


class Aggregates:
    """The aggregates that were asked for last, each until the store changes; of the machine's use, too."""

    def __init__(self, gpu_hour: Price = no_price) -> None:
        self._gpu_hour = gpu_hour
        self._lock = threading.Lock()
        self._stamp: object = None
        self._known: dict[Column, Values] = {}
        self._scanning = threading.Lock()
        self._scans: dict[Column, KeyScan] = {}

    def of(self, reader: Reader, column: Column, runs: Sequence[str]) -> dict[str, float]:
        """The values of those candidates that have points of the metric."""
        known = self._values(reader, column)
        self.work_out(reader, column, runs)
        return {run: value for run in runs if (value := known[run]) is not None}

    def work_out(self, reader: Reader, column: Column, runs: Sequence[str], until: float = inf) -> int:
        """Go on until all is known, or until a time of `monotonic`; how many are known then."""
        known = self._values(reader, column)
        unknown = [run for run in runs if run not in known]
        scannable = column.aggregate is not None and len(unknown) > _MANY
        if scannable and (column in self._scans or _is_worth_scanning(reader, column, unknown)):
            if not self._scan(reader, column, known, unknown, until):
                return len(runs) - len(unknown)
            unknown = []
        left = len(unknown)
        for values in self._parts(reader, column, unknown):
            known.update(values)
            left -= len(values)
            if monotonic() >= until:  # after some work at least, so that it ends however slow all else is
                break
        return len(runs) - left

    def _parts(self, reader: Reader, column: Column, unknown: Sequence[str]) -> Iterator[Values]:
        """The values of some candidates after the other, so many as take a moment."""
        if column.kind is Kind.USAGE:
            return totals(reader, column.name, unknown, self._gpu_hour(), _work_out)
        return (_work_out(reader, column, some) for some in chunks(unknown, _COUNTED_AT_ONCE))

    def _scan(self, reader: Reader, column: Column, known: Values, unknown: Sequence[str], until: float) -> bool:
        with self._scanning:
            scan = self._scans.setdefault(column, KeyScan(column))
            scan.advance(reader, until)
            if not scan.done:
                return False
            known.update(dict.fromkeys(unknown))
            known.update(scan.values())
            self._scans.pop(column, None)
            return True

    def _values(self, reader: Reader, column: Column) -> Values:
        with self._lock:
            if self._stamp != reader.stamp:
                self._stamp, self._known, self._scans = reader.stamp, {}, {}
            values = self._known.pop(column, {})
            self._known[column] = values
            while len(self._known) > _KEPT:
                del self._known[next(iter(self._known))]
            return values


def _is_worth_scanning(reader: Reader, column: Column, runs: Sequence[str]) -> bool:
    """Whether so many candidates of the store are asked about, and have so few points, that all are read quicker."""
    if len(runs) < len(reader.extent(Run)) // 4:
        return False
    counts = _counts(reader, column.name, runs[:: len(runs) // _COUNTED_AT_ONCE + 1])
    return sum(counts.values()) <= _SHORT * len(counts)


def _work_out(reader: Reader, column: Column, runs: Sequence[str]) -> Values:
    values: Values = dict.fromkeys(runs)  # with these very strings, which somebody else keeps, too
    counts = _counts(reader, column.name, runs)
    for some in _groups(runs, counts):
        for run, value in _of_short(reader, column, some):
            values[run] = value
    for run in runs:
        if counts.get(run, 0) > _LONG:
            history = read_points(reader, Logged(run, column.name)).history(column.name)
            values[run] = aggregate(history.values, _how(column))
    return values


def _counts(reader: Reader, metric: str, runs: Sequence[str]) -> dict[str, int]:
    """How many points there are to read of each, counted up to one more than `_LONG`."""
    points = _indexed(reader, select(literal(1)).where(col(Metric.run_uuid) == col(Run.run_uuid)))
    if reader.schema.points_by_step:
        points = points.where(col(Metric.key) == metric)
    few = points.limit(_LONG + 1).correlate(Run).subquery()
    counted = select(func.count()).select_from(few).scalar_subquery()
    return dict(reader.rows(select(col(Run.run_uuid), counted).where(col(Run.run_uuid).in_(runs))))


def _groups(runs: Sequence[str], counts: dict[str, int]) -> Iterator[list[str]]:
    """Candidates with short histories, so many together as one statement may read."""
    group: list[str] = []
    points = 0
    for run in runs:
        if not 0 < counts.get(run, 0) <= _LONG:
            continue
        points += counts[run]
        if group and points > _POINTS_AT_ONCE:
            yield group
            group, points = [], counts[run]
        group.append(run)
    if group:
        yield group


def _of_short(reader: Reader, column: Column, runs: Sequence[str]) -> Iterator[tuple[str, float]]:
    how = _how(column)
    if how in {Aggregate.FIRST, Aggregate.LAST}:
        rows = reader.rows(_at_an_end(reader, column.name, runs, last=how is Aggregate.LAST))
        yield from ((run, nan if value is None else metric_value(value, 0)) for run, value in rows)
        return
    measure = (func.min(number), func.max(number), func.avg(number))
    statement = select(col(Metric.run_uuid), *measure).where(
        col(Metric.run_uuid).in_(runs), col(Metric.key) == column.name
    )
    for run, smallest, largest, average in reader.rows(_indexed(reader, statement.group_by(col(Metric.run_uuid)))):
        if smallest is None:
            yield run, nan
            continue
        ends = metric_value(smallest, 0), metric_value(largest, 0)
        yield run, mean(average, *ends) if how is Aggregate.MEAN else ends[how is Aggregate.MAX]


def _at_an_end(reader: Reader, metric: str, runs: Sequence[str], *, last: bool) -> Select[*tuple[Any, ...]]:
    """The first or the last point of each that is a number; a row of every candidate that has points."""
    mine = select(col(Metric.value)).where(col(Metric.run_uuid) == col(Run.run_uuid), col(Metric.key) == metric)
    places: Sequence[SQLColumnExpression[Any]] = (col(Metric.step), col(Metric.timestamp), col(Metric.value))
    numbers = mine.where(col(Metric.is_nan) == 0).order_by(*(place.desc() if last else place for place in places))
    value = _indexed(reader, numbers.limit(1)).correlate(Run).scalar_subquery()
    there = _indexed(reader, mine).correlate(Run).exists()
    return select(col(Run.run_uuid), value).where(col(Run.run_uuid).in_(runs), there)


def _indexed(reader: Reader, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    index = reader.schema.points_by_step or reader.schema.points_by_run
    return statement.with_hint(Metric, f"INDEXED BY {index}", "sqlite") if index else statement


def _how(column: Column) -> Aggregate:
    if column.aggregate is None:
        raise ValueError(column)
    return column.aggregate
