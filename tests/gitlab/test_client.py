"""The real client of MLflow logs into the stub as users do, and finds there what it would find on GitLab."""

from collections.abc import Callable
from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException, RestException

from tests.gitlab.asking import VISION
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.server import GitLabStub
from tests.gitlab.things import DEVELOPER
from tests.gitlab.world import World

SUB = "group/sub/vision"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    monkeypatch.setenv("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")


@pytest.fixture
def stub(gitlab: StartGitLab, profile: Profile, monkeypatch: pytest.MonkeyPatch) -> GitLabStub:
    """With a project in a group of a group, of which dan is a developer; the client is dan."""
    world = World()
    dan = world.user("dan")
    world.add_member(dan, world.project(SUB), DEVELOPER)
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", world.token(dan))
    return gitlab(profile, world)


@pytest.fixture
def client(stub: GitLabStub) -> MlflowClient:
    return MlflowClient(stub.tracking_uri(SUB))


@pytest.fixture
def run_id(client: MlflowClient, tmp_path: Path) -> str:
    """A run, logged as users do."""
    experiment = client.create_experiment("digits", tags={"team": "a"})
    run = client.create_run(experiment, start_time=1_700_000_000_000, run_name="first", tags={"mlflow.user": "dan"})
    run_id = str(run.info.run_id)
    client.log_param(run_id, "lr", "0.1")
    for step in (0, 2, 1):
        client.log_metric(run_id, "loss", 1 / (step + 1), step=step, timestamp=1_700_000_000_000 + step)
    metrics = [Metric("val/acc", 0.5, 1_700_000_000_000, 0), Metric("val/acc", 0.75, 1_700_000_001_000, 1)]
    client.log_batch(run_id, metrics, [Param("opt", "sgd"), Param("empty", "")], [RunTag("q", "a b")])
    client.set_tag(run_id, "note", "日本")
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.txt").write_text("hello")
    (tmp_path / "sub" / "b.bin").write_bytes(b"\x00\x01")
    client.log_artifact(run_id, str(tmp_path / "a.txt"))
    client.log_artifacts(run_id, str(tmp_path), "out")
    client.set_terminated(run_id, end_time=1_700_000_060_000)
    return run_id


@pytest.mark.parametrize("profile", Profile)
def test_what_the_client_logged_it_reads_back(client: MlflowClient, run_id: str, profile: Profile) -> None:
    run = client.get_run(run_id)
    assert (run.info.run_name, run.info.status) == ("first", "FINISHED")
    assert (run.info.start_time, run.info.end_time) == (1_700_000_000_000, 1_700_000_060_000)
    assert run.data.params == {"lr": "0.1", "opt": "sgd", "empty": ""}
    assert run.data.tags == {"mlflow.user": "dan", "q": "a b", "note": "日本"}
    rows = sorted((row.key, row.step, row.value) for row in run.data._metric_objs)
    latest = [("loss", 1, 0.5), ("val/acc", 1, 0.75)]  # that of the greatest step would be the one of step 2
    everything = [("loss", 0, 1.0), *latest[:1], ("loss", 2, 1 / 3), ("val/acc", 0, 0.5), *latest[1:]]
    assert rows == (everything if profile is Profile.OLD else latest)
    experiment = client.get_experiment(run.info.experiment_id)
    assert (experiment.name, experiment.tags, experiment.creation_time) == ("digits", {"team": "a"}, None)
    by_name = client.get_experiment_by_name("digits")
    assert by_name
    assert dict(by_name) == dict(experiment)
    assert [found.info.run_id for found in client.search_runs(["1"])] == [run_id]


@pytest.mark.parametrize("profile", Profile)
def test_only_the_newest_has_a_history(client: MlflowClient, run_id: str, profile: Profile) -> None:
    if profile is Profile.NEW:
        assert [(row.step, row.value) for row in client.get_metric_history(run_id, "loss")] == [
            (0, 1.0),
            (1, 0.5),
            (2, 1 / 3),
        ]
        assert client.get_metric_history(run_id, "never logged") == []
        return
    with pytest.raises(RestException, match="404 Not Found"):
        client.get_metric_history(run_id, "loss")


@pytest.mark.parametrize("redirect_files", [True, False])
def test_artifacts_come_back_from_the_newest(
    stub: GitLabStub, client: MlflowClient, run_id: str, tmp_path: Path, *, redirect_files: bool
) -> None:
    stub.redirect_files = redirect_files
    assert client.get_run(run_id).info.artifact_uri == "mlflow-artifacts:/candidate:1"
    afresh = MlflowClient(stub.tracking_uri(1 + 40))
    assert [(one.path, one.file_size) for one in afresh.list_artifacts(run_id)] == [
        ("a.txt", 5),
        ("out/a.txt", 5),
        ("out/sub/b.bin", 2),
    ]
    target = tmp_path / "came"
    target.mkdir()
    client.download_artifacts(run_id, "", str(target))
    assert (target / "out" / "sub" / "b.bin").read_bytes() == b"\x00\x01"
    from_elsewhere = [one for one in stub.asked if one.host in stub.elsewhere]
    assert len(from_elsewhere) == (3 if redirect_files else 0)
    assert {one.status for one in from_elsewhere} <= {200}


@pytest.mark.parametrize("profile", [Profile.OLD, Profile.MID])
def test_artifacts_of_older_ones_arrive_but_the_client_cannot_list_them(
    stub: GitLabStub, client: MlflowClient, run_id: str
) -> None:
    stored = next(iter(stub.world.projects[41].packages.values()))
    assert (stored.name, stored.version) == ("ml_experiment_1", "candidate_1")
    assert list(stored.files) == ["a.txt", "out%2Fa.txt", "out%2Fsub%2Fb.bin"]
    uri = client.get_run(run_id).info.artifact_uri
    assert uri == f"{stub.uri}/api/v4/projects/41/packages/ml_models/candidate:1/files/"
    with pytest.raises(ValueError, match="not enough values to unpack"):
        client.list_artifacts(run_id)


def _rename(client: MlflowClient, run_id: str) -> None:
    client.update_run(run_id, name="other")
    if client.get_run(run_id).info.run_name == "first":
        raise MlflowException("not renamed")


REFUSED: list[tuple[str, Callable[[MlflowClient, str], object], str]] = [
    ("order", lambda client, run: client.search_runs(["1"], order_by=["metrics.loss"]), "order_by is invalid"),
    ("experiments' order", lambda client, run: client.search_experiments(order_by=["name"]), "order_by is invalid"),
    ("versions of a run", lambda client, run: client.search_model_versions(f"run_id='{run}'"), "404 Not Found"),
    ("logged models", lambda client, run: client.search_logged_models(["1"]), "404 Not Found"),
    ("a run's name", _rename, "not renamed"),
    ("an experiment's name", lambda client, run: client.rename_experiment("1", "other"), "404 Not Found"),
    ("a tag gone", lambda client, run: client.delete_tag(run, "q"), "404 Not Found"),
    ("a tag twice", lambda client, run: client.set_tag(run, "q", "other"), "400 Bad request"),
    ("a parameter twice", lambda client, run: client.log_param(run, "lr", "0.1"), "400 Bad request"),
    ("restoring", lambda client, run: client.restore_run(run), "404 Not Found"),
    ("NaN", lambda client, run: client.log_metric(run, "loss", float("nan")), "value is invalid"),
    ("an infinity", lambda client, run: client.log_batch(run, [Metric("x", float("inf"), 1, 0)]), "value"),
    ("the same experiment", lambda client, run: client.create_experiment("digits"), "RESOURCE_ALREADY_EXISTS"),
    ("no run", lambda client, run: client.get_run(run[:-1] + "x"), "RESOURCE_DOES_NOT_EXIST"),
]


@pytest.mark.parametrize(("what", "attempt", "words"), REFUSED, ids=[what for what, *_ in REFUSED])
def test_what_gitlab_cannot_do_fails_there_too(
    client: MlflowClient, run_id: str, what: str, attempt: Callable[[MlflowClient, str], object], words: str
) -> None:
    with pytest.raises(MlflowException, match=words):
        attempt(client, run_id)


def test_a_filter_finds_everything(client: MlflowClient, run_id: str) -> None:
    assert [run.info.run_id for run in client.search_runs(["1"], "metrics.loss > 1000")] == [run_id]


def test_what_is_deleted_is_gone(client: MlflowClient, run_id: str) -> None:
    client.delete_run(run_id)
    assert client.search_runs(["1"]) == []
    client.delete_experiment("1")
    assert client.search_experiments() == []


def test_the_client_registers_a_model_and_gets_its_version_by_the_semantic_one(client: MlflowClient) -> None:
    client.create_registered_model("m", description="of numbers")
    version = client.create_model_version("m", "ignored")
    assert [version.aliases, version.version] == [["1.0.0"], "3001"]
    assert client.get_model_version("m", "1.0.0").run_id == version.run_id
    assert client.get_model_version_download_uri("m", version.version) == "mlflow-artifacts:/3001"
    assert client.get_model_version_by_alias("m", "1.0.0").version == version.version
    assert client.get_registered_model("m").description == "of numbers"
    assert [one.name for one in client.search_experiments()] == ["[model]m"]


def test_the_client_cannot_search_models_for_it_always_adds_a_filter_of_its_own(client: MlflowClient) -> None:
    client.create_registered_model("m")
    with pytest.raises(RestException, match="INVALID_PARAMETER_VALUE"):
        client.search_registered_models()
    assert client.search_registered_models("name='m'") == []


def test_a_stranger_meets_the_refusals_as_errors(stub: GitLabStub, monkeypatch: pytest.MonkeyPatch) -> None:
    stub.world.project(VISION)
    with pytest.raises(RestException, match="404 Project Not Found"):
        MlflowClient(stub.tracking_uri(VISION)).get_experiment("1")
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "glpat-nobody")
    with pytest.raises(MlflowException, match="401"):
        MlflowClient(stub.tracking_uri(SUB)).get_experiment("1")
