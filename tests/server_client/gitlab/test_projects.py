"""Projects, whose token it is, and what GraphQL counts."""

import asyncio

import pytest

from server_client import NotFoundError, UnauthorizedError
from server_client.gitlab.client import GitLabClient
from server_client.gitlab.values import Counts, Token
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import BEGIN, MINUTE, many_projects, small_world
from tests.gitlab.world import World
from tests.server_client.gitlab.asking import client_of, counted
from tests.server_client.loopback import QUICK, Heard, reply, serving


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("scope", ["api", "read_api"])
async def test_our_projects_come_with_what_we_may_there(gitlab: StartGitLab, profile: Profile, scope: str) -> None:
    stub = gitlab(profile, small_world(profile), root="/gitlab/root")
    async with client_of(stub, "dan", scope) as client:
        with counted(stub) as asked:
            page = await client.projects.page()
        assert asked == ["GET /projects"]
    assert [project.path for project in page.projects[:2]] == ["group/sub/churn", "ann/digits"]
    assert {project.path: project.access_level for project in page.projects} == {
        "group/sub/churn": 30,
        "ann/digits": 20,
        "group/vision": 30,
        "group/plain": 30,
    }
    assert (page.next, page.total) == (None, 4)
    project = {project.path: project for project in page.projects}["group/vision"]
    assert project == page.projects[0]._replace(
        project_id=stub.world.find_project("group/vision").id,
        path="group/vision",
        name="Vision",
        description="Pictures",
        web_url=f"{stub.uri}/group/vision",
        last_activity=BEGIN,
    )
    assert (project.visibility, project.archived) == ("private", False)
    assert (project.experiments_enabled, project.models_enabled) == (True, True)
    plain = {project.path: project for project in page.projects}["group/plain"]
    assert (plain.experiments_enabled, plain.models_enabled) == (False, False)


async def test_the_higher_of_two_access_levels_counts(gitlab: StartGitLab) -> None:
    world = small_world()
    vision, gus = world.find_project("group/vision"), world.user_named("gus")
    world.add_member(gus, vision, 40, of_group=True)
    async with client_of(gitlab(Profile.NEW, world), "gus") as client:
        assert (await client.projects.get("group/vision")).access_level == 40
        assert (await client.projects.get(str(vision.id))).path == "group/vision"
        with pytest.raises(NotFoundError, match="Project Not Found"):
            await client.projects.get("group/sub/churn")


async def test_two_thousand_projects_come_by_pages_the_latest_activity_first(gitlab: StartGitLab) -> None:
    world = World()
    many_projects(world, world.user("dan"), 230)
    stub = gitlab(Profile.NEW, world)
    async with client_of(stub, "dan", "read_api") as client:
        with counted(stub) as asked:
            pages = [await client.projects.page()]
            while pages[-1].next is not None:
                pages.append(await client.projects.page(number=pages[-1].next))
        assert len(asked) == 3
        assert [(len(page.projects), page.next, page.total) for page in pages] == [
            (100, 2, 230),
            (100, 3, 230),
            (30, None, 230),
        ]
        times = [project.last_activity for page in pages for project in page.projects]
        assert times == sorted((BEGIN + made * MINUTE for made in range(230)), reverse=True)
        assert [project.path for project in (await client.projects.page("m-01/project-0117")).projects] == [
            "team-01/project-0117"
        ]
        few = await client.projects.page("project-01", size=7)
        assert (len(few.projects), few.next, few.total) == (7, 2, 100)


@pytest.mark.parametrize(
    ("link", "following"),
    [
        ('<http://h/api/v4/projects?page=7&per_page=1>; rel="next", <http://h/?page=1>; rel="first"', 7),
        ('<http://h/?page=1>; rel="first", <http://h/p?per_page=100&page=12&x=y>; rel="next"', 12),
        ('<http://h/?page=1>; rel="first"', None),
        (None, None),
    ],
)
async def test_where_a_proxy_takes_the_headers_the_link_tells_the_next_page(
    link: str | None, following: int | None
) -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, [{"id": 1, "path_with_namespace": "a/b"}], link=link)

    async with serving(answer) as server, GitLabClient(server.uri, timeouts=QUICK) as client:
        page = await client.projects.page()
    assert (page.next, page.total) == (following, None)
    (project,) = page.projects
    assert (project.access_level, project.last_activity, project.experiments_enabled) == (None, None, None)


@pytest.mark.parametrize("profile", Profile)
async def test_experiments_and_models_are_counted_by_one_question(gitlab: StartGitLab, profile: Profile) -> None:
    stub = gitlab(profile, small_world(profile))
    async with client_of(stub, "gus", "read_api") as client:
        with counted(stub) as asked:
            assert await client.projects.counts("group/vision") == Counts(experiments=4, models=2)
            assert await client.projects.counts("group/plain") == Counts(None, None)
            assert await client.projects.counts("group/open") == Counts(experiments=0, models=None)
        assert asked == ["GraphQL project"] * 3
        with pytest.raises(NotFoundError):
            await client.projects.counts("group/sub/churn")


@pytest.mark.parametrize("scope", ["api", "read_api", "read_user"])
async def test_a_token_tells_whose_it_is_and_what_it_may(gitlab: StartGitLab, scope: str) -> None:
    stub = gitlab(Profile.NEW, small_world())
    async with client_of(stub, "gus", scope) as client:
        user = await client.token.user()
        assert (user.username, user.name) == ("gus", "Gus")
        assert await client.token.itself() == Token("of a test", (scope,), "2030-01-01", active=True)


async def test_a_token_that_no_route_tells_is_still_no_bad_one(gitlab: StartGitLab) -> None:
    stub = gitlab(Profile.OLD, small_world())
    refusal = (404, b'{"error":"404 Not Found"}')
    stub.refuse = lambda asked: (refusal[0], {}, refusal[1]) if asked.path.endswith("self") else None
    async with client_of(stub, "gus", "read_api") as client:
        assert await client.token.itself() is None
        refusal = (401, b'{"message":"401 Unauthorized"}')  # as to an OAuth token
        with counted(stub) as asked:
            assert await client.token.itself() is None
        assert asked == ["GET /personal_access_tokens/self", "GET /user"]
        for token in stub.world.tokens.values():
            token.expired = True
        with pytest.raises(UnauthorizedError):
            await client.token.itself()
