"""Experiments of a GitLab's project."""

import pytest

from server_client import BadRequestError, NotFoundError
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import BEGIN, MINUTE, small_world
from tests.gitlab.things import DEVELOPER
from tests.gitlab.world import World
from tests.server_client.gitlab.asking import client_of, counted

WHO = [("dan", "api"), ("dan", "read_api"), ("gus", "api")]
"""A developer who may do all, one whose token may only read, and a guest."""


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize(("who", "scope"), WHO)
async def test_all_experiments_are_listed_by_one_question_that_everybody_may_ask(
    gitlab: StartGitLab, profile: Profile, who: str, scope: str
) -> None:
    stub = gitlab(profile, small_world(profile))
    async with client_of(stub, who, scope) as client:
        experiments = client.in_project("group/vision").experiments
        with counted(stub) as asked:
            found = [each async for each in experiments.search("name = 'x'", ["name DESC"], page_size=1).all()]
            assert [each async for each in experiments.search(view="DELETED_ONLY").all()] == []
        assert asked == ["GET experiments/list"]
        assert {each.name for each in found} == {"segmentation", "empty", "[model]segmenter", "[model]unversioned"}
        segments = next(each for each in found if each.name == "segmentation")
        assert (segments.lifecycle_stage, segments.tags, segments.creation_time) == ("active", {"team": "vision"}, None)
        assert await experiments.get(segments.experiment_id) == segments
        assert await experiments.get_by_name("segmentation") == segments
        with pytest.raises(NotFoundError) as error:
            await experiments.get("4711")
        assert error.value.error_code == "RESOURCE_DOES_NOT_EXIST"


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize(("who", "scope"), WHO)
async def test_graphql_tells_more_of_them_the_last_change_first(
    gitlab: StartGitLab, profile: Profile, who: str, scope: str
) -> None:
    stub = gitlab(profile, small_world(profile), root="/gitlab/root")
    async with client_of(stub, who, scope) as client:
        experiments = client.in_project("group/vision").experiments
        with counted(stub) as asked:
            nodes = [each async for each in experiments.nodes().all()]
        assert asked == ["GraphQL project"]
        assert [node.name for node in nodes[-2:]] == ["segmentation", "empty"]
        segments = nodes[-2]
        assert (segments.candidates, segments.creator, segments.model_id) == (5, "ann", None)
        assert (segments.creation_time, segments.last_update_time) == (BEGIN, BEGIN + 40 * MINUTE)
        model = next(node for node in nodes if node.name == "[model]segmenter")
        assert model.model_id == str(stub.world.find_project("group/vision").models["segmenter"].id)
        with counted(stub) as asked:
            assert await experiments.gid(segments.experiment_id) == segments.gid
        assert asked == []
        with pytest.raises(NotFoundError, match="4711"):
            await experiments.gid("4711")
        with pytest.raises(NotFoundError):
            await client.in_project("group/plain").experiments.nodes().__anext__()
        with pytest.raises(NotFoundError):
            await client.in_project("group/none").experiments.nodes().__anext__()


async def test_hundreds_of_experiments_come_by_pages_of_a_hundred(gitlab: StartGitLab) -> None:
    world = World()
    project = world.project("a/b", owner=world.user("ann"))
    made = [world.experiment(project, f"e{number}", at=BEGIN + number * MINUTE) for number in range(250)]
    stub = gitlab(Profile.NEW, world)
    async with client_of(stub, "ann") as client:
        experiments = client.in_project("a/b").experiments
        with counted(stub) as asked:
            names = [[node.name for node in batch.items] async for batch in experiments.nodes(1000)]
        assert [len(each) for each in names] == [100, 100, 50]
        assert names[0][0] == "e249"
        assert len(asked) == 3
        with counted(stub) as asked:  # the last of another client, which knows none yet: no page too many
            assert await client.in_project("a/b").experiments.gid(str(made[160].iid)) == (
                f"gid://gitlab/Ml::Experiment/{made[160].id}"
            )
        assert len(asked) == 1


async def test_a_project_by_its_number_asks_for_its_path_once(gitlab: StartGitLab) -> None:
    stub = gitlab(Profile.NEW, small_world())
    async with client_of(stub, "dan", "read_api") as client:
        number = stub.world.find_project("group/vision").id
        experiments = client.in_project(str(number)).experiments
        with counted(stub) as asked:
            assert len([each async for each in experiments.nodes().all()]) == 4
            assert len([each async for each in experiments.nodes().all()]) == 4
        assert asked == [f"GET /projects/{number}", "GraphQL project", "GraphQL project"]


@pytest.mark.parametrize("profile", Profile)
async def test_what_gitlab_can_change_is_changed_and_the_rest_is_refused_as_it_refuses(
    gitlab: StartGitLab, profile: Profile
) -> None:
    world = World()
    world.add_member(world.user("dan"), world.project("a/b"), DEVELOPER)
    stub = gitlab(profile, world)
    async with client_of(stub, "dan") as client:
        experiments = client.in_project("a/b").experiments
        made = await experiments.create("new", tags={"team": "x"})
        await experiments.set_tag(made, "more", "1")
        assert (await experiments.get(made)).tags == {"team": "x", "more": "1"}
        with pytest.raises(BadRequestError):
            await experiments.set_tag(made, "more", "2")
        with pytest.raises(BadRequestError, match="RESOURCE_ALREADY_EXISTS"):
            await experiments.create("new")
        for change in (experiments.rename(made, "x"), experiments.restore(made), experiments.delete_tag(made, "more")):
            with pytest.raises(NotFoundError) as error:
                await change
            assert (error.value.error_code, error.value.message) == (None, "404 Not Found")
        await experiments.delete(made)
        with pytest.raises(NotFoundError):
            await experiments.get(made)
