"""An MLflow tracking server as a source."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from mltrack_tui.config.settings import SourceSetting
from mltrack_tui.domain.cells import only
from mltrack_tui.domain.entities import Artifact, Candidate, CandidateDetail, CandidateId, Experiment, Project
from mltrack_tui.domain.history import History, MetricSummary
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Columns, Lifecycle, Query, Value
from mltrack_tui.sources.base import Capabilities, NotFoundError, SourceError
from mltrack_tui.sources.remote.aggregates import Aggregates
from mltrack_tui.sources.remote.answers import answers, values
from mltrack_tui.sources.remote.artifacts import Artifacts
from mltrack_tui.sources.remote.columns import columns_known
from mltrack_tui.sources.remote.detail import read_detail
from mltrack_tui.sources.remote.experiments import Experiments
from mltrack_tui.sources.remote.histories import Histories
from mltrack_tui.sources.remote.pool import unless_gone
from mltrack_tui.sources.remote.sentences import sentence
from mltrack_tui.sources.remote.summaries import summaries
from mltrack_tui.sources.remote.workspace import Workspace
from server_client import Access, AccessError, TrackingClient, TrackingError, WorkspacesDisabledError
from server_client import NotFoundError as NotThereError
from server_client import RefusedError as TrackingRefusal

DEFAULT_PROJECT = "default"


def open_server(
    uri: str, setting: SourceSetting | None = None, *, called: str | None = None, page_size: int = 250
) -> "RemoteSource":
    """The server at a tracking URI. Nothing is asked before the first question.

    Args:
        uri: ``http://`` or ``https://``.
        setting: how the user lets us in; what it does not say is taken from mlflow's variables and file.
        called: the name that the user gave the source; without one it goes by its host.
        page_size: candidates that are asked for at once, at most.

    Raises:
        SourceError: the URI, the credentials or the certificates cannot be used.
    """
    host = called or _host(uri)
    try:
        access = Access.from_environment(
            token_env=setting.token_env if setting else None,
            token_command=setting.token_command if setting else None,
            keyring=setting.keyring if setting else None,
            verify=setting.verify if setting else None,
        )
        client = TrackingClient(uri, access, workspace=setting.workspace if setting else None)
    except TrackingError as error:
        raise sentence(error, host) from None
    return RemoteSource(client, host, page_size)


@dataclass(frozen=True, slots=True)
class _Project:
    """Everything that was fetched of one project."""

    workspace: Workspace
    experiments: Experiments
    histories: Histories
    aggregates: Aggregates
    artifacts: Artifacts


class RemoteSource:
    """A tracking server: a `Source`. What was fetched stays, until `forget`."""

    def __init__(self, client: TrackingClient, name: str, page_size: int) -> None:
        self._client, self._name, self._page_size = client, name, page_size
        self._projects: dict[str, _Project] = {}
        self._names: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        """The name that the user gave it, else its host."""
        return self._name

    @property
    def location(self) -> str:
        """Its URI, without user and password."""
        return self._client.uri

    @property
    def capabilities(self) -> Capabilities:
        """Everything."""
        return Capabilities()

    async def projects(self) -> AsyncIterator[Page[Project]]:
        """The workspaces, or the one project ``default`` of a server without; then when something happened there."""
        with self._telling():
            held = [self._project(name).experiments for name in await self._project_names()]
            found = [await each.project() for each in held]
            yield Page(found, len(found), len(found), complete=False)
            for each in held:
                await each.look_for_activity()
            found = [await each.project() for each in held]
            yield Page(found, len(found), len(found))

    async def experiments(
        self, project: str, lifecycle: Lifecycle = Lifecycle.ACTIVE
    ) -> AsyncIterator[Page[Experiment]]:
        """A project's experiments, the latest activity first as far as it is known."""
        with self._telling():
            try:
                async for page in self._project(project).experiments.pages(lifecycle):
                    yield page
            except (NotThereError, WorkspacesDisabledError) as error:
                if not self._is_missing(project, error):
                    raise
                raise self._no_project(project) from None

    async def candidates(self, query: Query) -> AsyncIterator[Page[CandidateId]]:
        """The ids that answer a query."""
        with self._telling():
            held = self._project(query.project)
            try:
                async for answer in answers(held.workspace, held.aggregates, query):
                    yield answer.page([each.id for each in answer.members])
            except (NotThereError, WorkspacesDisabledError) as error:
                if not self._is_missing(query.project, error):
                    raise
                yield Page((), 0, 0)

    async def values(self, query: Query, column: Column) -> AsyncIterator[Page[Value]]:
        """One column's values, of what is loaded without a further request."""
        with self._telling():
            held = self._project(query.project)
            async for page in values(held.workspace, held.aggregates, query, column):
                yield page

    async def columns(self, project: str, experiments: tuple[str, ...]) -> AsyncIterator[Columns]:
        """The keys of what was fetched so far."""
        with self._telling():
            async for columns in columns_known(self._project(project).workspace, experiments):
                yield columns

    async def read(
        self, candidates: Sequence[CandidateId], columns: Sequence[Column] | None = None
    ) -> Sequence[Candidate]:
        """The values of some candidates: those of most are here."""
        with self._telling():
            for project in dict.fromkeys(each.project for each in candidates):
                held = self._project(project)
                await held.workspace.pool.have([each for each in candidates if each.project == project])
            found = [self._held(each) for each in candidates]
            return [only(each, columns) for each in await self._measured(found, columns or ())]

    async def locate(self, candidate_id: str) -> CandidateId:
        """Where a candidate lies."""
        with self._telling():
            for name in await self._project_names():
                with unless_gone():
                    return (await self._project(name).workspace.pool.one(candidate_id)).id
            raise NotFoundError(f"{self.name} has no candidate {candidate_id!r}.")

    async def detail(self, candidate: CandidateId) -> CandidateDetail:
        """A candidate with its surroundings, as they are now."""
        with self._telling():
            try:
                return await read_detail(self._project(candidate.project).workspace, candidate.candidate_id)
            except NotThereError:
                raise self._gone(candidate) from None

    async def summaries(self, candidate: CandidateId) -> AsyncIterator[Page[MetricSummary]]:
        """The candidate's metrics."""
        with self._telling():
            held = self._project(candidate.project)
            try:
                member = await held.workspace.pool.one(candidate.candidate_id)
            except NotThereError:
                raise self._gone(candidate) from None
            async for page in summaries(member, held.histories, held.aggregates):
                yield page

    async def history(self, candidate: CandidateId, metric: str, buckets: int | None = None) -> AsyncIterator[History]:
        """A metric over its steps; of a long one first what the server chose of it."""
        with self._telling():
            histories = self._project(candidate.project).histories
            async for history in histories.history(candidate.candidate_id, metric, buckets):
                yield history

    async def artifacts(self, candidate: CandidateId, path: str = "") -> Sequence[Artifact]:
        """What lies in a folder of the candidate's artifacts, wherever the server keeps them."""
        with self._telling():
            return await self._project(candidate.project).artifacts.listing(candidate.candidate_id, path)

    async def content(self, candidate: CandidateId, path: str) -> AsyncIterator[bytes]:
        """The bytes of one of its files."""
        with self._telling():
            async for chunk in self._project(candidate.project).artifacts.content(candidate.candidate_id, path):
                yield chunk

    def forget(self) -> None:
        """Ask anew, as little as shows what there is now.

        Of candidates, the first page of each list is asked for at the next question: it shows what began or went
        since. Those that had not ended are asked again; the others are taken as they were, so that a tag which was
        changed or a candidate which was deleted far down is seen only when its own page is opened.
        """
        self._names = None
        for held in self._projects.values():
            held.workspace.forget()
            held.experiments.forget()
            held.aggregates.forget()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except TrackingError as error:
            raise sentence(error, self._name) from None

    async def _project_names(self) -> tuple[str, ...]:
        if self._names is None:
            if self._client.workspace is not None:
                self._names = (self._client.workspace,)
            elif (await self._client.server.info()).workspaces:
                self._names = tuple(sorted(each.name for each in await self._client.workspaces.list()))
            else:
                self._names = (DEFAULT_PROJECT,)
        return self._names or (DEFAULT_PROJECT,)

    def _project(self, name: str) -> _Project:
        if name not in self._projects:
            default = name == DEFAULT_PROJECT and self._client.workspace is None
            try:
                client = self._client if default else self._client.in_workspace(name)
            except AccessError:
                raise self._no_project(name) from None
            workspace = Workspace(client, self.location, name, self._page_size)
            histories = Histories(client, workspace.pool.is_settled)
            self._projects[name] = _Project(
                workspace, Experiments(workspace), histories, Aggregates(histories), Artifacts(client)
            )
        return self._projects[name]

    def _held(self, candidate: CandidateId) -> Candidate | None:
        return self._project(candidate.project).workspace.pool.get(candidate.candidate_id)

    async def _measured(self, found: Sequence[Candidate | None], columns: Sequence[Column]) -> list[Candidate]:
        """Candidates with the aggregates of some columns; without those that are gone."""
        there = [each for each in found if each is not None]
        metrics = {column.name for column in columns if column.aggregate is not None}
        if not metrics:
            return there
        for project in {each.id.project for each in there}:
            some = [each for each in there if each.id.project == project]
            async for _ in self._project(project).aggregates.learn(some, metrics):
                pass
        return [self._project(each.id.project).aggregates.with_columns(each, columns) for each in there]

    def _is_missing(self, project: str, error: TrackingRefusal) -> bool:
        """Whether an error says that there is no such project, which is a workspace."""
        named = project != (self._client.workspace or DEFAULT_PROJECT)
        return named and (isinstance(error, WorkspacesDisabledError) or error.error_code is not None)

    def _no_project(self, project: str) -> SourceError:
        return NotFoundError(f"{self.name} has no project {project!r}.")

    def _gone(self, candidate: CandidateId) -> SourceError:
        return NotFoundError(f"{self.name} has no candidate {candidate.candidate_id!r} any more.")


def _host(uri: str) -> str:
    parts = urlsplit(uri)
    return parts.netloc.rpartition("@")[2] or parts.path
