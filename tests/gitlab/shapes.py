"""Experiments, runs and metrics as the tracking API tells them: section 2 of the contract."""

import json
from collections.abc import Sequence
from typing import Any

from tests.gitlab.calls import Call
from tests.gitlab.profiles import Profile
from tests.gitlab.schemas import check
from tests.gitlab.things import Candidate, Experiment, MetricRow, Project


def pairs(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in values.items()]


def tags_of(told: Sequence[Any] | None) -> dict[str, str]:
    """Tags as a client told them."""
    return {str(tag.get("key")): str(tag.get("value")) for tag in told or () if isinstance(tag, dict)}


def experiment_told(experiment: Experiment) -> dict[str, Any]:
    return {
        "experiment_id": str(experiment.iid),
        "name": experiment.name,
        "lifecycle_stage": "active",
        "artifact_location": "not_implemented",
        "tags": pairs(experiment.tags),
    }


def metric_told(row: MetricRow) -> dict[str, Any]:
    """A row; the step is left out where none was logged."""
    told = {"key": row.key, "value": row.value, "timestamp": row.timestamp}
    return told if row.step is None else told | {"step": row.step}


def info_told(call: Call, project: Project, candidate: Candidate) -> dict[str, Any]:
    """What a run is; its name and end are left out where there is none."""
    told = {
        "run_id": candidate.eid,
        "run_uuid": candidate.eid,
        "experiment_id": str(candidate.experiment.iid),
        "start_time": candidate.start_time or 0,
        "end_time": candidate.end_time,
        "run_name": candidate.name,
        "status": candidate.status,
        "artifact_uri": artifact_uri(call, project, candidate),
        "lifecycle_stage": "active",
        "user_id": str(candidate.user.id) if candidate.user else "",
    }
    return {key: value for key, value in told.items() if value is not None}


def artifact_uri(call: Call, project: Project, candidate: Candidate) -> str:
    """Where a run's files are; the project is told by its id, however it was asked for."""
    packages = f"{call.base}/api/v4/projects/{project.id}/packages"
    package = candidate.package
    if package and package.type == "generic":
        return f"{packages}/generic/{package.name}/{package.version}/"
    if candidate.model_version:
        return f"{packages}/ml_models/{candidate.model_version.id}/files/"
    if package and call.profile is Profile.NEW:
        return f"mlflow-artifacts:/candidate:{candidate.iid}"
    return f"{packages}/ml_models/candidate:{candidate.iid}/files/"


def run_told(call: Call, project: Project, candidate: Candidate) -> bytes:
    """The JSON of a run, told anew only if what it is made of changed."""
    made_of = (
        *(candidate.name, candidate.status, candidate.start_time, candidate.end_time, candidate.user),
        *(candidate.package, candidate.model_version, candidate.experiment.iid),
        *(tuple(candidate.params.items()), tuple(candidate.tags.items()), tuple(candidate.metrics)),
    )
    before, told = candidate.told.get((call.profile, call.base), (None, b""))
    if before == made_of:
        return bytes(told)
    run = _run(call, project, candidate)
    _check(call, run)
    told = json.dumps(run).encode()
    candidate.told[call.profile, call.base] = made_of, told
    return told


def _check(call: Call, run: dict[str, Any]) -> None:
    """Look at a run once per kind of run: the schema knows fields and types, and the values of two fields."""
    info = run["info"]
    kind = (*((key, type(value)) for key, value in info.items()), info["status"], info["lifecycle_stage"])
    if kind not in call.seen_valid:
        check("run", {"run": run})
        call.seen_valid.add(kind)


def _run(call: Call, project: Project, candidate: Candidate) -> dict[str, Any]:
    latest = candidate.latest().values()
    # "Unordered" is an order that is neither that of logging nor that of steps, and always the same.
    rows = (
        sorted(candidate.metrics, key=lambda row: (row.id * 7919) % 104_729) if call.profile is Profile.OLD else latest
    )
    data = {
        "metrics": [metric_told(row) for row in rows],
        "params": pairs(candidate.params),
        "tags": pairs(candidate.tags),
    }
    return {"info": info_told(call, project, candidate), "data": data}
