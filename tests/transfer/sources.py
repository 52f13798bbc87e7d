"""Sources of artifacts: one that sends files as it is told to, truly or not, and listings that nobody should trust."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.sources.artifacts import WHOLE, Checksum, Content, Part
from mltrack_tui.sources.base import ChangedError, NotFoundError, SourceError

CANDIDATE = CandidateId("store", "default", "1", "c0ffee")


@dataclass
class Fault:
    """What goes wrong with one opening of a file, after so many bytes of it."""

    after: int
    error: SourceError | None = None
    """None: nothing more comes, and nothing is said."""
    change: bytes | None = None
    """What the file is from then on."""


@dataclass
class Served:
    """Files by their paths; ``faults`` are met one after the other by openings of files that are long enough.

    ``listed`` are the paths that were listed, ``opened`` the parts that were asked for, ``sent`` the bytes that were
    sent.
    """

    files: dict[str, bytes] = field(repr=False)
    faults: list[Fault] = field(default_factory=list)
    versions: bool = True
    ranged: bool = True
    chunk: int = 1 << 16
    listed_size: int | None = None
    told_size: int | None = None
    checksum: Checksum | None = None
    opened: list[Part] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    sent: int = 0
    stalled: asyncio.Event = field(default_factory=asyncio.Event)

    async def artifacts(self, candidate: CandidateId, path: str = "") -> Sequence[Artifact]:
        self.listed.append(path)
        if path in self.files:
            return [self._listed(path)]
        prefix = f"{path}/" if path else ""
        below = {each.removeprefix(prefix) for each in self.files if each.startswith(prefix)}
        if not below:
            raise NotFoundError(f"There is no artifact {path}.")
        folders = {each.partition("/")[0] for each in below if "/" in each}
        files = [self._listed(prefix + each) for each in below if "/" not in each]
        return sorted([*files, *(Artifact(prefix + each, is_dir=True) for each in folders)], key=lambda each: each.path)

    def _listed(self, path: str) -> Artifact:
        return Artifact(path, False, len(self.files[path]) if self.listed_size is None else self.listed_size)

    @asynccontextmanager
    async def content(self, candidate: CandidateId, path: str, part: Part = WHOLE) -> AsyncIterator[Content]:
        if path not in self.files:
            raise NotFoundError(f"There is no artifact {path}.")
        data = self.files[path]
        version = str(hash(data)) if self.versions else None
        if part.version not in {None, version}:
            raise ChangedError(f"The artifact {path} was written anew meanwhile.")
        self.opened.append(part)
        size = len(data) if self.told_size is None else self.told_size
        meets = self.faults and part.stop is None and len(data) > self.faults[0].after
        fault = self.faults.pop(0) if meets else None
        chunks = self._chunks(path, data[part.start : part.stop], fault)
        yield Content(chunks, None if size < 0 else size, version, self.ranged, self.checksum)

    async def _chunks(self, path: str, data: bytes, fault: Fault | None) -> AsyncIterator[bytes]:
        for start in range(0, len(data) if fault is None else fault.after, self.chunk):
            chunk = data[start : start + self.chunk]
            self.sent += len(chunk)
            yield chunk
        if fault is None:
            return
        if fault.change is not None:
            self.files[path] = fault.change
        if fault.error is not None:
            raise fault.error
        self.stalled.set()
        await asyncio.Event().wait()


class Listing:
    """Whatever a listing says, each file of the same bytes."""

    def __init__(self, listing: Mapping[str, Sequence[Artifact]], data: bytes = b"data") -> None:
        self.listing = dict(listing)
        self._data = data

    async def artifacts(self, candidate: CandidateId, path: str = "") -> Sequence[Artifact]:
        return self.listing[path]

    @asynccontextmanager
    async def content(self, candidate: CandidateId, path: str, part: Part = WHOLE) -> AsyncIterator[Content]:
        yield Content(_once(self._data), len(self._data))


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
