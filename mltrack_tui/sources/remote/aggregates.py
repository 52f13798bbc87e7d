"""What the histories of candidates come to."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from mltrack_tui.analysis.aggregate import aggregate
from mltrack_tui.domain.entities import Candidate
from mltrack_tui.domain.history import History
from mltrack_tui.domain.query import Aggregate, Column
from mltrack_tui.sources.remote.histories import MOST_RUNS, Histories
from server_client.together import together

_FEW_RUNS = 10
_POINTS_AT_ONCE = 20_000
"""Points that one answer should hold: two megabytes."""
_SINGLE_VALUES = (Aggregate.FIRST, Aggregate.LAST, Aggregate.MIN, Aggregate.MAX, Aggregate.MEAN)


class Sums(NamedTuple):
    """A history brought down to each of its aggregates."""

    points: int
    values: Mapping[Aggregate, float]

    @classmethod
    def of(cls, history: History) -> "Sums":
        """Those of a whole history; without points it has none."""
        found = {how: aggregate(history.values, how) for how in _SINGLE_VALUES}
        return cls(len(history), {how: value for how, value in found.items() if value is not None})


class Aggregates:
    """The aggregates that were worked out: of candidates that have ended they stay, of others until a refresh."""

    def __init__(self, histories: Histories) -> None:
        self._histories = histories
        self._sums: dict[tuple[str, str], Sums] = {}
        self._runs_at_once = _FEW_RUNS

    def forget(self) -> None:
        """Rely no longer on those of candidates that had not ended."""
        settled = self._histories.is_settled
        self._sums = {key: sums for key, sums in self._sums.items() if settled(key[0])}

    def get(self, candidate_id: str, metric: str) -> Sums | None:
        """A metric's aggregates, if they are known."""
        return self._sums.get((candidate_id, metric))

    def keep(self, candidate_id: str, history: History) -> Sums:
        """Work out a whole history's aggregates, and keep them."""
        sums = self._sums[candidate_id, history.metric] = Sums.of(history)
        return sums

    def with_columns(self, candidate: Candidate, columns: Collection[Column]) -> Candidate:
        """A candidate with the aggregates of some columns, as far as they are known."""
        found: dict[Column, float] = {}
        for column in columns:
            sums = self.get(candidate.id.candidate_id, column.name)
            if sums is not None and column.aggregate is not None and column.aggregate in sums.values:
                found[column] = sums.values[column.aggregate]
        return replace(candidate, aggregates=found)

    async def learn(self, candidates: Sequence[Candidate], metrics: Collection[str]) -> AsyncIterator[int]:
        """Work out the aggregates of some metrics, and tell after each step of how many candidates they are known."""
        done = 0
        while done < len(candidates):
            wanted: list[Candidate] = []
            while done < len(candidates) and len(wanted) < self._runs_at_once:
                if self._missing(candidates[done], metrics):
                    wanted.append(candidates[done])
                done += 1
            if wanted:
                await together(*(self._learn(wanted, metric) for metric in metrics))
            yield done

    def _missing(self, candidate: Candidate, metrics: Collection[str]) -> bool:
        held = candidate.id.candidate_id
        return any(metric in candidate.metrics and (held, metric) not in self._sums for metric in metrics)

    async def _learn(self, candidates: Sequence[Candidate], metric: str) -> None:
        ids = [each.id.candidate_id for each in candidates if self._missing(each, (metric,))]
        if not ids:
            return
        points = 0
        for candidate_id, history in (await self._histories.whole(ids, metric)).items():
            points += self.keep(candidate_id, history).points
        self._runs_at_once = min(max(_POINTS_AT_ONCE * len(ids) // max(points, 1), 1), MOST_RUNS)
