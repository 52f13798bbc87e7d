"""How the source in memory makes its answers."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import isnan, nan

from mltrack_tui.analysis.order import SortColumn, arrange, sort_value
from mltrack_tui.domain.cells import logged_value
from mltrack_tui.domain.entities import Artifact, Candidate, CandidateId
from mltrack_tui.domain.filter import And, Filter, Not, Or, Words
from mltrack_tui.domain.history import History, MetricSummary
from mltrack_tui.domain.query import Column, Columns, Kind, Query, Value
from mltrack_tui.search.evaluate import CandidateSubject, matches

Point = tuple[int, int, float]


def answer_to(query: Query, subjects: Sequence[CandidateSubject]) -> tuple[CandidateId, ...]:
    matching = [place for place, subject in enumerate(subjects) if matches(query.where, subject)]
    members = [subject.candidate for subject in subjects]
    keys = [
        (
            SortColumn.of([sort_value(member, order) for member in members], as_mlflow=order.as_mlflow),
            order.descending,
        )
        for order in query.order
    ]
    return tuple(members[place].id for place in arrange(matching, keys))


def columns_of(where: Filter | None) -> Iterator[Column]:
    """The columns that a filter asks about."""
    match where:
        case And(parts) | Or(parts):
            for part in parts:
                yield from columns_of(part)
        case Not(part):
            yield from columns_of(part)
        case None | Words():
            return
        case clause:
            yield clause.column


def keys_of(members: Sequence[Candidate]) -> Columns:
    return Columns(
        tuple(sorted({key for member in members for key in member.params})),
        tuple(sorted({key for member in members for key in member.metrics})),
        tuple(sorted({key for member in members for key in member.tags})),
        complete=False,
    )


def constants(columns: Columns, members: Sequence[Candidate]) -> Mapping[Column, Value]:
    """The columns in which no two of some candidates differ."""
    every = [
        *(Column(Kind.PARAM, key) for key in columns.params),
        *(Column(Kind.METRIC, key) for key in columns.metrics),
        *(Column(Kind.TAG, key) for key in columns.tags if not key.startswith("mlflow.")),
        *(Column(Kind.ATTRIBUTE, name) for name in ("status", "user") if members),
    ]
    values = {column: [logged_value(member, column) for member in members] for column in every}
    return {
        column: some[0] if some else None for column, some in values.items() if len({repr(value) for value in some}) < 2
    }


def listing(path: str, files: Mapping[str, bytes]) -> list[Artifact]:
    """What lies in a folder; nothing, where there is none."""
    if path in files:
        return [Artifact(path, is_dir=False, size=len(files[path]))]
    prefix = f"{path}/" if path else ""
    below = {name.removeprefix(prefix).partition("/")[0] for name in files if name.startswith(prefix)}
    return [artifact_of(prefix + name, files) for name in sorted(below)]


def summary_of(metric: str, last: float, values: Sequence[float]) -> MetricSummary:
    numbers = [value for value in values if not isnan(value)] or [nan]
    return MetricSummary(metric, last, min(numbers), max(numbers), len(values))


def only(member: Candidate, columns: Sequence[Column] | None) -> Candidate:
    if columns is None:
        return replace(member, aggregates={})
    asked = {(column.kind, column.name) for column in columns if column.aggregate is None}
    return replace(
        member,
        params={key: value for key, value in member.params.items() if (Kind.PARAM, key) in asked},
        metrics={key: value for key, value in member.metrics.items() if (Kind.METRIC, key) in asked},
        tags={key: value for key, value in member.tags.items() if (Kind.TAG, key) in asked},
        aggregates={column: value for column, value in member.aggregates.items() if column in columns},
    )


def history_of(metric: str, points: Sequence[Point], of: Sequence[Point]) -> History:
    return History(
        metric,
        array("q", (step for step, _, _ in points)),
        array("q", (timestamp for _, timestamp, _ in points)),
        array("d", (value for _, _, value in points)),
        len(of),
    )


def place_of(point: Point) -> tuple[int, int, float, bool]:
    """Where a point stands in a history: MLflow gives NaN the value 0 in this order."""
    step, timestamp, value = point
    return (step, timestamp, 0.0, True) if isnan(value) else (step, timestamp, value, False)


def artifact_of(path: str, files: Mapping[str, bytes]) -> Artifact:
    content = files.get(path)
    return Artifact(path, is_dir=content is None, size=None if content is None else len(content))


def latest(times: Iterable[int | None]) -> int | None:
    return max((time for time in times if time is not None), default=None)
