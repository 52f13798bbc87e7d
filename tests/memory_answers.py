"""How the source in memory makes its answers."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import isnan
from statistics import fmean

from mltrack_tui.analysis.order import SortColumn, arrange, logged_value, name_matches, sort_value
from mltrack_tui.domain.entities import Artifact, Candidate, CandidateId
from mltrack_tui.domain.filter import Words
from mltrack_tui.domain.history import History
from mltrack_tui.domain.query import Aggregate, Column, Columns, Kind, Query, Value

Point = tuple[int, int, float]


def answer_to(query: Query, members: Sequence[Candidate]) -> tuple[CandidateId, ...]:
    words = query.where.words if isinstance(query.where, Words) else ()
    matching = [place for place, member in enumerate(members) if name_matches(member.name, words)]
    keys = [
        (SortColumn.of([sort_value(member, order) for member in members]), order.descending) for order in query.order
    ]
    return tuple(members[place].id for place in arrange(matching, keys))


def only(member: Candidate, columns: Sequence[Column] | None) -> Candidate:
    if columns is None:
        return member
    asked = {(column.kind, column.name) for column in columns}
    return replace(
        member,
        params={key: value for key, value in member.params.items() if (Kind.PARAM, key) in asked},
        metrics={key: value for key, value in member.metrics.items() if (Kind.METRIC, key) in asked},
        tags={key: value for key, value in member.tags.items() if (Kind.TAG, key) in asked},
    )


def constants_of(columns: Columns, members: Sequence[Candidate]) -> dict[Column, Value]:
    """The columns that have one value, or none, among the active ones."""
    active = [member for member in members if member.lifecycle_stage == "active"]
    every = [
        Column(kind, name)
        for kind, names in ((Kind.PARAM, columns.params), (Kind.METRIC, columns.metrics), (Kind.TAG, columns.tags))
        for name in names
    ]
    values = {column: [logged_value(member, column) for member in active] for column in every}
    return {column: (found or [None])[0] for column, found in values.items() if len(set(found)) <= 1}


def aggregate_of(column: Column, values: Sequence[float]) -> float:
    numbers = [value for value in values if not isnan(value)] or list(values)
    made = {
        Aggregate.FIRST: numbers[0],
        Aggregate.LAST: numbers[-1],
        Aggregate.MIN: min(numbers),
        Aggregate.MAX: max(numbers),
        Aggregate.MEAN: fmean(numbers),
    }
    assert column.aggregate is not None
    return made[column.aggregate]


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
