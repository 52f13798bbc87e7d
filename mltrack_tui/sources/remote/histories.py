"""Metrics over their steps: a sample that the server chose, and where that is not all, every point."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from math import inf

from mltrack_tui.analysis.points import Points
from mltrack_tui.analysis.reduce import between, reduce
from mltrack_tui.domain.history import History
from mltrack_tui.domain.text import clean
from mltrack_tui.sources.base import SourceError
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.remote.translating import add_points, history_of
from server_client import Batch, Metric, ServerInfo
from server_client.dialect import Tracker
from server_client.metrics import MOST_POINTS, MOST_RUNS
from server_client.together import together

__all__ = ["MOST_RUNS", "Histories"]

Steps = tuple[int, int]
"""The first and the last step that are wanted."""

_KEPT_POINTS = 2_000_000
"""Points of all histories that are kept: 50 MB."""
_INT32 = (-(2**31), 2**31 - 1)
_EACH_BY_ITSELF = (3, 17)
"""Since this version a server samples each run by itself, and leaves out no negative steps where none are named."""


class Histories:
    """The histories of one workspace's candidates; ``is_settled`` tells which of them will not grow any more."""

    def __init__(self, client: Tracker, is_settled: Callable[[str], bool]) -> None:
        self._client = client
        self.is_settled = is_settled
        self._kept: OrderedDict[tuple[str, str], History] = OrderedDict()

    async def history(
        self, candidate_id: str, metric: str, buckets: int | None, steps: Steps | None = None
    ) -> AsyncIterator[History]:
        """A metric over its steps, as `sources.base.Source.history` has it."""
        whole = self._kept.get((candidate_id, metric))
        if whole is None and (steps is None or _tellable(steps)):
            sample = (await self._interval([candidate_id], metric, steps)).get(candidate_id)
            if sample is not None and sample.exact:
                whole = sample if steps is not None else self._keep(candidate_id, sample)
            elif sample is not None and buckets is not None:
                drawn = reduce(sample, buckets)
                yield replace(drawn, total=None, exact=False, on_demand=True)
        if whole is None:
            async for part in self._paged(candidate_id, metric, buckets, steps):
                if part.exact:
                    whole = part
                else:
                    yield part
        if whole is not None:
            yield await asyncio.to_thread(_cut, whole, buckets, steps)

    async def short(self, candidate_id: str, metric: str) -> History | None:
        """A whole history, if one answer holds it."""
        if (kept := self._kept.get((candidate_id, metric))) is not None:
            return kept
        if not (await self._client.server.info()).bulk_interval:
            return await self._first_page(candidate_id, metric)
        found = (await self._interval([candidate_id], metric)).get(candidate_id)
        return found if found is not None and found.exact else None

    async def long(self, candidate_id: str, metric: str) -> History:
        """A whole history, however many answers it takes. Raises SourceError where the server does not tell it."""
        whole = await final(self._paged(candidate_id, metric, None))
        if not whole.exact:
            raise SourceError(f"Of {clean(metric, 60)}, only the latest value is told here: it has no history.")
        return whole

    async def whole(self, candidate_ids: Sequence[str], metric: str) -> dict[str, History]:
        """The whole histories of some candidates."""
        found = await self._interval(candidate_ids, metric)
        whole = {each: history for each, history in found.items() if history.exact}

        async def ask(each: str) -> None:
            whole[each] = await self.short(each, metric) or await self.long(each, metric)

        await together(*(ask(each) for each in candidate_ids if each not in whole))
        return whole

    async def _interval(
        self, candidate_ids: Sequence[str], metric: str, steps: Steps | None = None
    ) -> dict[str, History]:
        """What one answer holds of some histories, as far as it can be relied on; ``exact`` where that is all."""
        info = await self._client.server.info()
        if not info.bulk_interval:
            return {}
        modern = _version(info) >= _EACH_BY_ITSELF
        asked = steps or ((None, None) if modern else _INT32)  # which else leave out what is below 0
        answer = await self._client.metrics.interval(candidate_ids, metric, MOST_POINTS, *asked)
        chosen = 0 if modern else len({point.step for points in answer.values() for point in points})
        return {
            each: replace(history_of(metric, points), exact=max(len(points), chosen) < MOST_POINTS)
            for each, points in answer.items()
            if points or modern or steps  # where all steps are beyond 32 bits, an older server has none between
        }

    async def _first_page(self, candidate_id: str, metric: str) -> History | None:
        """A whole history of a server that has no samples, if its first page holds it."""
        pager = self._client.metrics.history(candidate_id, metric, MOST_POINTS)
        try:
            batch: Batch[Metric] = await anext(pager, Batch((), more=False))
        finally:
            await pager.aclose()
        if batch.more or not self._client.metrics.all_told:
            return None
        return self._keep(candidate_id, history_of(metric, batch.items))

    async def _paged(
        self, candidate_id: str, metric: str, buckets: int | None, steps: Steps | None = None
    ) -> AsyncIterator[History]:
        """A history page by page: samples of these steps that grow, of what came so far, and at last all of it."""
        points, drawn = Points(), history_of(metric, ())
        pager = self._client.metrics.history(candidate_id, metric)
        try:
            async for batch in pager:
                await asyncio.to_thread(add_points, points, batch.items)
                if batch.more and buckets is not None:
                    low, high = steps or (-inf, inf)
                    some = tuple(point for point in batch.items if low <= point.step <= high)
                    drawn = await asyncio.to_thread(_with, drawn, some, buckets)
                    yield replace(drawn, total=None, exact=False)
        finally:
            await pager.aclose()
        whole = await asyncio.to_thread(points.history, metric)
        if self._client.metrics.all_told:
            yield self._keep(candidate_id, whole)
        else:
            yield replace(_cut(whole, None, steps), total=None, exact=False)

    def _keep(self, candidate_id: str, whole: History) -> History:
        if self.is_settled(candidate_id) and len(whole) <= _KEPT_POINTS:
            self._kept[candidate_id, whole.metric] = whole
            while sum(map(len, self._kept.values())) > _KEPT_POINTS:
                self._kept.popitem(last=False)
        return whole


def _tellable(steps: Steps) -> bool:
    """Whether a server may be asked about these steps: it takes them as numbers of 32 bits."""
    return _INT32[0] <= steps[0] <= steps[1] <= _INT32[1]


def _cut(whole: History, buckets: int | None, steps: Steps | None) -> History:
    history = whole if steps is None else between(whole, *steps)
    return history if buckets is None else reduce(history, buckets)


def _with(drawn: History, metrics: tuple[Metric, ...], buckets: int) -> History:
    points = Points()
    values = ((value, value != value) for value in drawn.values)  # noqa: PLR0124 (NaN differs from itself)
    points.extend(
        (step, at, 0.0 if is_nan else value, is_nan)
        for step, at, (value, is_nan) in zip(drawn.steps, drawn.timestamps, values, strict=True)
    )
    add_points(points, metrics)
    return reduce(points.history(drawn.metric), buckets)


def _version(info: ServerInfo) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", info.version or "")[:2])
