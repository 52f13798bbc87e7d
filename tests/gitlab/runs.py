"""The endpoints that write runs: section 2 of the contract. Parameters and tags are written once."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.gitlab import errors
from tests.gitlab.calls import Answer, Call, Param, json_answer, required
from tests.gitlab.shapes import info_told, tags_of
from tests.gitlab.things import Candidate, Project
from tests.gitlab.tracking import candidate_of, experiment_of, run_answer

STATUSES = ("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED")
LONGEST_KEY = 250
JOB_TAG = "gitlab.CI_JOB_ID"
"""The tag that links a run to a CI job."""

_METRIC = (
    *required("key"),
    Param("value", "float", required=True),
    Param("timestamp", "integer", required=True),
    Param("step", "integer"),
)
_PAIR = tuple(required("key", "value"))


def create_run(call: Call, project: Project) -> Answer:
    """Its name is the one told, else that of the tag, else a nickname."""
    asked = call.declared(
        Param("experiment_id", "integer", required=True),
        Param("start_time", "integer", default=0),
        Param("run_name"),
        Param("tags", "array"),
    )
    experiment = experiment_of(project, asked["experiment_id"])
    tags = tags_of(asked["tags"])
    name = asked["run_name"] or tags.get("mlflow.runName") or f"curious-lemur-{len(project.candidates) + 1}"
    made = call.world.candidate(project, experiment, name, call.user, start_time=asked["start_time"], tags=tags)
    _link_job(call, made, tags)
    return run_answer(call, project, made)


def update_run(call: Call, project: Project) -> Answer:
    """Status and end; a run is not renamed."""
    asked = call.declared(*required("run_id"), Param("status", values=STATUSES), Param("end_time", "integer"))
    candidate = candidate_of(project, asked["run_id"])
    candidate.status = asked["status"] or candidate.status
    candidate.end_time = asked["end_time"] if asked["end_time"] is not None else candidate.end_time
    return json_answer({"run_info": info_told(call, project, candidate)}, "update_run")


def log_metric(call: Call, project: Project) -> Answer:
    asked = call.declared(*required("run_id"), *_METRIC)
    candidate = candidate_of(project, asked["run_id"])
    _check_key(asked["key"])
    _add_metrics(call, candidate, [asked])
    return json_answer({})


def log_parameter(call: Call, project: Project) -> Answer:
    asked = call.declared(*required("run_id", "key", "value"))
    _write_once(candidate_of(project, asked["run_id"]).params, asked)
    return json_answer({})


def set_tag(call: Call, project: Project) -> Answer:
    asked = call.declared(*required("run_id", "key", "value"))
    candidate = candidate_of(project, asked["run_id"])
    _write_once(candidate.tags, asked)
    _link_job(call, candidate, {asked["key"]: asked["value"]})
    return json_answer({})


def log_batch(call: Call, project: Project) -> Answer:
    """What is wrong blocks the whole batch; what is there already is left as it is, silently."""
    asked = call.declared(
        *required("run_id"),
        Param("metrics", "array", of=_METRIC),
        Param("params", "array", of=_PAIR),
        Param("tags", "array", of=_PAIR),
    )
    candidate = candidate_of(project, asked["run_id"])
    for metric in asked["metrics"] or ():
        _check_key(metric["key"])
    _add_metrics(call, candidate, asked["metrics"] or ())
    for kept, told in ((candidate.params, asked["params"]), (candidate.tags, asked["tags"])):
        for pair in told or ():
            kept.setdefault(pair["key"], pair["value"])
    return json_answer({})


def delete_run(call: Call, project: Project) -> Answer:
    """For good."""
    candidate = candidate_of(project, call.declared(*required("run_id"))["run_id"])
    if candidate.model_version:
        raise errors.bad_request("Cannot delete a candidate associated to a model version")
    candidate.experiment.candidates.remove(candidate)
    del project.candidates[candidate.eid]
    return json_answer({})


def _add_metrics(call: Call, candidate: Candidate, metrics: Iterable[Mapping[str, Any]]) -> None:
    for metric in metrics:
        call.world.metric(candidate, metric["key"], metric["value"], step=metric["step"], timestamp=metric["timestamp"])


def _check_key(key: str) -> None:
    if len(key) > LONGEST_KEY:
        raise errors.invalid_value([f"Name is too long (maximum is {LONGEST_KEY} characters)"])


def _write_once(kept: dict[str, str], asked: Mapping[str, str]) -> None:
    if asked["key"] in kept:
        raise errors.bad_request()
    kept[asked["key"]] = asked["value"]


def _link_job(call: Call, candidate: Candidate, tags: Mapping[str, str]) -> None:
    """A CI job of the world that a tag names becomes the candidate's."""
    candidate.ci_job = call.world.jobs.get(str(tags.get(JOB_TAG)), candidate.ci_job)
