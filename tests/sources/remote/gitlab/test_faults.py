"""A GitLab that has too much to do, or is gone: what was loaded stays, and whoever asks again goes on."""

from collections.abc import AsyncIterator

import pytest

from mltrack_tui.domain.query import Query
from mltrack_tui.sources.base import SourceBusy, SourceError, UnreachableError
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.remote import RemoteSource
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.limits import RateLimit
from tests.gitlab.profiles import Profile
from tests.gitlab.server import Asked, GitLabStub
from tests.sources.remote.gitlab.conftest import PROJECT, ids, impatient, newest_first, populated, questions

ONE = Query(PROJECT, ("1",))
MANY = 1000


@pytest.fixture
def stub(gitlab: StartGitLab) -> GitLabStub:
    return gitlab(world=populated(130))


@pytest.fixture
async def source(stub: GitLabStub) -> AsyncIterator[RemoteSource]:
    """Which pages by fifty, and already knows what kind of server it has."""
    source = impatient(stub, stub.world.token(stub.world.user_named("ann")), page_size=50)
    await source.project(PROJECT)
    yield source
    await source.aclose()


class Failing:
    """Answers some requests with an error of a proxy's, from one on."""

    def __init__(self, path: str, *, after: int = 0, times: int = MANY) -> None:
        self._path, self._after, self._times = path, after, times

    def __call__(self, asked: Asked) -> tuple[int, dict[str, str], bytes] | None:
        if not asked.path.endswith(self._path):
            return None
        self._after -= 1
        if self._after >= 0 or not self._times:
            return None
        self._times -= 1
        return 502, {"Content-Type": "text/html"}, b"<html><h1>502 Whoops, GitLab is taking too much time</h1></html>"


async def test_a_rate_limit_is_waited_for(stub: GitLabStub, source: RemoteSource) -> None:
    stub.refuse = RateLimit(1, path="runs/search", retry_after=1)
    stub.asked.clear()
    assert await ids(source, ONE) == newest_first(stub, 1)
    searches = [one.status for one in stub.asked if one.path.endswith("runs/search")]
    assert searches == [429, 200, 200, 200]


@pytest.mark.parametrize("path", ["experiments/list", "runs/search"])
async def test_a_rate_limit_that_does_not_end_is_told_as_that(
    stub: GitLabStub, source: RemoteSource, path: str
) -> None:
    stub.refuse = RateLimit(MANY, path=path, retry_after=0)
    stub.asked.clear()
    with pytest.raises(SourceBusy, match="has been asked too much: wait a little"):
        await ids(source, ONE)
    assert [one.status for one in stub.asked if one.path.endswith(path)] == [429] * 4
    stub.refuse = None
    assert await ids(source, ONE) == newest_first(stub, 1)


async def test_a_pause_that_is_too_long_is_not_waited_for(stub: GitLabStub, source: RemoteSource) -> None:
    stub.refuse = RateLimit(MANY, retry_after=600)
    with pytest.raises(SourceBusy):
        await ids(source, ONE)


async def test_a_page_that_fails_keeps_what_is_loaded_and_is_asked_for_again(
    stub: GitLabStub, source: RemoteSource
) -> None:
    stub.refuse = Failing("runs/search", after=1)
    expected, pages = newest_first(stub, 1), source.candidates(ONE)
    page = await anext(pages)
    with pytest.raises(UnreachableError, match=r"does not answer \(502\)"):
        await anext(pages)
    assert len(await source.read(page.items)) == 50
    stub.refuse = None
    questions(stub)
    told = [[one.candidate_id for one in page.items] async for page in source.candidates(ONE)]
    assert [len(each) for each in told] == [50, 100, 130]
    assert told == [expected[: len(each)] for each in told]
    assert questions(stub) == {"POST runs/search": 2}


async def test_one_that_cannot_be_read_fails_its_page_and_not_the_others(
    stub: GitLabStub, source: RemoteSource
) -> None:
    """Who may only read has each candidate by itself: none of them is left out silently."""
    source = impatient(stub, stub.world.token(stub.world.user_named("gus")), page_size=50)
    try:
        pages = source.candidates(ONE)
        assert len((await anext(pages)).items) == 50
        stub.refuse = Failing("runs/get", after=10)
        with pytest.raises(UnreachableError):
            await anext(pages)
        stub.refuse = None
        assert await ids(source, ONE) == newest_first(stub, 1)
    finally:
        await source.aclose()


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_a_short_trouble_is_not_noticed(stub: GitLabStub, source: RemoteSource, times: int) -> None:
    stub.refuse = Failing("", times=times)
    assert await ids(source, ONE) == newest_first(stub, 1)
    assert [one.experiments async for one in source.count([PROJECT])] == [1]


async def test_trouble_of_graphql_leaves_experiments_uncounted_until_they_are_asked_again(
    stub: GitLabStub, source: RemoteSource
) -> None:
    stub.refuse = Failing("/api/graphql")
    assert [one.counted for one in (await final(source.experiments(PROJECT))).items] == [False]
    stub.refuse = None
    assert [one.candidates for one in (await final(source.experiments(PROJECT))).items] == [130]


async def test_nonsense_is_told_as_such(stub: GitLabStub, source: RemoteSource) -> None:
    for status, body in ((200, b"<html>hello</html>"), (200, b'{"runs": 7}'), (200, b"[]"), (418, b"")):
        stub.refuse = lambda asked, status=status, body=body: (
            (status, {"Content-Type": "application/json"}, body) if asked.path.endswith("runs/search") else None
        )
        with pytest.raises(SourceError) as caught:
            await ids(source, ONE)
        assert "\n" not in str(caught.value)
        assert "127.0.0.1" in str(caught.value)


async def test_a_gitlab_that_is_gone_is_unreachable_and_found_again(stub: GitLabStub) -> None:
    world = stub.world
    with GitLabStub(Profile.NEW, world) as other:
        source = impatient(other, world.token(world.user_named("ann")))
        page = await anext(source.candidates(ONE))
    try:
        for ask in (final(source.candidates(ONE)), final(source.projects()), source.detail(page.items[0])):
            with pytest.raises(UnreachableError) as caught:
                await ask
            assert "127.0.0.1" in str(caught.value)
            assert "\n" not in str(caught.value)
        assert len(await source.read(page.items)) == 60
    finally:
        await source.aclose()
