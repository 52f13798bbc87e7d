"""Models of a GitLab's project."""

import pytest

from server_client import BadRequestError, NotFoundError
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import small_world
from tests.gitlab.world import World
from tests.server_client.gitlab.asking import client_of, counted
from tests.server_client.gitlab.test_experiments import WHO


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize(("who", "scope"), WHO)
async def test_models_come_with_all_their_versions_the_highest_first(
    gitlab: StartGitLab, profile: Profile, who: str, scope: str
) -> None:
    stub = gitlab(profile, small_world(profile))
    made = stub.world.find_project("group/vision").models["segmenter"]
    async with client_of(stub, who, scope) as client:
        models = client.in_project("group/vision").models
        found = {model.name: model async for model in models.search(page_size=1).all()}
        assert list(found) == ["segmenter", "unversioned"]
        model = found["segmenter"]
        assert (model.creation_timestamp, model.user_id) == (made.created_at // 1000 * 1000, "")
        assert model.description == "Finds **edges**"
        versions = model.latest_versions
        assert [version.version for version in versions] == ["1.10.0", "1.9.0", "1.0.0"]
        assert {(version.aliases, version.current_stage, version.user_id) for version in versions} == {((), "", "")}
        assert [version.run_id for version in reversed(versions)] == [
            made.versions[place].candidate.eid for place in (0, 2, 1)
        ]
        assert versions[-1].creation_timestamp == made.versions[0].created_at // 1000 * 1000
        with counted(stub) as asked:
            assert tuple([each async for each in models.versions("name = 'segmenter'").all()]) == versions
        assert asked == ["GET registered-models/get"]
        assert await models.get_version("segmenter", "1.9.0") == versions[1]
        assert await models.get_by_alias("segmenter", "1.9.0") == versions[1]
        assert found["unversioned"].latest_versions == ()
        assert [each.name async for each in models.search("name = 'vers'").all()] == ["unversioned"]
        with pytest.raises(BadRequestError, match="INVALID_PARAMETER_VALUE"):
            await models.search("tags.x = 'y'").__anext__()
        with pytest.raises(NotFoundError):
            await models.get("none")


@pytest.mark.parametrize("profile", Profile)
async def test_versions_are_found_by_their_run(gitlab: StartGitLab, profile: Profile) -> None:
    stub = gitlab(profile, small_world(profile))
    version = stub.world.find_project("group/vision").models["segmenter"].versions[1]
    async with client_of(stub, "gus", "read_api") as client:
        models = client.in_project("group/vision").models
        by_run = models.versions(f"run_id = '{version.candidate.eid}'")
        assert [each.version async for each in by_run.all()] == ["1.10.0"]
        assert len([each async for each in models.versions().all()]) == 3
        with pytest.raises(BadRequestError, match="by name or run_id"):
            await models.versions("name = 'a' AND run_id = 'b'").__anext__()


@pytest.mark.parametrize("profile", Profile)
async def test_a_models_runs_are_in_an_experiment_of_its_name(gitlab: StartGitLab, profile: Profile) -> None:
    stub = gitlab(profile, small_world(profile))
    model = stub.world.find_project("group/vision").models["segmenter"]
    async with client_of(stub, "gus", "read_api") as client:
        tracker = client.in_project("group/vision")
        with counted(stub) as asked:
            experiment = await tracker.models.model_experiment("segmenter")
            assert await tracker.models.model_experiment("none") is None
        assert asked == ["GET experiments/get-by-name"] * 2
        assert experiment == str(model.experiment.iid)
        runs = [run.run_id async for run in tracker.runs.search([experiment]).all()]
        assert set(runs) == {candidate.eid for candidate in model.experiment.candidates}
        with pytest.raises(NotFoundError, match="404 Not Found"):
            await client.in_project("group/plain").models.model_experiment("segmenter")


async def test_null_in_a_list_of_versions_is_no_version(gitlab: StartGitLab) -> None:
    stub = gitlab(Profile.NEW, small_world())
    body = b'{"registered_models":[{"name":"m","latest_versions":[null]}],"next_page_token":null}'
    stub.refuse = lambda asked: (200, {"Content-Type": "application/json"}, body)
    async with client_of(stub, "gus") as client:
        (model,) = [each async for each in client.in_project("group/vision").models.search().all()]
        assert (model.name, model.latest_versions, model.creation_timestamp) == ("m", (), None)


@pytest.mark.parametrize("profile", Profile)
async def test_versions_before_a_release_stand_behind_it(gitlab: StartGitLab, profile: Profile) -> None:
    world = World()
    project = world.project("a/b", owner=world.user("ann"))
    model = world.model(project, "m")
    for version in ("2.0.0-rc.1", "10.0.0", "2.0.0", "2.0.1"):
        world.model_version(project, model, version)
    async with client_of(gitlab(profile, world), "ann") as client:
        found = (await client.in_project("a/b").models.get("m")).latest_versions
        assert [each.version for each in found] == ["10.0.0", "2.0.1", "2.0.0", "2.0.0-rc.1"]


async def test_models_are_made_described_and_removed(gitlab: StartGitLab) -> None:
    world = World()
    world.project("a/b", owner=world.user("ann"))
    async with client_of(gitlab(Profile.NEW, world), "ann") as client:
        models = client.in_project("a/b").models
        made = await models.create("m", description="x", tags={"a": "b"})
        assert (made.name, made.tags) == ("m", {"a": "b"})
        assert made.creation_timestamp is not None
        assert made.creation_timestamp > 10**12
        version = await models.create_version("m", source="", tags={"gitlab.version": "1.2.3"})
        assert (version.version, version.aliases) == ("1.2.3", ())
        await models.update("m", "y")
        await models.update_version("m", "1.2.3", "z")
        assert (await models.get("m")).latest_versions[0].description == "z"
        for change in (
            models.rename("m", "n"),
            models.set_alias("m", "best", "1.2.3"),
            models.delete_version("m", "1"),
        ):
            with pytest.raises(NotFoundError, match="404 Not Found"):
                await change
        await models.delete("m")
        with pytest.raises(NotFoundError):
            await models.get("m")
