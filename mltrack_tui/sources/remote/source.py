"""An MLflow tracking server as a source."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit

from mltrack_tui.config.source import SourceSetting
from mltrack_tui.domain.entities import Artifact, Candidate, CandidateDetail, CandidateId, Experiment, Project
from mltrack_tui.domain.history import History, MetricSummary
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Columns, Lifecycle, Query, Value
from mltrack_tui.sources.base import Capabilities, NotFoundError, SourceError, final, named
from mltrack_tui.sources.remote.answers import answers, values
from mltrack_tui.sources.remote.columns import columns_known
from mltrack_tui.sources.remote.detail import read_detail
from mltrack_tui.sources.remote.pool import UnlessGone
from mltrack_tui.sources.remote.projects import Projects
from mltrack_tui.sources.remote.sentences import sentence
from mltrack_tui.sources.remote.summaries import summaries
from server_client import Access, TrackingClient, TrackingError, WorkspacesDisabledError
from server_client import NotFoundError as NotThereError


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
    host = _host(uri)
    try:
        client = TrackingClient(uri, access_of(setting), workspace=setting.workspace if setting else None)
    except TrackingError as error:
        raise sentence(error, host) from None
    return RemoteSource(client, called or host, page_size)


def access_of(setting: SourceSetting | None) -> Access:
    """How the user lets us in; what a setting does not say is taken from mlflow's variables and file.

    Raises:
        AccessError: what is said cannot be used.
    """
    if setting is None:
        return Access.from_environment()
    return Access.from_environment(
        token_env=setting.token_env,
        token_command=setting.token_command,
        keyring=setting.keyring,
        verify=setting.verify,
    )


class RemoteSource:
    """A tracking server: a `Source`. What was fetched stays, until `forget`."""

    def __init__(self, client: TrackingClient, name: str, page_size: int) -> None:
        self._client, self._name = client, name
        self._projects = Projects(client, name, page_size)

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

    async def projects(self, search: str = "") -> AsyncIterator[Page[Project]]:  # noqa: ARG002 - all are at hand
        """The workspaces, or the one project ``default`` of a server without; then when something happened there."""
        with self._telling():
            held = [self._projects[name].experiments for name in await self._projects.names()]
            found = await asyncio.gather(*(each.project() for each in held))
            yield Page(found, len(found), len(found), complete=False)
            await asyncio.gather(*(each.look_for_activity() for each in held))
            found = await asyncio.gather(*(each.project() for each in held))
            yield Page(found, len(found), len(found))

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
        """A project's experiments, the latest activity first as far as it is known."""
        with self._telling():
            try:
                async for page in self._projects[project].experiments.pages(lifecycle):
                    yield page
            except (NotThereError, WorkspacesDisabledError) as error:
                if not self._projects.is_missing(project, error):
                    raise
                raise self._projects.missing(project) from None

    async def candidates(self, query: Query) -> AsyncIterator[Page[CandidateId]]:
        """The ids that answer a query."""
        with self._telling():
            held = self._projects[query.project]
            try:
                async for answer in answers(held.workspace, held.aggregates, query):
                    yield answer.page([each.id for each in answer.members])
            except (NotThereError, WorkspacesDisabledError) as error:
                if not self._projects.is_missing(query.project, error):
                    raise
                yield Page((), 0, 0)

    async def values(self, query: Query, column: Column) -> AsyncIterator[Page[Value]]:
        """One column's values, of what is loaded without a further request."""
        with self._telling():
            held = self._projects[query.project]
            async for page in values(held.workspace, held.aggregates, query, column):
                yield page

    async def columns(self, project: str, experiments: tuple[str, ...]) -> AsyncIterator[Columns]:
        """The keys of what was fetched so far."""
        with self._telling():
            async for columns in columns_known(self._projects[project].workspace, experiments):
                yield columns

    async def read(
        self, candidates: Sequence[CandidateId], columns: Sequence[Column] | None = None
    ) -> Sequence[Candidate]:
        """The values of some candidates: those of most are here."""
        with self._telling():
            found: dict[str, Candidate] = {}
            for project in dict.fromkeys(each.project for each in candidates):
                some = [each for each in dict.fromkeys(candidates) if each.project == project]
                found.update((each.id.candidate_id, each) for each in await self._projects[project].read(some, columns))
            return [found[each.candidate_id] for each in candidates if each.candidate_id in found]

    async def locate(self, candidate_id: str) -> CandidateId:
        """Where a candidate lies."""
        with self._telling():
            for name in await self._projects.names():
                with UnlessGone():
                    return (await self._projects[name].workspace.pool.one(candidate_id)).id
            raise NotFoundError(f"{self.name} has no candidate {candidate_id!r}.")

    async def detail(self, candidate: CandidateId) -> CandidateDetail:
        """A candidate with its surroundings, as they are now."""
        with self._telling():
            try:
                return await read_detail(self._projects[candidate.project].workspace, candidate.candidate_id)
            except NotThereError:
                raise self._gone(candidate) from None

    async def summaries(self, candidate: CandidateId) -> AsyncIterator[Page[MetricSummary]]:
        """The candidate's metrics."""
        with self._telling():
            held = self._projects[candidate.project]
            try:
                member = await held.workspace.pool.one(candidate.candidate_id)
            except NotThereError:
                raise self._gone(candidate) from None
            async for page in summaries(member, held.histories, held.aggregates):
                yield page

    async def history(self, candidate: CandidateId, metric: str, buckets: int | None = None) -> AsyncIterator[History]:
        """A metric over its steps; of a long one first what the server chose of it."""
        with self._telling():
            histories = self._projects[candidate.project].histories
            async for history in histories.history(candidate.candidate_id, metric, buckets):
                yield history

    async def artifacts(self, candidate: CandidateId, path: str = "") -> Sequence[Artifact]:
        """What lies in a folder of the candidate's artifacts, wherever the server keeps them."""
        with self._telling():
            return await self._projects[candidate.project].artifacts.listing(candidate.candidate_id, path)

    async def content(self, candidate: CandidateId, path: str) -> AsyncIterator[bytes]:
        """The bytes of one of its files."""
        with self._telling():
            async for chunk in self._projects[candidate.project].artifacts.content(candidate.candidate_id, path):
                yield chunk

    async def web_page(self, of: Project | Experiment | CandidateId) -> str:  # noqa: ARG002 - of nothing yet
        """None yet."""
        raise SourceError(self.capabilities.web.reason)

    def forget(self) -> None:
        """Ask anew, as little as shows what there is now.

        Of candidates, the first page of each list is asked for at the next question: it shows what began or went
        since. Those that had not ended are asked again; the others are taken as they were, so that a tag which was
        changed or a candidate which was deleted far down is seen only when its own page is opened.
        """
        self._projects.forget()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except TrackingError as error:
            raise sentence(error, _host(self._client.uri)) from None

    def _gone(self, candidate: CandidateId) -> SourceError:
        return NotFoundError(f"{self.name} has no candidate {candidate.candidate_id!r} any more.")


def _host(uri: str) -> str:
    parts = urlsplit(uri)
    return parts.netloc.rpartition("@")[2] or parts.path
