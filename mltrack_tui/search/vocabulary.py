"""What can be asked of candidates and of experiments: the names there are, what they mean and what they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from enum import StrEnum
from functools import cached_property
from typing import Protocol

from mltrack_tui.domain.entities import Experiment
from mltrack_tui.domain.query import (
    ATTRIBUTES,
    CI_NAMES,
    FIXED_NAMES,
    Aggregate,
    Column,
    Columns,
    Direction,
    Kind,
)
from mltrack_tui.domain.text import clean
from mltrack_tui.search.names import Names, name_of, nearest_hint

RUN_NAME = Column(Kind.TAG, "mlflow.runName")
"""What MLflow's filters call run_name: the tag, as runs of before 1.30 have no other name."""

STATUSES = ("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED")


class Holds(StrEnum):
    """What the values of a column are, which says how they are compared and written."""

    NUMBER = "a number"
    LOGGED = "text, or a number in it"
    TEXT = "text"
    EXPERIMENT_ID = "an id"
    STATUS = "a status"
    TIME = "a time"
    DURATION = "a duration"


class Vocabulary(Protocol):
    """What names mean, and when now is."""

    @property
    def now(self) -> int:
        """Milliseconds since the epoch: where ``-7d`` counts from."""
        ...

    @property
    def zone(self) -> tzinfo | None:
        """Whose days and hours are meant; None is the machine's own."""
        ...

    @property
    def names(self) -> Names:
        """The columns there are."""
        ...

    def column(self, entity: Kind | None, key: str) -> Column:
        """The column of a name, bare or of an entity. Raises ValueError with a sentence that says why there is none."""
        ...

    def aggregated(self, aggregate: Aggregate, entity: Kind | None, key: str) -> Column:
        """A metric's history brought down to one number. Raises ValueError as `column` does."""
        ...

    def holds(self, column: Column) -> Holds:
        """What the values of a column are."""
        ...


_MLFLOW_ATTRIBUTES = {
    "start_time": "created",
    "created": "created",
    "Created": "created",
    "end_time": "ended",
    "run_id": "id",
    "status": "status",
    "artifact_uri": "artifact_uri",
    "user_id": "user",
}
_RUN_NAMES = frozenset({"run_name", "run name", "Run name", "Run Name"})
_OUR_ATTRIBUTES = {**{name: name for name in ATTRIBUTES}, "candidate_id": "id", "lifecycle_stage": "lifecycle"}
_DATASET_KEYS = ("name", "digest", "context")
_ATTRIBUTE_HOLDS = {
    "status": Holds.STATUS,
    "created": Holds.TIME,
    "ended": Holds.TIME,
    "duration": Holds.DURATION,
    "updated": Holds.TIME,
    "last_activity": Holds.TIME,
    "candidates": Holds.NUMBER,
}
_KIND_HOLDS = {
    Kind.METRIC: Holds.NUMBER,
    Kind.PARAM: Holds.LOGGED,
    Kind.TAG: Holds.LOGGED,
    Kind.DATASET: Holds.TEXT,
    Kind.CI: Holds.TEXT,
    Kind.USAGE: Holds.NUMBER,
}
_SINGULAR = {
    Kind.ATTRIBUTE: "an attribute",
    Kind.PARAM: "a parameter",
    Kind.METRIC: "a metric",
    Kind.TAG: "a tag",
    Kind.DATASET: "a dataset",
    Kind.CI: "what CI says",
    Kind.USAGE: "what the machine was used for",
}
_PIPELINE, _COST = Column(Kind.CI, "pipeline"), Column(Kind.USAGE, "cost")


def is_mlflow_attribute(name: str) -> bool:
    """Whether a bare name is an attribute to MLflow, whatever else is called so."""
    return name in _MLFLOW_ATTRIBUTES or name in _RUN_NAMES


@dataclass(frozen=True)
class CandidateVocabulary:
    """The columns of candidates.

    Attributes:
        columns: the parameters, metrics and tags there are.
        directions: by metric, which values are better; ``best`` needs it.
        known: ``names`` of an earlier vocabulary of the same columns, which need not be made again.
        no_ci: why nobody knows what CI says of a candidate; None where it can be asked for.
        no_cost: why nobody knows what a candidate cost.
    """

    columns: Columns
    directions: Mapping[str, Direction]
    now: int
    zone: tzinfo | None = None
    known: Names | None = None
    no_ci: str | None = "what CI says of candidates is not known here"
    no_cost: str | None = "what a GPU costs is not known here"

    @cached_property
    def names(self) -> Names:
        """The columns there are."""
        return self.known or Names(
            [
                *(Column(Kind.ATTRIBUTE, name) for name in ATTRIBUTES),
                *(Column(Kind.METRIC, name) for name in self.columns.metrics),
                *(Column(Kind.PARAM, name) for name in self.columns.params),
                *(Column(Kind.TAG, name) for name in self.columns.tags),
                *(Column(Kind.DATASET, name) for name in _DATASET_KEYS),
                *(Column(Kind.CI, name) for name in CI_NAMES if self.no_ci is None),
                *(each for each in self.columns.usage if each != _COST or self.no_cost is None),
            ],
            {*_OUR_ATTRIBUTES, *_MLFLOW_ATTRIBUTES, *_RUN_NAMES},
            _MLFLOW_ATTRIBUTES,
        )

    def at(self, now: int) -> "CandidateVocabulary":
        """The same at another time."""
        return replace(self, now=now, known=self.names)

    def column(self, entity: Kind | None, key: str) -> Column:
        """The column of a name. Raises ValueError where nobody has it or several are called so."""
        if entity in {None, Kind.ATTRIBUTE} and key in _RUN_NAMES:
            return RUN_NAME
        if entity in {None, Kind.ATTRIBUTE} and key in _MLFLOW_ATTRIBUTES:
            return Column(Kind.ATTRIBUTE, _MLFLOW_ATTRIBUTES[key])
        if entity is Kind.ATTRIBUTE:
            return _attribute(key, _OUR_ATTRIBUTES)
        if entity is Kind.DATASET and key not in _DATASET_KEYS:
            raise ValueError(f"there is no {_told(key)} of datasets; there are {', '.join(_DATASET_KEYS)}")
        if entity is Kind.CI and self.no_ci is not None:
            raise ValueError(f"{_told(key, entity)}: {self.no_ci}")
        if (entity, key) == (_COST.kind, _COST.name) and self.no_cost is not None:
            raise ValueError(f"{_told(key, entity)}: {self.no_cost}")
        if entity is None:
            part = "" if self.columns.complete else " among those loaded so far"
            return _bare(key, self.names, _OUR_ATTRIBUTES, part)
        return Column(entity, key)

    def aggregated(self, aggregate: Aggregate, entity: Kind | None, key: str) -> Column:
        """A metric's aggregate. Raises ValueError where it is no metric, or nobody said what is best of it."""
        metrics = self.columns.metrics
        if entity not in {None, Kind.METRIC}:
            raise ValueError(
                f"{aggregate} is of a metric's history, and {_told(key)} is {_SINGULAR[entity or Kind.TAG]}"
            )
        if entity is None and Column(Kind.METRIC, key) not in self.names.called(key):
            raise ValueError(f"there is no metric {_told(key)}{nearest_hint(key, metrics)}")
        try:
            return Column(Kind.METRIC, key, aggregate).resolved(self.directions)
        except KeyError:
            name = _told(key)
            raise ValueError(
                f"whether less or more is best of {name} is not known: press t on its column, or say "
                f"--target metrics.{name}:min or metrics.{name}:max"
            ) from None

    def holds(self, column: Column) -> Holds:
        """What the values of a column are."""
        return _holds(column)


_EXPERIMENT_ATTRIBUTES = {
    "name": "name",
    "experiment_id": "id",
    "creation_time": "created",
    "last_update_time": "updated",
    "id": "id",
    "created": "created",
    "updated": "updated",
    "candidates": "candidates",
    "last_activity": "last_activity",
    "lifecycle": "lifecycle",
    "lifecycle_stage": "lifecycle",
    "description": "description",
}
_EXPERIMENT_ID = Column(Kind.ATTRIBUTE, "id")
_MLFLOW_EXPERIMENT_ATTRIBUTES = frozenset({"name", "experiment_id", "creation_time", "last_update_time"})


@dataclass(frozen=True)
class ExperimentVocabulary:
    """The attributes and tags of experiments. ``known`` is as in `CandidateVocabulary`."""

    experiments: Sequence[Experiment]
    now: int
    zone: tzinfo | None = None
    known: Names | None = None

    @cached_property
    def names(self) -> Names:
        """The columns there are."""
        tags = sorted({tag for experiment in self.experiments for tag in experiment.tags})
        attributes = dict.fromkeys(_EXPERIMENT_ATTRIBUTES.values())
        return self.known or Names(
            [*(Column(Kind.ATTRIBUTE, name) for name in attributes), *(Column(Kind.TAG, tag) for tag in tags)],
            _EXPERIMENT_ATTRIBUTES,
            _MLFLOW_EXPERIMENT_ATTRIBUTES,
        )

    def at(self, now: int) -> "ExperimentVocabulary":
        """The same at another time."""
        return replace(self, now=now, known=self.names)

    def column(self, entity: Kind | None, key: str) -> Column:
        """The column of a name. Raises ValueError where nothing or several things are called so."""
        if entity in {None, Kind.ATTRIBUTE} and key in _MLFLOW_EXPERIMENT_ATTRIBUTES:
            return Column(Kind.ATTRIBUTE, _EXPERIMENT_ATTRIBUTES[key])
        if entity is Kind.ATTRIBUTE:
            return _attribute(key, _EXPERIMENT_ATTRIBUTES)
        if entity not in {None, Kind.TAG}:
            raise ValueError("experiments have attributes and tags only, as in tags.team = 'vision'")
        return _bare(key, self.names, _EXPERIMENT_ATTRIBUTES) if entity is None else Column(Kind.TAG, key)

    def aggregated(self, aggregate: Aggregate, entity: Kind | None, key: str) -> Column:
        """Raises ValueError: experiments have no metrics."""
        raise ValueError(f"experiments have no metrics to take {aggregate} of {_told(key, entity)}")

    def holds(self, column: Column) -> Holds:
        """What the values of a column are."""
        return Holds.EXPERIMENT_ID if column == _EXPERIMENT_ID else _holds(column)


def _holds(column: Column) -> Holds:
    if column.kind is Kind.ATTRIBUTE:
        return _ATTRIBUTE_HOLDS.get(column.name, Holds.TEXT)
    return Holds.LOGGED if column == _PIPELINE else _KIND_HOLDS[column.kind]


def _told(key: str, entity: Kind | None = None) -> str:
    return clean(key if entity is None else f"{entity}.{key}", 60)


def _attribute(key: str, attributes: Mapping[str, str]) -> Column:
    if key not in attributes:
        raise ValueError(f"there is no attribute {_told(key)}{nearest_hint(key, attributes)}")
    return Column(Kind.ATTRIBUTE, attributes[key])


def _bare(key: str, names: Names, attributes: Mapping[str, str], part: str = "") -> Column:
    """The column of a bare name; ``part`` says of which candidates the names are known, where that is not all."""
    found = [column for column in names.called(key) if column.kind is not Kind.ATTRIBUTE]
    if key in attributes:
        found.insert(0, Column(Kind.ATTRIBUTE, attributes[key]))
    if not found:
        near = nearest_hint(key, (str(each) if each.kind in FIXED_NAMES else each.name for each in names.columns))
        raise ValueError(f"nothing{part} is called {_told(key)}{near}")
    if len(found) > 1:
        kinds = " and ".join(_SINGULAR[column.kind] for column in found)
        choices = " or ".join(name_of(column, bare=False) for column in found)
        raise ValueError(f"{_told(key)} is {kinds}: write {clean(choices, 200)}")
    return found[0]
