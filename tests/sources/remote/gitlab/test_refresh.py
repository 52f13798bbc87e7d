"""What changed on a GitLab is seen after a refresh, for few requests."""

from dataclasses import replace

import pytest

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.query import Order, Query
from mltrack_tui.sources.base import NotFoundError
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.remote import RemoteSource
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import BEGIN, MINUTE
from tests.gitlab.server import GitLabStub
from tests.gitlab.things import Candidate
from tests.sources.remote.gitlab.conftest import PROJECT, Open, ids, newest_first, populated, project_of, questions

ONE = Query(PROJECT, ("1",))
LATER = BEGIN + 10_000 * MINUTE


@pytest.fixture
def stub(gitlab: StartGitLab) -> GitLabStub:
    """With 200 candidates in an experiment, of which one that began early goes on."""
    world = populated(200)
    early = world.find_project(PROJECT).experiments[1].candidates[3]
    early.status, early.end_time = "RUNNING", None
    return gitlab(world=world)


@pytest.fixture
async def source(stub: GitLabStub, opened: Open) -> RemoteSource:
    """Which has all of them."""
    source = opened(stub, at=PROJECT)
    assert len(await ids(source, ONE)) == 200
    questions(stub)
    return source


def add(stub: GitLabStub, name: str = "the newest") -> Candidate:
    with stub.world.lock:
        project = project_of(stub)
        return stub.world.candidate(project, project.experiments[1], name, at=LATER, start_time=LATER)


def remove(stub: GitLabStub, place: int) -> None:
    with stub.world.lock:
        gone = project_of(stub).experiments[1].candidates.pop(place)
        del project_of(stub).candidates[gone.eid]


async def read(source: RemoteSource, one: Candidate) -> dict[str, float]:
    (found,) = await source.read([CandidateId(source.location, PROJECT, "1", one.eid)])
    return dict(found.metrics)


async def test_without_a_refresh_nothing_is_asked_and_nothing_changes(source: RemoteSource, stub: GitLabStub) -> None:
    before = newest_first(stub, 1)
    add(stub)
    assert await ids(source, ONE) == before
    assert not questions(stub)


async def test_a_refresh_shows_what_is_new_gone_and_changed_for_a_request_each(
    source: RemoteSource, stub: GitLabStub
) -> None:
    new = add(stub)
    remove(stub, -5)
    running = project_of(stub).experiments[1].candidates[3]
    with stub.world.lock:
        stub.world.metric(running, "metric0", 17.5, step=9)
    source.forget()
    found = await ids(source, ONE)
    assert found == newest_first(stub, 1)
    assert (found[0], len(found)) == (new.eid, 200)
    assert (await read(source, running))["metric0"] == 17.5
    assert questions(stub) == {"GET experiments/list": 1, "POST runs/search": 1, "GET runs/get": 1}


async def test_one_that_ended_meanwhile_is_not_asked_again(source: RemoteSource, stub: GitLabStub) -> None:
    running = project_of(stub).experiments[1].candidates[3]
    running.status = "FINISHED"
    for expected in (1, 0):
        source.forget()
        await ids(source, ONE)
        assert questions(stub)["GET runs/get"] == expected


async def test_a_running_one_that_is_deleted_is_gone(source: RemoteSource, stub: GitLabStub) -> None:
    remove(stub, 3)
    source.forget()
    assert await ids(source, ONE) == newest_first(stub, 1)


async def test_an_order_is_right_after_a_refresh(source: RemoteSource, stub: GitLabStub) -> None:
    new = add(stub)
    stub.world.metric(new, "metric0", -1.0)
    source.forget()
    found = await ids(source, replace(ONE, order=(Order.parse("metrics.metric0"),)))
    assert found[0] == new.eid
    assert len(found) == 201
    assert questions(stub)["POST runs/search"] == 1


async def test_of_what_is_loaded_in_part_the_first_page_is_asked_anew(stub: GitLabStub, opened: Open) -> None:
    source = opened(stub, at=PROJECT)
    await anext(source.candidates(ONE))
    remove(stub, -2)
    new = add(stub)
    source.forget()
    questions(stub)
    page = await anext(source.candidates(ONE))
    assert page.items[0].candidate_id == new.eid
    assert [one.candidate_id for one in page.items] == newest_first(stub, 1)[: len(page.items)]
    assert questions(stub) == {"GET experiments/list": 1, "POST runs/search": 1}
    assert await ids(source, ONE) == newest_first(stub, 1)


async def test_a_new_experiment_and_the_numbers_are_there_after_a_refresh(
    source: RemoteSource, stub: GitLabStub
) -> None:
    told = (await final(source.experiments(PROJECT))).items
    assert [(one.name, one.candidates) for one in told] == [("experiment 1", 200)]
    with stub.world.lock:
        stub.world.experiment(project_of(stub), "another", at=BEGIN)
    add(stub)
    source.forget()
    questions(stub)
    told = (await final(source.experiments(PROJECT))).items
    assert [(one.name, one.candidates) for one in told] == [("experiment 1", 201), ("another", 0)]
    assert questions(stub) == {"GET experiments/list": 1, "GraphQL project": 1}


@pytest.mark.parametrize("profile", Profile)
async def test_a_history_and_the_artifacts_of_one_that_runs_grow(
    gitlab: StartGitLab, opened: Open, profile: Profile
) -> None:
    stub = gitlab(profile, populated(1))
    running = project_of(stub).experiments[1].candidates[0]
    running.status, running.end_time = "RUNNING", None
    place = CandidateId("", PROJECT, "1", running.eid)
    source = opened(stub, at=PROJECT)
    for step in range(3):
        with stub.world.lock:
            stub.world.metric(running, "loss", step, step=step, timestamp=BEGIN + step)
            stub.world.artifact(project_of(stub), running, f"{step}.txt", b"x")
        source.forget()
        assert len(await final(source.history(place, "loss"))) == step + 1
        summaries = {one.metric: one.points for one in (await final(source.summaries(place))).items}
        assert summaries == {"loss": step + 1, "metric0": 1, "metric1": 1}
        assert [one.name for one in await source.artifacts(place)] == [f"{each}.txt" for each in range(step + 1)]


async def test_one_that_is_gone_is_not_found_when_it_is_opened(source: RemoteSource, stub: GitLabStub) -> None:
    gone = project_of(stub).experiments[1].candidates[0]
    remove(stub, 0)
    source.forget()
    with pytest.raises(NotFoundError, match="has no candidate"):
        await source.detail(CandidateId(source.location, PROJECT, "1", gone.eid))
