"""Sources of artifacts: a real folder, and listings that nobody should trust."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from mltrack_tui.domain.entities import Artifact, CandidateId
from mltrack_tui.sources.artifacts import WHOLE, Content, Part
from mltrack_tui.sources.base import NotFoundError

CANDIDATE = CandidateId("store", "default", "1", "c0ffee")


class FolderSource:
    """The artifacts below a real folder, in chunks of four bytes."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def artifacts(self, candidate: CandidateId, path: str = "") -> Sequence[Artifact]:
        return await asyncio.to_thread(self._listed, path)

    def _listed(self, path: str) -> list[Artifact]:
        at = self._root / path
        if not at.exists():
            raise NotFoundError(f"There is no artifact {path}.")
        return [
            Artifact(
                path=str(entry.relative_to(self._root)),
                is_dir=entry.is_dir(),
                size=None if entry.is_dir() else entry.stat().st_size,
            )
            for entry in (sorted(at.iterdir()) if at.is_dir() else [at])
        ]

    @asynccontextmanager
    async def content(self, candidate: CandidateId, path: str, part: Part = WHOLE) -> AsyncIterator[Content]:
        data = await asyncio.to_thread((self._root / path).read_bytes)
        yield Content(_chunks(data[part.start : part.stop]), len(data))


class ListedSource:
    """Whatever a listing says, each file of the same chunks; ``closed`` counts the files let go of."""

    def __init__(self, listing: Mapping[str, Sequence[Artifact]], chunks: Sequence[bytes] = (b"data",)) -> None:
        self._listing = listing
        self._chunks = chunks
        self.closed = 0

    async def artifacts(self, candidate: CandidateId, path: str = "") -> Sequence[Artifact]:
        return self._listing[path]

    @asynccontextmanager
    async def content(self, candidate: CandidateId, path: str, part: Part = WHOLE) -> AsyncIterator[Content]:
        try:
            yield Content(self._sent())
        finally:
            self.closed += 1

    async def _sent(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            yield chunk


class StallingSource(ListedSource):
    """Sends its chunks and then nothing more, until somebody gives up."""

    def __init__(self, listing: Mapping[str, Sequence[Artifact]]) -> None:
        super().__init__(listing)
        self.stalled = asyncio.Event()

    async def _sent(self) -> AsyncIterator[bytes]:
        async for chunk in super()._sent():
            yield chunk
            self.stalled.set()
            await asyncio.Event().wait()


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 4):
        yield data[start : start + 4]
