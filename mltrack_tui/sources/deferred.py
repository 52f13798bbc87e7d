"""A source that is made when it is first asked: importing SQLModel takes longer than drawing a first screen."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from mltrack_tui.domain.entities import Artifact, Candidate, CandidateDetail, CandidateId, Experiment, Project
from mltrack_tui.domain.history import History, MetricSummary
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Columns, Lifecycle, Query
from mltrack_tui.sources.base import Capabilities, Source


class DeferredSource:
    """Any `Source`, which ``make`` makes on another thread before the first answer."""

    def __init__(self, name: str, make: Callable[[], Source]) -> None:
        self._name = name
        self._make = make
        self._source: Source | None = None
        self._making = asyncio.Lock()

    async def _made(self) -> Source:
        async with self._making:
            if self._source is None:
                self._source = await asyncio.to_thread(self._make)
            return self._source

    @property
    def name(self) -> str:
        """The name that the source will have."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """What the source can do; everything, until it is made."""
        return Capabilities() if self._source is None else self._source.capabilities

    async def projects(self) -> AsyncIterator[Page[Project]]:
        """As the source answers."""
        async for page in (await self._made()).projects():
            yield page

    async def experiments(
        self, project: str, lifecycle: Lifecycle = Lifecycle.ACTIVE
    ) -> AsyncIterator[Page[Experiment]]:
        """As the source answers."""
        async for page in (await self._made()).experiments(project, lifecycle):
            yield page

    async def candidates(self, query: Query) -> AsyncIterator[Page[CandidateId]]:
        """As the source answers."""
        async for page in (await self._made()).candidates(query):
            yield page

    async def columns(self, project: str, experiments: tuple[str, ...]) -> Columns:
        """As the source answers."""
        return await (await self._made()).columns(project, experiments)

    async def read(
        self, candidates: Sequence[CandidateId], columns: Sequence[Column] | None = None
    ) -> Sequence[Candidate]:
        """As the source answers."""
        return await (await self._made()).read(candidates, columns)

    async def locate(self, candidate_id: str) -> CandidateId:
        """As the source answers."""
        return await (await self._made()).locate(candidate_id)

    async def detail(self, candidate: CandidateId) -> CandidateDetail:
        """As the source answers."""
        return await (await self._made()).detail(candidate)

    async def summaries(self, candidate: CandidateId) -> AsyncIterator[Page[MetricSummary]]:
        """As the source answers."""
        async for page in (await self._made()).summaries(candidate):
            yield page

    async def history(self, candidate: CandidateId, metric: str, buckets: int | None = None) -> AsyncIterator[History]:
        """As the source answers."""
        async for history in (await self._made()).history(candidate, metric, buckets):
            yield history

    async def artifacts(self, candidate: CandidateId, path: str = "") -> Sequence[Artifact]:
        """As the source answers."""
        return await (await self._made()).artifacts(candidate, path)

    async def content(self, candidate: CandidateId, path: str) -> AsyncIterator[bytes]:
        """As the source answers."""
        async for chunk in (await self._made()).content(candidate, path):
            yield chunk

    async def aclose(self) -> None:
        """Close the source, if it was ever made."""
        if self._source is not None:
            await self._source.aclose()
