"""Artifacts that the real client logged to a real server come back as they are on that server's disk."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from mlflow import MlflowClient

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.sources.base import NotFoundError
from mltrack_tui.sources.remote import RemoteSource, open_server
from tests.servers.fixtures import AuthServer
from tests.sources.reading import pieces, whole
from tests.transfer.given import fetch

pytestmark = pytest.mark.filterwarnings("ignore")  # those that mlflow gives are not ours to mend

FILES = {
    "a b%20c.txt": b"the real client turns this name into another one",
    "empty": b"",
    "model/MLmodel": b"flavors: {}\n",
    "model/data/weights.bin": random.Random(7).randbytes(5_000_000),
    "model.gz": b"\x1f\x8b is what it begins with, and no gzip",
    "naïve 実験 🚀/日本.txt": "日本".encode(),
    'odd/it\'s "quoted" & 100% = 1;2+3,4.txt': b"odd",
    "odd/[bold]x[": b"markup",
}


class Logged(NamedTuple):
    candidate: CandidateId
    folder: Path
    """Where the server has the candidate's artifacts."""


@pytest.fixture(scope="module")
def client(auth_server: AuthServer) -> MlflowClient:
    return MlflowClient(auth_server.uri_of(auth_server.admin))


@pytest.fixture(scope="module")
def logged(client: MlflowClient, auth_server: AuthServer, tmp_path_factory: pytest.TempPathFactory) -> Logged:
    source = tmp_path_factory.mktemp("logged")
    logged = begin(client, auth_server, client.create_experiment("artifacts"))
    write(source, FILES)
    for path in FILES:
        client.log_artifact(logged.candidate.candidate_id, str(source / path), path.rpartition("/")[0] or None)
    return logged


def begin(client: MlflowClient, server: AuthServer, experiment: str) -> Logged:
    """A candidate whose artifacts go through the server's proxy."""
    run = client.create_run(experiment)
    uri = run.info.artifact_uri
    assert uri.startswith("mlflow-artifacts:/")
    candidate = CandidateId(server.uri, "default", experiment, run.info.run_id)
    return Logged(candidate, server.artifacts / uri.removeprefix("mlflow-artifacts:/"))


@pytest.fixture
async def source(auth_server: AuthServer) -> AsyncIterator[RemoteSource]:
    source = open_server(auth_server.uri_of(auth_server.admin))
    yield source
    await source.aclose()


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def content(source: RemoteSource, candidate: CandidateId, path: str) -> bytes:
    return await whole(source.content(candidate, path))


async def test_everything_that_was_logged_comes_back_byte_by_byte(
    source: RemoteSource, logged: Logged, tmp_path: Path
) -> None:
    there = files_below(logged.folder)
    assert {path: content for path, content in there.items() if path in FILES} == {
        path: content for path, content in FILES.items() if path != "a b%20c.txt"
    }
    done = await fetch(source, "", tmp_path, candidate=logged.candidate)
    assert not done.failures
    assert files_below(done.targets[0]) == there


async def test_folders_are_listed_as_they_lie_on_the_servers_disk(source: RemoteSource, logged: Logged) -> None:
    for folder in ("", "model", "odd", "naïve 実験 🚀"):
        listed = [(one.name, one.is_dir) for one in await source.artifacts(logged.candidate, folder)]
        assert listed == [(path.name, path.is_dir()) for path in sorted((logged.folder / folder).iterdir())]
    sizes = {one.path: one.size for one in await source.artifacts(logged.candidate, "model/data")}
    assert sizes == {"model/data/weights.bin": 5_000_000}
    (alone,) = await source.artifacts(logged.candidate, "model/data/weights.bin")
    assert not alone.is_dir


async def test_a_long_file_comes_in_pieces(source: RemoteSource, logged: Logged) -> None:
    chunks = await pieces(source.content(logged.candidate, "model/data/weights.bin"))
    assert b"".join(chunks) == FILES["model/data/weights.bin"]
    assert max(map(len, chunks)) <= 1_000_000


@pytest.mark.parametrize("path", ["nobody", "model/nobody", "model", "../model/MLmodel", "..%2fmodel"])
async def test_what_is_no_file_there_is_not_found(source: RemoteSource, logged: Logged, path: str) -> None:
    with pytest.raises(NotFoundError):
        await content(source, logged.candidate, path)


async def test_a_name_that_the_server_takes_for_another_is_told(
    source: RemoteSource, client: MlflowClient, auth_server: AuthServer, logged: Logged
) -> None:
    candidate, folder = await asyncio.to_thread(begin, client, auth_server, logged.candidate.experiment_id)
    write(folder, {"twins/a b": b"one", "twins/a%20b": b"another", "twins/100%": b"no code"})
    assert await content(source, candidate, "twins/a b") == b"one"
    assert await content(source, candidate, "twins/100%") == b"no code"
    with pytest.raises(NotFoundError, match="percent sign"):
        await content(source, candidate, "twins/a%20b")


async def test_a_root_that_is_not_proxied_is_read_by_the_server(
    source: RemoteSource, client: MlflowClient, auth_server: AuthServer, tmp_path: Path
) -> None:
    def log() -> CandidateId:
        run = client.create_run(client.create_experiment("on the server's disk", str(tmp_path / "root")))
        write(Path(run.info.artifact_uri), {"deep/er/file.bin": bytes(range(256)) * 1000, "notes.txt": b"here"})
        return CandidateId(auth_server.uri, "default", run.info.experiment_id, run.info.run_id)

    candidate = await asyncio.to_thread(log)
    done = await fetch(source, "", tmp_path / "out", candidate=candidate)
    assert files_below(done.targets[0]) == {"deep/er/file.bin": bytes(range(256)) * 1000, "notes.txt": b"here"}
