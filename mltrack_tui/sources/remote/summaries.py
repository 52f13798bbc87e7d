"""Each metric of a candidate in a line."""

from collections.abc import AsyncIterator, Sequence
from math import nan

from mltrack_tui.domain.entities import Candidate
from mltrack_tui.domain.history import History, MetricSummary
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Aggregate
from mltrack_tui.sources.remote.aggregates import Aggregates
from mltrack_tui.sources.remote.histories import Histories
from server_client.together import together

_AT_ONCE = 4


async def summaries(
    candidate: Candidate, histories: Histories, aggregates: Aggregates
) -> AsyncIterator[Page[MetricSummary]]:
    """The last values at once, then what follows from histories that one answer holds, then, on demand, the others."""
    told = candidate.id.candidate_id
    metrics = sorted(candidate.metrics)
    waiting = [metric for metric in metrics if aggregates.get(told, metric) is None]
    if waiting:
        yield _page(candidate, metrics, aggregates, complete=False)
    long: list[str] = []
    for start in range(0, len(waiting), _AT_ONCE):
        some = waiting[start : start + _AT_ONCE]
        for metric, history in zip(some, await _short(histories, told, some), strict=True):
            if history is None:
                long.append(metric)
            else:
                aggregates.keep(told, history)
        if start + _AT_ONCE < len(waiting):
            yield _page(candidate, metrics, aggregates, complete=False)
    for metric in long:
        yield _page(candidate, metrics, aggregates, complete=False, on_demand=True)
        aggregates.keep(told, await histories.long(told, metric))
    yield _page(candidate, metrics, aggregates, complete=True)


async def _short(histories: Histories, candidate_id: str, metrics: Sequence[str]) -> Sequence[History | None]:
    return await together(*(histories.short(candidate_id, metric) for metric in metrics))


def _page(
    candidate: Candidate, metrics: Sequence[str], aggregates: Aggregates, *, complete: bool, on_demand: bool = False
) -> Page[MetricSummary]:
    items = [_summary(candidate, metric, aggregates) for metric in metrics]
    known = sum(item.points is not None for item in items)
    return Page(items, known, len(items), complete, on_demand)


def _summary(candidate: Candidate, metric: str, aggregates: Aggregates) -> MetricSummary:
    sums = aggregates.get(candidate.id.candidate_id, metric)
    if sums is None:
        return MetricSummary(metric, candidate.metrics[metric])
    least, most = (sums.values.get(how, nan) for how in (Aggregate.MIN, Aggregate.MAX))
    return MetricSummary(metric, candidate.metrics[metric], least, most, sums.points)
