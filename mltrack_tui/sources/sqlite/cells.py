"""The values of some candidates: what a page of the table shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from mltrack_tui.domain.entities import Candidate, CandidateId
from mltrack_tui.domain.query import Column, Kind
from mltrack_tui.sources.sqlite.aggregates import Aggregates
from mltrack_tui.sources.sqlite.attributes import ATTRIBUTES
from mltrack_tui.sources.sqlite.keyed import TABLES, fields
from mltrack_tui.sources.sqlite.reader import Reader, chunks
from mltrack_tui.sources.sqlite.tables import Run
from mltrack_tui.sources.sqlite.values import metric_value

_FIELDS = {
    "name": "name",
    "status": "status",
    "start_time": "created",
    "end_time": "ended",
    "user": "user",
    "lifecycle_stage": "lifecycle",
    "artifact_uri": "artifact_uri",
    "experiment_name": "experiment",
}
"""The attributes that a candidate's fields hold."""


@dataclass(slots=True)
class _Cells:
    """What was found for one candidate, by kind and key."""

    attributes: dict[str, Any]
    values: dict[Kind, dict[str, Any]] = field(default_factory=lambda: {Kind.PARAM: {}, Kind.METRIC: {}, Kind.TAG: {}})
    aggregates: dict[Column, float] = field(default_factory=dict)
    usage: dict[str, float] = field(default_factory=dict)


def read_candidates(
    reader: Reader,
    ids: Sequence[CandidateId],
    columns: Sequence[Column] | None = None,
    aggregates: Aggregates | None = None,
) -> list[Candidate]:
    """The candidates in the order asked, without those that are gone; with the columns asked, or with all.

    Aggregates are had from ``aggregates`` alone.
    """
    found: dict[str, _Cells] = {}
    for some in chunks([identity.candidate_id for identity in ids]):
        cells = _read_runs(reader, some)
        for kind in TABLES:
            keys = None if columns is None else sorted({column.name for column in columns if _is_latest(column, kind)})
            if keys is None or keys:
                _read_keys(reader, kind, keys, cells)
        if aggregates is not None:
            _aggregate(reader, columns or (), aggregates, cells)
        found.update(cells)
    return [_candidate(identity, found[identity.candidate_id]) for identity in ids if identity.candidate_id in found]


def _is_latest(column: Column, kind: Kind) -> bool:
    return column.kind is kind and column.aggregate is None


def _aggregate(reader: Reader, columns: Sequence[Column], aggregates: Aggregates, cells: dict[str, _Cells]) -> None:
    for column in {column for column in columns if column.is_worked_out}:
        for run, value in aggregates.of(reader, column, list(cells)).items():
            if column.kind is Kind.USAGE:
                cells[run].usage[column.name] = value
            else:
                cells[run].aggregates[column] = value


def _read_runs(reader: Reader, ids: Sequence[str]) -> dict[str, _Cells]:
    wanted = [ATTRIBUTES[name] for name in _FIELDS.values()]
    statement = select(col(Run.run_uuid), *wanted).where(col(Run.run_uuid).in_(ids))
    return {run: _Cells(dict(zip(_FIELDS, values, strict=True))) for run, *values in reader.rows(statement)}


def _read_keys(reader: Reader, kind: Kind, keys: Sequence[str] | None, cells: dict[str, _Cells]) -> None:
    model = TABLES[kind]
    statement = select(col(model.key), *fields(model)).where(col(model.run_uuid).in_(list(cells)))
    if keys is not None:
        statement = statement.where(col(model.key).in_(keys))
    rows = reader.rows(statement)
    if kind is Kind.METRIC:
        for key, run, value, is_nan in rows:
            cells[run].values[kind][key] = metric_value(value, is_nan)
    else:
        for key, run, value in rows:
            cells[run].values[kind][key] = value or ""


def _candidate(identity: CandidateId, cells: _Cells) -> Candidate:
    return Candidate(
        id=identity,
        params=cells.values[Kind.PARAM],
        metrics=cells.values[Kind.METRIC],
        tags=cells.values[Kind.TAG],
        aggregates=cells.aggregates,
        usage=cells.usage,
        **cells.attributes,
    )
