"""What the cells of a candidate hold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from mltrack_tui.domain.entities import Candidate
from mltrack_tui.domain.query import Column, Kind, Value

_HELD: Mapping[Kind, Callable[[Candidate], Mapping[str, Value]]] = {
    Kind.PARAM: attrgetter("params"),
    Kind.METRIC: attrgetter("metrics"),
    Kind.TAG: attrgetter("tags"),
    Kind.CI: attrgetter("ci"),
    Kind.USAGE: attrgetter("usage"),
}
"""Where a candidate holds values by their names."""


def logged_value(candidate: Candidate, column: Column) -> Value:
    """A column's value as it was logged: the text of parameters and tags, milliseconds of times and durations."""
    if column.kind is Kind.ATTRIBUTE:
        return _attribute(candidate, column.name)
    if column.aggregate is not None:
        return candidate.aggregates.get(column)
    return _HELD[column.kind](candidate).get(column.name)


def only(candidate: Candidate, columns: Sequence[Column] | None) -> Candidate:
    """A candidate with what it has of some columns; None is all parameters, metrics and tags."""
    if columns is None:
        return replace(candidate, aggregates={}, ci={}, usage={})
    asked = {(column.kind, column.name) for column in columns if column.aggregate is None}
    return replace(
        candidate,
        params={key: value for key, value in candidate.params.items() if (Kind.PARAM, key) in asked},
        metrics={key: value for key, value in candidate.metrics.items() if (Kind.METRIC, key) in asked},
        tags={key: value for key, value in candidate.tags.items() if (Kind.TAG, key) in asked},
        aggregates={column: value for column, value in candidate.aggregates.items() if column in columns},
        ci={key: value for key, value in candidate.ci.items() if (Kind.CI, key) in asked},
        usage={key: value for key, value in candidate.usage.items() if (Kind.USAGE, key) in asked},
    )


def _attribute(candidate: Candidate, name: str) -> Value:
    attributes: dict[str, Value] = {
        "name": candidate.name,
        "status": candidate.status,
        "created": candidate.start_time,
        "ended": candidate.end_time,
        "duration": candidate.duration,
        "user": candidate.user,
        "id": candidate.id.candidate_id,
        "lifecycle": candidate.lifecycle_stage,
        "experiment": candidate.experiment_name,
        "experiment_id": candidate.id.experiment_id,
        "artifact_uri": candidate.artifact_uri,
    }
    return attributes[name]
