"""The app by its keys over a GitLab: from its projects to a curve, for whoever may write and whoever may only read."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from mltrack_tui.sources.remote import open_server
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import BEGIN, MINUTE, small_world
from tests.gitlab.server import GitLabStub
from tests.gitlab.world import World
from tests.screens.harness import Explorer, explore
from tests.sources.remote.gitlab.conftest import PROJECT, populated, questions
from tests.sources.remote.gitlab.test_rights import no_graphql

pytestmark = pytest.mark.usefixtures("folder")
Enter = Callable[..., AbstractAsyncContextManager[Explorer]]
SIZE = (120, 30)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where we are: nothing comes into the project."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def entered(monkeypatch: pytest.MonkeyPatch) -> Enter:
    """Opens a GitLab, or one project of it, with a token or as a user with some scopes."""

    @asynccontextmanager
    async def enter(
        stub: GitLabStub, username: str = "ann", *scopes: str, at: str | None = None, bearer: str = ""
    ) -> AsyncIterator[Explorer]:
        given = bearer or stub.world.token(stub.world.user_named(username), *scopes)
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", given)
        source = open_server(stub.tracking_uri(at) if at else stub.uri)
        stub.asked.clear()
        try:
            async with explore(source, SIZE) as explorer:
                yield explorer
        finally:
            await source.aclose()

    return enter


async def to_the_first_run(explorer: Explorer) -> None:
    """From the experiments of group/vision to the candidate that began first, which has everything."""
    await explorer.shows("All experiments", "segmentation", "4 experiments", "creator")
    await explorer.press("/")
    await explorer.type("segmentation")
    await explorer.press("enter")
    await explorer.shows("1 of 4 experiments")
    await explorer.press("G")
    await explorer.cursor_on("segmentation")
    await explorer.enter("5 candidates", "run 4", "val/accuracy", "☆0.7000")
    await explorer.press("G")
    await explorer.cursor_on("run 0")
    await explorer.enter("› run 0", "● finished", "2023-11-14 22:13:20+00:00")


async def look_around(explorer: Explorer) -> None:
    """At the tabs of that candidate."""
    await explorer.press("2")
    await explorer.shows("optimizer", "sgd", "Parameters 3")
    await explorer.press("3")
    await explorer.shows("loss   step 0–9", "10 of 10 points", "1.0┤⢣", "0.1000  0.1000  1.0000      10")
    await explorer.press("5")
    await explorer.shows("model", "plots", "notes.md")
    await explorer.press("j")
    await explorer.cursor_on("plots")
    await explorer.enter("▾ plots", "loss curve.svg")
    await explorer.press("g")
    await explorer.cursor_on("model")
    await explorer.press("d")
    await explorer.shows("Download model", "enter downloads")
    await explorer.press("enter")
    await explorer.shows("Downloaded model to")
    assert downloaded("model/data/weights.bin") == b"the content of model/data/weights.bin\n"


def downloaded(path: str) -> bytes:
    return Path(path).read_bytes()


@pytest.mark.parametrize("profile", Profile)
async def test_from_the_projects_to_a_curve_and_a_file(gitlab: StartGitLab, entered: Enter, profile: Profile) -> None:
    stub = gitlab(profile, small_world(profile))
    async with entered(stub) as explorer:
        await explorer.shows("5 projects", "group/vision", "Owner")
        await explorer.press("/")
        await explorer.type("vision")
        await explorer.shows("1 of 5 projects")
        await explorer.press("enter")
        await explorer.cursor_on("group/vision")
        await explorer.press("enter")
        await to_the_first_run(explorer)
        await explorer.shows("train 0", "Tune the rate (0)")
        await look_around(explorer)


@pytest.mark.parametrize(("user", "scope"), [("gus", "api"), ("dan", "read_api")])
async def test_who_may_only_read_sees_the_same(gitlab: StartGitLab, entered: Enter, user: str, scope: str) -> None:
    stub = gitlab(world=small_world())
    async with entered(stub, user, scope, at=PROJECT) as explorer:
        await to_the_first_run(explorer)
        assert ("train 0" in explorer.text) == (user == "dan")
        await look_around(explorer)
    searches = [one.status for one in stub.asked if one.path.endswith("runs/search")]
    assert searches == [403 if user == "dan" else 401]


async def test_models_lead_to_the_candidates_of_their_versions(gitlab: StartGitLab, entered: Enter) -> None:
    async with entered(gitlab(world=small_world()), at=PROJECT) as explorer:
        await explorer.shows("4 experiments")
        await explorer.press("tab")
        await explorer.shows("2 models", "segmenter", "1.10.0", "unversioned")
        await explorer.enter("3 versions", "Version 1.9.0")
        await explorer.cursor_on("1.10.0")
        await explorer.press("enter")
        await explorer.shows("› 1.10.0", "experiment   [model]segmenter")


# Many candidates


@pytest.fixture
def many() -> World:
    """330 candidates, of which each second lacks a metric that the others have."""
    world = populated(330, metrics=1)
    for number, one in enumerate(world.find_project(PROJECT).experiments[1].candidates):
        if number % 2:
            world.metric(one, "val_loss", 1000 - number)
    return world


async def test_many_candidates_come_as_they_are_wanted(gitlab: StartGitLab, entered: Enter, many: World) -> None:
    stub = gitlab(world=many)
    async with entered(stub, at=PROJECT) as explorer:
        await explorer.shows("experiment 1", "330")
        await explorer.press("G")
        await explorer.enter("trial-00329", "loaded", "server has more")
        await explorer.press("M")
        await explorer.shows("330 candidates")
        assert questions(stub)["POST runs/search"] == 3
        await explorer.press("G")
        await explorer.cursor_on("trial-00000")


async def test_an_order_by_a_metric_is_the_servers_and_brings_the_best_at_once(
    gitlab: StartGitLab, entered: Enter, many: World
) -> None:
    async with entered(gitlab(world=many), at=PROJECT) as explorer:
        await explorer.shows("experiment 1", "330")
        await explorer.press("G")
        await explorer.enter("trial-00329", "loaded")
        await explorer.press("$", "]", "g")
        await explorer.cursor_on("trial-00001")
        await explorer.shows("▼ metrics.val_loss")
        await explorer.lacks("of these")
        await explorer.press("M")
        await explorer.shows("330 candidates")
        await explorer.press("G")
        await explorer.cursor_on("trial-00000")
        assert explorer.cursor_line.endswith("–")


async def test_a_filter_says_of_how_many_it_is(gitlab: StartGitLab, entered: Enter, many: World) -> None:
    async with entered(gitlab(world=many), at=PROJECT) as explorer:
        await explorer.shows("experiment 1", "330")
        await explorer.press("G")
        await explorer.enter("trial-00329", "loaded")
        await explorer.press("/")
        await explorer.type("metrics.val_loss > 995")
        await explorer.press("enter")
        await explorer.shows("0 of", "loaded")
        await explorer.press("M")
        await explorer.shows("2 of 330 candidates", "trial-00003", "trial-00001")


async def test_a_refresh_shows_what_is_new(gitlab: StartGitLab, entered: Enter) -> None:
    stub = gitlab(world=small_world())
    async with entered(stub, at=PROJECT) as explorer:
        await explorer.shows("4 experiments", "segmentation")
        await explorer.press("g")
        await explorer.cursor_on("All experiments")
        await explorer.enter("9 candidates", "run 4")
        with stub.world.lock:
            project = stub.world.find_project(PROJECT)
            at = BEGIN + 1000 * MINUTE
            stub.world.candidate(project, project.experiments[1], "just begun", at=at, start_time=at)
        await explorer.press("r")
        await explorer.shows("just begun", "10 candidates")


# What is refused


async def test_a_bad_token_is_told_and_asked_for_again(gitlab: StartGitLab, entered: Enter) -> None:
    stub = gitlab(world=small_world())
    async with entered(stub, bearer="glpat-nobodys") as explorer:
        await explorer.shows("does not know us (401 Unauthorized)", "the token is missing, wrong, revoked or expired")
        await explorer.shows("r tries again")
        assert "glpat" not in explorer.text
        asked = len(stub.asked)
        await explorer.press("r")
        await explorer.until(lambda: len(stub.asked) > asked)
        await explorer.shows("does not know us")


async def test_a_token_that_is_revoked_meanwhile_leaves_what_is_shown(gitlab: StartGitLab, entered: Enter) -> None:
    stub = gitlab(world=small_world())
    async with entered(stub, at=PROJECT) as explorer:
        await explorer.shows("4 experiments")
        await explorer.press("g")
        await explorer.enter("run 4")
        for token in stub.world.tokens.values():
            token.revoked = True
        await explorer.press("r")
        await explorer.tells("does not know us (Token was revoked.")
        await explorer.shows("run 4", "run 0")


async def test_a_project_whose_experiments_are_switched_off_says_so(gitlab: StartGitLab, entered: Enter) -> None:
    async with entered(gitlab(world=small_world())) as explorer:
        await explorer.shows("5 projects", "group/plain")
        await explorer.press("G")
        await explorer.cursor_on("group/plain")
        await explorer.press("enter")
        await explorer.shows("group/plain shows no experiments: they are turned off in its settings")


async def test_without_graphql_there_is_everything_but_the_counts(gitlab: StartGitLab, entered: Enter) -> None:
    stub = gitlab(world=small_world())
    stub.refuse = no_graphql
    async with entered(stub, at=PROJECT) as explorer:
        await explorer.shows("4 experiments", "segmentation")
        await explorer.press("/")
        await explorer.type("segmentation")
        await explorer.press("enter", "G")
        await explorer.cursor_on("segmentation")
        await explorer.enter("5 candidates")
        await explorer.press("G")
        await explorer.enter("› run 0", "● finished")
        await look_around(explorer)


async def test_a_project_that_is_not_there_ends_the_program_with_a_sentence(
    gitlab: StartGitLab, entered: Enter
) -> None:
    async with entered(gitlab(world=small_world()), at="group/nothing") as explorer:
        await explorer.until(lambda: not explorer.app.is_running)
        assert explorer.app.return_code == 1
