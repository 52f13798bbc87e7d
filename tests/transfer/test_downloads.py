"""What was wanted comes whole, under its name, in its turn."""

import asyncio
import hashlib
import os
import stat
import subprocess
import threading
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.sources.artifact_roots.local import LocalArtifacts
from mltrack_tui.sources.artifacts import WHOLE, Content, Part
from mltrack_tui.transfer.downloads import Download, Downloads, Existing, State, Wanted, taken_names
from mltrack_tui.transfer.errors import TransferError
from mltrack_tui.transfer.folders import Folder
from mltrack_tui.transfer.manifest import write_manifest
from mltrack_tui.transfer.parts import PartFile
from mltrack_tui.transfer.plan import plans_of
from tests.transfer.given import all_below, fetch
from tests.transfer.sources import CANDIDATE, Fault, Served

FILES = {
    "notes.txt": b"a note",
    "model/MLmodel": b"flavors: {}\n",
    "model/data/weights.bin": bytes(range(256)) * 12_000,
    "model/data/empty": b"",
}
PATIENCE = 20.0
"""Seconds after which what is waited for does not come any more."""
LARGE = "model/data/weights.bin"


async def test_a_folder_comes_whole_below_its_name_and_everything_below_the_candidates_id(tmp_path: Path) -> None:
    one = await fetch(Served(FILES), "model", tmp_path)
    everything = await fetch(Served(FILES), "", tmp_path)

    assert one.targets == [tmp_path / "model"]
    assert everything.targets == [tmp_path / "c0ffee"]
    assert (one.state, one.progress.files_done, one.progress.bytes_done) == (State.DONE, 3, 12 + 256 * 12_000)
    found = {path: data for path, data in all_below(tmp_path).items() if data is not None}
    below = {f"c0ffee/{path}": data for path, data in FILES.items()}
    assert found == below | {path: data for path, data in FILES.items() if path.startswith("model/")}


async def test_a_finished_file_has_the_umasks_mode_and_a_part_is_its_owners_only(tmp_path: Path) -> None:
    source = Served(FILES, faults=[Fault(1 << 21)])
    downloads = Downloads(lambda _: None)
    old = os.umask(0o027)
    try:
        one = downloads.add(source, [Wanted(CANDIDATE, LARGE)], tmp_path, Existing.REFUSE, "")
        await source.stalled.wait()
        (part,) = map(tmp_path.joinpath, all_below(tmp_path))
        modes = [stat.S_IMODE(part.stat().st_mode)]
        downloads.pause(one)
        downloads.resume(one)
        await downloads.ended()
        modes.append(stat.S_IMODE((tmp_path / "weights.bin").stat().st_mode))
    finally:
        os.umask(old)
    assert modes == [0o600, 0o640]


async def test_pausing_keeps_the_part_and_going_on_asks_for_the_rest_only(tmp_path: Path) -> None:
    source = Served(FILES, faults=[Fault(1 << 21)])
    downloads = Downloads(lambda _: None)
    one = downloads.add(source, [Wanted(CANDIDATE, "model")], tmp_path, Existing.REFUSE, "")
    await source.stalled.wait()
    downloads.pause(one)
    await downloads.ended()
    paused = one.state, one.progress.bytes_done
    downloads.resume(one)
    await downloads.ended()

    assert paused[0] is State.PAUSED
    assert paused[1] >= 1 << 21
    assert one.state is State.DONE
    assert source.opened[-1].start >= 1 << 20
    assert all_below(tmp_path)[LARGE] == FILES[LARGE]
    assert sorted(path.name for path in (tmp_path / "model" / "data").iterdir()) == ["empty", "weights.bin"]


async def test_a_part_that_is_opened_while_it_is_cancelled_is_let_go_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening, opened = asyncio.Event(), threading.Event()
    parts: list[PartFile] = []
    loop = asyncio.get_running_loop()

    def late(*about: Any) -> PartFile:
        loop.call_soon_threadsafe(opening.set)
        opened.wait(PATIENCE)
        parts.append(PartFile(*about))
        return parts[-1]

    monkeypatch.setattr("mltrack_tui.transfer.fetch.PartFile", late)
    downloads = Downloads(lambda _: None)
    one = downloads.add(Served(FILES), [Wanted(CANDIDATE, LARGE)], tmp_path, Existing.REFUSE, "")
    await opening.wait()
    downloads.pause(one)
    await asyncio.sleep(0)
    opened.set()
    await downloads.ended()
    assert [part._file.closed for part in parts] == [True]


async def test_cancelling_removes_parts_and_nothing_else_and_it_can_be_tried_again(tmp_path: Path) -> None:
    source = Served(FILES, faults=[Fault(1 << 21)])
    (tmp_path / "weights.bin.part").write_text("mine")
    downloads = Downloads(lambda _: None)
    one = downloads.add(source, [Wanted(CANDIDATE, LARGE)], tmp_path, Existing.REFUSE, "")
    await source.stalled.wait()
    downloads.cancel(one)
    await downloads.ended()
    left = all_below(tmp_path)
    downloads.resume(one)
    await downloads.ended()

    assert left == {"weights.bin.part": b"mine"}
    assert one.state is State.DONE


async def test_one_waits_for_the_other_and_closing_leaves_what_came(tmp_path: Path) -> None:
    source = Served(FILES, faults=[Fault(1 << 21)])
    told: list[tuple[str, State]] = []
    downloads = Downloads(lambda download: told.append((download.title, download.state)))
    downloads.add(source, [Wanted(CANDIDATE, LARGE)], tmp_path, Existing.REFUSE, "first")
    second = downloads.add(source, [Wanted(CANDIDATE, "notes.txt")], tmp_path, Existing.REFUSE, "second")
    await source.stalled.wait()
    waiting = second.state, [download.title for download in downloads.under_way]
    await downloads.aclose()

    assert waiting == (State.WAITING, ["first", "second"])
    assert ("second", State.RUNNING) not in told
    (part,) = all_below(tmp_path).values()
    assert part is not None
    assert len(part) >= 1 << 20
    again = await fetch(source, LARGE, tmp_path)
    assert again.state is State.DONE
    assert source.opened[-1].start >= 1 << 20
    assert list(all_below(tmp_path)) == ["weights.bin"]


@pytest.mark.parametrize(
    ("existing", "state", "there"),
    [
        (Existing.REFUSE, State.FAILED, {"model/MLmodel": b"mine"}),
        (Existing.SKIP, State.DONE, {"model/MLmodel": b"mine", LARGE: FILES[LARGE], "model/data/empty": b""}),
        (Existing.REPLACE, State.DONE, {path: FILES[path] for path in FILES if path != "notes.txt"}),
        (
            Existing.RENAME,
            State.DONE,
            {"model/MLmodel": b"mine"}
            | {path.replace("model", "model (1)", 1): data for path, data in FILES.items() if "/" in path},
        ),
    ],
)
async def test_what_is_there_already_is_met_as_the_user_said(
    tmp_path: Path, existing: Existing, state: State, there: dict[str, bytes]
) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "MLmodel").write_bytes(b"mine")

    wanted = [Wanted(CANDIDATE, "model")]
    taken = await taken_names(wanted, await plans_of(Served(FILES), wanted), tmp_path)
    one = await fetch(Served(FILES), "model", tmp_path, existing)

    assert taken == [tmp_path / "model" / "MLmodel"]
    assert one.state is state
    assert {path: data for path, data in all_below(tmp_path).items() if data is not None} == there


async def test_two_of_the_same_name_come_to_lie_beside_each_other(tmp_path: Path) -> None:
    downloads = Downloads(lambda _: None)
    source = Served({"a/x.txt": b"of a", "b/x.txt": b"of b"})
    wanted = [Wanted(CANDIDATE, "a/x.txt"), Wanted(CANDIDATE, "b/x.txt"), Wanted(CANDIDATE, "", "run")]
    one = downloads.add(source, wanted, tmp_path, Existing.REFUSE, "")
    await downloads.ended()

    assert one.targets == [tmp_path / "x.txt", tmp_path / "x (1).txt", tmp_path / "run"]
    assert [target.read_bytes() for target in one.targets[:2]] == [b"of a", b"of b"]
    assert (tmp_path / "run" / "b" / "x.txt").read_bytes() == b"of b"


@pytest.mark.parametrize("existing", [Existing.REFUSE, Existing.RENAME])
async def test_what_came_up_while_the_bytes_came_in_is_not_overwritten(tmp_path: Path, existing: Existing) -> None:
    source = Served(FILES, faults=[Fault(1 << 21)])
    downloads = Downloads(lambda _: None)
    one = downloads.add(source, [Wanted(CANDIDATE, LARGE)], tmp_path, existing, "")
    await source.stalled.wait()
    (tmp_path / "weights.bin").write_text("mine")
    downloads.pause(one)
    await downloads.ended()
    downloads.resume(one)
    await downloads.ended()

    assert one.state is State.FAILED
    assert (tmp_path / "weights.bin").read_text() == "mine"


async def test_of_many_that_want_one_name_at_once_exactly_one_has_it(tmp_path: Path) -> None:
    class Meeting(Served):
        async def artifacts(self, candidate: object, path: str = "") -> list[Artifact]:
            return [Artifact("one", is_dir=False, size=len(self.files["one"]))]

    sources = [Meeting({"one": bytes([number]) * 100}, told_size=100) for number in range(20)]
    ended = await asyncio.gather(*(fetch(source, "one", tmp_path) for source in sources))

    assert sum(one.state is State.DONE for one in ended) == 1
    winner = next(source for source, one in zip(sources, ended, strict=True) if one.state is State.DONE)
    assert all_below(tmp_path)["one"] == winner.files["one"]
    assert all("already" in one.problem or one.failures for one in ended if one.state is State.FAILED)


async def test_names_that_the_disk_takes_for_one_are_not_put_over_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mltrack_tui.transfer.folders import Folder

    real = Folder._at
    monkeypatch.setattr(Folder, "_at", lambda folder, name: real(folder, name.lower()))
    files = {"Notes": b"first", "notes": b"second", "NOTES": b"third"}
    for existing in (Existing.REPLACE, Existing.SKIP, Existing.REFUSE):
        folder = tmp_path / existing.value
        one = await fetch(Served(files), "", folder, existing)
        assert one.state is State.FAILED
        assert len(one.failures) == 2
        (kept,) = [data for data in all_below(folder).values() if data is not None]
        assert kept in files.values()


async def test_one_file_that_cannot_be_had_does_not_end_the_others(tmp_path: Path) -> None:
    listing = [Artifact("gone", is_dir=False, size=4), Artifact("notes.txt", is_dir=False, size=6)]

    class Partly(Served):
        async def artifacts(self, candidate: object, path: str = "") -> list[Artifact]:
            return listing

    one = await fetch(Partly(dict(FILES)), "", tmp_path)

    assert one.state is State.FAILED
    assert [(each.path, each.reason) for each in one.failures] == [("gone", "There is no artifact gone.")]
    assert (tmp_path / "c0ffee" / "notes.txt").read_bytes() == b"a note"


async def test_what_does_not_fit_is_told_with_both_numbers_before_a_byte_comes(tmp_path: Path) -> None:
    source = Served(dict(FILES), listed_size=10**18)
    one = await fetch(source, "notes.txt", tmp_path)

    assert one.state is State.FAILED
    assert "1000000.0 TB are to come" in one.problem
    assert "are free" in one.problem
    assert source.opened == []


async def test_a_disk_that_becomes_full_ends_it_in_words_and_keeps_the_part(tmp_path: Path) -> None:
    import resource

    source = Served(dict(FILES))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 21, hard))
    try:
        one = await fetch(source, "model", tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [each.path for each in one.failures] == [LARGE]
    assert "could not be written" in one.failures[0].reason
    assert not (tmp_path / LARGE).exists()
    assert (tmp_path / "model" / "MLmodel").exists()
    again = await fetch(source, LARGE, tmp_path / "model" / "data")
    assert again.state is State.DONE
    assert again.targets[0].read_bytes() == FILES[LARGE]


async def test_a_name_of_255_bytes_gets_a_part_too(tmp_path: Path) -> None:
    name = "ä" * 127
    source = Served({name: bytes(3 << 20)}, faults=[Fault(1 << 21)])
    downloads = Downloads(lambda _: None)
    one = downloads.add(source, [Wanted(CANDIDATE, name)], tmp_path, Existing.REFUSE, "")
    await source.stalled.wait()
    downloads.pause(one)
    downloads.resume(one)
    await downloads.ended()
    assert one.state is State.DONE
    assert list(all_below(tmp_path)) == [name]


async def test_the_manifest_is_what_sha256sum_checks(tmp_path: Path) -> None:
    one = await fetch(Served(FILES), "", tmp_path)
    await write_manifest(one, tmp_path / "SHA256SUMS")

    words = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    checked = await asyncio.to_thread(subprocess.run, words, cwd=tmp_path, capture_output=True, check=False)
    assert (checked.returncode, checked.stdout.count(b": OK\n"), checked.stderr) == (0, len(FILES), b"")
    text = (tmp_path / "SHA256SUMS").read_text()
    assert f"# 6 bytes:\n{hashlib.sha256(b'a note').hexdigest()}  c0ffee/notes.txt\n" in text
    with pytest.raises(TransferError):
        await write_manifest(one, tmp_path / "SHA256SUMS")


async def test_the_screen_is_told_while_it_goes_on_and_not_when_nothing_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mltrack_tui.transfer.meter._WINDOW", 0.2)
    speeds: list[float] = []
    source = Served(FILES, faults=[Fault(1 << 21)])
    stopped = asyncio.Event()

    def tell(download: Download) -> None:
        speeds.append(download.progress.speed)
        if download.progress.bytes_done and not download.progress.speed:
            stopped.set()  # the speed falls to nothing, for nothing comes

    downloads = Downloads(tell)
    one = downloads.add(source, [Wanted(CANDIDATE, LARGE)], tmp_path, Existing.REFUSE, "")
    await asyncio.wait_for(stopped.wait(), 10)
    count = len(speeds)
    await asyncio.sleep(0.3)
    assert len(speeds) == count
    assert max(speeds) > 0
    assert one.active["weights.bin"].bytes_done == one.progress.bytes_done
    await downloads.aclose()


async def test_what_was_listed_for_the_question_is_not_listed_again(tmp_path: Path) -> None:
    source = Served(FILES)
    wanted = [Wanted(CANDIDATE, "model")]
    plans = await plans_of(source, wanted)
    await taken_names(wanted, plans, tmp_path)
    listed = len(source.listed)
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "MLmodel").write_bytes(b"mine, written since")
    downloads = Downloads(lambda _: None)
    one = downloads.add(source, wanted, tmp_path, Existing.REFUSE, "", plans=plans)
    await downloads.ended()

    assert source.listed == ["model", "model/data"]
    assert len(source.listed) == listed
    assert "is there already" in one.problem  # which is looked at again
    (tmp_path / "model" / "MLmodel").unlink()
    downloads.resume(one)
    await downloads.ended()
    assert one.state is State.DONE
    assert len(source.listed) == 2 * listed  # what is tried again may be another by now


async def test_a_folder_is_searched_for_parts_once_however_many_files_go_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Silent(Served):
        def _listed(self, path: str) -> Artifact:
            return Artifact(path, is_dir=False)

    looked: list[Path] = []
    names = Folder.names

    def counted(folder: Folder) -> list[str]:
        looked.append(folder.path)
        return names(folder)

    monkeypatch.setattr(Folder, "names", counted)
    files = {f"many/{number}": b"x" * number for number in range(50)}
    (tmp_path / "many").mkdir()
    one = await fetch(Silent(files), "many", tmp_path)

    assert one.state is State.DONE
    assert {path: data for path, data in all_below(tmp_path).items() if data is not None} == files
    assert looked == [tmp_path / "many"]


async def test_a_file_of_this_machine_that_is_rewritten_while_it_is_copied_is_copied_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged, size = tmp_path / "logged.bin", 3 << 20
    logged.write_bytes(bytes(size))
    copy = PartFile.copy

    def rewritten_meanwhile(part: PartFile, file: BinaryIO, most: int) -> int:
        copied = copy(part, file, min(most, 1 << 20))
        if logged.read_bytes()[:1] == b"\0":
            logged.write_bytes(b"\1" * size)
        return copied

    monkeypatch.setattr(PartFile, "copy", rewritten_meanwhile)
    one = await fetch(OnDisk(logged), "logged.bin", tmp_path / "here")
    assert one.targets[0].read_bytes() == b"\1" * size


@dataclass
class OnDisk:
    """The artifacts of a candidate that logged one file."""

    file: Path

    async def artifacts(self, candidate: CandidateId, path: str = "") -> Sequence[Artifact]:
        return await LocalArtifacts(str(self.file.parent), self.file).listing(path)

    def content(self, candidate: CandidateId, path: str, part: Part = WHOLE) -> AbstractAsyncContextManager[Content]:
        return LocalArtifacts(str(self.file.parent), self.file).content(path, part)
