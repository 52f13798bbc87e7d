"""A workspace's experiments and what their candidates add up to, as far as that is worth asking."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import replace

from mltrack_tui.domain.entities import Experiment, Project
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Lifecycle
from mltrack_tui.sources.remote.shared import Shared
from mltrack_tui.sources.remote.translating import experiment_of
from mltrack_tui.sources.remote.workspace import Workspace
from server_client import Run
from server_client.together import together

_AT_ONCE = 2
_COUNTED_FIRST = 50
"""Experiments whose candidates are counted unasked."""
_NEWEST = 10
_MOST_EXPERIMENTS = 1000
_BY_TIME = ("attributes.start_time DESC", "attributes.end_time DESC")


class Experiments:
    """The experiments of a workspace, and what is known of the activity in them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._latest: dict[str, int] = {}
        self._ends_known: set[str] = set()
        self._looked = False
        self._look = Shared(self._look_for_newest)

    def forget(self) -> None:
        """Ask for the activity anew."""
        self._latest.clear()
        self._ends_known.clear()
        self._looked = False

    async def pages(self, lifecycle: Lifecycle) -> AsyncIterator[Page[Experiment]]:
        """The experiments at once; then where something happened last; then how many candidates each has.

        A count costs the first page of the experiment's candidates, which is there, then, when it is opened. Of
        those with the latest activity it is asked for unasked, of the others on demand.
        """
        every = await self._workspace.experiments()
        known = self._workspace.pool.experiments
        ids = [each for each in every if lifecycle.admits(known[each].lifecycle_stage)]
        if waiting := [each for each in ids if not self._is_counted(each)]:
            yield self._page(ids, complete=False)
            if not self._looked:
                await self._look()
                yield self._page(ids, complete=False)
            waiting.sort(key=lambda each: -self._latest.get(each, 0))
            for start in range(0, len(waiting), _AT_ONCE):
                await together(*(self._count(each) for each in waiting[start : start + _AT_ONCE]))
                if start + _AT_ONCE < len(waiting):
                    yield self._page(ids, complete=False, on_demand=start + _AT_ONCE >= _COUNTED_FIRST)
        yield self._page(ids, complete=True)

    async def of_models(self) -> Mapping[str, str]:
        """MLflow's models have none."""
        return {}

    async def project(self) -> Project:
        """The workspace as a project. Its last activity is known after `look_for_activity` only."""
        every = await self._workspace.experiments()
        stages = [self._workspace.pool.experiments[each].lifecycle_stage for each in every]
        return Project(
            self._workspace.project,
            sum(map(Lifecycle.ACTIVE.admits, stages)),
            max(self._latest.values(), default=None),
        )

    async def look_for_activity(self) -> None:
        """Know when something happened last in the workspace."""
        if not self._looked:
            await self._look()

    async def _look_for_newest(self) -> None:
        every = await self._workspace.experiments()
        known = self._workspace.pool.experiments
        newest = sorted(every, key=lambda each: -(known[each].last_update_time or 0))[:_MOST_EXPERIMENTS]
        if newest:
            await together(*(self._newest(newest, order, _NEWEST) for order in _BY_TIME))
        self._looked = True

    async def _newest(self, experiments: Sequence[str], order: str, rows: int) -> None:
        pager = self._workspace.client.runs.search(experiments, "", (order,), "ACTIVE_ONLY", rows)
        async for batch in pager:
            self._workspace.pool.take(batch.items)
            self._learn(batch.items)
            break

    def _learn(self, runs: Iterable[Run]) -> None:
        for run in runs:
            for time in (run.start_time, run.end_time):
                if time is not None:
                    self._latest[run.experiment_id] = max(time, self._latest.get(run.experiment_id, time))

    def _is_counted(self, experiment: str) -> bool:
        base = self._workspace.counted(experiment)
        return base is not None and (base.complete or experiment in self._ends_known)

    async def _count(self, experiment: str) -> None:
        base = self._workspace.bases([experiment], Lifecycle.ACTIVE)
        if not base.ready:
            await base.begin()
        if not base.complete and experiment not in self._ends_known:
            await self._newest([experiment], _BY_TIME[1], 1)
            self._ends_known.add(experiment)

    def _page(self, ids: Sequence[str], *, complete: bool, on_demand: bool = False) -> Page[Experiment]:
        items = sorted(map(self._told, ids), key=lambda each: (-(each.last_activity or 0), each.name))
        return Page(items, len(items), len(items), complete, on_demand)

    def _told(self, experiment_id: str) -> Experiment:
        pool, base = self._workspace.pool, self._workspace.counted(experiment_id)
        experiment = experiment_of(pool.experiments[experiment_id], self._workspace.project)
        if base is None:
            return replace(experiment, last_activity=self._latest.get(experiment_id))
        held = [each for each in map(pool.get, base.ids) if each is not None]
        times = [time for each in held for time in (each.start_time, each.end_time) if time is not None]
        known = [self._latest[experiment_id]] if experiment_id in self._latest and not base.complete else []
        return replace(
            experiment,
            candidates=len(held),
            last_activity=max([*times, *known], default=None),
            counted=base.complete,
        )
