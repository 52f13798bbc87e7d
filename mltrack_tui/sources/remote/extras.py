"""What a server tells of candidates only when asked for more: what their histories come to, where in CI they ran."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from mltrack_tui.analysis.usage import Logged, histories_of, usage
from mltrack_tui.domain.entities import Candidate, Link
from mltrack_tui.domain.query import Column, Kind
from mltrack_tui.sources.base import Price, no_price
from mltrack_tui.sources.remote.aggregates import Aggregates


class Origins(Protocol):
    """Where in CI the candidates of a project ran."""

    def learn(self, candidates: Sequence[Candidate]) -> AsyncIterator[int]:
        """Ask where some candidates ran, and tell after each step of how many it is known."""
        ...

    def values(self, candidate: Candidate) -> Mapping[str, str]:
        """What is known of a candidate (`domain.query.CI_NAMES`)."""
        ...

    def user(self, candidate: Candidate) -> str | None:
        """Who logged it, as far as that is known."""
        ...

    async def links(self, candidate: Candidate) -> tuple[Link, ...]:
        """Where to look at what it came from."""
        ...

    def forget(self) -> None:
        """Rely no longer on what may be otherwise now."""
        ...


class Extras:
    """The aggregates of histories, what follows from them, and the origins, where the server has any."""

    def __init__(self, aggregates: Aggregates, origins: Origins | None, gpu_hour: Price = no_price) -> None:
        self.aggregates, self.origins = aggregates, origins
        self._gpu_hour = gpu_hour

    def among(self, columns: Iterable[Column]) -> tuple[Column, ...]:
        """Those of some columns that have to be asked for."""
        return tuple(dict.fromkeys(each for each in columns if each.is_worked_out or each.kind is Kind.CI))

    async def learn(self, candidates: Sequence[Candidate], columns: Iterable[Column]) -> AsyncIterator[int]:
        """Ask for some columns, and tell after each step of how many candidates they are known."""
        columns = list(columns)
        metrics = {each.name for each in columns if each.aggregate is not None}
        metrics |= {each.name for one in candidates for each in _histories(columns, one)}
        if self.origins is not None and any(each.kind is Kind.CI for each in columns):
            async for known in self.origins.learn(candidates):
                if not metrics:
                    yield known
        if metrics:
            async for known in self.aggregates.learn(candidates, metrics):
                yield known

    def with_columns(self, candidate: Candidate, columns: Iterable[Column]) -> Candidate:
        """A candidate with the values of some columns, as far as they are known."""
        columns = list(columns)
        if any(each.kind is Kind.CI for each in columns) and self.origins is not None:
            candidate = replace(candidate, ci=self.origins.values(candidate))
        measured = [each for each in columns if each.aggregate is not None]
        used = [each.name for each in columns if each.kind is Kind.USAGE]
        if used:
            logged = Logged.by(self.aggregates.with_columns(candidate, _histories(columns, candidate)))
            totals = ((name, usage(name, logged, self._gpu_hour())) for name in used)
            candidate = replace(candidate, usage={name: value for name, value in totals if value is not None})
        return self.aggregates.with_columns(candidate, measured) if measured else candidate

    def with_user(self, candidate: Candidate) -> Candidate:
        """A candidate with the user who logged it, where only its origin tells."""
        if candidate.user is not None or self.origins is None:
            return candidate
        return replace(candidate, user=self.origins.user(candidate))

    async def origin(self, candidate: Candidate) -> tuple[Link, ...]:
        """Where to look at what a candidate came from; nowhere, where the server does not say."""
        return await self.origins.links(candidate) if self.origins is not None else ()

    def forget(self) -> None:
        """Rely no longer on what may be otherwise now."""
        self.aggregates.forget()
        if self.origins is not None:
            self.origins.forget()


def _histories(columns: Iterable[Column], candidate: Candidate) -> list[Column]:
    """What of a candidate's histories the totals among some columns follow from."""
    totals = (each.name for each in columns if each.kind is Kind.USAGE)
    return [each for total in totals for each in histories_of(total, candidate.metrics)]
