"""Sources that lie, change, break and stall: nothing wrong is left under a final name."""

import hashlib
from pathlib import Path

import pytest

from mltrack_tui.sources.artifacts import Checksum
from mltrack_tui.sources.base import RefusedError, SourceBusy, SourceError, UnreachableError
from mltrack_tui.transfer.downloads import Downloads, Existing, State, Wanted
from tests.transfer.given import all_below, fetch
from tests.transfer.sources import CANDIDATE, Fault, Served

DATA = bytes(range(256)) * 20_000
OTHER = DATA[::-1]
MIB = 1 << 20


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mltrack_tui.transfer.patience._FIRST_PAUSE", 0.001)


@pytest.mark.parametrize("error", [SourceError("broken"), UnreachableError("gone"), SourceBusy("busy")])
async def test_a_connection_that_breaks_goes_on_where_it_was(tmp_path: Path, error: SourceError) -> None:
    source = Served({"large": DATA}, faults=[Fault(MIB + 1, error), Fault(MIB // 2, error), Fault(0, error)])
    one = await fetch(source, "large", tmp_path)

    assert one.state is State.DONE
    assert all_below(tmp_path) == {"large": DATA}
    assert source.sent <= len(DATA) + 200_000
    assert [part.start for part in source.opened if part.stop is None][1] > MIB


async def test_a_source_that_stays_away_ends_the_download_in_its_words_and_the_part_waits(tmp_path: Path) -> None:
    files = {"a": DATA, "b": b"b"}
    source = Served(files, faults=[Fault(MIB, UnreachableError("the server is gone")) for _ in range(1)])
    source.faults += [Fault(-1, UnreachableError("the server is gone"))] * 30
    one = await fetch(source, "", tmp_path)

    assert (one.state, one.problem) == (State.FAILED, "the server is gone")
    assert not (tmp_path / "c0ffee" / "a").exists()
    source.faults.clear()
    again = await fetch(source, "", tmp_path, Existing.SKIP)
    assert again.state is State.DONE
    assert all_below(tmp_path / "c0ffee") == files


async def test_a_refusal_is_not_asked_again(tmp_path: Path) -> None:
    source = Served({"large": DATA}, faults=[Fault(MIB, RefusedError("who are you?"))])
    one = await fetch(source, "large", tmp_path)

    assert [each.reason for each in one.failures] == ["who are you?"]
    assert len(source.opened) == 1


async def test_a_file_that_changes_meanwhile_is_started_over_and_never_mixed(tmp_path: Path) -> None:
    source = Served({"large": DATA}, faults=[Fault(2 * MIB, SourceError("broken"), change=OTHER)])
    one = await fetch(source, "large", tmp_path)

    assert one.state is State.DONE
    assert all_below(tmp_path) == {"large": OTHER}


async def test_a_file_that_changes_for_ever_is_given_up(tmp_path: Path) -> None:
    changes = [bytes([number]) * len(DATA) for number in range(9)]
    source = Served({"large": DATA}, faults=[Fault(2 * MIB, SourceError("broken"), change=each) for each in changes])
    one = await fetch(source, "large", tmp_path)

    assert one.state is State.FAILED
    assert not (tmp_path / "large").exists()


@pytest.mark.parametrize(("versions", "ranged"), [(False, True), (True, False), (False, False)])
async def test_a_source_without_versions_or_ranges_is_read_from_the_beginning(
    tmp_path: Path, versions: bool, ranged: bool
) -> None:
    source = Served({"large": DATA}, faults=[Fault(2 * MIB, SourceError("broken"))], versions=versions, ranged=ranged)
    one = await fetch(source, "large", tmp_path)

    assert one.state is State.DONE
    assert {part.start for part in source.opened} == {0}
    assert all_below(tmp_path) == {"large": DATA}


@pytest.mark.parametrize("size", [0, 1, 1000, len(DATA)])
@pytest.mark.parametrize("off", [-1, 1, MIB])
@pytest.mark.parametrize("told", [True, False])
async def test_more_or_fewer_bytes_than_were_told_are_not_kept(tmp_path: Path, size: int, off: int, told: bool) -> None:
    if size + off < 0:
        off = 5
    source = Served({"file": DATA[:size]}, told_size=size + off if told else -1, listed_size=size + off)
    one = await fetch(source, "file", tmp_path)

    assert one.state is State.FAILED
    assert "came" in one.failures[0].reason
    assert all_below(tmp_path) == {}


@pytest.mark.parametrize("size", [10, len(DATA)])
async def test_a_checksum_decides(tmp_path: Path, size: int) -> None:
    right = Checksum("sha256", hashlib.sha256(DATA[:size]).hexdigest())
    wrong = Checksum("md5", "0" * 32)
    good = await fetch(Served({"good": DATA[:size]}, checksum=right), "good", tmp_path)
    bad = await fetch(Served({"bad": DATA[:size]}, checksum=wrong), "bad", tmp_path)

    assert (good.state, bad.state) == (State.DONE, State.FAILED)
    assert "its md5 is not what the source says" in bad.failures[0].reason
    assert all_below(tmp_path) == {"good": DATA[:size]}


async def test_what_stalls_can_be_stopped_at_once(tmp_path: Path) -> None:
    source = Served({"large": DATA}, faults=[Fault(0)])
    downloads = Downloads(lambda _: None)
    one = downloads.add(source, [Wanted(CANDIDATE, "large")], tmp_path, Existing.REFUSE, "")
    await source.stalled.wait()
    downloads.pause(one)
    await downloads.ended()
    assert one.state is State.PAUSED
    assert all_below(tmp_path) == {}


async def test_a_part_that_another_writes_or_that_is_a_link_is_left_alone(tmp_path: Path) -> None:
    source = Served({"large": DATA}, faults=[Fault(2 * MIB), Fault(0)])
    downloads = Downloads(lambda _: None)
    downloads.add(source, [Wanted(CANDIDATE, "large")], tmp_path, Existing.REFUSE, "")
    await source.stalled.wait()
    meanwhile = await fetch(Served({"large": DATA}), "large", tmp_path)
    await downloads.aclose()
    (part,) = map(tmp_path.joinpath, all_below(tmp_path))
    (tmp_path / "elsewhere").write_bytes(DATA[:MIB])
    part.unlink()
    part.symlink_to("elsewhere")
    linked = await fetch(Served({"large": DATA}), "large", tmp_path)

    assert "being written by another mltrack" in meanwhile.failures[0].reason
    assert linked.state is State.FAILED
    assert all_below(tmp_path) == {part.name: "-> elsewhere", "elsewhere": DATA[:MIB]}
