"""A tracking server as a source."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from urllib.parse import urlsplit

from mltrack_tui.config.source import SourceSetting
from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.entities import Candidate, CandidateDetail, CandidateId, Experiment, Model, Project
from mltrack_tui.domain.history import History, MetricSummary
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Columns, Lifecycle, Query, Value
from mltrack_tui.sources.artifacts import WHOLE, Content, Part
from mltrack_tui.sources.base import Capabilities, NotFoundError, Price, SourceError, no_price
from mltrack_tui.sources.remote.answers import answers, values
from mltrack_tui.sources.remote.columns import columns_known
from mltrack_tui.sources.remote.detail import read_detail
from mltrack_tui.sources.remote.kinds import Server, access_of, server_at
from mltrack_tui.sources.remote.models import models
from mltrack_tui.sources.remote.sentences import sentence
from mltrack_tui.sources.remote.summaries import summaries
from server_client import NotFoundError as NotThereError
from server_client import TrackingError, WorkspacesDisabledError


def open_server(
    uri: str,
    setting: SourceSetting | None = None,
    *,
    called: str | None = None,
    page_size: int = 250,
    gpu_hour: Price = no_price,
) -> "RemoteSource":
    """The server at a tracking URI. Nothing is asked before the first question.

    Args:
        uri: ``http://`` or ``https://``.
        setting: how the user lets us in; what it does not say is taken from mlflow's variables and file.
        called: the name that the user gave the source; without one it goes by its host.
        page_size: candidates that are asked for at once, at most.
        gpu_hour: tells what an hour of a GPU costs.

    Raises:
        SourceError: the URI, the credentials or the certificates cannot be used.
    """
    host = _host(uri)
    try:
        workspace = setting.workspace if setting else None
        server = server_at(uri, access_of(setting), workspace, called or host, page_size, gpu_hour=gpu_hour)
    except TrackingError as error:
        raise sentence(error, host) from None
    return RemoteSource(server, called or host)


class RemoteSource:
    """A tracking server: a `Source`. What was fetched stays, until `forget`."""

    def __init__(self, server: Server, name: str) -> None:
        self._server, self._name = server, name

    @property
    def name(self) -> str:
        """The name that the user gave it, else its host."""
        return self._name

    @property
    def location(self) -> str:
        """Its URI, without user and password."""
        return self._server.uri

    @property
    def capabilities(self) -> Capabilities:
        """What its kind can do."""
        known = self._server.known
        return (known.capabilities if known is not None else Capabilities()).priced(self._server.gpu_hour())

    async def projects(self, search: str = "") -> AsyncIterator[Page[Project]]:
        """Its projects: MLflow's workspaces, or those of another kind of server."""
        with self._telling():
            async for page in (await self._server.places()).pages(search):
                yield page

    async def project(self, name: str) -> Project:
        """The project of a name."""
        with self._telling():
            return await (await self._server.places()).find(name)

    async def count(self, projects: Sequence[str]) -> AsyncIterator[Project]:
        """Some projects with their numbers."""
        with self._telling():
            async for project in (await self._server.places()).count(projects):
                yield project

    async def experiments(
        self, project: str, lifecycle: Lifecycle = Lifecycle.ACTIVE
    ) -> AsyncIterator[Page[Experiment]]:
        """A project's experiments, the latest activity first as far as it is known."""
        with self._telling():
            places = await self._server.places()
            try:
                async for page in places[project].experiments.pages(lifecycle):
                    yield page
            except (NotThereError, WorkspacesDisabledError) as error:
                raise places.trouble(project, error) or error from None

    async def candidates(self, query: Query) -> AsyncIterator[Page[CandidateId]]:
        """The ids that answer a query."""
        with self._telling():
            places = await self._server.places()
            held = places[query.project]
            try:
                async for answer in answers(held.workspace, held.extras, query):
                    yield answer.page([each.id for each in answer.members])
            except (NotThereError, WorkspacesDisabledError) as error:
                trouble = places.trouble(query.project, error)
                if not isinstance(trouble, NotFoundError):
                    raise trouble or error from None
                yield Page((), 0, 0)

    async def values(self, query: Query, column: Column) -> AsyncIterator[Page[Value]]:
        """One column's values, of what is loaded without a further request."""
        with self._telling():
            held = (await self._server.places())[query.project]
            async for page in values(held.workspace, held.extras, query, column):
                yield page

    async def columns(self, project: str, experiments: tuple[str, ...]) -> AsyncIterator[Columns]:
        """The keys of what was fetched so far."""
        with self._telling():
            held = (await self._server.places())[project]
            async for columns in columns_known(held.workspace, experiments):
                yield columns

    async def read(
        self, candidates: Sequence[CandidateId], columns: Sequence[Column] | None = None
    ) -> Sequence[Candidate]:
        """The values of some candidates: those of most are here."""
        with self._telling():
            places, found = await self._server.places(), dict[str, Candidate]()
            for project in dict.fromkeys(each.project for each in candidates):
                some = [each for each in dict.fromkeys(candidates) if each.project == project]
                found.update((each.id.candidate_id, each) for each in await places[project].read(some, columns))
            return [found[each.candidate_id] for each in candidates if each.candidate_id in found]

    async def locate(self, candidate_id: str, project: str | None = None) -> CandidateId:
        """Where a candidate lies."""
        with self._telling():
            places = await self._server.places()
            for name in [project] if project is not None else await places.names():
                try:
                    return (await places[name].workspace.pool.one(candidate_id)).id
                except NotThereError as error:
                    if error.error_code is None and places.trouble(name, error) is None:
                        raise
            where = "" if places.are_all_looked_through else " in the projects looked through: name its project"
            raise NotFoundError(f"{self.name} has no candidate {candidate_id!r}{where}.")

    async def detail(self, candidate: CandidateId) -> CandidateDetail:
        """A candidate with its surroundings, as they are now, but for model versions: they would be a request more."""
        with self._telling():
            held = (await self._server.places())[candidate.project]
            try:
                return await read_detail(held, candidate.candidate_id)
            except NotThereError:
                raise self._gone(candidate) from None

    async def summaries(self, candidate: CandidateId) -> AsyncIterator[Page[MetricSummary]]:
        """The candidate's metrics."""
        with self._telling():
            held = (await self._server.places())[candidate.project]
            try:
                member = await held.workspace.pool.one(candidate.candidate_id)
            except NotThereError:
                raise self._gone(candidate) from None
            async for page in summaries(member, held.histories, held.extras.aggregates):
                yield page

    async def history(
        self,
        candidate: CandidateId,
        metric: str,
        buckets: int | None = None,
        steps: tuple[int, int] | None = None,
    ) -> AsyncIterator[History]:
        """A metric over its steps; of a long one first what the server chose of it."""
        with self._telling():
            histories = (await self._server.places())[candidate.project].histories
            async for history in histories.history(candidate.candidate_id, metric, buckets, steps):
                yield history

    async def artifacts(self, candidate: CandidateId, path: str = "") -> Sequence[Artifact]:
        """What lies in a folder of the candidate's artifacts, wherever the server keeps them."""
        with self._telling():
            held = (await self._server.places())[candidate.project]
            return await held.artifacts.listing(candidate.candidate_id, path)

    @asynccontextmanager
    async def content(self, candidate: CandidateId, path: str, part: Part = WHOLE) -> AsyncIterator[Content]:
        """One of its files, opened."""
        with self._telling():
            held = (await self._server.places())[candidate.project]
            async with held.artifacts.content(candidate.candidate_id, path, part) as content:
                yield content

    def artifacts_at(self, uri: str) -> None:
        """A server has its artifacts itself."""
        raise SourceError(f"{self.name} has its artifacts itself; {uri} is not asked.")

    async def models(self, project: str) -> AsyncIterator[Page[Model]]:
        """A project's models, asked anew each time."""
        with self._telling():
            places = await self._server.places()
            held = places[project]
            try:
                its = await held.experiments.of_models()
                client = held.workspace.client
                whole = client.dialect.search_tells_versions
                async with aclosing(models(client.models, project, tells_all_versions=whole, experiments=its)) as pages:
                    async for page in pages:
                        yield page
            except (NotThereError, WorkspacesDisabledError) as error:
                trouble = places.trouble(project, error)
                if not isinstance(trouble, NotFoundError):
                    raise trouble or error from None
                yield Page((), 0, 0)

    async def web_page(self, of: Project | Experiment | CandidateId) -> str:
        """The server's own page of something."""
        with self._telling():
            return await (await self._server.places()).web_page(of)

    async def changes(self, since: object | None = None) -> Changes:
        """No server tells what changed: anything may have."""
        return Changes(self.location, anything=since is not None)

    def forget(self) -> None:
        """Ask anew, as little as shows what there is now.

        Of candidates, the first page of each list is asked for at the next question: it shows what began or went
        since. Those that had not ended are asked again; the others are taken as they were, so that a tag which was
        changed or a candidate which was deleted far down is seen only when its own page is opened.
        """
        if self._server.known is not None:
            self._server.known.forget()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._server.aclose()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except TrackingError as error:
            raise sentence(error, _host(self._server.uri)) from None

    def _gone(self, candidate: CandidateId) -> SourceError:
        return NotFoundError(f"{self.name} has no candidate {candidate.candidate_id!r} any more.")


def _host(uri: str) -> str:
    parts = urlsplit(uri)
    return parts.netloc.rpartition("@")[2] or parts.path
