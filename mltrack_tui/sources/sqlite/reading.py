"""Reading one column of many candidates."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import SQLColumnExpression, select
from sqlmodel import col

from mltrack_tui.domain.query import Column, Kind, Value
from mltrack_tui.sources.sqlite.attributes import ATTRIBUTES
from mltrack_tui.sources.sqlite.keyed import read_key
from mltrack_tui.sources.sqlite.reader import Reader, chunks
from mltrack_tui.sources.sqlite.tables import Run, rowid_of

FEW = 5000
"""Candidates that are better read one by one than by going through a table."""
RUNS_AT_ONCE = 10_000
_TRACED_AT_ONCE = 4000  # where each candidate is looked up in another table, too

_LOOKED_UP = ("name", "experiment")


def read_column(reader: Reader, column: Column, positions: Mapping[str, int]) -> list[Value]:
    """A column's values as they were logged, by the places of the candidates that are wanted."""
    values: list[Value] = [None] * len(positions)
    found: Iterator[tuple[str, Any]]
    if column.kind is Kind.CI:
        return values  # a store knows of no CI, whatever a saved view asks
    if column.kind is Kind.ATTRIBUTE:
        found = _read_attribute(reader, column.name, positions)
    else:
        found = read_key(reader, column.kind, column.name, list(positions))
    for run, value in found:
        place = positions.get(run)
        if place is not None:
            values[place] = value
    return values


def _read_attribute(reader: Reader, name: str, positions: Mapping[str, int]) -> Iterator[tuple[str, Any]]:
    value: SQLColumnExpression[Any] = ATTRIBUTES[name]
    statement = select(col(Run.run_uuid), value)
    if len(positions) <= FEW:
        for some in chunks(list(positions)):
            yield from reader.rows(statement.where(col(Run.run_uuid).in_(some)))
        return
    for low, high in reader.ranges(Run, _TRACED_AT_ONCE if name in _LOOKED_UP else RUNS_AT_ONCE):
        yield from reader.rows(statement.where(rowid_of(Run).between(low, high)))
