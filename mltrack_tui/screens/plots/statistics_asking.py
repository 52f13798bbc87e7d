"""What the statistics ask the source for: columns, and their values for all candidates of the table."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from mltrack_tui.analysis.best import direction_of
from mltrack_tui.domain.cells import logged_value
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import SYSTEM, Column, Columns, Direction, Kind, Query, Value
from mltrack_tui.domain.text import clean
from mltrack_tui.screens.candidates.choices import asked
from mltrack_tui.screens.candidates.whole import values_of
from mltrack_tui.screens.place import Place, counted
from mltrack_tui.screens.plots.pane import Subject
from mltrack_tui.sources.pages import at_hand, final

if TYPE_CHECKING:
    from mltrack_tui.domain.entities import Candidate

T = TypeVar("T")
_LOOKED_AT = 40
"""Columns of a kind among which the most telling one is looked for."""
_SAMPLE = 400
"""Candidates by which it is chosen."""
_LONGEST_NAME = 60

Telling = Callable[[Sequence[Value], Sequence[Value]], float | None]
"""How far a column's values tell those of another; None where that cannot be said."""


class Asking:
    """The questions of one pane; what went wrong is told by its place, and the answer is then None."""

    def __init__(self, place: Place, subject: Subject) -> None:
        self._place, self._subject = place, subject
        self._names: dict[CandidateId, str] = {}
        self.columns: Columns | None = None
        """All columns that are known, once they were asked for."""

    @property
    def query(self) -> Query:
        """All candidates of the table; where there is none, those of the candidate's experiment."""
        if self._subject.query is not None:
            return self._subject.query
        first = self._subject.candidates[0]
        return Query(first.project, (first.experiment_id,))

    async def learn(self) -> Columns | None:
        """Read which columns there are."""
        source, query = self._place.session.source, self.query
        columns = await self._place.answer(lambda: final(source.columns(query.project, query.experiments)))
        self.columns = columns or self.columns
        return columns

    async def candidates(self) -> Page[CandidateId] | None:
        """Who answers the query, of a server's as many as are at hand."""
        return await self._place.answer(lambda: at_hand(self._place.session.source.candidates(self.query)))

    async def values(self, ids: Sequence[CandidateId], column: Column) -> Sequence[Value] | None:
        """A column's values of these candidates: of a metric what the table shows of its history."""
        return await values_of(self._place, self.query, ids, self.as_shown(column))

    async def marked(self, column: Column) -> Sequence[Value] | None:
        """The same of the candidates that are drawn as curves, wherever they are."""
        shown = self.as_shown(column)
        found = await self._read(self._subject.candidates, [shown])
        if found is None:
            return None
        values = {candidate.id: logged_value(candidate, shown) for candidate in found}
        return [values.get(each) for each in self._subject.candidates]

    async def name_them(self, ids: Iterable[CandidateId]) -> None:
        """Read the names of some candidates that are not known yet."""
        unknown = [each for each in dict.fromkeys(ids) if each not in self._names]
        for candidate in await self._read(unknown, ()) or () if unknown else ():
            self._names[candidate.id] = clean(candidate.name or "", _LONGEST_NAME) or candidate.id.candidate_id

    def name(self, candidate: CandidateId) -> str:
        """What a candidate is called, harmless for a terminal; its id as long as that was not read."""
        return self._names.get(candidate, candidate.candidate_id)

    def knows(self, candidate: CandidateId) -> bool:
        """Whether its name was read."""
        return candidate in self._names

    async def likely_metric(self, ids: Sequence[CandidateId]) -> Column | None:
        """The target, the cursor's metric, else what most log of those of which it is known which values are better."""
        metrics = self.differing(Kind.METRIC) or [
            Column(Kind.METRIC, name) for name in (self.columns or Columns()).metrics
        ]
        if likely := [column for column in self._likely() if column in metrics]:
            return likely[0]
        metrics = ([each for each in metrics if self.direction(each) is not None] or metrics)[:_LOOKED_AT]
        if len(metrics) < 2:
            return next(iter(metrics), None)
        sample = await self._read(_sample(ids), metrics) or ()

        def weight(column: Column) -> float:
            held = sum(column.name in each.metrics for each in sample)
            return held / 2 if "train" in column.name else held  # candidates are compared by what they were not shown

        return max(metrics, key=weight)

    async def most_telling(
        self, kind: Kind, ids: Sequence[CandidateId], target: Column, ys: Sequence[Value], telling: Telling
    ) -> Column | None:
        """The column that tells most of the target, by a sample of the candidates; None where none says anything."""
        columns = [column for column in self.differing(kind) if column != target][:_LOOKED_AT]
        sample = await self._read(_sample(ids), columns) if columns else None
        if not sample:
            return None
        wanted = dict(zip(_sample(ids), _sample(ys), strict=True))

        def best() -> Column | None:
            own = [wanted[candidate.id] for candidate in sample]
            found = [(telling([logged_value(each, column) for each in sample], own), column) for column in columns]
            told = [(share, column) for share, column in found if share is not None]
            return max(told, key=lambda each: each[0])[1] if told else None

        return await asyncio.to_thread(best)

    async def _read(self, ids: Sequence[CandidateId], columns: Sequence[Column]) -> "Sequence[Candidate] | None":
        return await self._place.answer(lambda: self._place.session.source.read(ids, columns))

    # Columns

    def as_shown(self, column: Column) -> Column:
        """What the table shows of a metric's history: its latest value as a rule."""
        return asked(self._subject.view, column)

    def title(self, column: Column) -> str:
        """What a column is called."""
        shown = self.as_shown(column)
        name = clean(column.name, 4 * _LONGEST_NAME)
        return name if shown.aggregate is None else f"{shown.aggregate}({name})"

    def direction(self, column: Column) -> Direction | None:
        """Which of its values are better, as far as somebody said so or its name does."""
        return direction_of(column.name, self._subject.view.directions)[0] if column.kind is Kind.METRIC else None

    def differing(self, kind: Kind) -> list[Column]:
        """The parameters or the metrics that are not the same for all, the target and the cursor's first."""
        columns = self.columns or Columns()
        every = [Column(kind, name) for name in (columns.params if kind is Kind.PARAM else columns.metrics)]
        likely = [column for column in self._likely() if column in every]
        system = [column for column in every if column.name.startswith(SYSTEM)]
        rest = [column for column in every if column not in columns.constant and column not in system]
        return list(dict.fromkeys([*likely, *rest, *system]))

    def choices(self, kinds: Sequence[Kind]) -> list[tuple[str, Column]]:
        """The columns to choose from: the likely ones, those that differ, then those that are the same for all."""
        columns = self.columns or Columns()
        differing = [column for kind in kinds for column in self.differing(kind)]
        first = [column for column in self._likely() if column in differing]
        names = {Kind.PARAM: columns.params, Kind.METRIC: columns.metrics}
        every = [Column(kind, name) for kind in kinds for name in names[kind]]
        return [(str(column), column) for column in dict.fromkeys([*first, *differing, *every])]

    def cursors(self) -> Column | None:
        """The column that the table's cursor is in, where that is a parameter or a metric."""
        column = self._subject.column
        return (
            None if column is None or column.kind not in {Kind.PARAM, Kind.METRIC} else Column(column.kind, column.name)
        )

    def _likely(self) -> list[Column]:
        target, here = self._subject.view.target, self.cursors()
        return [*([Column(Kind.METRIC, target)] if target is not None else []), *([here] if here is not None else [])]


def _sample(all_of_them: Sequence[T]) -> Sequence[T]:
    """Some of them, from the first to the last."""
    return all_of_them[:: -(-len(all_of_them) // _SAMPLE) or 1]


def extent_of(page: Page[CandidateId]) -> str:
    """How many candidates there are, and whether these are all."""
    more = " loaded · server has more" if page.on_demand else ""
    return f"{counted(len(page.items), 'candidate')}{more}"
