"""Experiments, runs and models as rows of MLflow's tables, as its client writes them."""

import math
import uuid
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mltrack_tui.demo.values import Dataset, Experiment, Model, Point, Run
from mltrack_tui.domain.numbers import as_stored

Row = tuple[str | int | float | None, ...]

_EXPERIMENT = "experiment_id name artifact_location lifecycle_stage creation_time last_update_time workspace"
_RUN = (
    "run_uuid experiment_id name user_id status start_time end_time lifecycle_stage deleted_time artifact_uri"
    " source_type source_name entry_point_name source_version"
)
_METRIC = "run_uuid key step timestamp value is_nan"
_DATASET = "dataset_uuid experiment_id name digest dataset_source_type dataset_source dataset_schema dataset_profile"
_VERSION = (
    "workspace name version creation_time last_updated_time description user_id current_stage source storage_location"
    " run_id status"
)


class Rows(NamedTuple):
    """Rows of one table; ``columns`` are names separated by blanks."""

    table: str
    columns: str
    values: Iterable[Row]


def rows_of_experiment(experiment: Experiment, artifacts: str) -> Iterator[Rows]:
    """An experiment with all its runs; ``artifacts`` is the URI under which the runs' files lie."""
    number, created, runs = experiment.experiment_id, experiment.created, experiment.runs
    stage = _stage(experiment.deleted)
    location = f"{artifacts}/{number}"
    yield Rows("experiments", _EXPERIMENT, [(number, experiment.name, location, stage, created, created, "default")])
    tags = [(number, *tag) for tag in experiment.tags.items()]
    yield Rows("experiment_tags", "experiment_id key value", tags)
    yield Rows("runs", _RUN, [_run(run, artifacts, deleted=run.deleted or experiment.deleted) for run in runs])
    yield Rows("params", "run_uuid key value", [(run.run_id, *it) for run in runs for it in run.params.items()])
    yield Rows("tags", "run_uuid key value", [(run.run_id, *it) for run in runs for it in run.tags.items()])
    points = [_metric(run, key, point) for run in runs for key, points in run.history.items() for point in points]
    yield Rows("metrics", _METRIC, points)
    latest = [_metric(run, key, point) for run in runs for key, point in run.latest().items()]
    yield Rows("latest_metrics", _METRIC, latest)
    yield from _inputs(experiment)


def rows_of_model(model: Model, artifacts: str) -> Iterator[Rows]:
    """A registered model with its versions."""
    owner = ("default", model.name)
    times = (model.versions[0].created, model.versions[-1].created)
    columns = "workspace name creation_time last_updated_time description"
    yield Rows("registered_models", columns, [(*owner, *times, model.description)])
    tags = [(*owner, *tag) for tag in model.tags.items()]
    yield Rows("registered_model_tags", "workspace name key value", tags)
    aliases = [(*owner, *alias) for alias in model.aliases.items()]
    yield Rows("registered_model_aliases", "workspace name alias version", aliases)
    versions, version_tags = [], []
    for number, version in enumerate(model.versions, start=1):
        run, created = version.run, version.created
        source = f"{artifacts}/{run.folder}/model"
        about = (created, created, version.description, run.user, "None", source, source, run.run_id, "READY")
        versions.append((*owner, number, *about))
        version_tags += [(*owner, number, *tag) for tag in version.tags.items()]
    yield Rows("model_versions", _VERSION, versions)
    yield Rows("model_version_tags", "workspace name version key value", version_tags)


def _run(run: Run, artifacts: str, *, deleted: bool) -> Row:
    deleted_time = (run.end or run.start) + 60_000 if deleted else None
    about = (run.run_id, run.experiment_id, run.name, run.user, run.status, run.start, run.end)
    # The source is in the tags; the client leaves these four columns as they are here.
    return (*about, _stage(deleted), deleted_time, f"{artifacts}/{run.folder}", "UNKNOWN", "", "", "")


def _metric(run: Run, key: str, point: Point) -> Row:
    step, timestamp, value = point
    if math.isnan(value):
        return run.run_id, key, step, timestamp, 0.0, 1
    return run.run_id, key, step, timestamp, as_stored(value), 0


def _inputs(experiment: Experiment) -> Iterator[Rows]:
    ids: dict[Dataset, str] = {}
    links: list[Row] = []
    contexts: list[Row] = []
    for run in experiment.runs:
        for dataset, context in run.inputs:
            dataset_id = ids.setdefault(dataset, _id(f"{experiment.name} {dataset.name} {dataset.digest}"))
            input_id = _id(f"{dataset_id} {run.run_id}")
            links.append((input_id, "DATASET", dataset_id, "RUN", run.run_id, 0))
            contexts.append((input_id, "mlflow.data.context", context))
    number = experiment.experiment_id
    datasets = [
        (uid, number, it.name, it.digest, it.source_type, it.source, it.schema, it.profile) for it, uid in ids.items()
    ]
    yield Rows("datasets", _DATASET, datasets)
    yield Rows("inputs", "input_uuid source_type source_id destination_type destination_id step", links)
    yield Rows("input_tags", "input_uuid name value", contexts)


def _stage(deleted: bool) -> str:
    return "deleted" if deleted else "active"


def _id(text: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_OID, text).hex
