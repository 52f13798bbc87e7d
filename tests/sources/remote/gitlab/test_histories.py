"""Histories by whichever way a GitLab has, and for how many requests."""

from collections import Counter

import pytest

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.query import Order, Query
from mltrack_tui.sources.base import NotFoundError, SourceError
from mltrack_tui.sources.pages import at_hand, final
from mltrack_tui.sources.remote import RemoteSource
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import BEGIN
from tests.gitlab.server import GitLabStub
from tests.sources.remote.gitlab.conftest import PROJECT, Open, populated, project_of, questions
from tests.sources.remote.gitlab.test_rights import no_graphql

HISTORY, NODES = "GET metrics/get-history", "GraphQL mlExperiment"
STEPS = 30


@pytest.fixture
def stub(gitlab: StartGitLab, profile: Profile) -> GitLabStub:
    """With a candidate that has five metrics of thirty steps, between others."""
    world = populated(3, metrics=0)
    one = world.find_project(PROJECT).experiments[1].candidates[1]
    for step in range(STEPS):
        for number in range(5):
            world.metric(one, f"m{number}", number + step / 100, step=step, timestamp=BEGIN + 1000 * step)
    return gitlab(profile, world)


def place(stub: GitLabStub, source: RemoteSource) -> CandidateId:
    return CandidateId(source.location, PROJECT, "1", project_of(stub).experiments[1].candidates[1].eid)


FOUND = {"GET version": 1, "GET experiments/get": 1}
EACH_WAY = [
    # That there is no get-history, four at once find; then all rows come with the candidate.
    (Profile.OLD, Counter({**FOUND, HISTORY: 4, "GET runs/get": 2})),
    # The same, but that the rows are GraphQL's: the experiment, the candidate's place in it, and 150 by the hundred.
    (Profile.MID, Counter({**FOUND, HISTORY: 4, "GET runs/get": 2, "GraphQL project": 1, NODES: 3})),
    (Profile.NEW, Counter({**FOUND, HISTORY: 5, "GET runs/get": 1})),
]


@pytest.mark.parametrize(("profile", "most"), EACH_WAY)
async def test_five_metrics_are_summed_up_for_few_requests(stub: GitLabStub, opened: Open, most: Counter[str]) -> None:
    source = opened(stub, at=PROJECT)
    page = await final(source.summaries(place(stub, source)))
    assert [(one.metric, one.points, one.minimum, one.maximum, one.last) for one in page.items] == [
        (f"m{number}", STEPS, number, number + 0.29, number + 0.29) for number in range(5)
    ]
    asked = questions(stub)
    assert asked <= most, asked
    await final(source.summaries(place(stub, source)))
    for number in range(5):
        await final(source.history(place(stub, source), f"m{number}", 100))
    assert not questions(stub)


@pytest.mark.parametrize("profile", Profile)
async def test_without_graphql_what_is_told_is_what_there_is(stub: GitLabStub, opened: Open, profile: Profile) -> None:
    stub.refuse = no_graphql
    source = opened(stub, at=PROJECT)
    history = await final(source.history(place(stub, source), "m1"))
    assert len(history) == (1 if profile is Profile.MID else STEPS)
    assert (history.values[-1], history.steps[-1], history.timestamps[-1]) == (1.29, 29, BEGIN + 29_000)
    assert not source.capabilities.times.reason
    assert (history.exact, history.total) == ((False, None) if profile is Profile.MID else (True, STEPS))
    assert bool(source.capabilities.history) is (profile is not Profile.MID)


async def test_nothing_is_summed_up_of_histories_that_are_not_told(gitlab: StartGitLab, opened: Open) -> None:
    world = populated(3, metrics=0)
    one = world.find_project(PROJECT).experiments[1].candidates[1]
    for step in range(STEPS):
        world.metric(one, "m0", float(step), step=step, timestamp=BEGIN + step)
    stub = gitlab(Profile.MID, world)
    stub.refuse = no_graphql
    source = opened(stub, at=PROJECT)
    page = await at_hand(source.summaries(place(stub, source)))
    assert [(each.metric, each.last, each.minimum, each.points) for each in page.items] == [("m0", 29, None, None)]
    query = Query(PROJECT, ("1",), order=(Order.parse("min(metrics.m0)"),))
    with pytest.raises(SourceError, match="only the latest value"):
        await final(source.candidates(query))


@pytest.mark.parametrize("profile", Profile)
async def test_a_guest_and_a_token_that_reads_see_the_same_history(stub: GitLabStub, opened: Open) -> None:
    found = []
    for user, scope in (("ann", "api"), ("ann", "read_api"), ("gus", "api")):
        source = opened(stub, user, scope, at=project_of(stub).id)
        found.append(await final(source.history(place(stub, source), "m3")))
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == STEPS


@pytest.mark.parametrize("profile", Profile)
async def test_no_candidate_has_no_history(stub: GitLabStub, opened: Open) -> None:
    source = opened(stub, at=PROJECT)
    nobody = place(stub, source)._replace(candidate_id="nobody")
    with pytest.raises(NotFoundError):
        await final(source.history(nobody, "m1"))


@pytest.mark.parametrize("profile", [Profile.MID, Profile.NEW])
async def test_a_long_history_is_read_to_its_end(stub: GitLabStub, opened: Open, profile: Profile) -> None:
    number = 2300 if profile is Profile.NEW else 230
    one = project_of(stub).experiments[1].candidates[1]
    for step in range(number):
        stub.world.metric(one, "long", step % 7, step=step, timestamp=BEGIN + step)
    source = opened(stub, at=PROJECT)
    history = await final(source.history(place(stub, source), "long"))
    assert (len(history), history.total, history.exact) == (number, number, True)
    assert list(history.steps) == list(range(number))
    few = await final(source.history(place(stub, source), "long", 10))
    assert (len(few) <= 22, few.total) == (True, number)
