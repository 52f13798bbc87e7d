"""The projects of a server, each with what was fetched of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from mltrack_tui.domain.cells import only
from mltrack_tui.domain.entities import Candidate, CandidateId
from mltrack_tui.domain.query import Column
from mltrack_tui.sources.base import NotFoundError, SourceError
from mltrack_tui.sources.remote.aggregates import Aggregates
from mltrack_tui.sources.remote.artifacts import Artifacts
from mltrack_tui.sources.remote.experiments import Experiments
from mltrack_tui.sources.remote.histories import Histories
from mltrack_tui.sources.remote.workspace import Workspace
from server_client import AccessError, RefusedError, TrackingClient, WorkspacesDisabledError

DEFAULT_PROJECT = "default"


@dataclass(frozen=True, slots=True)
class Holding:
    """Everything that was fetched of one project."""

    workspace: Workspace
    experiments: Experiments
    histories: Histories
    aggregates: Aggregates
    artifacts: Artifacts

    @classmethod
    def of(cls, client: TrackingClient, project: str, page_size: int) -> "Holding":
        """Nothing yet."""
        workspace = Workspace(client, client.uri, project, page_size)
        histories = Histories(client, workspace.pool.is_settled)
        return cls(workspace, Experiments(workspace), histories, Aggregates(histories), Artifacts(client))

    async def read(self, ids: Sequence[CandidateId], columns: Sequence[Column] | None) -> list[Candidate]:
        """Some candidates with the values of some columns, without those that are gone."""
        await self.workspace.pool.have(ids)
        found = [each for each in (self.workspace.pool.get(id_.candidate_id) for id_ in ids) if each is not None]
        measured = [column for column in columns or () if column.aggregate is not None]
        if measured:
            async for _ in self.aggregates.learn(found, {column.name for column in measured}):
                pass
            found = [self.aggregates.with_columns(each, measured) for each in found]
        return [only(each, columns) for each in found]

    def forget(self) -> None:
        """Rely on nothing that may be otherwise now."""
        self.workspace.forget()
        self.experiments.forget()
        self.aggregates.forget()


class Projects:
    """Projects by name: the workspaces of a server, or ``default`` of one that has none."""

    def __init__(self, client: TrackingClient, called: str, page_size: int) -> None:
        self._client, self._called, self._page_size = client, called, page_size
        self._held: dict[str, Holding] = {}
        self._names: tuple[str, ...] | None = None

    def __getitem__(self, name: str) -> Holding:
        """What was fetched of a project, whether there is such or not. Raises NotFoundError: it can be no name."""
        if name not in self._held:
            default = name == DEFAULT_PROJECT and self._client.workspace is None
            try:
                client = self._client if default else self._client.in_workspace(name)
            except AccessError:
                raise self.missing(name) from None
            self._held[name] = Holding.of(client, name, self._page_size)
        return self._held[name]

    async def names(self) -> tuple[str, ...]:
        """The names of all projects, or of the only one that the user wants to look at."""
        if self._names is None:
            if self._client.workspace is not None:
                self._names = (self._client.workspace,)
            elif (await self._client.server.info()).workspaces:
                self._names = tuple(sorted(each.name for each in await self._client.workspaces.list()))
        return self._names or (DEFAULT_PROJECT,)

    def is_missing(self, name: str, error: RefusedError) -> bool:
        """Whether an error says that there is no such project."""
        named = name != (self._client.workspace or DEFAULT_PROJECT)
        return named and (isinstance(error, WorkspacesDisabledError) or error.error_code is not None)

    def missing(self, name: str) -> SourceError:
        """The error that says so."""
        return NotFoundError(f"{self._called} has no project {name!r}.")

    def forget(self) -> None:
        """Rely on nothing that may be otherwise now."""
        self._names = None
        for held in self._held.values():
            held.forget()
