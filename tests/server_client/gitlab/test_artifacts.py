"""Runs' artifacts: a tree of flat names, and files that may come from another host."""

import asyncio
import hashlib

import pytest

from server_client import (
    Access,
    BadRequestError,
    Checksum,
    FileInfo,
    ForbiddenError,
    NotFoundError,
    Span,
    UnexpectedAnswerError,
)
from server_client.auth import TokenAuth
from server_client.gitlab.client import GitLabClient, ProjectClient
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import small_world
from tests.gitlab.things import Candidate
from tests.gitlab.world import World
from tests.server_client.gitlab.asking import client_of, counted
from tests.server_client.loopback import QUICK, Heard, reply, serving

WHO = [("ann", "api"), ("dan", "read_api"), ("gus", "api")]


def world_of(*paths: str) -> tuple[World, Candidate]:
    world = small_world()
    project = world.find_project("group/vision")
    made = world.candidate(project, project.experiments[1], "files")
    for path in paths:
        world.artifact(project, made, path, f"<{path}>".encode())
    return world, made


async def tree(tracker: ProjectClient, run: Candidate, path: str = "") -> dict[str, int | None]:
    """All that lies in a folder and below: bytes, None of folders."""
    found: dict[str, int | None] = {}
    for file in (await tracker.artifacts.list(run.eid, path)).files:
        found[file.path] = file.file_size
        if file.is_dir:
            found |= await tree(tracker, run, file.path)
    return found


async def content(tracker: ProjectClient, run: Candidate, path: str, root: str | None = None, offset: int = 0) -> bytes:
    async with tracker.artifacts.open(run.eid, path, Span(offset), root_uri=root) as file:
        return b"".join([chunk async for chunk in file.chunks])


PATHS = ("model/MLmodel", "model/data/weights.bin", "plots/loss curve.svg", "100%25.txt", "日本/a b.txt", "notes.md")


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize(("who", "scope"), WHO)
async def test_flat_names_are_a_tree_that_is_asked_for_once(
    gitlab: StartGitLab, profile: Profile, who: str, scope: str
) -> None:
    world, run = world_of(*PATHS)
    stub = gitlab(profile, world, root="/gitlab/root")
    async with client_of(stub, who, scope) as client:
        tracker = client.in_project("group/vision")
        with counted(stub) as asked:
            assert await tree(tracker, run) == {
                **dict.fromkeys(("model", "model/data", "plots", "日本")),
                **{path: len(path.encode()) + 2 for path in PATHS},
            }
        assert asked == ["GET runs/get", "GET mlflow-artifacts/artifacts"]
        for path in PATHS:
            assert tracker.artifacts.readable(path) is None
            assert await content(tracker, run, path) == f"<{path}>".encode()
        listed = await tracker.artifacts.list(run.eid, "model/data/")
        assert listed.files == (FileInfo("model/data/weights.bin", is_dir=False, file_size=24),)
        assert listed.root_uri.startswith("mlflow-artifacts:" if profile == "gl-new" else stub.uri)
        assert (await tracker.artifacts.list(run.eid, "notes.md")).files == ()
        assert (await tracker.artifacts.list(run.eid, "mod")).files == ()
        with counted(stub) as asked:
            assert await content(tracker, run, "notes.md", listed.root_uri, 3) == b"tes.md>"
        assert asked[0] == f"GET mlflow-artifacts/artifacts/candidate:{run.iid}/notes.md"
        assert len(asked) == 2  # and the storage


@pytest.mark.parametrize("profile", Profile)
async def test_files_are_fetched_elsewhere_without_the_token(gitlab: StartGitLab, profile: Profile) -> None:
    world, run = world_of("a/b.txt")
    stub = gitlab(profile, world)
    async with client_of(stub, "gus", "read_api") as client:
        tracker = client.in_project("group/vision")
        assert await content(tracker, run, "a/b.txt") == b"<a/b.txt>"
        there = [asked for asked in stub.asked if stub.elsewhere.endswith(asked.host)]
        here = [asked for asked in stub.asked if stub.uri.endswith(asked.host)]
        assert len(there) == 1
        assert {"authorization", "private-token", "cookie"}.isdisjoint(there[0].headers)
        assert all(asked.headers["authorization"].startswith("Bearer glpat-") for asked in here)


@pytest.mark.parametrize("profile", Profile)
async def test_files_that_gitlab_sends_itself_come_too(gitlab: StartGitLab, profile: Profile) -> None:
    world, run = world_of("a/b.txt")
    stub = gitlab(profile, world, redirect_files=False)
    async with client_of(stub, "dan") as client:
        tracker = client.in_project(str(world.find_project("group/vision").id))
        assert await content(tracker, run, "a/b.txt", offset=2) == b"/b.txt>"
        for missing in ("a/c.txt", "a", "a/../a/b.txt", "../x", "/a/b.txt", ""):
            with pytest.raises(NotFoundError):
                await content(tracker, run, missing)
        with pytest.raises(NotFoundError):
            await tracker.artifacts.list("none")


async def test_names_that_lead_out_are_told_in_the_root_and_in_no_folder(gitlab: StartGitLab) -> None:
    bad = ("../up", "a/../b", "/root", "a//b", "a/", ".", "..", "./x", "a/..")
    world, run = world_of("good", "good.d/...", *bad)
    async with client_of(gitlab(Profile.NEW, world), "gus") as client:
        assert set(await tree(client.in_project("group/vision"), run)) == {"good", "good.d", "good.d/...", *bad}


async def test_a_folder_wins_over_a_file_of_its_name(gitlab: StartGitLab) -> None:
    world, run = world_of("x", "x/y", "z/w", "z")
    async with client_of(gitlab(Profile.NEW, world), "gus") as client:
        found = await tree(client.in_project("group/vision"), run)
        assert found == {"x": None, "x/y": 5, "z": None, "z/w": 5}


@pytest.mark.parametrize("profile", Profile)
async def test_a_run_without_files_has_none_and_those_of_a_model_version_are_there(
    gitlab: StartGitLab, profile: Profile
) -> None:
    world = small_world()
    project = world.find_project("group/vision")
    version = project.models["segmenter"].versions[0]
    bare = world.model_version(project, project.models["segmenter"], "3.0.0")
    empty = world.candidate(project, project.experiments[1], "empty")
    async with client_of(gitlab(profile, world), "gus", "read_api") as client:
        tracker = client.in_project("group/vision")
        assert await tree(tracker, empty) == await tree(tracker, bare.candidate) == {}
        assert await tree(tracker, version.candidate) == {"model": None, "model/MLmodel": 12}
        assert await content(tracker, version.candidate, "model/MLmodel") == b"flavors: {}\n"
        root = await tracker.models.download_uri("segmenter", version.version)
        assert root == f"mlflow-artifacts:/{version.id}"
        assert await content(tracker, version.candidate, "model/MLmodel", root) == b"flavors: {}\n"


@pytest.mark.parametrize("scope", ["api", "read_api"])
async def test_the_packages_of_long_ago_are_listed_and_read(gitlab: StartGitLab, scope: str) -> None:
    world = small_world(Profile.OLD)
    project = world.find_project("group/sub/churn")
    run = next(each for each in project.candidates.values() if each.package)
    assert run.package is not None
    for number in range(120):
        world.package_file(run.package, f"logs/{number}.txt", b"x" * number)
    other = world.package(project, f"{run.package.name}0", run.package.version, "generic")
    world.package_file(other, "not ours", b"")
    stub = gitlab(Profile.OLD, world, root="/gitlab/root")
    async with client_of(stub, "dan", scope) as client:
        tracker = client.in_project("group/sub/churn")
        with counted(stub) as asked:
            found = await tree(tracker, run)
        assert len(asked) == 4  # the run, its package, and two pages of its files
        assert len(found) == 122
        assert (found["report.txt"], found["logs"], found["logs/119.txt"]) == (14, None, 119)
        assert await content(tracker, run, "report.txt") == b"an old report\n"
        assert await content(tracker, run, "logs/100.txt", offset=90) == b"x" * 10


@pytest.mark.parametrize("profile", Profile)
async def test_where_the_registry_is_off_it_is_said_so(gitlab: StartGitLab, profile: Profile) -> None:
    world, run = world_of("a")
    world.find_project("group/vision").model_registry = "disabled"
    async with client_of(gitlab(profile, world), "gus", "read_api") as client:
        tracker = client.in_project("group/vision")
        with pytest.raises(ForbiddenError, match="model registry"):
            await tracker.artifacts.list(run.eid)


async def test_the_host_of_an_artifact_uri_is_never_asked() -> None:
    uris = [
        f"{start}/api/v4/projects/1/packages/{kind}"
        for start in ("https://u:p@evil.invalid", "//evil.invalid", "")
        for kind in ("ml_models/candidate:7/files/", "ml_models/7/files/", "generic/ml_experiment_1/7/")
    ]
    uris += ["mlflow-artifacts://evil.invalid/candidate:7", "mlflow-artifacts:/candidate:7"]

    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, b"content")

    access = Access(auth=TokenAuth.known("s3cret", called="it"))
    async with serving(answer) as server, GitLabClient(server.uri, access, timeouts=QUICK) as client:
        for uri in uris:
            async with client.in_project("a/b").artifacts.open("r", "f", Span(0, 7), root_uri=uri) as file:
                assert b"".join([chunk async for chunk in file.chunks]) == b"content"
        assert len(server.heard) == len(uris)
        for uri in ("s3://bucket/7x", "mlflow-artifacts:/candidate:7/../../x", "https://h/candidate:x/files/", "/"):
            with pytest.raises(UnexpectedAnswerError):
                await client.in_project("a/b").artifacts.open("r", "f", root_uri=uri).__aenter__()
        assert len(server.heard) == len(uris)


@pytest.mark.parametrize(("who", "may"), [("ann", True), ("gus", False)])
async def test_a_file_is_told_with_the_checksum_of_its_package_where_that_may_be_seen(
    gitlab: StartGitLab, who: str, may: bool
) -> None:
    world, run = world_of("a/b ü.txt", "100%25.txt")
    stub = gitlab(Profile.NEW, world)
    async with client_of(stub, who, "read_api") as client:
        artifacts = client.in_project("group/vision").artifacts
        root = f"mlflow-artifacts:/candidate:{run.iid}"
        with counted(stub) as asked:
            for path in ("a/b ü.txt", "100%25.txt"):
                told = Checksum("sha256", hashlib.sha256(f"<{path}>".encode()).hexdigest())
                async with artifacts.open(run.eid, path, Span(3), root_uri=root) as file:
                    assert b"".join([chunk async for chunk in file.chunks]) == f"<{path}>".encode()[3:]
                    assert file.checksum == (told if may else None)
                    assert file.ranged
                    assert file.version is not None
        assert len([each for each in asked if each.startswith("GET /projects/")]) == (2 if may else 1)
        async with artifacts.open(run.eid, "100%25.txt", Span(0, 3), root_uri=root) as file:
            assert file.checksum is None


async def test_a_storage_that_refuses_is_no_refusal_of_gitlabs(gitlab: StartGitLab) -> None:
    world, run = world_of("a")
    stub = gitlab(Profile.NEW, world)
    stub.refuse = lambda asked: (403, {}, b"<Error/>") if asked.host in stub.elsewhere else None
    async with client_of(stub, "gus") as client:
        with pytest.raises(UnexpectedAnswerError, match="a redirect elsewhere"):
            await content(client.in_project("group/vision"), run, "a")
        stub.refuse = lambda asked: (400, {}, b"<Error/>") if asked.host in stub.elsewhere else None
        with pytest.raises(BadRequestError):
            await content(client.in_project("group/vision"), run, "a")


async def test_a_list_whose_next_page_is_always_there_ends(gitlab: StartGitLab) -> None:
    world, run = world_of("a")
    stub = gitlab(Profile.NEW, world)
    stub.refuse = lambda asked: (200, {"X-Next-Page": "1"}, b"[]") if asked.path.endswith("/packages") else None
    async with client_of(stub, "gus") as client:
        assert await content(client.in_project("group/vision"), run, "a") == b"<a>"
