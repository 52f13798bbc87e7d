"""One metric, parameter or tag of many candidates: three tables of one shape, and three ways to read them."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, literal_column, select
from sqlmodel import col

from mltrack_tui.domain.query import Kind
from mltrack_tui.sources.sqlite.reader import Reader, chunks
from mltrack_tui.sources.sqlite.tables import Run, rowid_of, table_of
from mltrack_tui.sources.sqlite.value_tables import LatestMetric, Param, Tag
from mltrack_tui.sources.sqlite.values import metric_value

KeyedTable = type[LatestMetric] | type[Param] | type[Tag]

TABLES: dict[Kind, KeyedTable] = {Kind.METRIC: LatestMetric, Kind.PARAM: Param, Kind.TAG: Tag}

_FEW_CANDIDATES = 5000
_FEW_KEYS = 50  # a candidate; beyond that, reading the whole table costs more than an index
_SCANNED_AT_ONCE = 50_000
_SOUGHT_AT_ONCE = 10_000


def fields(model: KeyedTable) -> tuple[SQLColumnExpression[Any], ...]:
    """The columns that hold a value, after its candidate's id."""
    if model is LatestMetric:
        return (col(LatestMetric.run_uuid), col(LatestMetric.value), col(LatestMetric.is_nan))
    return (col(model.run_uuid), col(model.value))


def read_key(reader: Reader, kind: Kind, key: str, ids: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Ids and values of one key for some candidates, in no order; maybe for others as well.

    A metric's value is a float, a parameter's or tag's is text (a tag's may be None).
    """
    model = TABLES[kind]
    for statement in _statements(reader, model, key, ids):
        rows = reader.rows(statement)
        if kind is Kind.METRIC:
            yield from ((run, metric_value(value, is_nan)) for run, value, is_nan in rows)
        else:
            yield from rows


def _statements(reader: Reader, model: KeyedTable, key: str, ids: Sequence[str]) -> Iterator[Select[*tuple[Any, ...]]]:
    wanted = select(*fields(model))
    if len(ids) <= _FEW_CANDIDATES:
        for some in chunks(ids):
            yield wanted.where(col(model.key) == key, col(model.run_uuid).in_(some))
    elif _keys_per_run(reader, model) <= _FEW_KEYS:
        # The plus keeps SQLite from the index, whose rows lie scattered over the file: slow from a cold disk.
        unindexed: ColumnElement[str] = literal_column(f"+{table_of(model).name}.key")
        for low, high in reader.ranges(model, _SCANNED_AT_ONCE):
            yield wanted.where(rowid_of(model).between(low, high), unindexed == key)
    else:
        yield from _along_index(reader, model, key, wanted)


def _along_index(
    reader: Reader, model: KeyedTable, key: str, wanted: Select[*tuple[Any, ...]]
) -> Iterator[Select[*tuple[Any, ...]]]:
    """One key's rows by the primary key, which is (key, run_uuid)."""
    after = ""
    while True:
        ids = select(col(model.run_uuid)).where(col(model.key) == key, col(model.run_uuid) > after)
        found = [run for (run,) in reader.rows(ids.order_by(col(model.run_uuid)).limit(_SOUGHT_AT_ONCE))]
        if not found:
            return
        yield wanted.where(col(model.key) == key, col(model.run_uuid).between(found[0], found[-1]))
        after = found[-1]


def _keys_per_run(reader: Reader, model: KeyedTable) -> float:
    return len(reader.extent(model)) / max(len(reader.extent(Run)), 1)
