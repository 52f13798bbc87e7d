"""What a token or a role that is too small still shows of a GitLab, for how many requests, and what is said of it."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.query import Column, Kind, Order, Query
from mltrack_tui.sources.base import NotFoundError, RefusedError, Source, SourceError
from mltrack_tui.sources.pages import at_hand, final
from mltrack_tui.sources.remote import open_server
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.server import Asked, GitLabStub
from tests.sources.remote.gitlab.conftest import PROJECT, Open, ids, newest_first, populated, project_of, questions

ONE = Query(PROJECT, ("1",))
READERS = [("ann", "read_api"), ("gus", "api")]
"""Whose token, and whose role, is too small for a search."""


@pytest.fixture
def stub(gitlab: StartGitLab) -> GitLabStub:
    return gitlab(world=populated(70))


def no_graphql(asked: Asked) -> tuple[int, dict[str, str], bytes] | None:
    """As where an administrator, or a proxy, turned it off."""
    if asked.path.endswith("/api/graphql"):
        return 404, {"Content-Type": "application/json"}, b'{"error":"404 Not Found"}'
    return None


# Who may only read


@pytest.mark.parametrize(("user", "scope"), READERS)
async def test_who_may_only_read_sees_every_candidate_with_all_values(
    stub: GitLabStub, opened: Open, user: str, scope: str
) -> None:
    source, writer = opened(stub, user, scope, at=PROJECT), opened(stub, at=PROJECT)
    page = await final(source.candidates(ONE))
    assert [one.candidate_id for one in page.items] == newest_first(stub, 1)
    assert await source.read(page.items) == await writer.read(page.items)


@pytest.mark.parametrize(("user", "scope"), READERS)
async def test_the_first_rows_cost_a_request_each_and_five_more(
    gitlab: StartGitLab, opened: Open, user: str, scope: str
) -> None:
    stub = gitlab(world=populated(130))
    page = await anext(opened(stub, user, scope, at=PROJECT).candidates(ONE))
    assert (page.loaded, page.total, page.on_demand) == (60, None, True)
    asked = questions(stub)
    assert asked["GET runs/get"] == 60
    assert asked["POST runs/search"] == 1
    assert asked.total() <= 65


@pytest.mark.parametrize(("user", "scope"), READERS)
async def test_who_was_refused_a_search_asks_for_none_again(
    stub: GitLabStub, opened: Open, user: str, scope: str
) -> None:
    source = opened(stub, user, scope, at=PROJECT)
    pages = source.candidates(ONE)
    await anext(pages)
    questions(stub)
    async for _ in pages:
        pass
    place = CandidateId(source.location, PROJECT, "1", newest_first(stub, 1)[0])
    await final(source.experiments(PROJECT))
    await ids(source, Query(PROJECT, ("1",), order=(Order.parse("metrics.metric0"),)))
    await source.detail(place)
    await final(source.summaries(place))
    await source.artifacts(place)
    await final(source.models(PROJECT))
    source.forget()
    await ids(source, ONE)
    posted = {asked for asked in questions(stub) if asked.startswith("POST")}
    assert posted == set()


@pytest.mark.parametrize(("user", "scope"), READERS)
async def test_who_may_not_search_gets_an_order_by_a_metric_that_is_made_here(
    stub: GitLabStub, opened: Open, user: str, scope: str
) -> None:
    source = opened(stub, user, scope, at=PROJECT)
    pages = [page async for page in source.candidates(Query(PROJECT, ("1",), order=(Order.parse("metrics.metric0"),)))]
    assert not any(page.appends for page in pages)
    candidates = project_of(stub).experiments[1].candidates
    assert [one.candidate_id for one in pages[-1].items] == [
        one.eid for one in sorted(candidates, key=lambda one: one.latest()["metric0"].value)
    ]
    assert questions(stub)["POST runs/search"] <= 2  # the first page of all, and of the order, at once


@pytest.mark.parametrize(("user", "scope"), READERS)
async def test_of_three_experiments_who_may_only_read_sees_one_order(
    gitlab: StartGitLab, opened: Open, user: str, scope: str
) -> None:
    stub = gitlab(world=populated(10, 20, 5))
    source = opened(stub, user, scope, at=project_of(stub).id)
    assert await ids(source, Query(PROJECT, ("1", "2", "3"))) == newest_first(stub, 1, 2, 3)


# What is said of a refusal


Ask = Callable[[Source], Any]

ASKED: list[tuple[str, Ask]] = [
    ("projects", lambda source: final(source.projects())),
    ("experiments", lambda source: final(source.experiments(PROJECT))),
    ("candidates", lambda source: final(source.candidates(ONE))),
    ("a candidate", lambda source: source.locate("0", PROJECT)),
    ("models", lambda source: final(source.models(PROJECT))),
]


@pytest.fixture
async def told(stub: GitLabStub, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[..., Any]]:
    """What a question that is refused raises, with some token."""
    sources = []

    async def fail(token: str, ask: Ask, uri: str | None = None) -> SourceError:
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", token)
        sources.append(open_server(uri or stub.tracking_uri(PROJECT)))
        with pytest.raises(SourceError) as caught:
            await ask(sources[-1])
        assert token not in str(caught.value)
        assert "\n" not in str(caught.value)
        return caught.value

    yield fail
    for source in sources:
        await source.aclose()


@pytest.mark.parametrize(("what", "ask"), ASKED, ids=[what for what, _ in ASKED])
async def test_a_bad_token_is_called_one(stub: GitLabStub, told: Callable[..., Any], what: str, ask: Ask) -> None:
    for uri in (stub.tracking_uri(PROJECT), stub.uri):
        error = await told("glpat-nobody", ask, uri)
        assert isinstance(error, RefusedError), what
        assert "does not know us" in str(error)
        assert "token" in str(error)


@pytest.mark.parametrize(("state", "words"), [("revoked", "Token was revoked"), ("expired", "Token is expired")])
async def test_a_token_that_was_good_once_is_told_with_gitlabs_words(
    stub: GitLabStub, told: Callable[..., Any], state: str, words: str
) -> None:
    token = stub.world.token(stub.world.user_named("ann"))
    setattr(stub.world.tokens[token], state, True)
    for _, ask in ASKED:
        error = await told(token, ask)
        assert isinstance(error, RefusedError)
        assert words in str(error)


async def test_a_scope_that_reads_nothing_is_named(stub: GitLabStub, told: Callable[..., Any]) -> None:
    token = stub.world.token(stub.world.user_named("ann"), "read_user")
    for _, ask in ASKED:
        for uri in (stub.uri, stub.tracking_uri(PROJECT)):
            error = await told(token, ask, uri)
            assert isinstance(error, RefusedError)
            assert "scope" in str(error)
            assert "does not know us" not in str(error)


async def test_a_role_that_is_too_low_is_not_called_a_bad_token(stub: GitLabStub, told: Callable[..., Any]) -> None:
    stub.refuse = no_graphql
    error = await told(stub.world.token(stub.world.user_named("gus")), lambda source: final(source.candidates(ONE)))
    assert isinstance(error, RefusedError)
    assert "knows us, but our role there is too low" in str(error)
    assert "Developer" in str(error)


async def test_a_scope_that_is_too_small_is_told_where_there_is_no_other_way(
    stub: GitLabStub, told: Callable[..., Any]
) -> None:
    stub.refuse = no_graphql
    token = stub.world.token(stub.world.user_named("ann"), "read_api")
    error = await told(token, lambda source: final(source.candidates(ONE)))
    assert isinstance(error, RefusedError)
    assert "needs the scope api" in str(error)


@pytest.mark.parametrize(("what", "ask"), [each for each in ASKED if each[0] in {"projects", "experiments"}])
async def test_a_project_that_is_not_there_or_not_for_us_is_not_found(
    stub: GitLabStub, told: Callable[..., Any], what: str, ask: Ask
) -> None:
    token = stub.world.token(stub.world.user("stranger"))
    for uri in (stub.tracking_uri(PROJECT), stub.tracking_uri("group/nothing")):
        error = await told(token, ask, uri)
        assert isinstance(error, NotFoundError), what
        assert "shows no project" in str(error)


async def test_of_a_project_that_is_not_there_nothing_is_found(stub: GitLabStub, opened: Open) -> None:
    source = opened(stub)
    assert await ids(source, Query("group/nothing", ("1",))) == []
    assert (await final(source.models("group/nothing"))).items == ()
    with pytest.raises(NotFoundError):
        await source.locate("0", "group/nothing")


async def test_experiments_that_are_switched_off_are_told_so(gitlab: StartGitLab, opened: Open) -> None:
    world = populated(1)
    world.find_project(PROJECT).model_experiments = "disabled"
    source = opened(gitlab(world=world))
    assert [(one.name, one.experiments) for one in (await final(source.projects())).items] == [(PROJECT, 0)]
    with pytest.raises(RefusedError, match="shows no experiments: they are turned off"):
        await final(source.experiments(PROJECT))
    with pytest.raises(RefusedError, match="shows no experiments: they are turned off"):
        await ids(source, ONE)


# Without GraphQL


@pytest.mark.parametrize("profile", Profile)
async def test_without_graphql_candidates_come_and_what_only_it_tells_is_missing(
    gitlab: StartGitLab, opened: Open, profile: Profile
) -> None:
    stub = gitlab(profile, populated(130))
    stub.refuse = no_graphql
    source = opened(stub)
    (experiment,) = (await final(source.experiments(PROJECT))).items
    assert (experiment.name, experiment.counted, experiment.creator) == ("experiment 1", False, None)
    page = await final(source.candidates(ONE))
    assert len(page.items) == 130
    found = await source.read(page.items, [Column(Kind.CI, "pipeline"), Column(Kind.METRIC, "metric0")])
    assert {len(one.ci) for one in found} == {0}
    assert {len(one.metrics) for one in found} == {1}
    detail = await source.detail(page.items[0])
    assert detail.origin == ()
    summed_up = [one.points for one in (await at_hand(source.summaries(page.items[0]))).items]
    assert summed_up == ([1, 1] if profile is Profile.NEW else [None, None])
    assert (source.capabilities.history.reason is None) == (profile is Profile.NEW)
    assert [each async for each in source.count([PROJECT])] == []
    assert (await source.web_page(page.items[0])).startswith(f"{stub.uri}/{PROJECT}/-/ml/candidates/")
    asked = questions(stub)
    assert sum(asked[each] for each in asked if each.startswith("GraphQL")) <= 6
