"""A local MLflow store as a source.

The first rows of an explorer are experiments: what every other question needs is imported when it is asked.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.entities import Candidate, CandidateDetail, CandidateId, Experiment, Model, Project
from mltrack_tui.domain.history import History, MetricSummary
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Columns, Lifecycle, Query, Value
from mltrack_tui.sources.artifacts import NO_SERVER, WHOLE, Content, Part, ServerOfArtifacts
from mltrack_tui.sources.base import Capabilities, Capability, NotFoundError, Price, SourceError, no_price
from mltrack_tui.sources.pages import final, named
from mltrack_tui.sources.sqlite.experiments import projects_of, read_experiments
from mltrack_tui.sources.sqlite.reader import Reader
from mltrack_tui.sources.sqlite.store import Store
from mltrack_tui.sources.sqlite.values import DEFAULT_PROJECT

if TYPE_CHECKING:
    from mltrack_tui.sources.sqlite.artifacts import Artifacts
    from mltrack_tui.sources.sqlite.columns import KnownColumns
    from mltrack_tui.sources.sqlite.histories import KeptCurves
    from mltrack_tui.sources.sqlite.rosters import Rosters


def open_store(
    path: Path, called: str | None = None, gpu_hour: Price = no_price, server: ServerOfArtifacts = NO_SERVER
) -> "SqliteSource":
    """The store in a file, which a user may have ``called`` something; ``gpu_hour`` tells what an hour of a GPU costs.

    ``server`` is where artifacts are that lie behind a tracking server. Nothing is read before the first question,
    which raises SourceError where it cannot be.
    """
    return SqliteSource(path, called, gpu_hour, server)


class SqliteSource:
    """MLflow's own SQLite store, opened read-only: a `Source`."""

    def __init__(
        self,
        path: Path,
        called: str | None = None,
        gpu_hour: Price = no_price,
        server: ServerOfArtifacts = NO_SERVER,
    ) -> None:
        self._path = path.absolute()
        self._called, self._gpu_hour = called, gpu_hour
        self._store = Store(self._path)
        self._server_of_artifacts = server
        self._columns: KnownColumns = {}
        self._experiments: tuple[object, list[Experiment]] | None = None

    def _read_experiments(self, reader: Reader) -> list[Experiment]:
        """All experiments, counted again only when the store has changed: both upper screens ask for them."""
        if self._experiments is None or self._experiments[0] != reader.stamp:
            self._experiments = (reader.stamp, read_experiments(reader))
        return self._experiments[1]

    @cached_property
    def _rosters(self) -> "Rosters":
        from mltrack_tui.sources.sqlite.rosters import Rosters

        return Rosters(self._gpu_hour)

    @cached_property
    def _artifacts(self) -> "Artifacts":
        from mltrack_tui.sources.sqlite.artifacts import Artifacts

        return Artifacts(self._store, self._server_of_artifacts)

    @cached_property
    def _curves(self) -> "KeptCurves":
        from mltrack_tui.sources.sqlite.histories import KeptCurves

        return KeptCurves()

    @property
    def name(self) -> str:
        """What the user called it, else the file's name."""
        return self._called or self._path.name

    @property
    def location(self) -> str:
        """The file's path."""
        return str(self._path)

    @property
    def capabilities(self) -> Capabilities:
        """Everything, but for datasets in an old store."""
        schema = self._store.schema
        return (schema.capabilities if schema else Capabilities(watch=Capability())).priced(self._gpu_hour())

    async def projects(self, search: str = "") -> AsyncIterator[Page[Project]]:  # noqa: ARG002 - all are at hand
        """The workspaces, or the one project ``default`` of a store without."""
        projects = await self._store.run(lambda reader: projects_of(self._read_experiments(reader)))
        yield Page(projects, len(projects), len(projects))

    async def project(self, name: str) -> Project:
        """The project of a name."""
        return named((await final(self.projects())).items, name, self.name)

    async def count(self, projects: Sequence[str]) -> AsyncIterator[Project]:
        """All were counted."""
        for name in projects:
            yield await self.project(name)

    async def experiments(
        self, project: str, lifecycle: Lifecycle = Lifecycle.ACTIVE
    ) -> AsyncIterator[Page[Experiment]]:
        """A project's experiments, the latest activity first. Raises NotFoundError where there is no such project."""
        found = [member for member in await self._store.run(self._read_experiments) if member.project == project]
        if not found and project != DEFAULT_PROJECT:
            raise NotFoundError(f"{self.name} has no project {project!r}.")
        admitted = [member for member in found if lifecycle.admits(member.lifecycle_stage)]
        yield Page(admitted, len(admitted), len(admitted))

    async def candidates(self, query: Query) -> AsyncIterator[Page[CandidateId]]:
        """The ids that answer a query; of a large store some of the newest first, then all."""
        from mltrack_tui.sources.sqlite.answer import Answer

        answer = Answer(str(self._path), self._rosters, query)
        while not answer.complete:
            yield await self._store.run(answer.candidates)

    async def values(self, query: Query, column: Column) -> AsyncIterator[Page[Value]]:
        """One column's values."""
        from mltrack_tui.sources.sqlite.answer import Answer

        answer = Answer(str(self._path), self._rosters, query)
        while not answer.complete:
            yield await self._store.run(lambda reader: answer.values(reader, column))

    async def columns(self, project: str, experiments: tuple[str, ...]) -> AsyncIterator[Columns]:
        """The keys that occur in these experiments, then those whose values never differ."""
        from mltrack_tui.sources.sqlite.columns import ColumnsAnswer

        answer = ColumnsAnswer(project, experiments, self._columns)
        yield await self._store.run(answer.advance)
        while not answer.columns.complete:
            columns = await self._store.run(answer.advance)
            if columns.complete:
                yield columns

    async def read(
        self, candidates: Sequence[CandidateId], columns: Sequence[Column] | None = None
    ) -> Sequence[Candidate]:
        """The values of some candidates."""
        from mltrack_tui.sources.sqlite.cells import read_candidates

        return await self._store.run(
            lambda reader: read_candidates(reader, candidates, columns, self._rosters.aggregates)
        )

    async def locate(self, candidate_id: str, project: str | None = None) -> CandidateId:
        """Where a candidate lies."""
        from mltrack_tui.sources.sqlite.detail import locate

        found = await self._store.run(lambda reader: locate(reader, str(self._path), candidate_id))
        if found is None or project not in {None, found.project}:
            raise NotFoundError(f"{self.name} has no candidate {candidate_id!r}.")
        return found

    async def detail(self, candidate: CandidateId) -> CandidateDetail:
        """A candidate with its surroundings."""
        from mltrack_tui.sources.sqlite.detail import read_detail

        return await self._store.run(lambda reader: read_detail(reader, candidate))

    async def summaries(self, candidate: CandidateId) -> AsyncIterator[Page[MetricSummary]]:
        """The candidate's metrics; while millions of points are counted, what is known so far."""
        from mltrack_tui.sources.sqlite.summaries import Summaries

        summaries = Summaries(candidate.candidate_id)
        while not summaries.complete:
            yield await self._store.run(summaries.advance)

    async def history(
        self,
        candidate: CandidateId,
        metric: str,
        buckets: int | None = None,
        steps: tuple[int, int] | None = None,
    ) -> AsyncIterator[History]:
        """A metric over its steps; more than 20,000 points first as a sample, where the store has the index for it."""
        from mltrack_tui.sources.sqlite.histories import HistoryAnswer
        from mltrack_tui.sources.sqlite.points import Logged

        answer = HistoryAnswer(self._curves, Logged(candidate.candidate_id, metric, steps), buckets)
        while not answer.complete:
            if (history := await self._store.run(answer.advance)) is not None:
                yield history

    async def artifacts(self, candidate: CandidateId, path: str = "") -> Sequence[Artifact]:
        """What lies in a folder of the candidate's artifacts, wherever its root is."""
        return await self._artifacts.listing(candidate, path)

    @asynccontextmanager
    async def content(self, candidate: CandidateId, path: str, part: Part = WHOLE) -> AsyncIterator[Content]:
        """One of its files, opened."""
        async with self._artifacts.content(candidate, path, part) as content:
            yield content

    def artifacts_at(self, uri: str) -> None:
        """Have what lies behind a server from there, until this source is closed."""
        self._artifacts.server_at(uri)

    async def models(self, project: str) -> AsyncIterator[Page[Model]]:
        """A project's models, all at once. Raises SourceError where the store has no tables of them."""
        from mltrack_tui.sources.sqlite.models import read_models

        def read(reader: Reader) -> list[Model]:
            if reason := reader.schema.capabilities.models.reason:
                raise SourceError(reason)
            return read_models(reader, project)

        models = await self._store.run(read)
        yield Page(models, len(models), len(models))

    async def web_page(self, of: Project | Experiment | CandidateId) -> str:  # noqa: ARG002 - of nothing
        """A file has none."""
        raise SourceError(self.capabilities.web.reason)

    async def changes(self, since: object | None = None) -> Changes:
        """What others wrote since; SourceBusy while one of them is writing."""
        from mltrack_tui.sources.sqlite.changes import changes_since

        return await self._store.run(lambda reader: changes_since(reader, since))

    def forget(self) -> None:
        """Only curves are: whatever else is kept goes by the file's own count of its changes."""
        if "_curves" in self.__dict__:
            self._curves.clear()

    async def aclose(self) -> None:
        """Stop what runs and close the file."""
        if "_artifacts" in self.__dict__:
            await self._artifacts.aclose()
        await self._store.aclose()
