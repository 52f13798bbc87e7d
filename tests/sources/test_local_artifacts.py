"""Artifacts in local folders, and paths that try to leave them."""

import asyncio
import os
import threading
from collections.abc import Callable
from pathlib import Path, PureWindowsPath
from typing import BinaryIO
from urllib.parse import quote

import pytest

from mltrack_tui.domain.artifacts import ArtifactKind
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.sources.artifact_roots import local, walking
from mltrack_tui.sources.artifact_roots.local import LocalArtifacts
from mltrack_tui.sources.artifact_roots.roots import Roots
from mltrack_tui.sources.base import NotFoundError, SourceError
from mltrack_tui.sources.sqlite import SqliteSource
from tests.sources.reading import pieces, whole

FILES = {
    "notes.txt": b"hello",
    "model/weights.bin": b"\x00" * 3_000_000,
    "model/deep/er/x.json": b"{}",
    "\x1b[31mred\n.txt": b"!",
    "100%.csv": b"a,b",
    "a%20b": b"percent",
    "empty": b"",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of artifacts beside something secret."""
    root = tmp_path / "artifacts"
    for path, content in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "artifacts-not").mkdir()
    (tmp_path / "artifacts-not" / "secret").write_text("secret")
    return root


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store" / "mlflow.db"


async def read(artifacts: LocalArtifacts, path: str) -> bytes:
    return await whole(artifacts.content(path))


async def test_a_candidate_that_is_gone_has_no_artifacts(
    copied: Callable[[], Path], opened: Callable[[Path], SqliteSource]
) -> None:
    with pytest.raises(NotFoundError):
        await opened(copied()).artifacts(CandidateId("", "default", "1", "gone"))


async def test_every_entry_is_told_as_what_it_is(root: Path, store: Path) -> None:
    outside = root.parent / "secret"
    (root / "inside").symlink_to(root / "notes.txt")
    (root / "linked folder").symlink_to("model/deep")
    (root / "outside").symlink_to(outside)
    (root / "broken").symlink_to("nowhere")
    (root / "itself").symlink_to("itself")
    (root / "above").symlink_to(".")
    (root / "%2e%2e").mkdir()
    (root / "models:").mkdir()
    os.mkfifo(root / "pipe")
    (root / "strange").symlink_to(os.fsdecode(b"/\xff\n"))
    artifacts = LocalArtifacts(str(root), store)
    listed = await artifacts.listing()
    logged = {each.path: (each.is_dir, each.size) for each in listed if each.kind is ArtifactKind.LOGGED}
    assert logged == {
        "100%.csv": (False, 3),
        "a%20b": (False, 7),
        "empty": (False, 0),
        "inside": (False, 5),
        "linked folder": (True, None),
        "model": (True, None),
        "notes.txt": (False, 5),
    }
    assert {each.path: each.about for each in listed if each.kind is ArtifactKind.LINK} == {
        "above": "to ., in which it lies",
        "broken": "to nowhere, where nothing is to be had",
        "itself": "to itself, where nothing is to be had",
        "outside": f"to {outside}, out of the folder",
        "strange": "to /· , where nothing is to be had",
    }
    assert {each.path: each.about for each in listed if each.kind is ArtifactKind.REFUSED} == {
        "\x1b[31mred\n.txt": "it holds control characters",
        "%2e%2e": "it could lead out of its folder",
        "models:": "it is called as what MLflow keeps elsewhere",
        "pipe": "it is a named pipe",
    }
    assert await read(artifacts, "inside") == b"hello"
    assert [each.path for each in await artifacts.listing("linked folder")] == ["linked folder/er"]
    for path in ("pipe", "outside", "broken", "itself", "strange", "models:"):
        with pytest.raises(NotFoundError):  # at once: nobody ever writes to the pipe
            await read(artifacts, path)


async def test_folders_that_link_to_each_other_come_to_an_end(root: Path, store: Path) -> None:
    for one, other in (("x", "y"), ("y", "x")):
        (root / one).mkdir()
        (root / one / "on").symlink_to(f"../{other}")
    artifacts = LocalArtifacts(str(root), store)
    folders, seen = ["x"], 0
    while folders:
        for each in await artifacts.listing(folders.pop()):
            seen += 1
            folders += [each.path] if each.is_dir else []
    assert seen == 2


async def test_a_link_that_takes_a_folders_place_is_not_followed(
    root: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between looking where a path leads and opening it."""

    def swapping(folder: Path, path: str) -> str:
        place = real(folder, path)
        if (root / "model").is_dir() and not (root / "model").is_symlink():
            (root / "model").rename(root / "moved")
            (root / "model").symlink_to(root.parent / "artifacts-not")
        return place

    (root / "model" / "secret").write_text("harmless")
    (root / "via").symlink_to("model")
    real = walking.place_below
    monkeypatch.setattr(walking, "place_below", swapping)
    with pytest.raises(NotFoundError, match="not followed"):
        await read(LocalArtifacts(str(root), store), "via/secret")


@pytest.mark.parametrize("path", ["notes.txt", "inside"])
async def test_a_system_that_cannot_open_in_a_folder_compares(
    root: Path, store: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "_STEPWISE", False)
    (root / "inside").symlink_to(root / "notes.txt")
    artifacts = LocalArtifacts(str(root), store)
    assert await read(artifacts, path) == b"hello"
    assert [each.path for each in await artifacts.listing("model")] == ["model/deep", "model/weights.bin"]


async def test_a_folder_of_too_many_entries_says_that_it_was_cut(
    root: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "MOST_ENTRIES", 3)
    *listed, last = await LocalArtifacts(str(root), store).listing()
    assert len(listed) == 3
    assert (last.kind, last.path) == (ArtifactKind.REFUSED, "…")
    assert last.about.endswith("the others are not listed")


async def test_a_file_that_is_opened_when_nobody_wants_it_any_more_is_closed(
    root: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening, closed, wanted = asyncio.Event(), asyncio.Event(), threading.Event()
    files: list[tuple[BinaryIO, os.stat_result]] = []
    loop, opened, close_unwanted = asyncio.get_running_loop(), LocalArtifacts._open, local._close_unwanted

    def late(artifacts: LocalArtifacts, path: str) -> tuple[BinaryIO, os.stat_result]:
        loop.call_soon_threadsafe(opening.set)
        wanted.wait(20)
        files.append(opened(artifacts, path))
        return files[-1]

    def close(opening: "asyncio.Future[tuple[BinaryIO, os.stat_result]]") -> None:
        close_unwanted(opening)
        closed.set()

    monkeypatch.setattr(LocalArtifacts, "_open", late)
    monkeypatch.setattr(local, "_close_unwanted", close)
    reading = asyncio.create_task(read(LocalArtifacts(str(root), store), "notes.txt"))
    await opening.wait()
    reading.cancel()
    await asyncio.wait([reading])
    wanted.set()
    await asyncio.wait_for(closed.wait(), 20)
    assert [file.closed for file, _ in files] == [True]


async def test_a_large_file_comes_in_chunks(root: Path, store: Path) -> None:
    artifacts = LocalArtifacts(str(root), store)
    sizes = [len(chunk) for chunk in await pieces(artifacts.content("model/weights.bin"))]
    assert len(sizes) > 1
    assert max(sizes) <= 1 << 20


HOSTILE = (
    "..",
    "../secret",
    "model/../../secret",
    "%2e%2e/secret",
    "%252e%252e%252fsecret",
    "model/%2E%2E/%2e%2e/secret",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "..\\secret",
    "model\\..\\..\\secret",
    "%5c..%5csecret",
    "C:/secret",
    "c:secret",
    "notes.txt#../secret",
    "notes.txt\x00",
    "notes%00.txt",
    "\x1b[31mred\n.txt",
    "../artifacts-not/secret",
    "out/secret",
    "out",
    "loop",
)


@pytest.mark.parametrize("path", HOSTILE)
async def test_no_path_leaves_the_folder(root: Path, store: Path, path: str) -> None:
    (root / "out").symlink_to(root.parent)
    (root / "loop").symlink_to(root / "loop")
    artifacts = LocalArtifacts(str(root), store)
    with pytest.raises(NotFoundError) as listed:
        await artifacts.listing(path)
    with pytest.raises(NotFoundError):
        await read(artifacts, path)
    assert str(listed.value).isprintable()


@pytest.fixture
def spaced(root: Path) -> Path:
    """The same folder, with a name that a URI has to escape."""
    return root.rename(root.parent / "my artifacts %41#")


@pytest.mark.parametrize("prefix", ["", "file://", "file://localhost", "file:"])
async def test_a_folder_is_found_however_its_uri_is_spelled(spaced: Path, store: Path, prefix: str) -> None:
    uri = prefix + quote(str(spaced)) if prefix else str(spaced)
    assert await read(LocalArtifacts(uri, store), "notes.txt") == b"hello"


async def test_a_relative_folder_is_looked_for_beside_the_store_first(
    root: Path, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artifacts = LocalArtifacts("./artifacts", store)
    with pytest.raises(SourceError, match="is on another machine"):
        await artifacts.listing()
    monkeypatch.chdir(tmp_path)
    assert await read(artifacts, "notes.txt") == b"hello"
    beside = store.parent / "artifacts"
    beside.mkdir(parents=True)
    (beside / "notes.txt").write_text("nearer")
    assert await read(artifacts, "notes.txt") == b"nearer"


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        ("https://ann:password@host/x", "at https://host, and nothing here opens that"),
        ("memory://x", "at memory://x, and nothing here opens that"),
        ("github://x:y@z/w", "nothing here opens that"),
        ("dbfs:/x", "nothing here opens that"),
        ("file://elsewhere/x", "on the disk of elsewhere, which is another machine"),
        ("mlflow-artifacts:/1/2", r"behind a tracking server: .*MLFLOW_TRACKING_URI .* artifacts = "),
        ("", "no artifact folder"),
    ],
)
async def test_what_lies_elsewhere_is_said_to(store: Path, uri: str, told: str) -> None:
    with pytest.raises(SourceError, match=told) as caught:
        await Roots(store).at(uri).listing()
    assert "password" not in str(caught.value)


async def test_nothing_logged_is_an_empty_list_and_another_machine_an_error(root: Path, store: Path) -> None:
    run = str(root / "run" / "artifacts")
    logged_nothing = LocalArtifacts(run, store, str(root))
    assert await logged_nothing.listing() == []
    with pytest.raises(NotFoundError):
        await logged_nothing.listing("model")
    with pytest.raises(NotFoundError):
        await read(logged_nothing, "model")
    assert await LocalArtifacts(str(store.parent / "mlruns" / "1" / "artifacts"), store).listing() == []
    with pytest.raises(SourceError, match=r"logged none, or their folder .*run/artifacts is on another machine\.$"):
        await LocalArtifacts("/nowhere/at/all/run/artifacts", store, "/nowhere/at/all").listing()
    with pytest.raises(SourceError) as caught:
        await LocalArtifacts("/no/\x1b[31m\n/where", store).listing()
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("path", [r"\\evil.example\share\x", "//evil.example/share/x"])
def test_on_windows_nobody_is_logged_in_at_a_machine_that_a_store_names(path: str) -> None:
    with pytest.raises(SourceError, match="another machine"):
        local._on_a_disk(PureWindowsPath(path))
    assert local._on_a_disk(PureWindowsPath("C:/x")) == PureWindowsPath("C:/x")
