"""What a server tells, as what it is to us."""

from collections.abc import Mapping
from math import isnan

from mltrack_tui.analysis.points import Points
from mltrack_tui.domain.entities import Candidate, CandidateId, Dataset, Experiment
from mltrack_tui.domain.history import History
from server_client import Dataset as TheirDataset
from server_client import Experiment as TheirExperiment
from server_client import Metric, Run

NAME_TAG = "mlflow.runName"
"""The statuses of candidates whose values may still change."""


def candidate_of(run: Run, source: str, project: str, experiments: Mapping[str, TheirExperiment]) -> Candidate:
    """A run as a candidate. Its mappings are taken as they are; of mlflow before 1.30 a name is in a tag only."""
    experiment = experiments.get(run.experiment_id)
    return Candidate(
        id=CandidateId(source, project, run.experiment_id, run.run_id),
        name=run.run_name or run.tags.get(NAME_TAG) or None,
        experiment_name=experiment.name if experiment else None,
        status=run.status or None,
        start_time=run.start_time,
        end_time=run.end_time,
        user=run.user_id or None,
        lifecycle_stage=run.lifecycle_stage,
        artifact_uri=run.artifact_uri or None,
        params=run.params,
        metrics={key: value for key, value, _, _ in run.metrics},
        tags=run.tags,
        last_point=max((at for _, _, at, _ in run.metrics), default=0) or None,
    )


def datasets_of(datasets: tuple[TheirDataset, ...]) -> tuple[Dataset, ...]:
    """The datasets of a run, by name; what is empty is missing."""
    found = [
        Dataset(
            name=each.name,
            digest=each.digest,
            context=each.context or None,
            source_type=each.source_type or None,
            source=each.source or None,
            schema=each.schema or None,
            profile=each.profile or None,
        )
        for each in datasets
    ]
    return tuple(sorted(found, key=lambda each: (each.name, each.digest)))


def experiment_of(experiment: TheirExperiment, project: str) -> Experiment:
    """An experiment of which nothing is counted yet."""
    return Experiment(
        experiment_id=experiment.experiment_id,
        name=experiment.name,
        project=project,
        lifecycle_stage=experiment.lifecycle_stage,
        artifact_location=experiment.artifact_location or None,
        creation_time=experiment.creation_time,
        last_update_time=experiment.last_update_time,
        counted=False,
        tags=experiment.tags,
    )


def add_points(points: Points, metrics: tuple[Metric, ...]) -> None:
    """Add what a server tells of a history."""
    points.extend((step, at, 0.0 if isnan(value) else value, isnan(value)) for _, value, at, step in metrics)


def history_of(metric: str, metrics: tuple[Metric, ...]) -> History:
    """A history of these points, in its order."""
    points = Points()
    add_points(points, metrics)
    return points.history(metric)
