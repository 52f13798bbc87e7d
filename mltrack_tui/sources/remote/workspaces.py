"""The workspaces of an MLflow server as projects, or the one project of a server without."""

from collections.abc import AsyncIterator, Sequence
from urllib.parse import quote, urlencode

from mltrack_tui.domain.entities import CandidateId, Experiment, Project
from mltrack_tui.domain.page import Page
from mltrack_tui.sources.base import Capabilities, Capability, NotFoundError, Price, SourceError, no_price
from mltrack_tui.sources.pages import final, listed, named
from mltrack_tui.sources.remote.experiments import Experiments
from mltrack_tui.sources.remote.holding import Holding
from mltrack_tui.sources.remote.workspace import Workspace
from server_client import AccessError, RefusedError, TrackingClient, WorkspacesDisabledError
from server_client.together import together

DEFAULT_PROJECT = "default"


class Workspaces:
    """Projects by name: the workspaces of a server, or ``default`` of one that has none."""

    are_all_looked_through = True
    capabilities = Capabilities(
        ci=Capability("MLflow does not say which CI pipeline logged a candidate."), web=Capability()
    )

    def __init__(self, client: TrackingClient, called: str, page_size: int, gpu_hour: Price = no_price) -> None:
        self._client, self._called, self._page_size, self._gpu_hour = client, called, page_size, gpu_hour
        self._held: dict[str, Holding] = {}
        self._experiments: dict[str, Experiments] = {}
        self._names: tuple[str, ...] | None = None

    def __getitem__(self, name: str) -> Holding:
        """What was fetched of a project, whether there is such or not. Raises NotFoundError: it can be no name."""
        if name not in self._held:
            default = name == DEFAULT_PROJECT and self._client.workspace is None
            try:
                client = self._client if default else self._client.in_workspace(name)
            except AccessError:
                raise self._missing(name) from None
            workspace = Workspace(client, client.uri, name, self._page_size)
            self._experiments[name] = Experiments(workspace)
            self._held[name] = Holding.of(workspace, self._experiments[name], gpu_hour=self._gpu_hour)
        return self._held[name]

    async def pages(self, search: str) -> AsyncIterator[Page[Project]]:  # noqa: ARG002 - they are all here
        """All of them by name; then when something happened there."""
        held = [self._told(name) for name in await self.names()]
        found = await together(*(each.project() for each in held))
        yield Page(found, len(found), len(found), complete=False)
        await together(*(each.look_for_activity() for each in held))
        found = await together(*(each.project() for each in held))
        yield Page(found, len(found), len(found))

    async def find(self, name: str) -> Project:
        """The project of a name."""
        return named((await listed(self.pages(""))).items, name, self._called)

    async def count(self, names: Sequence[str]) -> AsyncIterator[Project]:
        """They were counted when they were told."""
        for project in (await final(self.pages(""))).items:
            if project.name in names:
                yield project

    async def names(self) -> Sequence[str]:
        """The names of all projects, or of the only one that the user wants to look at."""
        if self._names is None:
            if self._client.workspace is not None:
                self._names = (self._client.workspace,)
            elif (await self._client.server.info()).workspaces:
                self._names = tuple(sorted(each.name for each in await self._client.workspaces.list()))
        return self._names or (DEFAULT_PROJECT,)

    def trouble(self, name: str, error: RefusedError) -> SourceError | None:
        """That there is no such project."""
        is_named = name != (self._client.workspace or DEFAULT_PROJECT)
        missing = is_named and (isinstance(error, WorkspacesDisabledError) or error.error_code is not None)
        return self._missing(name) if missing else None

    async def web_page(self, of: Project | Experiment | CandidateId) -> str:
        """A route of MLflow's own pages, which take the workspace as a parameter (3.10 and later)."""
        match of:
            case Project(name):
                project, route = name, "experiments"
            case Experiment():
                project, route = of.project, f"experiments/{quote(of.experiment_id, safe='')}"
            case CandidateId(_, project, experiment, run):
                route = f"experiments/{quote(experiment, safe='')}/runs/{quote(run, safe='')}"
        named_so = f"?{urlencode({'workspace': project})}" if project != DEFAULT_PROJECT else ""
        return f"{self._client.uri}/#/{route}{named_so}"

    def forget(self) -> None:
        """Rely on nothing that may be otherwise now."""
        self._names = None
        for held in self._held.values():
            held.forget()

    def _told(self, name: str) -> Experiments:
        _ = self[name]
        return self._experiments[name]

    def _missing(self, name: str) -> SourceError:
        return NotFoundError(f"{self._called} has no project {name!r}.")
