"""A file of a candidate's artifacts that is read as far as somebody looks."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence

from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.sources.artifacts import ArtifactSource, Content, Part

BLOCK = 65_536
"""Bytes that are fetched at once, and kept."""
KEPT = 32_000_000 // BLOCK
"""Blocks that are kept at most."""
GUARD = 32_000_000
"""Bytes that are fetched without asking the user."""


class Unreadable(Exception):  # noqa: N818 - no failure of ours: the file is not what its name says
    """The file cannot be looked at in this way. The text is a sentence that says why."""


class TooMuch(Exception):  # noqa: N818 - a question to the user
    """More would be fetched than the user has allowed: `ArtifactFile.allow`.

    Attributes:
        wanted: bytes that would be fetched now.
    """

    def __init__(self, wanted: int) -> None:
        super().__init__(f"{bytes_text(wanted)} would be read")
        self.wanted = wanted


class ArtifactFile:
    """One file: what was fetched of it is kept, up to some megabytes, the least recently wanted going first.

    Attributes:
        size: in bytes, as soon as it is known; until the first bytes came, as it was listed.
        fetched: how many bytes were asked of the source so far.
        rewritten: how many times it was found to be written anew, not only to have become longer.
    """

    def __init__(self, source: ArtifactSource, candidate: CandidateId, artifact: Artifact) -> None:
        self._source, self._candidate, self._artifact = source, candidate, artifact
        self.size = artifact.size
        self.fetched = self.rewritten = 0
        self._allowed = GUARD
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._opened = False
        self._version: str | None = None
        self._ranged = True
        self._one_by_one = asyncio.Lock()

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self._artifact.name

    @property
    def path(self) -> str:
        """Its path below the candidate's artifact root."""
        return self._artifact.path

    def allow(self, more: int) -> None:
        """Let so many more bytes be fetched than were until now: the user was asked."""
        self._allowed = self.fetched + more

    def forget(self) -> None:
        """Keep nothing of what was fetched: nobody looks any more."""
        self._blocks.clear()

    async def read(self, start: int, stop: int | None = None) -> bytes:
        """Its bytes from ``start`` to before ``stop``, or to its end: only what is missing is fetched, by ranges.

        All bytes are of one version of the file.

        Raises:
            SourceError: the source failed; ChangedError where the file was written anew: `renew`.
            TooMuch: the user has to be asked first.
            Unreadable: the source sends files from their beginning only, and ``start`` is too far from there.
        """
        async with self._one_by_one:  # who waits finds the blocks there
            blocks = {} if self._opened else await self._learn(start, stop)
            while self.size is None and stop is None:
                blocks |= await self._fetch(*self._next_of(blocks, start))
            end = self._end(stop)
            wanted = range(start // BLOCK, (end - 1) // BLOCK + 1) if start < end else range(0)
            blocks |= {index: self._blocks[index] for index in wanted if index in self._blocks and index not in blocks}
            for first, last in _runs([index for index in wanted if index not in blocks]):
                blocks |= await self._fetch(first, last)
            for index in wanted:
                self._keep(index, blocks.get(index, b""))
            offset = start // BLOCK * BLOCK
            return b"".join(blocks.get(index, b"") for index in wanted)[start - offset : max(end, start) - offset]

    async def tail(self, most: int) -> tuple[int, bytes]:
        """Its last bytes, ``most`` of them, with the offset at which they begin. Raises as `read`."""
        if self.size is None:
            await self.read(0, BLOCK)
        while True:
            size = self.size or 0
            start = max(size - most, 0)
            data = await self.read(start)
            if self.size == size:
                return start, data

    async def renew(self) -> bool:
        """Ask how long it is now and forget what is no longer so; True where it has changed, as a log that goes on.

        Of a file that only became longer, and whose last block begins as it did, what was read stays.
        """
        async with self._one_by_one:
            last = max((self.size or 0) - 1, 0) // BLOCK
            async with self._source.content(self._candidate, self._artifact.path, Part(last * BLOCK)) as content:
                if self._opened and content.version == self._version and content.size in {None, self.size}:
                    return False
                before, known = self._blocks.get(last, b""), self.size
                grown = content.ranged and bool(before) and known is not None and known < (content.size or 0)
                goes_on = grown and (await self._first(content, len(before))).startswith(before)
                self._told(content)  # not sooner: who asked may not wait for the comparison
                if goes_on:
                    del self._blocks[last]  # it has become longer
                else:
                    self._blocks.clear()
                    self.rewritten += 1
        return True

    async def _first(self, content: Content, most: int) -> bytes:
        data = bytearray()
        async for chunk in content.chunks:
            data += chunk
            if len(data) >= most:
                break
        self.fetched += len(data)
        return bytes(data)

    async def _learn(self, start: int, stop: int | None) -> dict[int, bytes]:
        """Open it for the first time where the reading begins, to know what is true of it."""
        listed = self.size
        if listed is not None and start >= listed:
            start = 0
        stop = listed if stop is None else stop
        return await self._fetch(start // BLOCK, max(start, (stop or 0) - 1) // BLOCK)

    def _next_of(self, blocks: Mapping[int, bytes], start: int) -> tuple[int, int]:
        """What to ask for next of a file whose end nobody told."""
        first = max(blocks, default=start // BLOCK - 1) + 1
        return first, first + KEPT // 8

    def _end(self, stop: int | None) -> int:
        size = self.size
        return (size or 0) if stop is None else stop if size is None else min(stop, size)

    async def _fetch(self, first: int, last: int) -> dict[int, bytes]:
        """Some blocks in one request, kept as they come."""
        if not self._ranged:
            first, last = self._from_the_beginning(first, last)
        start, stop = first * BLOCK, (last + 1) * BLOCK
        if self.size is not None and self._opened:
            stop = min(stop, self.size)
        cost = stop - (start if self._ranged else 0)
        if self.fetched + cost > self._allowed:
            raise TooMuch(cost)
        part = Part(start, stop, self._version)
        data = bytearray()
        async with self._source.content(self._candidate, self._artifact.path, part) as content:
            self._told(content)
            if not content.ranged and start > GUARD:
                raise Unreadable(self._too_far())
            async for chunk in content.chunks:
                data += chunk
        self.fetched += len(data) if self._ranged else start + len(data)
        if self.size is None and len(data) < stop - start:
            self.size = start + len(data)
        return {
            first + at // BLOCK: self._keep(first + at // BLOCK, bytes(data[at : at + BLOCK]))
            for at in range(0, len(data), BLOCK)
        }

    def _from_the_beginning(self, first: int, last: int) -> tuple[int, int]:
        """What a source is asked that sends everything before it, too: twice as far each time, to be asked rarely."""
        if last * BLOCK > GUARD:
            raise Unreadable(self._too_far())
        begun = next((index for index in range(first) if index not in self._blocks), first)
        return begun, max(last, min(2 * begun, KEPT) - 1)

    def _too_far(self) -> str:
        return f"Its source sends files from their beginning only, and that is over {bytes_text(GUARD)} away."

    def _told(self, content: Content) -> None:
        self._version = content.version
        self._ranged = content.ranged
        if content.size is not None or not self._opened:
            self.size = content.size
        self._opened = True

    def _keep(self, index: int, block: bytes) -> bytes:
        self._blocks[index] = block
        self._blocks.move_to_end(index)
        while len(self._blocks) > KEPT:
            self._blocks.popitem(last=False)
        return block


def _runs(indexes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each run of neighbours."""
    first = 0
    for at in range(1, len(indexes) + 1):
        if at == len(indexes) or indexes[at] != indexes[at - 1] + 1:
            yield indexes[first], indexes[at - 1]
            first = at
