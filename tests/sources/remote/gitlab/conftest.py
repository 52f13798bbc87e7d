"""Sources over stubs of GitLab, and what these were asked."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Protocol
from urllib.parse import unquote

import pytest

from mltrack_tui.domain.query import Query
from mltrack_tui.sources.base import Source
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.remote import RemoteSource, open_server
from mltrack_tui.sources.remote.kinds import server_of
from server_client import Access, Timeouts, TrackingClient
from server_client.auth import TokenAuth
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import many_candidates, small_world
from tests.gitlab.server import Asked, GitLabStub
from tests.gitlab.things import DEVELOPER, GUEST, OWNER, Project
from tests.gitlab.world import World

PROJECT = "group/vision"


class Open(Protocol):
    """Opens a GitLab, or one project of it, as a user with a token of some scopes."""

    def __call__(
        self,
        stub: GitLabStub,
        username: str = ...,
        *scopes: str,
        at: str | int | None = ...,
        page_size: int = ...,
    ) -> RemoteSource: ...


@pytest.fixture
async def opened(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Open]:
    """Opens sources as users do, and closes them after the test."""
    sources: list[RemoteSource] = []

    def open_one(
        stub: GitLabStub, username: str = "ann", *scopes: str, at: str | int | None = None, page_size: int = 250
    ) -> RemoteSource:
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", stub.world.token(stub.world.user_named(username), *scopes))
        uri = stub.uri if at is None else stub.tracking_uri(at)
        sources.append(open_server(uri, page_size=page_size))
        stub.asked.clear()
        return sources[-1]

    yield open_one
    for source in sources:
        await source.aclose()


def impatient(stub: GitLabStub, token: str, page_size: int = 250) -> RemoteSource:
    """A source that waits no longer than it is told to. To be closed."""
    client = TrackingClient(
        stub.uri, Access(auth=TokenAuth(None, token)), timeouts=Timeouts(connect=2, read=5, first_pause=0.001)
    )
    return RemoteSource(server_of(client, "the lab", page_size), "the lab")


def populated(*numbers: int, metrics: int = 2) -> World:
    """`PROJECT` with experiments of so many candidates; of ann, of dan, a developer, and of gus, a guest."""
    world = World()
    ann, dan, gus = (world.user(each) for each in ("ann", "dan", "gus"))
    project = world.project(PROJECT)
    for user, level in ((ann, OWNER), (dan, DEVELOPER), (gus, GUEST)):
        world.add_member(user, project, level)
    for place, number in enumerate(numbers, 1):
        made = world.experiment(project, f"experiment {place}", ann)
        many_candidates(world, project, made, number, metrics=metrics, params=2)
    return world


@pytest.fixture(scope="module")
def small_stubs() -> Iterator[dict[Profile, GitLabStub]]:
    """The small world behind each profile, which nobody changes."""
    running = {profile: GitLabStub(profile, small_world(profile)) for profile in Profile}
    for stub in running.values():
        stub.__enter__()
    yield running
    for stub in running.values():
        stub.__exit__(None, None, None)


def questions(stub: GitLabStub) -> Counter[str]:
    """What was asked since the last time that somebody wanted to know, without its parameters."""
    asked = Counter(map(question, stub.asked))
    stub.asked.clear()
    return asked


def question(asked: Asked) -> str:
    """``POST runs/search``, ``GraphQL mlExperiment``, ``GET user``."""
    if asked.operation:
        return f"GraphQL {asked.operation}"
    _, _, tracking = asked.path.partition("/api/2.0/mlflow/")
    return f"{asked.method} {tracking or unquote(asked.path.partition('/api/v4/')[2])}"


def project_of(stub: GitLabStub) -> Project:
    """`PROJECT`, to be changed."""
    return stub.world.find_project(PROJECT)


def newest_first(stub: GitLabStub, *experiments: int) -> list[str]:
    """The ids of the candidates of some experiments, the latest start first."""
    found = [one for each in experiments for one in project_of(stub).experiments[each].candidates]
    return [one.eid for one in sorted(found, key=lambda one: (-(one.start_time or 0), one.eid))]


async def ids(source: Source, query: Query) -> list[str]:
    """All that answers a query."""
    return [each.candidate_id for each in (await final(source.candidates(query))).items]
