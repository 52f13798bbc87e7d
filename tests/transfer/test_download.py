import asyncio
import errno
import os
from pathlib import Path

import pytest

from mltrack_tui.domain.entities import Artifact
from mltrack_tui.sources.artifacts import ArtifactSource
from mltrack_tui.sources.base import NotFoundError
from mltrack_tui.transfer.download import download
from mltrack_tui.transfer.downloads import Progress
from mltrack_tui.transfer.errors import TargetExistsError, TransferError
from tests.transfer.sources import CANDIDATE, FolderSource, ListedSource, StallingSource

FILES = {
    "notes.txt": b"a note",
    "model/MLmodel": b"flavors: {}\n",
    "model/data/weights.bin": bytes(range(256)),
    "model/data/empty": b"",
}


@pytest.fixture
def store(tmp_path: Path) -> FolderSource:
    root = tmp_path / "artifacts"
    for path, content in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    (root / "model" / "nothing in it").mkdir()
    return FolderSource(root)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def all_below(folder: Path) -> dict[str, bytes | None]:
    """Every path below a folder, hidden ones included, with a file's content."""
    return {str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes() for path in folder.rglob("*")}


def silent(progress: Progress) -> None:
    pass


async def fetch(source: ArtifactSource, path: str, folder: Path) -> Path:
    return await download(source, CANDIDATE, path, folder, progress=silent)


async def test_a_file_comes_under_its_own_name_into_a_folder_that_is_made(store: FolderSource, out: Path) -> None:
    target = await fetch(store, "model/data/weights.bin", out / "deeper")

    assert target == out / "deeper" / "weights.bin"
    assert all_below(out / "deeper") == {"weights.bin": bytes(range(256))}


async def test_a_folder_keeps_its_structure_below_its_name(store: FolderSource, out: Path) -> None:
    target = await fetch(store, "model", out)

    assert target == out / "model"
    assert all_below(out) == {
        "model": None,
        "model/MLmodel": b"flavors: {}\n",
        "model/data": None,
        "model/data/weights.bin": bytes(range(256)),
        "model/data/empty": b"",
        "model/nothing in it": None,
    }


async def test_everything_comes_below_the_candidates_id(store: FolderSource, out: Path) -> None:
    target = await fetch(store, "", out)

    assert target == out / "c0ffee"
    assert {path: content for path, content in all_below(target).items() if content is not None} == FILES


async def test_what_was_copied_has_the_permissions_of_any_new_file(store: FolderSource, out: Path) -> None:
    (out / "plain").mkdir()
    (out / "plain" / "file").touch()

    target = await fetch(store, "model", out)

    assert target.stat().st_mode == (out / "plain").stat().st_mode
    assert (target / "MLmodel").stat().st_mode == (out / "plain" / "file").stat().st_mode


async def test_progress_tells_files_and_bytes_from_nothing_to_all(store: FolderSource, out: Path) -> None:
    told: list[Progress] = []

    await download(store, CANDIDATE, "model", out, progress=told.append)

    assert told[0] == Progress(files_done=0, files_total=3, bytes_done=0, bytes_total=268)
    assert told[-1] == Progress(files_done=3, files_total=3, bytes_done=268, bytes_total=268)
    assert [now.bytes_done for now in told] == sorted(now.bytes_done for now in told)
    assert len(told) == 1 + 3 + 268 // 4


async def test_a_total_that_the_source_does_not_tell_is_unknown(out: Path) -> None:
    told: list[Progress] = []
    source = ListedSource({"": [Artifact("a", is_dir=False, size=4), Artifact("b", is_dir=False)]})

    await download(source, CANDIDATE, "", out, progress=told.append)

    assert told[-1] == Progress(files_done=2, files_total=2, bytes_done=8, bytes_total=None)


@pytest.mark.parametrize("path", ["notes.txt", "model", ""])
async def test_what_is_there_already_is_named_and_not_touched(store: FolderSource, out: Path, path: str) -> None:
    target = await fetch(store, path, out)
    before = all_below(out)

    with pytest.raises(TargetExistsError, match=f"{target.name} is there already"):
        await fetch(store, path, out)

    assert all_below(out) == before


async def test_a_link_that_leads_nowhere_is_not_written_through(store: FolderSource, out: Path, tmp_path: Path) -> None:
    (out / "notes.txt").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(TargetExistsError):
        await fetch(store, "notes.txt", out)

    assert not (tmp_path / "elsewhere").exists()


async def test_what_came_up_while_the_bytes_came_in_is_not_overwritten(store: FolderSource, out: Path) -> None:
    def meanwhile(progress: Progress) -> None:
        (out / "notes.txt").write_text("mine")

    with pytest.raises(TargetExistsError):
        await download(store, CANDIDATE, "notes.txt", out, progress=meanwhile)

    assert all_below(out) == {"notes.txt": b"mine"}


@pytest.mark.parametrize(
    "path",
    [
        "../escaped",
        "..",
        ".",
        "",
        "/etc/passwd",
        "a/../../escaped",
        "a/b",
        "a\\b",
        "..\\escaped",
        "C:escaped",
        "c:\\escaped",
        "a\x00b",
        "a\nb",
        "a\x1b[2Jb",
        "a\x9bb",
    ],
)
@pytest.mark.parametrize("folder", ["", "model"])
@pytest.mark.parametrize("is_dir", [True, False])
async def test_a_listed_path_that_could_leave_its_folder_is_refused(
    out: Path, path: str, folder: str, is_dir: bool
) -> None:
    listed = Artifact(f"{folder}/{path}" if folder else path, is_dir=is_dir, size=4)
    source = ListedSource({"": [Artifact("model", is_dir=True)], "model": []} | {folder: [listed]})

    with pytest.raises(TransferError) as failure:
        await fetch(source, folder, out)

    assert "is refused" in str(failure.value)
    assert str(failure.value).isprintable()
    assert all_below(out) == {}


async def test_a_path_listed_outside_the_folder_it_is_said_to_lie_in_is_refused(out: Path) -> None:
    source = ListedSource({"model": [Artifact("elsewhere/file", is_dir=False)]})

    with pytest.raises(TransferError, match="does not lie in the folder"):
        await fetch(source, "model", out)


@pytest.mark.parametrize("path", ["../up", "/abs", "a//b", "a/./b", "a\\b"])
async def test_a_path_that_was_asked_for_is_checked_like_a_listed_one(
    store: FolderSource, out: Path, path: str
) -> None:
    with pytest.raises(TransferError, match="is refused"):
        await fetch(store, path, out)


async def test_a_path_listed_twice_is_refused(out: Path) -> None:
    source = ListedSource({"": [Artifact("a", is_dir=False), Artifact("a", is_dir=True)]})

    with pytest.raises(TransferError, match="listed twice"):
        await fetch(source, "", out)


class EndlessSource(ListedSource):
    async def artifacts(self, candidate: object, path: str = "") -> list[Artifact]:
        return [Artifact(f"{path}/a" if path else "a", is_dir=True)]


async def test_folders_without_an_end_are_not_followed_for_ever(out: Path) -> None:
    with pytest.raises(TransferError, match="folders deep"):
        await fetch(EndlessSource({}), "", out)


@pytest.mark.parametrize(
    ("size", "message"), [(9, "a: 8 came of 9 bytes. Try again."), (7, "a: more came of 7 bytes. Try again.")]
)
async def test_a_file_of_another_size_than_announced_is_not_kept(out: Path, size: int, message: str) -> None:
    source = ListedSource({"": [Artifact("a", is_dir=False, size=size)]}, chunks=[b"1234", b"5678", b""])

    with pytest.raises(TransferError) as failure:
        await fetch(source, "", out)

    assert str(failure.value) == message
    assert all_below(out) == {}
    assert source.closed == 1


async def test_cancelling_in_the_middle_leaves_nothing_behind(out: Path) -> None:
    source = StallingSource({"": [Artifact("a", is_dir=False, size=8), Artifact("b", is_dir=False, size=8)]})
    task = asyncio.create_task(fetch(source, "", out))
    await source.stalled.wait()
    assert list(all_below(out)) != []

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert all_below(out) == {}
    assert source.closed == 1


async def test_what_the_source_does_not_have_is_its_own_error(store: FolderSource, out: Path) -> None:
    with pytest.raises(NotFoundError):
        await fetch(store, "no such thing", out)

    assert all_below(out) == {}


async def test_a_full_disk_is_one_line_and_leaves_nothing_behind(
    store: FolderSource, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_open = Path.open

    def open_on_a_full_disk(path: Path, mode: str = "r") -> object:
        if "x" not in mode:
            return real_open(path, mode)
        path.touch()
        return real_open(Path("/dev/full"), "wb")

    monkeypatch.setattr(Path, "open", open_on_a_full_disk)

    with pytest.raises(TransferError) as failure:
        await fetch(store, "model", out)

    assert str(failure.value) == (
        "model/MLmodel could not be written: the disk is full. Make room, or choose another folder."
    )
    assert all_below(out) == {}


async def test_a_folder_that_may_not_be_written_is_one_line(
    store: FolderSource, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: str) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    monkeypatch.setattr("mltrack_tui.transfer.download.tempfile.mkdtemp", lambda prefix, dir: refused(dir))  # noqa: A006 - its name

    with pytest.raises(TransferError) as failure:
        await fetch(store, "notes.txt", out)

    assert str(failure.value) == f"{out} could not be written: no permission to write there. Choose another folder."


async def test_a_file_where_the_folder_should_be_is_one_line(store: FolderSource, out: Path) -> None:
    (out / "file").write_text("mine")

    with pytest.raises(TransferError, match="file could not be written: something of that name is in the way"):
        await fetch(store, "notes.txt", out / "file")
    with pytest.raises(TransferError, match="could not be written: what should hold it is no folder"):
        await fetch(store, "notes.txt", out / "file" / "below")


async def test_names_that_one_disk_cannot_tell_apart_are_an_error(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = ListedSource({"": [Artifact("a", is_dir=False), Artifact("A", is_dir=False)]})
    real_open = Path.open
    monkeypatch.setattr(Path, "open", lambda path, mode: real_open(path.with_name(path.name.lower()), mode))

    with pytest.raises(TransferError, match="A could not be written: something of that name is in the way"):
        await fetch(source, "", out)

    assert all_below(out) == {}
