"""Artifacts of a GitLab: trees made of flat names, hostile ones left out, tokens kept."""

from urllib.parse import quote, unquote

import pytest

from mltrack_tui.domain.artifacts import Artifact, ArtifactKind
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.sources.base import NotFoundError, RefusedError
from mltrack_tui.sources.remote import RemoteSource
from tests.gitlab import shapes
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import small_world
from tests.gitlab.server import GitLabStub
from tests.gitlab.things import Package, PackageFile
from tests.sources.reading import whole
from tests.sources.remote.gitlab.conftest import PROJECT, Open, populated, project_of, questions


@pytest.fixture
def stub(small_stubs: dict[Profile, GitLabStub], profile: Profile) -> GitLabStub:
    return small_stubs[profile]


@pytest.fixture
def profile() -> Profile:
    return Profile.NEW


def first(stub: GitLabStub, source: RemoteSource, project: str = PROJECT) -> CandidateId:
    (one, *_) = stub.world.find_project(project).experiments[1].candidates
    return CandidateId(source.location, project, "1", one.eid)


async def paths(source: RemoteSource, place: CandidateId, folder: str = "") -> list[str]:
    return [one.path for one in await source.artifacts(place, folder)]


@pytest.mark.parametrize("profile", Profile)
async def test_a_tree_is_made_of_names_that_are_asked_for_once(stub: GitLabStub, opened: Open) -> None:
    source = opened(stub, at=PROJECT)
    place = first(stub, source)
    assert await paths(source, place) == ["model", "notes.md", "plots"]
    assert await paths(source, place, "model") == ["model/MLmodel", "model/data"]
    assert await paths(source, place, "model/data/") == ["model/data/weights.bin"]
    size = len("the content of notes.md\n")
    assert await source.artifacts(place, "notes.md") == [Artifact("notes.md", is_dir=False, size=size)]
    (weights,) = await source.artifacts(place, "model/data/weights.bin")
    assert not weights.is_dir
    for nothing in ("nothing", "model/nothing", "notes.md/x"):
        with pytest.raises(NotFoundError):
            await source.artifacts(place, nothing)
    assert questions(stub).total() == 2


@pytest.mark.parametrize("profile", Profile)
async def test_a_file_comes_from_elsewhere_which_never_gets_the_token(stub: GitLabStub, opened: Open) -> None:
    source = opened(stub, at=PROJECT)
    place = first(stub, source)
    for path in ("plots/loss curve.svg", "model/MLmodel"):
        assert await whole(source.content(place, path)) == f"the content of {path}\n".encode()
    away = [one for one in stub.asked if one.host in stub.elsewhere]
    assert [one.status for one in away] == [200, 200]
    assert not any({"authorization", "private-token", "cookie"} & set(one.headers) for one in away)
    here = [one for one in stub.asked if one.host not in stub.elsewhere]
    assert all("authorization" in one.headers for one in here)


async def test_a_file_that_is_not_there_and_a_folder_are_not_found(stub: GitLabStub, opened: Open) -> None:
    source = opened(stub, at=PROJECT)
    place = first(stub, source)
    for path in ("nothing", "model", "../notes.md", "/etc/passwd", "model/../notes.md", "..%2Fnotes.md"):
        with pytest.raises(NotFoundError):
            await whole(source.content(place, path))
    assert not [one for one in stub.asked if ".." in one.path or "passwd" in one.path]


@pytest.mark.parametrize("user", ["dan", "gus"])
async def test_who_may_only_read_sees_the_files_too(stub: GitLabStub, opened: Open, user: str) -> None:
    source = opened(stub, user, "read_api", at=PROJECT)
    place = first(stub, source)
    assert await paths(source, place, "plots") == ["plots/loss curve.svg"]
    assert await whole(source.content(place, "notes.md")) == b"the content of notes.md\n"


# What somebody may have stored


HOSTILE = [
    *("..", ".", "..%2F..%2Fetc%2Fpasswd", "%2Fetc%2Fpasswd", "good%2F..%2F..%2Fbad", "a%2F%2Fb", "a%2F", "%2F"),
    *("good%2F.%2Fx", "..%2F", "%252e%252e", "%252e%252e%252fx", "a%5Cb", "C%3A%5Cx", "c%3A", "a%00b", "a%1B%5B2Jb"),
    *("%C2%85", "a%E2%80%A8b", "models%3A%2Fm-1", "datasets%3A", "%25252e%25252e", "a%250Ab", "%255C%255Chost"),
]
ODD = {"100%", "räume.txt", "a&b?c=d#e", "good/plain.txt", "a%20b"}


def hold(stub: GitLabStub, *stored: str) -> None:
    """Store files under these very names."""
    world, project = stub.world, project_of(stub)
    package = project.experiments[1].candidates[0].package = Package(1, "p", "v", "ml_model", 0)
    for name in stored:
        file = package.files[name] = PackageFile(world.number("file"), name, name.encode(), 0)
        world.files[file.id] = file


async def everything(source: RemoteSource, place: CandidateId, folder: str = "") -> list[str]:
    """All that can be read; what is refused is not gone into."""
    found = []
    for one in await source.artifacts(place, folder):
        if one.kind is ArtifactKind.LOGGED:
            found += [*await everything(source, place, one.path)] if one.is_dir else [one.path]
    return found


async def test_names_that_lead_out_of_the_artifacts_are_shown_and_never_asked_for(
    gitlab: StartGitLab, opened: Open
) -> None:
    stub = gitlab(world=populated(1))
    hold(stub, *HOSTILE, *(quote(name, safe="") for name in ODD))
    source = opened(stub, at=PROJECT)
    place = first(stub, source)
    assert set(await everything(source, place)) == ODD
    refused = [one for one in await source.artifacts(place) if one.kind is ArtifactKind.REFUSED]
    assert {one.path for one in refused} == {unquote(name).replace("models:/m-1", "models:") for name in HOSTILE}
    assert all(one.about for one in refused)
    asked = len(stub.asked)
    for one in refused:
        with pytest.raises(NotFoundError):
            await source.artifacts(place, f"{one.path}/x")
        with pytest.raises(NotFoundError):
            await whole(source.content(place, one.path))
    assert len(stub.asked) == asked


async def test_a_file_without_a_name_hides_no_other(gitlab: StartGitLab, opened: Open) -> None:
    stub = gitlab(world=populated(1))
    hold(stub, "", "a.txt")
    source = opened(stub, at=PROJECT)
    assert await everything(source, first(stub, source)) == ["a.txt"]


async def test_a_file_that_has_the_name_of_a_folder_gives_way_to_it(gitlab: StartGitLab, opened: Open) -> None:
    stub = gitlab(world=populated(1))
    hold(stub, "model", "model%2Fa.txt", "x%2Fb", "x")
    source = opened(stub, at=PROJECT)
    place = first(stub, source)
    assert [(one.path, one.is_dir) for one in await source.artifacts(place)] == [("model", True), ("x", True)]
    assert await everything(source, place) == ["model/a.txt", "x/b"]


async def test_odd_names_are_downloaded_or_refused_but_never_another_file(gitlab: StartGitLab, opened: Open) -> None:
    stub = gitlab(world=populated(1))
    hold(stub, *HOSTILE, *(quote(name, safe="") for name in ODD))
    source = opened(stub, at=PROJECT)
    place = first(stub, source)
    for name in ODD:
        assert unquote((await whole(source.content(place, name))).decode()) == name


# Where there are none


async def test_a_registry_that_is_switched_off_is_told(gitlab: StartGitLab, opened: Open) -> None:
    world = populated(1)
    world.find_project(PROJECT).model_registry = "disabled"
    stub = gitlab(world=world)
    source = opened(stub, at=PROJECT)
    with pytest.raises(RefusedError, match="model registry, which keeps artifacts, is switched off") as caught:
        await source.artifacts(first(stub, source))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("profile", Profile)
async def test_a_candidate_that_logged_none_has_none(stub: GitLabStub, opened: Open) -> None:
    source = opened(stub, at=PROJECT)
    last = stub.world.find_project(PROJECT).experiments[1].candidates[-1]
    assert await source.artifacts(CandidateId(source.location, PROJECT, "1", last.eid)) == []


async def test_a_candidate_that_is_not_there_has_no_artifacts(stub: GitLabStub, opened: Open) -> None:
    source = opened(stub, at=PROJECT)
    with pytest.raises(NotFoundError):
        await source.artifacts(first(stub, source)._replace(candidate_id="nobody"))


async def test_a_legacy_generic_package_is_read(gitlab: StartGitLab, opened: Open) -> None:
    stub = gitlab(Profile.OLD, small_world(Profile.OLD))
    source = opened(stub, at="group/sub/churn")
    place = first(stub, source, "group/sub/churn")
    assert await paths(source, place) == ["report.txt"]
    assert await whole(source.content(place, "report.txt")) == b"an old report\n"


@pytest.mark.parametrize("profile", Profile)
async def test_the_files_of_a_model_version_are_those_of_its_candidate(stub: GitLabStub, opened: Open) -> None:
    source = opened(stub, at=PROJECT)
    (model,) = [one for one in project_of(stub).models.values() if one.versions]
    for version in model.versions:
        place = await source.locate(version.candidate.eid)
        assert await everything(source, place) == ["model/MLmodel"]
        assert await whole(source.content(place, "model/MLmodel")) == b"flavors: {}\n"


async def test_an_artifact_uri_that_names_another_host_is_not_asked_there(
    gitlab: StartGitLab, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run's URI is data: of it only the end counts."""
    stub = gitlab(Profile.MID, small_world())
    told = shapes.artifact_uri
    monkeypatch.setattr(shapes, "artifact_uri", lambda *asked: told(*asked).replace(stub.uri, stub.elsewhere))
    source = opened(stub, at=PROJECT)
    place = first(stub, source)
    (read,) = await source.read([place])
    assert (read.artifact_uri or "").startswith(stub.elsewhere)
    assert await whole(source.content(place, "notes.md")) == b"the content of notes.md\n"
    (away,) = [one for one in stub.asked if one.host in stub.elsewhere]
    assert away.path.startswith("/packages/")
