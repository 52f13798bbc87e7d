"""What mlflow's own client logs into a GitLab, and who reads it is mltrack."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

from mltrack_tui.domain.entities import PARENT_TAG, Candidate, CandidateId, Experiment
from mltrack_tui.domain.query import Query
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.remote import RemoteSource
from tests.gitlab.profiles import Profile
from tests.gitlab.server import GitLabStub
from tests.sources.reading import whole
from tests.sources.remote.gitlab.conftest import PROJECT, Open, ids, populated

BEGIN = 1_700_000_000_000
LOSS = [(step, BEGIN + 1000 * step, 1 / (step + 1)) for step in range(25)]
ACCURACY = [(step, BEGIN + 7 * step, -0.5 + step / 10) for step in (0, 5, 5, 10)]
FILES = {
    "notes.md": b"# It went well\n",
    "out/räume & zeit.bin": bytes(range(256)) * 300,
    "out/deep/er/a.txt": b"",
}


@dataclass(frozen=True)
class Written:
    """What mlflow wrote, and where."""

    stub: GitLabStub
    experiment: str
    parent: str
    child: str


@dataclass(frozen=True)
class Logged(Written):
    """The same, with whom to ask."""

    source: RemoteSource

    def place(self, run: str) -> CandidateId:
        return CandidateId(self.source.location, PROJECT, self.experiment, run)

    async def read(self, run: str) -> Candidate:
        (found,) = await self.source.read([self.place(run)])
        return found


@pytest.fixture(scope="module", params=Profile)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    """A run and one nested in it, logged as users do, by dan."""
    with GitLabStub(request.param, populated()) as stub, pytest.MonkeyPatch.context() as environment:
        for name in ("MLFLOW_DISABLE_TELEMETRY", "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"):
            environment.setenv(name, "true")
        environment.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
        environment.setenv("MLFLOW_TRACKING_TOKEN", stub.world.token(stub.world.user_named("dan")))
        client = MlflowClient(stub.tracking_uri(PROJECT))
        experiment = client.create_experiment("digits off [x]", tags={"team": "a", "mlflow.note.content": "# What\n"})
        parent = _log(client, experiment, tmp_path_factory.mktemp("artifacts"))
        tags = {PARENT_TAG: parent, "mlflow.user": "dan"}
        nested = client.create_run(experiment, start_time=BEGIN + 5, run_name="second", tags=tags)
        client.set_terminated(nested.info.run_id, status="KILLED", end_time=BEGIN + 50)
        yield Written(stub, experiment, parent, str(nested.info.run_id))


def _log(client: MlflowClient, experiment: str, folder: Path) -> str:
    run = client.create_run(experiment, start_time=BEGIN, run_name="first", tags={"mlflow.user": "dan"})
    run_id = str(run.info.run_id)
    for step, at, value in LOSS:
        client.log_metric(run_id, "loss", value, timestamp=at, step=step)
    rows = [Metric("val/acc", value, at, step) for step, at, value in ACCURACY]
    client.log_batch(run_id, rows, [Param("lr", "0.1"), Param("empty", "")], [RunTag("a b", "c = 'd'")])
    client.log_param(run_id, "größe", "10 %")
    client.set_tag(run_id, "note", "日本")
    for path, content in FILES.items():
        here = folder / path
        here.parent.mkdir(parents=True, exist_ok=True)
        here.write_bytes(content)
    client.log_artifact(run_id, str(folder / "notes.md"))
    client.log_artifacts(run_id, str(folder / "out"), "out")
    client.set_terminated(run_id, end_time=BEGIN + 60_000)
    return run_id


@pytest.fixture
def logged(written: Written, opened: Open) -> Logged:
    return Logged(**vars(written), source=opened(written.stub, "dan", at=PROJECT))


async def test_an_experiment_is_read_back(logged: Logged) -> None:
    found = (await final(logged.source.experiments(PROJECT))).items
    (one,) = found
    assert isinstance(one, Experiment)
    assert (one.experiment_id, one.name, one.creator) == (logged.experiment, "digits off [x]", "dan")
    assert dict(one.tags) == {"team": "a", "mlflow.note.content": "# What\n"}
    assert (one.candidates, one.counted, one.headline) == (2, True, "What")


async def test_the_candidates_come_the_latest_start_first(logged: Logged) -> None:
    assert await ids(logged.source, Query(PROJECT, (logged.experiment,))) == [logged.child, logged.parent]


async def test_everything_that_was_logged_of_a_candidate_is_read_back(logged: Logged) -> None:
    one = await logged.read(logged.parent)
    assert (one.name, one.status, one.user) == ("first", "FINISHED", "dan")
    assert (one.start_time, one.end_time, one.duration) == (BEGIN, BEGIN + 60_000, 60_000)
    assert one.params == {"lr": "0.1", "empty": "", "größe": "10 %"}
    assert one.tags == {"mlflow.user": "dan", "a b": "c = 'd'", "note": "日本"}
    assert one.metrics == {"loss": LOSS[-1][2], "val/acc": ACCURACY[-1][2]}
    other = await logged.read(logged.child)
    assert (other.name, other.status, other.end_time, other.metrics) == ("second", "KILLED", BEGIN + 50, {})


async def test_every_step_is_read_back_and_when_it_was_logged_unless_that_is_not_told(logged: Logged) -> None:
    for metric, points in (("loss", LOSS), ("val/acc", ACCURACY)):
        history = await final(logged.source.history(logged.place(logged.parent), metric))
        assert list(zip(history.steps, history.values, strict=True)) == [(step, value) for step, _, value in points]
        if logged.source.capabilities.times:
            assert list(history.timestamps) == [at for _, at, _ in points]
        else:
            assert set(history.timestamps) == {0}


async def test_only_the_middle_profile_tells_no_times(logged: Logged) -> None:
    await final(logged.source.history(logged.place(logged.parent), "loss"))
    reason = logged.source.capabilities.times.reason
    assert (reason is None) == (logged.stub.profile is not Profile.MID)


async def test_metrics_are_summed_up(logged: Logged) -> None:
    page = await final(logged.source.summaries(logged.place(logged.parent)))
    assert [(one.metric, one.points, one.minimum, one.maximum, one.last) for one in page.items] == [
        ("loss", 25, 0.04, 1.0, 0.04),
        ("val/acc", 4, -0.5, 0.5, 0.5),
    ]


async def test_artifacts_are_read_back_byte_for_byte_in_their_folders(logged: Logged) -> None:
    place, source = logged.place(logged.parent), logged.source
    assert [(one.path, one.is_dir, one.size) for one in await source.artifacts(place)] == [
        ("notes.md", False, 15),
        ("out", True, None),
    ]
    below = [one.path for one in await source.artifacts(place, "out")]
    assert below == ["out/deep", "out/räume & zeit.bin"]
    assert [one.path for one in await source.artifacts(place, "out/deep/er")] == ["out/deep/er/a.txt"]
    for path, content in FILES.items():
        assert await whole(source.content(place, path)) == content


async def test_a_nested_candidate_knows_its_parent_and_is_known_by_it(logged: Logged) -> None:
    parent = await logged.source.detail(logged.place(logged.parent))
    assert [one.id.candidate_id for one in parent.children] == [logged.child]
    assert (parent.every_child, parent.parent, parent.experiment_name) == (True, None, "digits off [x]")
    child = await logged.source.detail(logged.place(logged.child))
    assert child.parent is not None
    assert child.parent.id == logged.place(logged.parent)
