"""What every source must answer about artifacts: listing, reading, reading in parts, and files that change."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.sources.artifacts import Part
from mltrack_tui.sources.base import ChangedError, NotFoundError, Source
from mltrack_tui.sources.remote import open_server
from mltrack_tui.sources.sqlite import SqliteSource
from server_client import TrackingClient
from tests.gitlab.profiles import Profile
from tests.memory import MemorySource, candidate
from tests.servers.s3 import BUCKET, S3Server
from tests.sources.gitlabs import PROJECT, HeldFacts
from tests.sources.reading import pieces, whole
from tests.sources.stores import change

if TYPE_CHECKING:
    from tests.servers.fixtures import AuthServer

LARGE = bytes(range(256)) * 9_000  # two chunks of whoever reads in chunks
FILES = {
    "notes.txt": b"hello",
    "model/weights.bin": LARGE,
    "model/deep/er/x.json": b"{}",
    "naïve 実験 [bold].csv": b"a,b",
    "empty": b"",
}
_NUMBERS = count(1)


@dataclass(frozen=True)
class Kept:
    """A source, one of its candidates that has `FILES`, and what writes another file of it."""

    source: Source
    candidate: CandidateId
    write: Callable[[str, bytes], object]


SERVED = pytest.mark.servers("auth_server")


@pytest.fixture(scope="module")
def own_gitlab() -> Iterator[HeldFacts]:
    """A GitLab that these tests may write to."""
    with HeldFacts.started(Profile.NEW) as held:
        yield held


SERVERS = [pytest.param(kind, marks=SERVED) for kind in ("server", "behind a server")]


@pytest.fixture(params=["folder", "memory", "S3", "GitLab", *SERVERS])
async def kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Kept]:
    """Each kind of place."""
    made: Kept
    async with AsyncExitStack() as stack:
        match request.param:
            case "memory":
                made = in_memory()
            case "folder" | "S3":
                made = of_store(request, monkeypatch)
            case "server" | "behind a server":
                made = await on_server(request, stack)
            case _:
                made = on_gitlab(request.getfixturevalue("own_gitlab"), monkeypatch)
        for path, content in FILES.items():
            made.write(path, content)
        stack.push_async_callback(made.source.aclose)
        yield made


def in_memory() -> Kept:
    memory = MemorySource.of({"e": [candidate("one")]})
    files = memory.files["one"] = {}
    return Kept(memory, memory.all_candidates[0].id, files.__setitem__)


def of_store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """A store whose candidate has its artifacts in a folder of this machine, or in S3."""
    run = f"run{next(_NUMBERS)}"
    folder: Path = request.getfixturevalue("tmp_path") / "artifacts"
    uri, write = folder.as_uri(), writing_to(folder)
    if request.param == "S3":
        server: S3Server = request.getfixturevalue("s3")
        uri, write = f"s3://{BUCKET}/{run}/artifacts", lambda path, data: server.put(f"{run}/artifacts/{path}", data)
    store: Path = request.getfixturevalue("copied")()
    change(store, f"insert into runs (run_uuid, experiment_id, artifact_uri) values ('{run}', 1, '{uri}')")
    return Kept(SqliteSource(store), CandidateId("", "default", "1", run), write)


async def on_server(request: pytest.FixtureRequest, stack: AsyncExitStack) -> Kept:
    """A server's candidate, or that of a store whose artifacts the server has."""
    server: AuthServer = request.getfixturevalue("auth_server")
    uri = server.uri_of(server.admin)
    client = await stack.enter_async_context(TrackingClient(uri))
    experiment = await client.experiments.create(f"artifacts {next(_NUMBERS)}")
    run = await client.runs.create(experiment, name="one", start_time=1)
    write = writing_to(server.artifacts / run.artifact_uri.removeprefix("mlflow-artifacts:/"))
    if request.param == "server":
        source = open_server(uri)
        return Kept(source, CandidateId(source.location, "default", experiment, run.run_id), write)
    store: Path = request.getfixturevalue("copied")()
    change(store, f"insert into runs (run_uuid, experiment_id, artifact_uri) values ('one', 1, '{run.artifact_uri}')")
    behind = SqliteSource(store)
    behind.artifacts_at(uri)
    return Kept(behind, CandidateId("", "default", "1", "one"), write)


def on_gitlab(held: HeldFacts, monkeypatch: pytest.MonkeyPatch) -> Kept:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", held.tokens["api"])
    source = open_server(held.uri("api"))
    world = held.stub.world
    project = world.find_project(PROJECT)
    number, experiment = next((number, each) for number, each in project.experiments.items() if each.candidates)
    one = experiment.candidates[0]
    one.package = None

    def write(path: str, content: bytes) -> None:
        world.artifact(project, one, path, content)

    return Kept(source, CandidateId(source.location, PROJECT, str(number), one.eid), write)


def writing_to(folder: Path) -> Callable[[str, bytes], None]:
    """Writes files as if each was written a minute after the one before, all of them a while ago."""
    minutes = count()

    def write(path: str, content: bytes) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
        moment = 1_700_000_000 + 60 * next(minutes)
        os.utime(folder / path, (moment, moment))

    return write


async def test_a_folder_lists_what_lies_directly_in_it_by_name(kept: Kept) -> None:
    listed = await kept.source.artifacts(kept.candidate)
    assert [replace(each, size=None if each.is_dir else each.size or 0) for each in listed] == [  # MLflow tells no 0
        Artifact("empty", is_dir=False, size=0),
        Artifact("model", is_dir=True),
        Artifact("naïve 実験 [bold].csv", is_dir=False, size=3),
        Artifact("notes.txt", is_dir=False, size=5),
    ]
    assert await kept.source.artifacts(kept.candidate, "model") == [
        Artifact("model/deep", is_dir=True),
        Artifact("model/weights.bin", is_dir=False, size=len(LARGE)),
    ]
    assert await kept.source.artifacts(kept.candidate, "model/deep/er") == [
        Artifact("model/deep/er/x.json", is_dir=False, size=2)
    ]


async def test_a_file_lists_itself(kept: Kept) -> None:
    found = await kept.source.artifacts(kept.candidate, "model/weights.bin")
    assert found == [Artifact("model/weights.bin", is_dir=False, size=len(LARGE))]


async def test_every_file_is_read_whole_and_says_how_long_it_is(kept: Kept) -> None:
    for path, content in FILES.items():
        async with kept.source.content(kept.candidate, path) as opened:
            assert opened.size in {len(content), None}
            assert b"".join([chunk async for chunk in opened.chunks]) == content


async def test_a_part_is_exactly_those_bytes(kept: Kept) -> None:
    end = len(LARGE)
    for start, stop in ((0, 10), (1_500_000, None), (7, 2_000_003), (end - 3, end + 9), (5, 5)):
        part = await whole(kept.source.content(kept.candidate, "model/weights.bin", Part(start, stop)))
        assert part == LARGE[start:stop]


async def test_there_is_nothing_behind_the_end(kept: Kept) -> None:
    for path in ("notes.txt", "empty"):
        size = len(FILES[path])
        for part in (Part(size), Part(size, size + 5), Part(size + 1_000)):
            assert await whole(kept.source.content(kept.candidate, path, part)) == b""


async def test_what_is_not_there_is_not_found(kept: Kept) -> None:
    for path in ("nothing", "model/nothing", "notes.txt/x"):
        with pytest.raises(NotFoundError):
            await kept.source.artifacts(kept.candidate, path)
        with pytest.raises(NotFoundError):
            await whole(kept.source.content(kept.candidate, path))
    with pytest.raises(NotFoundError):
        await whole(kept.source.content(kept.candidate, "model"))


async def test_a_file_that_was_written_anew_has_another_version(kept: Kept) -> None:
    async with kept.source.content(kept.candidate, "notes.txt", Part(0, 2)) as first:
        assert await anext(aiter(first.chunks)) == b"he"
        version = first.version
    assert version is not None
    assert await whole(kept.source.content(kept.candidate, "notes.txt", Part(2, None, version))) == b"llo"
    kept.write("notes.txt", b"HELLO")
    kept.source.forget()
    with pytest.raises(ChangedError):
        await whole(kept.source.content(kept.candidate, "notes.txt", Part(2, None, version)))


async def test_a_file_may_be_let_go_of_unread(kept: Kept) -> None:
    async with kept.source.content(kept.candidate, "model/weights.bin") as opened:
        async for chunk in opened.chunks:
            assert LARGE.startswith(chunk)
            break
    assert len(b"".join(await pieces(kept.source.content(kept.candidate, "model/weights.bin")))) == len(LARGE)


async def test_hostile_paths_are_not_asked_for(kept: Kept) -> None:
    for path in ("../notes.txt", "model/../../x", "/etc/passwd", "%2e%2e/x", "..\\x", "C:/x", "a\nb", "model//x"):
        with pytest.raises(NotFoundError) as caught:
            await whole(kept.source.content(kept.candidate, path))
        assert str(caught.value).isprintable()
