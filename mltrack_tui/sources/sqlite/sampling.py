"""Reading a long history without reading all of its points into memory: a sample, then its extremes part by part.

For stores with an index of a metric's points by step.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from time import monotonic
from typing import Any

from sqlalchemy import Float, Integer, Select, bindparam, case, func, literal, select
from sqlmodel import col

from mltrack_tui.analysis.points import Points
from mltrack_tui.analysis.reduce import parts
from mltrack_tui.domain.history import History
from mltrack_tui.domain.numbers import MAX_DOUBLE
from mltrack_tui.sources.sqlite.curve import Curve, Row, telling
from mltrack_tui.sources.sqlite.points import POINT, Logged, finite
from mltrack_tui.sources.sqlite.reader import Reader
from mltrack_tui.sources.sqlite.tables import rowid_of
from mltrack_tui.sources.sqlite.value_tables import Metric

_FINER = 16
"""A part is gone through in so many: only the one with the smallest value is again, for the point that has it."""
_EXTREMES = (func.min, func.max)
_LOW, _HIGH = bindparam("low", type_=Integer), bindparam("high", type_=Integer)
_SUMMED_AT_ONCE = 100_000
"""Points that one statement may go through: about 40 ms."""


def sample(reader: Reader, logged: Logged, ends: tuple[int, int], buckets: int) -> History:
    """The first point at or after each of so many equal strides: one seek each, in one statement. Nothing is counted.

    ``ends`` are the first and the last step.
    """
    logged = replace(logged, steps=None)
    starts = [low for low, _ in parts(*ends, 2 * buckets)]
    stride = max((ends[1] - ends[0]) // len(starts), 1)
    marks = select(literal(ends[0], Integer).label("step")).cte("marks", recursive=True)
    marks = marks.union_all(select(marks.c.step + stride).where(marks.c.step <= ends[1] - stride))
    nearest = logged.select(reader, rowid_of(Metric)).where(col(Metric.step) >= marks.c.step)
    nearest = nearest.order_by(col(Metric.step)).limit(1).correlate(marks)
    places = select(nearest.scalar_subquery().label("place")).select_from(marks).subquery()
    sampled = reader.rows(select(*POINT).where(rowid_of(Metric).in_(select(places.c.place))))
    points = Points()
    points.extend({*sampled, *_ends(reader, logged, ends)})
    return replace(points.history(logged.metric, exact=False), total=None)


class Reduction:
    """What `analysis.reduce.reduce` makes of every point, on its way.

    Points that are logged meanwhile are left out, by their rowids: each is counted once, whenever it comes.

    Attributes:
        curve: what was found, once all was gone through.
    """

    def __init__(self, reader: Reader, logged: Logged, ends: tuple[int, int], buckets: int) -> None:
        self.curve: Curve | None = None
        self._logged = replace(logged, steps=None)  # every question has narrower limits of its own
        extent = reader.extent(Metric)
        self._upto = extent.stop - 1
        self._ends = _ends(reader, self._logged, ends)
        self._lows = [low for low, _ in parts(*ends, buckets)]
        self._found: list[set[Row]] = [set() for _ in self._lows]
        self._total = 0
        finer = buckets * (1 + len(extent) // (buckets * _SUMMED_AT_ONCE))
        self._pieces = parts(*ends, finer)
        self._extremes = reader.prepare(self._extremes_of_one(reader), _FINER)
        self._having = reader.prepare(self._one_having(reader), len(_EXTREMES))

    def advance(self, reader: Reader, until: float) -> None:
        """Go through more parts, until a time of `monotonic`."""
        for low, high in self._pieces:
            self._found[bisect_right(self._lows, low) - 1].update(self._piece(reader, low, high))
            if monotonic() >= until:
                return
        first, last = self._ends
        self.curve = Curve(first, last, self._lows, [telling(found) for found in self._found], self._total, self._upto)

    def _piece(self, reader: Reader, low: int, high: int) -> Iterable[Row]:
        """The telling points from a step to before another one."""
        edges = [low + (high - low) * place // _FINER for place in range(_FINER + 1)]
        ranges = [{"place": place, "low": low, "high": high} for place, (low, high) in enumerate(pairwise(edges))]
        counted = [row for row in reader.rows_of(self._extremes, ranges) if row[1]]
        self._total += sum(count for _, count, _, _ in counted)
        if not counted:
            return ()
        smallest, largest = min(counted, key=lambda row: row[2]), max(counted, key=lambda row: row[3])
        there = [{**ranges[smallest[0]], "value": smallest[2]}, {**ranges[largest[0]], "value": largest[3]}]
        rows = reader.rows_of(self._having, there)
        if len(rows) == len(_EXTREMES) and all(abs(row[2]) < MAX_DOUBLE for row in rows):
            return rows
        return self._carefully(reader, low, high)

    def _between(self, reader: Reader, low: Any, high: Any, *columns: Any) -> Select[*tuple[Any, ...]]:
        statement = self._logged.select(reader, *columns).where(rowid_of(Metric) <= self._upto)
        return statement.where(col(Metric.step) >= low, col(Metric.step) < high)

    def _extremes_of_one(self, reader: Reader) -> Select[*tuple[Any, ...]]:
        measures = func.count(), func.min(col(Metric.value)), func.max(col(Metric.value))
        return self._between(reader, _LOW, _HIGH, bindparam("place", type_=Integer), *measures)

    def _one_having(self, reader: Reader) -> Select[*tuple[Any, ...]]:
        """The first of the points that have a value. NaN is stored as 0, and is none of them."""
        has_it = col(Metric.value) == bindparam("value", type_=Float), col(Metric.is_nan) == 0
        statement = self._between(reader, _LOW, _HIGH, *POINT).where(*has_it)
        return select(statement.order_by(*POINT[:2]).limit(1).subquery())

    def _carefully(self, reader: Reader, low: int, high: int) -> Iterator[Row]:
        """The telling points where some are NaN or infinite.

        Beside a lone min() or max(), SQLite takes the other columns from the row that has it
        (https://sqlite.org/lang_select.html#bareagg).
        """
        for end in _EXTREMES:
            yield from (row[1:] for row in reader.rows(self._between(reader, low, high, end(finite), *POINT)))
        kind = case((col(Metric.is_nan) == 1, 0), else_=case((col(Metric.value) > 0, 1), else_=-1))
        statement = self._between(reader, low, high, kind, func.min(col(Metric.step)), *POINT)
        yield from (row[2:] for row in reader.rows(statement.where(finite.is_(None)).group_by(kind)))


def _ends(reader: Reader, logged: Logged, steps: tuple[int, int]) -> tuple[Row, Row]:
    """The first and the last point."""
    of_first, of_last = (logged.select(reader, *POINT).where(col(Metric.step) == step) for step in steps)
    (first,) = reader.rows(of_first.order_by(*POINT[1:]).limit(1))
    (last,) = reader.rows(of_last.order_by(*(column.desc() for column in POINT[1:])).limit(1))
    return first, last
