"""The projects of a GitLab: as many as are wanted, looked for by the server, counted where somebody looks."""

import pytest

from mltrack_tui.domain.entities import Project
from mltrack_tui.domain.query import Query
from mltrack_tui.sources.base import NotFoundError
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.remote import RemoteSource
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import BEGIN, MINUTE, many_projects, small_world
from tests.gitlab.server import GitLabStub
from tests.gitlab.things import DEVELOPER
from tests.gitlab.world import World
from tests.sources.remote.gitlab.conftest import Open, ids, questions

VISION = "group/vision"


@pytest.fixture
def many(gitlab: StartGitLab) -> GitLabStub:
    """A GitLab with 250 projects of ann's."""
    world = World()
    many_projects(world, world.user("ann"), 250)
    return gitlab(world=world)


@pytest.fixture
def small(small_stubs: dict[Profile, GitLabStub]) -> GitLabStub:
    return small_stubs[Profile.NEW]


async def counted(source: RemoteSource, *names: str) -> dict[str, tuple[int | None, int | None]]:
    return {one.name: (one.experiments, one.models) async for one in source.count(names)}


async def test_a_page_of_projects_comes_at_once_the_latest_activity_first_and_nothing_is_counted(
    many: GitLabStub, opened: Open
) -> None:
    source = opened(many)
    page = await anext(source.projects())
    assert [one.name for one in page.items] == [f"team-{n // 100:02d}/project-{n:04d}" for n in range(249, 149, -1)]
    assert (page.loaded, page.total, page.complete, page.on_demand) == (100, 250, False, True)
    assert page.items[0] == Project("team-02/project-0249", None, BEGIN + 249 * MINUTE, access="Developer")
    asked = questions(many)
    assert asked["GET projects"] == 1
    assert not [each for each in asked if each.startswith(("GraphQL", "POST"))]
    assert asked.total() <= 5  # and what kind of server it is, of which MLflow would tell by three


async def test_the_next_pages_are_asked_for_when_they_are_wanted(many: GitLabStub, opened: Open) -> None:
    source = opened(many)
    pages = [(page.loaded, page.total, page.complete) async for page in source.projects()]
    assert pages == [(100, 250, False), (200, 250, False), (250, 250, True)]
    assert questions(many)["GET projects"] == 3
    page = await final(source.projects())
    assert len({one.name for one in page.items}) == 250
    assert not questions(many)


async def test_one_that_becomes_active_meanwhile_is_there_once(many: GitLabStub, opened: Open) -> None:
    source = opened(many)
    pages = source.projects()
    await anext(pages)
    with many.world.lock:
        many.world.find_project("team-00/project-0000").last_activity_at = BEGIN + 1000 * MINUTE
    page = await final(pages)
    names = [one.name for one in page.items]
    assert len(names) == len(set(names)) == page.total == 249  # the one that jumped ahead is seen after a refresh
    source.forget()
    assert (await anext(source.projects())).items[0].name == "team-00/project-0000"


@pytest.mark.parametrize(
    ("text", "number"), [("project-01", 100), ("team-01/project-010", 10), (" 0249 ", 1), ("TEAM-02", 50), ("nix", 0)]
)
async def test_a_search_is_the_servers(many: GitLabStub, opened: Open, text: str, number: int) -> None:
    source = opened(many)
    page = await anext(source.projects(text))
    assert (len(page.items), page.total, page.complete) == (number, number, True)
    assert all(text.strip().lower() in one.name for one in page.items)
    (asked,) = [one for one in many.asked if one.path.endswith("/projects")]
    assert (asked.query["search"], asked.query["search_namespaces"]) == (text.strip(), "true")


async def test_a_search_is_asked_once_and_anew_after_a_refresh(many: GitLabStub, opened: Open) -> None:
    source = opened(many)
    for text in ("project-01", "project-011", "project-01"):
        await anext(source.projects(text))
    assert questions(many)["GET projects"] == 2
    with many.world.lock:
        new = many.world.project("team-09/project-01", last_activity_at=BEGIN)
        many.world.add_member(many.world.user_named("ann"), new, DEVELOPER)
    assert (await anext(source.projects("project-01"))).total == 100
    assert not questions(many)
    source.forget()
    assert (await anext(source.projects("project-01"))).total == 101
    assert questions(many)["GET projects"] == 1


# Numbers


async def test_what_is_counted_is_what_was_asked_for_with_one_question_each(small: GitLabStub, opened: Open) -> None:
    source = opened(small)
    page = await final(source.projects())
    assert {one.name: one.experiments for one in page.items} == {
        **dict.fromkeys([VISION, "group/sub/churn", "ann/digits", "group/open"]),
        "group/plain": 0,
    }
    questions(small)
    assert await counted(source, VISION, "ann/digits") == {VISION: (4, 2), "ann/digits": (1, 0)}
    assert questions(small) == {"GraphQL project": 2}
    page = await final(source.projects())
    assert {one.name: one.experiments for one in page.items}[VISION] == 4
    assert not questions(small)


async def test_one_that_cannot_be_counted_is_left_out(small: GitLabStub, opened: Open) -> None:
    source = opened(small, "gus")
    await final(source.projects())
    assert await counted(source, VISION, "group/sub/churn", "no/where", "..", "ann/digits") == {
        VISION: (4, 2),
        "ann/digits": (1, 0),
    }


async def test_projects_show_what_the_user_may_there(small: GitLabStub, opened: Open) -> None:
    for user, roles in (
        ("ann", {"Owner"}),
        ("dan", {"Developer", "Reporter"}),
        ("gus", {"Guest"}),
    ):
        assert {one.access for one in (await final(opened(small, user).projects())).items} == roles


async def test_a_refresh_counts_anew(gitlab: StartGitLab, opened: Open) -> None:
    stub = gitlab(world=small_world())
    source = opened(stub)
    assert await counted(source, VISION) == {VISION: (4, 2)}
    with stub.world.lock:
        stub.world.experiment(stub.world.find_project(VISION), "one more")
    source.forget()
    assert {one.name: one.experiments for one in (await final(source.projects())).items}[VISION] is None
    assert await counted(source, VISION) == {VISION: (5, 2)}


# One project


async def test_a_project_is_found_by_its_path_and_by_its_number(small: GitLabStub, opened: Open) -> None:
    number = small.world.find_project(VISION).id
    for at in (None, VISION, number):
        source = opened(small, at=at)
        assert (await source.project(VISION)).name == VISION
        if at != VISION:
            assert (await source.project(str(number))).name == VISION
        for name in ("no/where", "group/old/er", "99999", "", "..", "group/vision/../plain"):
            with pytest.raises(NotFoundError):
                await source.project(name)


async def test_a_tracking_uri_with_a_number_shows_the_one_project_by_its_path(small: GitLabStub, opened: Open) -> None:
    number = small.world.find_project(VISION).id
    for at in (number, VISION):
        source = opened(small, at=at)
        (page,) = [page async for page in source.projects()]
        (project,) = page.items
        assert (project.name, project.experiments, project.models, project.access) == (VISION, 4, 2, "Owner")
        assert len(await ids(source, Query(VISION, ("1",)))) == 5
        assert source.location == small.tracking_uri(at)
        assert await counted(source, VISION) == {VISION: (4, 2)}


async def test_archived_projects_and_those_of_others_are_not_listed(small: GitLabStub, opened: Open) -> None:
    assert "group/old" not in {one.name for one in (await final(opened(small).projects())).items}
    assert (await final(opened(small, "sam").projects())).total == 0


async def test_a_candidate_is_located_in_the_projects_of_the_latest_activity(small: GitLabStub, opened: Open) -> None:
    source = opened(small)
    churn = small.world.find_project("group/sub/churn")
    (wanted, *_) = churn.candidates
    assert (await source.locate(wanted)).project == "group/sub/churn"
    with pytest.raises(NotFoundError, match="in the projects looked through: name its project"):
        await source.locate("0" * 32)


async def test_pages_for_people_are_named(small: GitLabStub, opened: Open) -> None:
    source = opened(small)
    project = await source.project(VISION)
    assert await source.web_page(project) == f"{small.uri}/{VISION}"
    experiment = next(one for one in (await final(source.experiments(VISION))).items if one.name == "segmentation")
    assert await source.web_page(experiment) == f"{small.uri}/{VISION}/-/ml/experiments/{experiment.experiment_id}"
    vision = small.world.find_project(VISION)
    for eid, candidate in vision.candidates.items():  # those of model versions have another artifact URI
        place = await source.locate(eid, VISION)
        assert await source.web_page(place) == f"{small.uri}/{VISION}/-/ml/candidates/{candidate.iid}"
