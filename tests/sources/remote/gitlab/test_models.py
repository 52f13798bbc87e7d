"""The models of a GitLab: versions in their own order, times in milliseconds, the candidates they were made of."""

import pytest

from mltrack_tui.domain.entities import Model
from mltrack_tui.domain.query import Query
from mltrack_tui.sources.base import RefusedError
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.remote import RemoteSource
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import small_world
from tests.gitlab.server import GitLabStub
from tests.gitlab.world import now
from tests.sources.remote.gitlab.conftest import PROJECT, Open, ids, populated, project_of, questions
from tests.sources.remote.gitlab.test_rights import READERS


async def models(source: RemoteSource) -> dict[str, Model]:
    return {one.name: one for one in (await final(source.models(PROJECT))).items}


@pytest.fixture
def stub(small_stubs: dict[Profile, GitLabStub], profile: Profile) -> GitLabStub:
    return small_stubs[profile]


@pytest.fixture
def profile() -> Profile:
    return Profile.NEW


@pytest.mark.parametrize("profile", Profile)
async def test_versions_are_in_the_order_of_their_numbers_whichever_a_gitlab_tells(
    stub: GitLabStub, opened: Open
) -> None:
    found = await models(opened(stub, at=PROJECT))
    assert list(found) == ["segmenter", "unversioned"]
    assert [one.version for one in found["segmenter"].versions] == ["1.10.0", "1.9.0", "1.0.0"]
    assert [one.description for one in found["segmenter"].versions] == [
        f"Version {each}" for each in ("1.10.0", "1.9.0", "1.0.0")
    ]
    assert (found["segmenter"].latest or 0) == found["segmenter"].versions[0]
    assert (found["unversioned"].versions, found["unversioned"].latest) == ((), None)
    assert found["segmenter"].description == "Finds **edges**"


@pytest.mark.parametrize("profile", Profile)
async def test_what_is_no_alias_or_stage_is_none(stub: GitLabStub, opened: Open) -> None:
    """A version is its own alias on GitLab, and each is at the stage “development”."""
    found = await models(opened(stub, at=PROJECT))
    assert {one.aliases for one in found["segmenter"].versions} == {()}
    assert {one.stage for one in found["segmenter"].versions} == {None}


async def test_times_are_milliseconds(stub: GitLabStub, opened: Open) -> None:
    for model in (await models(opened(stub, at=PROJECT))).values():
        for time in (model.creation_time, model.last_update_time, *(one.creation_time for one in model.versions)):
            assert time is not None
            assert now() - 600_000 < time <= now()


@pytest.mark.parametrize("profile", Profile)
async def test_a_version_and_the_model_lead_to_their_candidates(stub: GitLabStub, opened: Open) -> None:
    source = opened(stub, at=PROJECT)
    model = (await models(source))["segmenter"]
    theirs = project_of(stub).models["segmenter"]
    by_version = {one.version: one.candidate.eid for one in theirs.versions}
    assert {one.version: one.candidate_id for one in model.versions} == by_version
    assert model.experiment_id == str(theirs.experiment.iid)
    found = await ids(source, Query(PROJECT, (model.experiment_id,)))
    assert set(found) == {one.eid for one in theirs.experiment.candidates} > set(by_version.values())
    for version in model.versions:
        place = await source.locate(version.candidate_id or "", PROJECT)
        assert place.experiment_id == model.experiment_id
    experiments = (await final(source.experiments(PROJECT))).items
    assert {one.name: one.model for one in experiments} == {
        "segmentation": None,
        "empty": None,
        "[model]segmenter": "segmenter",
        "[model]unversioned": "unversioned",
    }


@pytest.mark.parametrize(("user", "scope"), [("ann", "api"), *READERS])
async def test_models_take_two_requests_of_whoever_may_read(
    stub: GitLabStub, opened: Open, user: str, scope: str
) -> None:
    found = await models(opened(stub, user, scope, at=PROJECT))
    assert len(found) == 2
    assert questions(stub) == {"GET experiments/list": 1, "GET registered-models/search": 1}


async def test_models_come_in_pages_that_are_asked_for_when_they_are_wanted(gitlab: StartGitLab, opened: Open) -> None:
    world = populated()
    for number in range(450):
        world.model(world.find_project(PROJECT), f"model {number:03d}")
    stub = gitlab(world=world)
    source = opened(stub, at=PROJECT)
    pages = source.models(PROJECT)
    page = await anext(pages)
    assert (len(page.items), page.total, page.complete, page.on_demand) == (200, None, False, True)
    assert questions(stub)["GET registered-models/search"] == 1
    page = await final(pages)
    assert [one.name for one in page.items] == [f"model {number:03d}" for number in range(450)]
    assert (page.total, page.complete) == (450, True)


async def test_a_refresh_shows_a_new_version(gitlab: StartGitLab, opened: Open) -> None:
    stub = gitlab(world=small_world())
    source = opened(stub, at=PROJECT)
    assert (await models(source))["unversioned"].latest is None
    with stub.world.lock:
        project = project_of(stub)
        stub.world.model_version(project, project.models["unversioned"], "0.1.0-rc.1")
        stub.world.model_version(project, project.models["unversioned"], "0.1.0")
    source.forget()
    assert [one.version for one in (await models(source))["unversioned"].versions] == ["0.1.0", "0.1.0-rc.1"]


async def test_a_registry_that_is_switched_off_is_not_taken_for_experiments(gitlab: StartGitLab, opened: Open) -> None:
    world = populated(1)
    world.find_project(PROJECT).model_registry = "disabled"
    source = opened(gitlab(world=world), at=PROJECT)
    with pytest.raises(RefusedError, match="shows no models: they are turned off in its settings"):
        await models(source)
    assert len(await ids(source, Query(PROJECT, ("1",)))) == 1


async def test_models_are_told_where_experiments_are_switched_off(gitlab: StartGitLab, opened: Open) -> None:
    world = small_world()
    world.find_project(PROJECT).model_experiments = "disabled"
    found = await models(opened(gitlab(world=world), at=PROJECT))
    assert [one.version for one in found["segmenter"].versions] == ["1.10.0", "1.9.0", "1.0.0"]
    assert found["segmenter"].experiment_id is None
