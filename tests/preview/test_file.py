"""What is fetched of a file that somebody looks into."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.preview.file import BLOCK, GUARD, ArtifactFile, TooMuch, Unreadable
from mltrack_tui.preview.reader import TextReader
from mltrack_tui.preview.window import Window
from mltrack_tui.sources.artifacts import WHOLE, Content, Part
from mltrack_tui.sources.base import ChangedError

SOMEBODY = CandidateId("memory", "default", "1", "c1")


class Counting:
    """One file on disk, and each part that was asked of it."""

    def __init__(self, path: Path, *, ranged: bool = True, tells_size: bool = True) -> None:
        self.path, self.ranged, self.tells_size = path, ranged, tells_size
        self.asked: list[tuple[int, int | None]] = []
        self.version = "1"

    async def artifacts(self, candidate: CandidateId, path: str = "") -> Sequence[Artifact]:
        return [Artifact("f", is_dir=False)]

    @asynccontextmanager
    async def content(self, candidate: CandidateId, path: str, part: Part = WHOLE) -> AsyncIterator[Content]:
        self.asked.append((part.start, part.stop))
        if part.version not in {None, self.version}:
            raise ChangedError("It was written anew.")
        yield Content(self._chunks(part), self.size if self.tells_size else None, self.version, self.ranged)

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    async def _chunks(self, part: Part) -> AsyncIterator[bytes]:
        with self.path.open("rb") as file:
            file.seek(part.start)
            stop = self.size if part.stop is None else min(part.stop, self.size)
            while (left := stop - file.tell()) > 0:
                yield file.read(min(left, 1 << 20))
                await asyncio.sleep(0)


def opened(source: Counting, size: int | None = None) -> ArtifactFile:
    return ArtifactFile(source, SOMEBODY, Artifact("f", is_dir=False, size=size))


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


async def test_both_ends_of_a_file_of_5_gb_are_two_requests(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.write(b"the first line\n")
        file.truncate(5_000_000_000)
        file.seek(0, 2)
        file.write(b"\nthe last line\n")
    source = Counting(path)
    file_ = opened(source, source.size)
    reader = TextReader(file_, await file_.read(0, BLOCK))
    assert reader.window.rows[0].data == b"the first line\n"
    await reader.end()
    assert reader.window.rows[-1].data == b"the last line\n"
    assert len(source.asked) == 2
    assert file_.fetched <= 4 * BLOCK


async def test_what_was_read_is_not_asked_for_again_and_never_twice_at_once(tmp_path: Path) -> None:
    data = bytes(range(256)) * 2_000
    source = Counting(written(tmp_path / "f", data))
    file = opened(source)
    await file.read(BLOCK, 2 * BLOCK)
    parts = await asyncio.gather(*(file.read(start, 4 * BLOCK) for start in range(0, BLOCK, 16_000)))
    assert parts == [data[start : 4 * BLOCK] for start in range(0, BLOCK, 16_000)]
    assert source.asked == [(BLOCK, 2 * BLOCK), (0, BLOCK), (2 * BLOCK, 4 * BLOCK)]
    assert await file.read(len(data) - 3) == data[-3:]
    assert await file.read(len(data) + 10) == b""


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, 3 * BLOCK, 3 * BLOCK + 1])
@pytest.mark.parametrize(("ranged", "tells_size"), [(True, True), (True, False), (False, True), (False, False)])
async def test_every_part_is_right_whatever_the_source_tells(
    tmp_path: Path, size: int, ranged: bool, tells_size: bool
) -> None:
    data = (bytes(range(251)) * 1_000)[:size]
    source = Counting(written(tmp_path / "f", data), ranged=ranged, tells_size=tells_size)
    for start, stop in [(0, None), (0, 10), (BLOCK - 2, BLOCK + 2), (2 * BLOCK, None), (5, 2 * BLOCK)]:
        file = opened(source, size=size + 7)  # what a listing says may be old
        assert await file.read(start, stop) == data[start:stop]
        assert await file.read(0) == data
        assert await file.tail(9) == (max(size - 9, 0), data[-9:])


async def test_a_file_that_was_written_anew_is_not_mixed_with_itself_and_one_that_grew_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path / "f", b"a" * 3 * BLOCK + b"end")
    source = Counting(path)
    file = opened(source)
    await file.read(0)
    assert not await file.renew()
    path.write_bytes(b"a" * 3 * BLOCK + b"end goes on")
    source.version = "2"
    assert await file.renew()
    source.asked.clear()
    assert await file.read(0) == path.read_bytes()
    assert source.asked == [(3 * BLOCK, file.size)]
    path.write_bytes(b"b" * 4 * BLOCK)
    source.version = "3"
    with pytest.raises(ChangedError):
        await opened_again(file, source)
    assert await file.renew()
    assert await file.read(0) == path.read_bytes()


async def opened_again(file: ArtifactFile, source: Counting) -> None:
    file._blocks.clear()
    await file.read(0)


async def test_much_is_asked_for_first_and_far_ends_of_what_only_begins_at_its_beginning_are_refused(
    tmp_path: Path,
) -> None:
    path = tmp_path / "f"
    with path.open("wb") as sparse:
        sparse.truncate(2 * GUARD)
    file = opened(Counting(path))
    await file.read(0, BLOCK)
    with pytest.raises(TooMuch) as much:
        await file.read(0)
    assert much.value.wanted == 2 * GUARD - BLOCK
    file.allow(much.value.wanted)
    assert len(await file.read(0)) == 2 * GUARD

    source = Counting(path, ranged=False)
    file = opened(source)
    await file.read(0, BLOCK)
    with pytest.raises(Unreadable, match="from their beginning only"):
        await file.tail(100)
    for start in range(0, GUARD // 4, BLOCK):  # reading on costs no more than some times what was read
        await file.read(start, start + BLOCK)
    assert file.fetched <= GUARD
    assert len(source.asked) < 12


async def test_two_who_read_a_text_on_at_once_have_each_row_once(tmp_path: Path) -> None:
    lines = [b"line %d\n" % number for number in range(60_000)]
    file = opened(Counting(written(tmp_path / "f", b"".join(lines))))
    reader = TextReader(file, await file.read(0, BLOCK))
    await asyncio.gather(reader.below(), reader.below(), reader.end())
    assert [row.data for row in reader.window.rows] == lines
    before = reader.window = Window(reader.encoding, await file.read(4 * BLOCK, 5 * BLOCK), 4 * BLOCK, is_end=False)
    first = len(before.rows)
    assert sum(await asyncio.gather(reader.above(), reader.above())) == len(before.rows) - first > 0
    assert [row.start for row in before.rows] == sorted({row.start for row in before.rows})
