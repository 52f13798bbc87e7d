"""The histories of metrics."""

from collections.abc import Sequence

from server_client.channel import AJAX_API, API, Channel
from server_client.decode import by_run, listing, metric
from server_client.paging import Listing, Pager
from server_client.values import Metric

MOST_RUNS = 100
"""Runs of one question to the interval endpoint."""
MOST_POINTS = 2500
"""Points a run of one answer of the interval endpoint."""

_HISTORY = f"{API}/metrics/get-history"
_INTERVAL = f"{AJAX_API}/metrics/get-history-bulk-interval"


class MetricsResource:
    """What can be asked about metrics. Every call raises TrackingError.

    Attributes:
        all_told: histories are whole; False where a server tells no more than a metric's latest point.
    """

    all_told = True

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def history(self, run_id: str, key: str, page_size: int = 25_000) -> Pager[Metric]:
        """All points of a run's metric, by timestamp, step and value: GET metrics/get-history.

        A metric or a run that is not there has no points. Servers before 2.19 or so do not page: their first page is
        everything, whatever ``page_size`` (points) says. Points have no identity: none is dropped as seen.
        """

        async def fetch(token: str | None, size: int) -> Listing[Metric]:
            # Without max_results MLflow 3.1 to 3.12 answer an empty page with a token to itself.
            params: list[tuple[str, str | int]] = [("run_id", run_id), ("metric_key", key), ("max_results", size)]
            if token:
                params.append(("page_token", token))
            return await self._channel.get(_HISTORY, params, listing("metrics", metric))

        return Pager(fetch, page_size=page_size, path=_HISTORY)

    async def interval(
        self,
        run_ids: Sequence[str],
        key: str,
        max_results: int = MOST_POINTS,
        start_step: int | None = None,
        end_step: int | None = None,
    ) -> dict[str, tuple[Metric, ...]]:
        """A sample of a metric's points of some runs, by step: GET metrics/get-history-bulk-interval.

        A run's answer is its whole history (between the steps) if and only if it has fewer points than
        ``max_results``. Since 3.17 each run is sampled by itself; before, ``max_results`` distinct steps are chosen
        of all the runs together, with each run's first and last. (``get_metric_history_bulk_interval`` in mlflow's
        stores.) Runs without a point have none. Ask for one run at a time on older servers to be certain.

        Args:
            run_ids: at most `MOST_RUNS`.
            key: the metric.
            max_results: points of each run, 1 to `MOST_POINTS`.
            start_step, end_step: both, included, or neither.

        Raises:
            NotFoundError: the server has no such endpoint (`ServerInfo.bulk_interval`).
        """
        params: list[tuple[str, str | int]] = [("run_ids", run_id) for run_id in run_ids]
        params += [("metric_key", key), ("max_results", max_results)]
        if start_step is not None and end_step is not None:
            params += [("start_step", start_step), ("end_step", end_step)]
        points = await self._channel.get(_INTERVAL, params, by_run("metrics"))
        return {run_id: points.get(run_id, ()) for run_id in run_ids}
