"""Projects and experiments, with what their candidates add up to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlmodel import col

from mltrack_tui.domain.entities import Experiment, Project
from mltrack_tui.domain.query import Lifecycle
from mltrack_tui.sources.sqlite.reader import Reader
from mltrack_tui.sources.sqlite.tables import Experiment as ExperimentRow
from mltrack_tui.sources.sqlite.tables import ExperimentTag, Run, rowid_of
from mltrack_tui.sources.sqlite.values import DEFAULT_PROJECT

_RUNS_AT_ONCE = 100_000
_LONGEST_NUMBER = 18  # digits, so that it fits into SQLite's integers


@dataclass(slots=True)
class _Activity:
    """What the active candidates of an experiment add up to."""

    candidates: int = 0
    last: int | None = None

    def add(self, candidates: int, *times: int | None) -> None:
        self.candidates += candidates
        self.last = _latest((self.last, *times))


def read_experiments(reader: Reader) -> list[Experiment]:
    """All experiments of a store, the latest activity first, then by name."""
    activity = _activity(reader)
    tags: dict[int, dict[str, str]] = {}
    for experiment, key, value in reader.rows(
        select(col(ExperimentTag.experiment_id), col(ExperimentTag.key), col(ExperimentTag.value))
    ):
        tags.setdefault(experiment, {})[key] = value or ""
    statement = select(
        col(ExperimentRow.experiment_id),
        col(ExperimentRow.name),
        reader.schema.optional(ExperimentRow.workspace),
        col(ExperimentRow.lifecycle_stage),
        col(ExperimentRow.artifact_location),
        reader.schema.optional(ExperimentRow.creation_time),
        reader.schema.optional(ExperimentRow.last_update_time),
    )
    found = [
        Experiment(
            experiment_id=str(number),
            name=name,
            project=workspace or DEFAULT_PROJECT,
            lifecycle_stage=stage or Lifecycle.ACTIVE.value,
            artifact_location=location,
            creation_time=created,
            last_update_time=updated,
            candidates=activity.get(number, _Activity()).candidates,
            last_activity=activity.get(number, _Activity()).last,
            tags=tags.get(number, {}),
        )
        for number, name, workspace, stage, location, created, updated in reader.rows(statement)
    ]
    return sorted(found, key=lambda experiment: (-(experiment.last_activity or 0), experiment.name))


def projects_of(experiments: Iterable[Experiment]) -> list[Project]:
    """The projects that some experiments lie in, by name; ``default`` where there is no experiment."""
    grouped: dict[str, list[Experiment]] = {}
    for experiment in experiments:
        grouped.setdefault(experiment.project, []).append(experiment)
    if not grouped:
        grouped[DEFAULT_PROJECT] = []
    return [
        Project(
            name=name,
            experiments=sum(Lifecycle.ACTIVE.admits(member.lifecycle_stage) for member in members),
            last_activity=_latest(member.last_activity for member in members),
        )
        for name, members in sorted(grouped.items())
    ]


def experiment_numbers(reader: Reader, project: str, experiments: Sequence[str]) -> list[int]:
    """Those of some experiments' ids that lie in a project, as the store numbers them."""
    numbers = [int(text) for text in experiments if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER]
    workspace = reader.schema.optional(ExperimentRow.workspace)
    statement = select(col(ExperimentRow.experiment_id), workspace).where(col(ExperimentRow.experiment_id).in_(numbers))
    return [number for number, name in reader.rows(statement) if (name or DEFAULT_PROJECT) == project]


def _activity(reader: Reader) -> dict[int | None, _Activity]:
    activity: dict[int | None, _Activity] = {}
    active = or_(col(Run.lifecycle_stage) == Lifecycle.ACTIVE.value, col(Run.lifecycle_stage).is_(None))
    statement = select(
        col(Run.experiment_id), func.count(), func.max(col(Run.start_time)), func.max(col(Run.end_time))
    ).group_by(col(Run.experiment_id))
    for low, high in reader.ranges(Run, _RUNS_AT_ONCE):
        for experiment, candidates, start, end in reader.rows(
            statement.where(active, rowid_of(Run).between(low, high))
        ):
            activity.setdefault(experiment, _Activity()).add(candidates, start, end)
    return activity


def _latest(times: Iterable[int | None]) -> int | None:
    return max((time for time in times if time is not None), default=None)
