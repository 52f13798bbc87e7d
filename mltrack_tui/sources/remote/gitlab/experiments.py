"""The experiments of a project on GitLab: their names at once, then who made them and how many candidates they have."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mltrack_tui.domain.entities import Experiment
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Lifecycle
from mltrack_tui.sources.remote.translating import experiment_of
from mltrack_tui.sources.remote.workspace import Workspace
from server_client import NotFoundError, RefusedError
from server_client.gitlab.experiments import GitLabExperiments as TheirExperiments

if TYPE_CHECKING:
    from server_client.gitlab.values import ExperimentNode

_MODEL = "[model]"
"""How GitLab begins the name of the experiment that a model has for its candidates."""
_TOLD_UNASKED = 500
"""Experiments of which GraphQL tells more without being asked to: a hundred an answer."""


class GitLabExperiments:
    """A project's experiments. GitLab knows no deleted ones."""

    def __init__(self, workspace: Workspace, theirs: TheirExperiments) -> None:
        self._workspace, self._theirs = workspace, theirs
        self._nodes: dict[str, ExperimentNode] = {}
        self._told_all = False

    def forget(self) -> None:
        """Ask for the numbers anew."""
        self._told_all = False

    async def pages(self, lifecycle: Lifecycle) -> AsyncIterator[Page[Experiment]]:
        """The names at once, then what GraphQL tells; where it tells nothing, the candidates stay uncounted."""
        ids = await self._workspace.experiments() if lifecycle is not Lifecycle.DELETED else ()
        if ids and not self._told_all:
            yield self._page(ids, complete=False)
            try:
                async for batch in self._theirs.nodes():
                    self._nodes.update((each.experiment_id, each) for each in batch.items)
                    counted = ((each.experiment_id, each.candidates) for each in batch.items)
                    self._workspace.told.update((id_, number) for id_, number in counted if number is not None)
                    if batch.more:
                        on_demand = len(self._nodes) >= _TOLD_UNASKED
                        yield self._page(ids, complete=False, on_demand=on_demand)
                self._told_all = True
            except RefusedError:  # GraphQL is turned off, or does not know this field
                pass
        yield self._page(ids, complete=True)

    async def of_models(self) -> Mapping[str, str]:
        """GitLab makes one for each model. None are known where experiments are turned off: the models may not be."""
        try:
            ids = await self._workspace.experiments()
        except NotFoundError:
            return {}
        named = {each: self._workspace.pool.experiments[each].name for each in ids}
        return {name.removeprefix(_MODEL): each for each, name in named.items() if name.startswith(_MODEL)}

    def _page(self, ids: Sequence[str], *, complete: bool, on_demand: bool = False) -> Page[Experiment]:
        items = sorted(map(self._told, ids), key=lambda each: (-(each.last_activity or 0), each.name))
        return Page(items, len(items), len(items), complete, on_demand)

    def _told(self, experiment_id: str) -> Experiment:
        theirs, node = self._workspace.pool.experiments[experiment_id], self._nodes.get(experiment_id)
        model = theirs.name.removeprefix(_MODEL) if theirs.name.startswith(_MODEL) else None
        experiment = replace(experiment_of(theirs, self._workspace.project), model=model)
        if node is None or node.candidates is None:
            return experiment
        return replace(
            experiment,
            creation_time=node.creation_time,
            last_update_time=node.last_update_time,
            candidates=node.candidates,
            last_activity=node.last_update_time if node.candidates else None,
            counted=True,
            creator=node.creator,
        )
