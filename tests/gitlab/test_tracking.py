"""What the tracking API does that MLflow does not, one thing a test: sections 2, 5 and 10 of the contract."""

import re
import uuid
from typing import Any

import pytest

from tests.gitlab.asking import Asking, names
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import BEGIN, MINUTE
from tests.gitlab.things import Candidate

SEARCH = "POST runs/search"


def made(small: Asking, **told: Any) -> Candidate:
    """A new candidate of the first experiment of group/vision, later than the others."""
    project = small.project()
    told = {"at": BEGIN + 1000 * MINUTE} | told
    return small.world.candidate(project, project.experiments[1], **told)


def run_of(small: Asking, candidate: Candidate) -> dict[str, Any]:
    answer = small.tracking("GET runs/get", {"run_id": candidate.eid})
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["run"])


def test_run_ids_are_random_uuids_with_dashes(small: Asking) -> None:
    for run in small.runs():
        assert run["info"]["run_id"] == run["info"]["run_uuid"] == str(uuid.UUID(run["info"]["run_id"]))
        assert uuid.UUID(run["info"]["run_id"]).version == 4


def test_what_is_not_known_is_left_out(small: Asking) -> None:
    candidate = made(small)
    small.world.metric(candidate, "m", 1.5, step=None, timestamp=None)
    run = run_of(small, candidate)
    assert {"end_time", "run_name"}.isdisjoint(run["info"])
    assert (run["info"]["start_time"], run["info"]["user_id"]) == (0, "")
    assert run["data"]["metrics"] == [{"key": "m", "value": 1.5, "timestamp": None}]
    whole = run_of(small, small.project().experiments[1].candidates[0])
    assert whole["info"].keys() - run["info"].keys() == {"end_time", "run_name"}


@pytest.mark.parametrize("profile", Profile)
def test_metrics_are_all_rows_of_older_ones_and_the_last_logged_of_newer(small: Asking, profile: Profile) -> None:
    candidate = made(small)
    for step in (3, 9, 5):
        small.world.metric(candidate, "m", float(step), step=step, timestamp=step)
    steps = [metric["step"] for metric in run_of(small, candidate)["data"]["metrics"]]
    assert (sorted(steps) == [3, 5, 9]) if profile is Profile.OLD else (steps == [5])


def test_old_rows_come_in_no_order(small: Asking) -> None:
    small.stub.profile = Profile.OLD
    steps = [one["step"] for one in small.runs()[0]["data"]["metrics"] if one["key"] == "loss"]
    assert sorted(steps) == list(range(10))
    assert steps != sorted(steps)


@pytest.mark.parametrize("profile", Profile)
def test_a_history_is_there_on_the_newest_only(small: Asking, profile: Profile) -> None:
    run_id = small.project().experiments[1].candidates[0].eid
    answer = small.tracking(
        "GET metrics/get-history", {"run_id": run_id, "metric_key": "loss"}, who=small.by("gus", "read_api")
    )
    if profile is Profile.NEW:
        assert [row["step"] for row in answer.json()["metrics"]] == list(range(10))
        assert answer.json()["next_page_token"] is None
    else:
        assert (answer.status_code, answer.json()) == (404, {"error": "404 Not Found"})


def test_only_the_first_experiment_is_searched(small: Asking) -> None:
    runs = small.runs({"experiment_ids": ["1", "3"]})
    assert {run["info"]["experiment_id"] for run in runs} == {"1"}


def test_a_filter_and_a_view_are_ignored(small: Asking) -> None:
    assert len(small.runs({"filter": "params.seed = 'nothing'", "run_view_type": "DELETED_ONLY"})) == 5


ORDERS = [
    (None, "43210"),
    ("", "43210"),
    ("created_at", "43210"),
    ("created_at asc", "01234"),
    ("id ASC", "01234"),
    ("name asc", "01234"),
    ("name", "43210"),
    ("metrics.loss", "01234"),
    ("metrics.loss ASC", "43210"),
    ("params.seed asc", "43210"),
    ("attributes.start_time asc", "43210"),
    ("nonsense asc", "43210"),
    ("metrics.val/accuracy", "43210"),
    ("metrics.nobody", ""),
    ("metrics.`loss`", ""),
]


@pytest.mark.parametrize(("order", "seeds"), ORDERS)
def test_an_order_is_one_of_few_and_goes_down_unless_told(small: Asking, order: str | None, seeds: str) -> None:
    told = {} if order is None else {"order_by": order}
    assert "".join(names(small.runs(told))) == seeds


def test_a_metric_is_named_between_the_first_two_dots(small: Asking) -> None:
    first, second, *_ = small.project().experiments[1].candidates
    small.world.metric(first, "val.loss", 1.0)
    assert small.runs({"order_by": "metrics.val.loss"}) == []
    small.world.metric(second, "val", 1.0)
    assert names(small.runs({"order_by": "metrics.val.loss"})) == ["1"]


def test_sorting_by_a_metric_drops_those_without_it(small: Asking) -> None:
    made(small, params={"seed": "without"})
    assert "without" in names(small.runs())
    assert "without" not in names(small.runs({"order_by": "metrics.loss asc"}))


def test_experiments_are_newest_first_and_a_column_goes_up(small: Asking) -> None:
    def found(**told: Any) -> list[str]:
        answer = small.tracking("POST experiments/search", told).json()
        assert answer["next_page_token"] is None
        return [one["experiment_id"] for one in answer["experiments"]]

    for number, experiment in enumerate(small.project().experiments.values()):
        experiment.created_at = number
    assert found() == ["4", "3", "2", "1"]
    assert found(order_by="") == found(order_by="name") == ["3", "4", "2", "1"]
    assert found(order_by="name DESC") == ["1", "2", "4", "3"]
    assert found(order_by="nonsense") == found(order_by="id asc") == ["1", "2", "3", "4"]
    assert found(order_by="nonsense desc", filter="name = 'x'") == ["4", "3", "2", "1"]


def test_an_experiment_tells_little(small: Asking) -> None:
    listed = small.tracking("GET experiments/list").json()["experiments"]
    assert [one["name"] for one in listed] == ["segmentation", "empty", "[model]segmenter", "[model]unversioned"]
    assert listed[0] == {
        "experiment_id": "1",
        "name": "segmentation",
        "lifecycle_stage": "active",
        "artifact_location": "not_implemented",
        "tags": [{"key": "team", "value": "vision"}],
    }


def test_a_run_is_named_by_its_name_or_tag_or_somehow(small: Asking) -> None:
    def name(**told: Any) -> str:
        answer = small.tracking("POST runs/create", {"experiment_id": 1, **told})
        return str(answer.json()["run"]["info"]["run_name"])

    tag = [{"key": "mlflow.runName", "value": "by tag"}]
    assert (name(run_name="told", tags=tag), name(tags=tag)) == ("told", "by tag")
    assert re.fullmatch(r"\w+-\w+-\d+", name())


def test_a_run_is_linked_to_its_job_by_a_tag(small: Asking) -> None:
    job = small.world.ci_job("train", small.world.user_named("dan"))
    told = {"experiment_id": "1", "tags": [{"key": "gitlab.CI_JOB_ID", "value": str(job.id)}]}
    run = small.tracking("POST runs/create", told).json()["run"]
    assert small.project().candidates[run["info"]["run_id"]].ci_job is job


def test_a_batch_skips_what_is_there_and_stops_at_what_is_wrong(small: Asking) -> None:
    candidate = made(small, params={"a": "1"}, tags={"t": "1"})
    told: dict[str, Any] = {"run_id": candidate.eid, "params": [{"key": "a", "value": "2"}, {"key": "b", "value": "2"}]}
    told["tags"] = [{"key": "t", "value": "2"}]
    assert small.tracking("POST runs/log-batch", told).status_code == 200
    assert (candidate.params, candidate.tags) == ({"a": "1", "b": "2"}, {"t": "1"})
    told = {"run_id": candidate.eid, "params": [{"key": "c", "value": "2"}], "metrics": [{"key": "x", "value": 1.0}]}
    assert small.tracking("POST runs/log-batch", told).json() == {"error": "metrics[0][timestamp] is missing"}
    long = {"run_id": candidate.eid, "key": "k" * 251, "value": 1.0, "timestamp": 1}
    assert small.tracking("POST runs/log-metric", long).status_code == 400
    assert "c" not in candidate.params
    assert not candidate.metrics


def test_what_belongs_to_a_model_is_not_deleted(small: Asking) -> None:
    version = small.project().models["segmenter"].versions[0]
    answer = small.tracking("POST runs/delete", {"run_id": version.candidate.eid})
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "Cannot delete a candidate associated to a model version",
    )


@pytest.mark.parametrize("profile", Profile)
def test_a_registry_counts_in_seconds_and_tells_versions_by_their_id(small: Asking, profile: Profile) -> None:
    answer = small.tracking("GET registered-models/get", {"name": "segmenter"})
    model = answer.json()["registered_model"]
    kept = small.project().models["segmenter"]
    assert model["creation_timestamp"] == kept.created_at // 1000
    assert [one["aliases"] for one in model["latest_versions"]] == [["1.0.0"], ["1.10.0"], ["1.9.0"]]
    first = model["latest_versions"][0]
    assert first["version"] == ("1.0.0" if profile is Profile.OLD else str(kept.versions[0].id))
    assert (first["user_id"], first["current_stage"]) == (None, "development")
    by_semver = small.tracking("GET model-versions/get", {"name": "segmenter", "version": "1.0.0"})
    assert by_semver.json()["model_version"] == first
    by_id = small.tracking("GET model-versions/get", {"name": "segmenter", "version": str(kept.versions[0].id)})
    assert by_id.status_code == 404
    uri = small.tracking("GET model-versions/get-download-uri", {"name": "?", "version": str(kept.versions[0].id)})
    assert uri.json() == {"artifact_uri": f"mlflow-artifacts:/{kept.versions[0].id}"}
    assert small.tracking("GET model-versions/get-download-uri", {"name": "?", "version": "1.0.0"}).status_code == 400


def test_the_latest_version_is_the_highest(small: Asking) -> None:
    latest = "POST registered-models/get-latest-versions"
    (version,) = small.tracking(latest, {"name": "segmenter"}).json()["model_versions"]
    assert version["aliases"] == ["1.10.0"]
    assert small.tracking(latest, {"name": "unversioned"}).json() == {"model_versions": [None]}


def test_models_are_found_by_a_part_of_their_name(small: Asking) -> None:
    def found(**told: str) -> list[str]:
        models = small.tracking("GET registered-models/search", dict(told)).json()["registered_models"]
        return [one["name"] for one in models]

    assert found() == ["segmenter", "unversioned"]
    assert found(order_by="name DESC") == ["unversioned", "segmenter"]
    assert found(filter="name='ment'") == ["segmenter"]
    assert small.tracking("GET registered-models/search", {"filter": "name = 'ment'"}).status_code == 400


@pytest.mark.parametrize("profile", [Profile.MID, Profile.NEW])
def test_a_run_of_a_model_is_promoted_once(small: Asking, profile: Profile) -> None:
    create = "POST model-versions/create"
    run = small.project().models["segmenter"].experiment.candidates[-1]
    answer = small.tracking(create, {"name": "segmenter", "run_id": run.eid})
    assert answer.json()["model_version"]["run_id"] == run.eid
    assert answer.json()["model_version"]["aliases"] == ["2.0.0"]
    again = small.tracking(create, {"name": "segmenter", "run_id": run.eid})
    assert again.json()["message"] == "Run has already a model version"
    other = small.tracking(create, {"name": "segmenter", "run_id": small.project().experiments[1].candidates[0].eid})
    assert other.json()["message"] == "Run's experiment does not belong to this model"
