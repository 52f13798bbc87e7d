"""The values of some candidates: what a page of the table shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import SQLColumnExpression, func, select
from sqlmodel import col

from mltrack_tui.domain.entities import Candidate, CandidateId
from mltrack_tui.domain.query import Column, Kind, Lifecycle
from mltrack_tui.sources.sqlite.keyed import TABLES, fields
from mltrack_tui.sources.sqlite.reader import Reader, chunks
from mltrack_tui.sources.sqlite.tables import Experiment, Run
from mltrack_tui.sources.sqlite.value_tables import Tag
from mltrack_tui.sources.sqlite.values import NAME_TAG, metric_value

_ATTRIBUTES: dict[str, SQLColumnExpression[Any]] = {
    "name": col(Run.name),
    "status": col(Run.status),
    "start_time": col(Run.start_time),
    "end_time": col(Run.end_time),
    "user": col(Run.user_id),
    "lifecycle_stage": func.coalesce(col(Run.lifecycle_stage), Lifecycle.ACTIVE.value),
    "artifact_uri": col(Run.artifact_uri),
    "experiment_name": col(Experiment.name),
}


@dataclass(slots=True)
class _Cells:
    """What was found for one candidate, by kind and key."""

    attributes: dict[str, Any]
    values: dict[Kind, dict[str, Any]] = field(default_factory=lambda: {Kind.PARAM: {}, Kind.METRIC: {}, Kind.TAG: {}})


def read_candidates(
    reader: Reader, ids: Sequence[CandidateId], columns: Sequence[Column] | None = None
) -> list[Candidate]:
    """The candidates in the order asked, without those that are gone; with the columns asked, or with all."""
    found: dict[str, _Cells] = {}
    for some in chunks([identity.candidate_id for identity in ids]):
        cells = _read_runs(reader, some)
        for kind in TABLES:
            keys = None if columns is None else sorted({column.name for column in columns if column.kind is kind})
            if keys is None or keys:
                _read_keys(reader, kind, keys, cells)
        _name_by_tag(reader, cells)
        found.update(cells)
    return [_candidate(identity, found[identity.candidate_id]) for identity in ids if identity.candidate_id in found]


def _read_runs(reader: Reader, ids: Sequence[str]) -> dict[str, _Cells]:
    statement = (
        select(col(Run.run_uuid), *_ATTRIBUTES.values())
        .join(Experiment, col(Experiment.experiment_id) == col(Run.experiment_id), isouter=True)
        .where(col(Run.run_uuid).in_(ids))
    )
    return {run: _Cells(dict(zip(_ATTRIBUTES, values, strict=True))) for run, *values in reader.rows(statement)}


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


def _name_by_tag(reader: Reader, cells: dict[str, _Cells]) -> None:
    """Fill in the names that mlflow before 1.30 wrote into a tag only."""
    nameless = [run for run, found in cells.items() if not found.attributes["name"]]
    if not nameless:
        return
    statement = select(col(Tag.run_uuid), col(Tag.value)).where(
        col(Tag.key) == NAME_TAG, col(Tag.run_uuid).in_(nameless)
    )
    names = dict(reader.rows(statement))
    for run in nameless:
        cells[run].attributes["name"] = names.get(run) or None


def _candidate(identity: CandidateId, cells: _Cells) -> Candidate:
    return Candidate(
        id=identity,
        params=cells.values[Kind.PARAM],
        metrics=cells.values[Kind.METRIC],
        tags=cells.values[Kind.TAG],
        **cells.attributes,
    )
