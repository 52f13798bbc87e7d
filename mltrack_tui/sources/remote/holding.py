"""Everything that was fetched of one project."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from mltrack_tui.domain.cells import only
from mltrack_tui.domain.entities import Candidate, CandidateId, Experiment
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Lifecycle
from mltrack_tui.sources.base import Price, no_price
from mltrack_tui.sources.remote.aggregates import Aggregates
from mltrack_tui.sources.remote.artifacts import Artifacts
from mltrack_tui.sources.remote.extras import Extras, Origins
from mltrack_tui.sources.remote.histories import Histories
from mltrack_tui.sources.remote.workspace import Workspace


class Experiments(Protocol):
    """The experiments of a project, as its kind of server tells them."""

    def pages(self, lifecycle: Lifecycle) -> AsyncIterator[Page[Experiment]]:
        """The latest activity first, growing."""
        ...

    async def of_models(self) -> Mapping[str, str]:
        """The experiments that hold the candidates of models: their ids, by the models' names."""
        ...

    def forget(self) -> None:
        """Rely on nothing that may be otherwise now."""
        ...


@dataclass(frozen=True, slots=True)
class Holding:
    """One project: what came of it."""

    workspace: Workspace
    experiments: Experiments
    histories: Histories
    extras: Extras
    artifacts: Artifacts

    @classmethod
    def of(
        cls,
        workspace: Workspace,
        experiments: Experiments,
        origins: Origins | None = None,
        gpu_hour: Price = no_price,
    ) -> "Holding":
        """Nothing yet; ``gpu_hour`` tells what an hour of a GPU costs."""
        client = workspace.client
        histories = Histories(client, workspace.pool.is_settled)
        extras = Extras(Aggregates(histories), origins, gpu_hour)
        return cls(workspace, experiments, histories, extras, Artifacts(client, workspace.pool))

    async def read(self, ids: Sequence[CandidateId], columns: Sequence[Column] | None) -> list[Candidate]:
        """Some candidates with the values of some columns, without those that are gone."""
        await self.workspace.pool.have(ids)
        found = [each for each in (self.workspace.pool.get(id_.candidate_id) for id_ in ids) if each is not None]
        if extra := self.extras.among(columns or ()):
            async for _ in self.extras.learn(found, extra):
                pass
            found = [self.extras.with_columns(each, extra) for each in found]
        return [only(each, columns) for each in found]

    def forget(self) -> None:
        """Rely on nothing that may be otherwise now."""
        self.workspace.forget()
        self.experiments.forget()
        self.extras.forget()
