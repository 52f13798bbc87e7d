"""Reading the points of metrics: ``metrics`` is the table that grows to millions of rows.

Left alone, SQLite takes the primary key, which begins with the metric's name, and reads the points of every candidate:
so each statement names its index.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, func, or_, select
from sqlmodel import col

from mltrack_tui.analysis.points import Points
from mltrack_tui.domain.numbers import MAX_DOUBLE
from mltrack_tui.sources.sqlite.reader import Reader
from mltrack_tui.sources.sqlite.tables import rowid_of
from mltrack_tui.sources.sqlite.value_tables import Metric

AT_ONCE = 25_000
"""Points that one statement reads: about 30 ms."""

_GREATEST = 2**63 - 1

POINT: tuple[SQLColumnExpression[Any], ...] = (
    col(Metric.step),
    col(Metric.timestamp),
    col(Metric.value),
    col(Metric.is_nan),
)
"""The columns of a point, in the order that points have."""

number: ColumnElement[float | None] = case((col(Metric.is_nan) == 1, None), else_=col(Metric.value))
"""A point's value, without NaN."""

finite: ColumnElement[float | None] = case(
    (or_(col(Metric.is_nan) == 1, func.abs(col(Metric.value)) >= MAX_DOUBLE), None), else_=col(Metric.value)
)
"""A point's value, without NaN and the infinities."""


@dataclass(frozen=True, slots=True)
class Logged:
    """Points of one metric of one candidate: all, or those from the first to the last of some steps.

    A query that has a range of steps gets no second one: SQLite would go through all that the first admits.
    """

    run: str
    metric: str
    steps: tuple[int, int] | None = None

    def select(self, reader: Reader, *columns: SQLColumnExpression[Any]) -> Select[*tuple[Any, ...]]:
        """A query about them, by the best index that there is."""
        return self._indexed(select(*columns), reader.schema.points_by_step or reader.schema.points_by_run)

    def since(self, reader: Reader, after: int, upto: int) -> list[tuple[Any, ...]]:
        """Those that were written after a rowid, up to another one, in no order."""
        statement = self._indexed(select(*POINT), reader.schema.points_by_run)
        return reader.rows(statement.where(rowid_of(Metric) > after, rowid_of(Metric) <= upto))

    def _indexed(self, statement: Select[*tuple[Any, ...]], index: str | None) -> Select[*tuple[Any, ...]]:
        statement = statement.where(col(Metric.run_uuid) == self.run, col(Metric.key) == self.metric)
        if self.steps is not None:
            statement = statement.where(col(Metric.step).between(*self.steps))
        return statement.with_hint(Metric, f"INDEXED BY {index}" if index else "NOT INDEXED", "sqlite")


def read_points(reader: Reader, logged: Logged, upto: int | None = None) -> Points:
    """All of these points; with ``upto`` only those up to a rowid."""
    points = Points()
    if reader.schema.points_by_step:
        for rows in _by_step(reader, logged, _GREATEST if upto is None else upto):
            points.extend(row[1:] for row in rows)
    else:
        for after, end in windows(reader, logged.run):
            points.extend(logged.since(reader, after, end if upto is None else min(end, upto)))
    return points


def windows(reader: Reader, run: str, after: int | None = None) -> Iterator[tuple[int, int]]:
    """The points of a candidate, of all its metrics, in windows of rowids: after which, and up to which."""
    index = reader.schema.points_by_run
    rowid = rowid_of(Metric)
    extent = reader.extent(Metric)
    if after is None and extent:
        after = extent[0] - 1
    while after is not None:
        some = select(rowid.label("place")).select_from(Metric).where(col(Metric.run_uuid) == run, rowid > after)
        if index:
            some = some.with_hint(Metric, f"INDEXED BY {index}", "sqlite")
        window = some.order_by(rowid).limit(AT_ONCE).subquery()
        upto: int | None = reader.rows(select(func.max(window.c.place)))[0][0]
        if upto is not None:
            yield after, upto
        after = upto


def _by_step(reader: Reader, logged: Logged, upto: int) -> Iterator[Sequence[Any]]:
    """Rows of (rowid, point), step by step; among equal steps by rowid, so that a million of them are no trouble."""
    rowid, step = rowid_of(Metric), col(Metric.step)

    def some(of: Logged, after: int = 0, most: int = AT_ONCE) -> list[Any]:
        known = of.select(reader, rowid, *POINT).where(rowid > after, rowid <= upto)
        return list(reader.rows(known.order_by(step, rowid).limit(most)))

    end = logged.steps[1] if logged.steps else _GREATEST
    rows = some(logged)
    while rows:
        yield rows
        last_rowid, last_step = rows[-1][:2]
        rows = some(replace(logged, steps=(last_step, last_step)), last_rowid)
        if len(rows) < AT_ONCE and last_step < end:
            rows += some(replace(logged, steps=(last_step + 1, end)), most=AT_ONCE - len(rows))
