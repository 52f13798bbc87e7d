"""Which columns of some experiments say nothing: the same value in every candidate, or none in any.

A sample shows of most columns that they differ. What then seems constant is looked at in every candidate, some at a
time, and dropped at its first difference.
"""

from collections.abc import Collection, Iterator
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, func, select
from sqlmodel import col

from mltrack_tui.domain.query import Column, Columns, Kind, Value
from mltrack_tui.sources.sqlite.attributes import ATTRIBUTES
from mltrack_tui.sources.sqlite.keyed import TABLES
from mltrack_tui.sources.sqlite.reader import Reader
from mltrack_tui.sources.sqlite.scope import Scope
from mltrack_tui.sources.sqlite.tables import Run, rowid_of
from mltrack_tui.sources.sqlite.value_tables import LatestMetric
from mltrack_tui.sources.sqlite.values import metric_value

_STATEMENT = 0.04
"""Seconds that a statement should take."""
_SAMPLES = 8  # places of the store that are looked at first
_SAMPLED = 25  # rows at each of them
_LEAST, _MOST = 20, 10_000  # rows that a statement goes through
_ATTRIBUTES = ("status", "user")
_PLUMBING = "mlflow."

_FEW_KEYS = 30  # of more, all that a candidate has is read

_Where = tuple[ColumnElement[bool], ColumnElement[bool]]
_Seen = tuple[int, Any, Any]
"""How many have a value, the smallest and the largest."""


class Constants:
    """The columns that may be constant, fewer with every step.

    Attributes:
        done: whether all candidates were looked at.
    """

    def __init__(self, scope: Scope, columns: Columns) -> None:
        self._scope = scope
        self._keys: dict[Kind, set[str]] = {
            Kind.PARAM: set(columns.params),
            Kind.METRIC: set(columns.metrics),
            Kind.TAG: {key for key in columns.tags if not key.startswith(_PLUMBING)},
            Kind.ATTRIBUTE: set(_ATTRIBUTES),
        }
        self._values: dict[Column, Any] = {}
        self._ranges: Iterator[range] | None = None
        self._width = _SAMPLED
        self._begun = False
        self.done = False

    def advance(self, reader: Reader, until: float) -> None:
        """Look at more candidates, until a time of `monotonic`."""
        if self._ranges is None:
            self._ranges = self._parts(reader.extent(Run))
        for part in self._ranges:
            began = monotonic()
            self._look(reader, part)
            wider = _STATEMENT / max(monotonic() - began, _STATEMENT / 4)
            self._width = min(max(int(self._width * wider), _LEAST), _MOST)
            if not any(self._keys.values()):
                break
            if monotonic() >= until:
                return
        self.done = True

    @property
    def found(self) -> dict[Column, Value]:
        """The columns that differ nowhere, with their value."""
        columns = [Column(kind, key) for kind, keys in self._keys.items() for key in sorted(keys)]
        if not self._begun:  # no candidate, so that there is nothing to say of their attributes
            columns = [column for column in columns if column.kind is not Kind.ATTRIBUTE]
        return {column: _told(column, self._values.get(column)) for column in columns}

    def _parts(self, extent: range) -> Iterator[range]:
        """Rowids: first some here and there, then all."""
        step = max(len(extent) // _SAMPLES, _SAMPLED)
        for start in extent[::step]:
            yield range(start, min(start + _SAMPLED, extent.stop))
        start = extent.start
        while start < extent.stop:
            part = range(start, min(start + self._width, extent.stop))
            start = part.stop
            yield part

    def _look(self, reader: Reader, part: range) -> None:
        here = self._scope.condition, rowid_of(Run).between(part.start, part.stop - 1)
        count = reader.rows(select(func.count()).select_from(Run).where(*here))[0][0]
        if not count:
            return
        for kind, keys in self._keys.items():
            if not keys:
                continue
            seen = _attributes(reader, here) if kind is Kind.ATTRIBUTE else _keyed(reader, kind, keys, here)
            agreeing = {key for key in keys if self._agrees(Column(kind, key), count, seen.get(key, (0, None, None)))}
            self._keys[kind] = agreeing
        self._begun = True

    def _agrees(self, column: Column, count: int, seen: _Seen) -> bool:
        having, smallest, largest = seen
        if having not in {0, count} or smallest != largest:
            return False
        if self._begun:
            return bool(self._values[column] == smallest)
        self._values[column] = smallest
        return True


def _told(column: Column, value: Any) -> Value:
    if value is None or column.kind is not Kind.METRIC:
        return value if value is None else str(value)
    number, is_nan = value
    return metric_value(number, is_nan)


def _attributes(reader: Reader, here: _Where) -> dict[str, _Seen]:
    values = [ATTRIBUTES[name] for name in _ATTRIBUTES]
    measures = [measure(value) for value in values for measure in (func.count, func.min, func.max)]
    row: tuple[Any, ...] = reader.rows(select(*measures).select_from(Run).where(*here))[0]
    return {name: row[3 * place : 3 * place + 3] for place, name in enumerate(_ATTRIBUTES)}


def _keyed(reader: Reader, kind: Kind, keys: Collection[str], here: _Where) -> dict[str, _Seen]:
    model = TABLES[kind]
    value: SQLColumnExpression[Any] = func.coalesce(col(model.value), "") if kind is Kind.TAG else col(model.value)
    measures = [func.count(), func.min(value), func.max(value)]
    if kind is Kind.METRIC:
        measures += [func.min(col(LatestMetric.is_nan)), func.max(col(LatestMetric.is_nan))]
    mine = col(model.run_uuid) == col(Run.run_uuid)
    if len(keys) <= _FEW_KEYS:
        mine = and_(mine, col(model.key).in_(sorted(keys)))
    # an outer join, for it begins with the candidates: there are few of them here, and maybe many others with the key
    statement = select(col(model.key), *measures).select_from(Run).join(model, mine, isouter=True)
    seen = reader.rows(statement.where(*here).group_by(col(model.key)))
    if kind is Kind.METRIC:
        return {key: (count, (low, some), (high, every)) for key, count, low, high, some, every in seen}
    return {key: (count, low, high) for key, count, low, high in seen}
