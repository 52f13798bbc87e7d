"""Storage elsewhere, over a real S3 server: what it says when something is wrong, and names that could do harm."""

import socket
import sys
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fsspec.implementations.sftp import SFTPFileSystem

from mltrack_tui.domain.artifacts import Artifact, ArtifactKind
from mltrack_tui.sources.artifact_roots.backends import backend_of
from mltrack_tui.sources.artifact_roots.cloud import CloudArtifacts
from mltrack_tui.sources.artifact_roots.roots import Root, Roots
from mltrack_tui.sources.artifacts import Part
from mltrack_tui.sources.base import ChangedError, NotFoundError, RefusedError, SourceError, UnreachableError
from tests.servers import sftp
from tests.servers.s3 import BUCKET, S3Server
from tests.sources.reading import whole

_NUMBERS = count(1)


@pytest.fixture
def folder() -> str:
    return f"cloud{next(_NUMBERS)}"


def root(uri: str) -> Root:
    return Roots(Path("mlflow.db")).at(uri)


async def test_keys_that_could_do_harm_are_shown_and_not_asked_for(s3: S3Server, folder: str) -> None:
    refused = ("../up", "a/../b", "/double", "%2e%2e/x", "back\\slash", "x?versionId=1", "models:/m-1")
    for key in ("fine", "sub/fine", *refused):
        s3.put(f"{folder}/{key}", b"x")
    s3.put(f"{folder}/", b"")  # as some programs mark a folder
    artifacts = root(f"s3://{BUCKET}/{folder}")
    listed = await artifacts.listing()
    assert [each for each in listed if each.kind is ArtifactKind.LOGGED] == [
        Artifact("a", is_dir=True),
        Artifact("fine", is_dir=False, size=1),
        Artifact("sub", is_dir=True),
    ]
    assert {each.path for each in listed if each.kind is ArtifactKind.REFUSED} == {
        *("..", "/", "%2e%2e", "back\\slash", "x?versionId=1", "models:")
    }
    (up,) = await artifacts.listing("a")
    assert (up.path, up.kind) == ("a/..", ArtifactKind.REFUSED)
    for key in refused:
        with pytest.raises(NotFoundError):
            await whole(artifacts.content(key))


async def test_nothing_logged_is_an_empty_list_and_no_bucket_an_error(s3: S3Server) -> None:
    assert await root(f"s3://{BUCKET}/nothing/artifacts").listing() == []
    with pytest.raises(SourceError, match="There is no bucket 'no-such-bucket' at s3://no-such-bucket"):
        await root("s3://no-such-bucket/run/artifacts").listing()


async def test_a_file_that_changes_between_two_ranges_is_noticed(s3: S3Server, folder: str) -> None:
    s3.put(f"{folder}/big", b"a" * 5_000_000)

    async def read() -> None:
        async with root(f"s3://{BUCKET}/{folder}").content("big") as content:
            async for _ in content.chunks:
                s3.put(f"{folder}/big", b"b" * 5_000_000)

    with pytest.raises(ChangedError):
        await read()


async def test_without_credentials_it_says_where_they_are_looked_for(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(RefusedError, match="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY") as caught:
        await root(f"s3://{BUCKET}/run").listing()
    assert str(caught.value).isprintable()


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port at which nobody answers."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port at which somebody takes connections and says nothing."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


@pytest.mark.parametrize("kind", ["closed_port", "silent_port"])
async def test_a_place_that_does_not_answer_keeps_nobody_waiting(
    s3: S3Server, kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_S3_ENDPOINT_URL", f"http://127.0.0.1:{request.getfixturevalue(kind)}")
    monkeypatch.setattr("mltrack_tui.sources.artifact_roots.cloud._PATIENCE", 1.5)
    with pytest.raises(UnreachableError, match=f"s3://{BUCKET} does not answer"):
        await root(f"s3://{BUCKET}/run").listing()


async def test_without_the_extra_one_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    for uri in ("s3://bucket/x", "gs://bucket/x", "sftp://host/x"):
        with pytest.raises(SourceError, match=r"pip install 'mltrack-tui\[cloud\]'\.$"):
            await root(uri).listing()


@pytest.mark.parametrize(
    ("uri", "where"),
    [
        ("s3://ann:secret@bucket/a/b/", "bucket/a/b"),
        ("gs://bucket/a%20b", "bucket/a%20b"),
        ("wasbs://box@account.blob.core.windows.net/a/b", "box/a/b"),
        ("abfss://box@account.dfs.core.windows.net/a", "box/a"),
        ("sftp://ann:secret@host:22/srv/a", "/srv/a"),
    ],
)
async def test_a_uri_is_understood_as_mlflow_understands_it(
    uri: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def ask(self: CloudArtifacts, what: str, path: str, **options: object) -> list[object]:
        asked.append(path)
        return []

    monkeypatch.setattr(CloudArtifacts, "_ask", ask)
    assert await root(uri).listing() == []
    assert asked == [where]


async def test_no_account_but_azures_own_gets_a_token(closed_port: int) -> None:
    with pytest.raises(SourceError, match="names no storage account"):
        await root("abfss://box@evil-host.example/a").listing()
    with pytest.raises(SourceError):
        await root(f"sftp://127.0.0.1:{closed_port}/srv").listing()


async def test_a_machine_is_read_by_sftp_once_its_key_is_known_and_its_links_are_not_followed(
    tmp_path: Path, home: Path
) -> None:
    (tmp_path / "run" / "sub").mkdir(parents=True)
    (tmp_path / "run" / "a.txt").write_bytes(b"hello")
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "run" / "out").symlink_to(tmp_path / "secret")
    with sftp.sftp_server(tmp_path) as (port, key):
        artifacts = root(f"sftp://ann:pw@127.0.0.1:{port}/run")
        with pytest.raises(SourceError, match=r"not in ~/\.ssh/known_hosts"):
            await artifacts.listing()
        (home / ".ssh").mkdir()
        (home / ".ssh" / "known_hosts").write_text(key)
        a = Artifact("a.txt", is_dir=False, size=5)
        out = Artifact("out", is_dir=False, kind=ArtifactKind.LINK, about="to somewhere on its machine")
        assert await artifacts.listing() == [a, out, Artifact("sub", is_dir=True)]
        assert await artifacts.listing("a.txt") == [a]
        assert await whole(artifacts.content("a.txt", Part(1, 3))) == b"el"
        for path in ("out", "sub", "nothing"):
            with pytest.raises(NotFoundError):
                await whole(artifacts.content(path))
        with pytest.raises(RefusedError, match="does not let us read"):
            await root(f"sftp://ann:wrong@127.0.0.1:{port}/run").listing()
        SFTPFileSystem.clear_instance_cache()


def test_who_is_asked_twice_is_connected_to_once() -> None:
    backend = backend_of("sftp")
    assert backend is not None
    uri = urlsplit("sftp://ann:pw@host/run")
    assert backend.settings(uri) == backend.settings(uri)  # or fsspec makes another connection, and keeps both


async def test_a_machine_that_falls_silent_leaves_no_thread_waiting(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asleep = threading.Event()
    monkeypatch.setattr(sftp._Folder, "list_folder", lambda *_: asleep.wait() and [])
    monkeypatch.setattr("mltrack_tui.sources.artifact_roots.cloud.READING", 0.3)
    with sftp.sftp_server(tmp_path) as (port, key):
        (home / ".ssh").mkdir()
        (home / ".ssh" / "known_hosts").write_text(key)
        try:
            with pytest.raises(UnreachableError, match="does not answer"):
                await root(f"sftp://ann:pw@127.0.0.1:{port}/run").listing()
        finally:
            asleep.set()
        SFTPFileSystem.clear_instance_cache()
