"""What the real mlflow client read from the stores in tests/stores: the JSON file beside each of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isnan
from pathlib import Path

from mltrack_tui.analysis.order import base_order
from mltrack_tui.domain.numbers import MAX_DOUBLE
from mltrack_tui.domain.query import Lifecycle

STORES = Path(__file__).parent.parent / "stores"
Point = tuple[int, int, float]


@dataclass(frozen=True)
class CandidateFacts:
    experiment_id: str
    candidate_id: str
    name: str | None
    status: str
    start_time: int
    end_time: int | None
    lifecycle_stage: str
    artifact_uri: str
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    history: Mapping[str, tuple[Point, ...]]


@dataclass(frozen=True)
class ExperimentFacts:
    experiment_id: str
    name: str
    lifecycle_stage: str
    artifact_location: str
    tags: Mapping[str, str]


@dataclass(frozen=True)
class VersionFacts:
    version: str
    run_id: str
    source: str
    description: str


@dataclass(frozen=True)
class ModelFacts:
    name: str
    description: str
    tags: Mapping[str, str]
    aliases: Mapping[str, str]
    versions: tuple[VersionFacts, ...]


@dataclass(frozen=True)
class Facts:
    experiments: tuple[ExperimentFacts, ...]
    candidates: tuple[CandidateFacts, ...]
    models: tuple[ModelFacts, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all experiments."""
        return tuple(experiment.experiment_id for experiment in self.experiments)

    def id_of(self, name: str) -> str:
        """The id of the experiment of a name."""
        return next(experiment.experiment_id for experiment in self.experiments if experiment.name == name)

    def members(self, *experiments: str, lifecycle: Lifecycle = Lifecycle.ALL) -> list[CandidateFacts]:
        """The candidates of some experiments, in base order."""
        members = [
            member
            for member in self.candidates
            if member.experiment_id in experiments and lifecycle.admits(member.lifecycle_stage)
        ]
        return sorted(members, key=lambda member: base_order(member.start_time, member.candidate_id))


def read_facts(path: Path) -> Facts:
    """The facts in a JSON file."""
    facts = json.loads(path.read_text(encoding="utf-8"))
    experiments = [
        ExperimentFacts(**{key: value for key, value in experiment.items() if key != "runs"})
        for experiment in facts["experiments"]
    ]
    candidates = [
        CandidateFacts(
            experiment_id=experiment["experiment_id"],
            candidate_id=run.pop("run_id"),
            metrics={key: number(value) for key, value in run.pop("metrics").items()},
            history={
                key: tuple((step, at, number(value)) for step, at, value in points)
                for key, points in run.pop("history").items()
            },
            **run,
        )
        for experiment in facts["experiments"]
        for run in experiment["runs"]
    ]
    models = [
        ModelFacts(**{**model, "versions": tuple(VersionFacts(**version) for version in model["versions"])})
        for model in facts["registered_models"]
    ]
    return Facts(tuple(experiments), tuple(candidates), tuple(models))


def number(value: float | str) -> float:
    """A value as it was logged: mlflow's client gives the infinities back as the greatest doubles."""
    value = float(value)
    return value if isnan(value) or abs(value) < MAX_DOUBLE else inf if value > 0 else -inf


def in_step_order(points: tuple[Point, ...]) -> list[Point]:
    """Points by step, timestamp and value; NaN has the value 0 there."""
    return sorted(points, key=lambda point: (point[0], point[1], 0.0 if isnan(point[2]) else point[2]))
