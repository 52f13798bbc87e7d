"""The histories of metrics, by whichever way a GitLab has."""

from collections.abc import Mapping, Sequence

from server_client.channel import API, Channel
from server_client.decode import listing, metric
from server_client.errors import NotFoundError, RefusedError
from server_client.gitlab import decode, graphql
from server_client.gitlab.experiments import GitLabExperiments
from server_client.gitlab.kept import Kept, Known
from server_client.gitlab.runs import GitLabRuns
from server_client.metrics import MOST_POINTS, MetricsResource
from server_client.paging import Listing, Pager
from server_client.values import Metric, Run

_HISTORY = f"{API}/metrics/get-history"
_MOST = 1000  # points of a page
_RUNS_KEPT = 8

Rows = Mapping[str, tuple[Metric, ...]]
"""All points of a run's metrics, by step, and as they were logged."""


class GitLabMetrics(MetricsResource):
    """What can be asked about a project's metrics. Every call raises TrackingError.

    Attributes:
        times_told: histories say when each point was logged. False once some came by GraphQL, where timestamps are 0.
        all_told: histories are whole. False once nothing told more than a metric's latest point.
    """

    def __init__(
        self, channel: Channel, instance: Channel, experiments: GitLabExperiments, runs: GitLabRuns, known: Known
    ) -> None:
        super().__init__(channel)
        self._instance, self._experiments, self._runs, self._known = instance, experiments, runs, known
        self._kept: Kept[str, Rows] = Kept(_RUNS_KEPT)
        self.times_told = self.all_told = True

    def history(self, run_id: str, key: str, page_size: int = _MOST) -> Pager[Metric]:
        """All points of a run's metric, by step.

        By GET metrics/get-history where this GitLab has it (since about 18.6). Else what GET runs/get tells, which
        before 17.10 was every point; else GraphQL's rows, all metrics of a run at once, a hundred a question, which
        are kept for half a minute. Where GraphQL refuses, the one point of runs/get.

        Raises NotFoundError where there is no such run; a metric that was never logged has no points.
        """

        async def fetch(token: str | None, size: int) -> Listing[Metric]:
            if self._known.histories or token:
                params: list[tuple[str, str | int]] = [("run_id", run_id), ("metric_key", key)]
                params += [("max_results", min(size, _MOST)), *([("page_token", token)] if token else [])]
                try:
                    return await self._channel.get(_HISTORY, params, listing("metrics", decode.point))
                except NotFoundError as error:
                    if token or error.error_code is not None:  # there is no such run
                        raise
            rows = await self._kept.get(run_id, lambda: self._rows(run_id))
            return Listing(rows.get(key, ()), None)

        return Pager(fetch, page_size=page_size, path=_HISTORY)

    async def interval(
        self,
        run_ids: Sequence[str],  # noqa: ARG002 - as MLflow is asked
        key: str,  # noqa: ARG002 - as MLflow is asked
        max_results: int = MOST_POINTS,  # noqa: ARG002 - as MLflow is asked
        start_step: int | None = None,  # noqa: ARG002 - as MLflow is asked
        end_step: int | None = None,  # noqa: ARG002 - as MLflow is asked
    ) -> dict[str, tuple[Metric, ...]]:
        """GitLab has no such endpoint, and is not asked. Raises NotFoundError."""
        raise NotFoundError(404, message="GitLab tells no samples of histories")

    def forget(self) -> None:
        """Rely no longer on what was kept."""
        self._kept.clear()

    async def _rows(self, run_id: str) -> Rows:
        """All that is told of a run's metrics without get-history."""
        run, told = await self._runs.rows(run_id)  # where the feature is off, this is refused in the same words:
        self._known.histories = False  # so there is the feature, and no such endpoint
        if self._known.every_row:
            return _by_key(sorted(told, key=lambda point: (point.step, point.timestamp)))
        try:
            rows = await self._graphqls(run)
        except RefusedError as error:
            if not graphql.refuses(error):
                raise
            self.all_told = False
            return _by_key(run.metrics)
        if len(rows) == len(run.metrics):  # one of each, which runs/get tells with its time
            return _by_key(run.metrics)
        self.times_told = False
        return _by_key([metric({"key": row.key, "value": row.value, "step": row.step}) for row in rows])

    async def _graphqls(self, run: Run) -> list[graphql.Row]:
        """The rows of GraphQL, by step, and as they were logged."""
        rows: list[graphql.Row] = []
        after: str | None = None
        while True:
            page = await self._page(run, after)
            rows += page.items
            after = page.token
            if after is None:
                return sorted(rows, key=lambda row: (row.step, row.row_id))

    async def _page(self, run: Run, after: str | None) -> Listing[graphql.Row]:
        """A page of a candidate's rows. It is asked for as the one after another, which may be gone by now."""
        variables: dict[str, object] = {"id": await self._experiments.gid(run.experiment_id)}
        variables |= {"first": graphql.MOST_NODES, "after": after}
        for _ in range(2):
            node = await self._runs.node(run.experiment_id, run.run_id)
            if node is None:
                break
            variables["before"] = node.before or None
            run_id, page = await graphql.ask(self._instance, graphql.METRICS, variables, graphql.metrics)
            if run_id == run.run_id:
                return page
            self._runs.forget()
        raise NotFoundError(404, method="POST", path=graphql.PATH, message="there is no such candidate")


def _by_key(points: Sequence[Metric]) -> Rows:
    found: dict[str, list[Metric]] = {}
    for point in points:
        found.setdefault(point.key, []).append(point)
    return {key: tuple(of_key) for key, of_key in found.items()}
