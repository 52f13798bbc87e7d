"""A metric of all candidates over a parameter or another metric."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.numbers import exact
from mltrack_tui.domain.query import Column, Direction, Value
from mltrack_tui.domain.text import clean
from mltrack_tui.screens.plots.statistics_asking import extent_of
from mltrack_tui.screens.plots.statistics_pane import Both, StatisticsPane

if TYPE_CHECKING:
    from mltrack_tui.analysis.correlation import Pairs
    from mltrack_tui.export.table import Exportable
    from mltrack_tui.plots.scatter import DrawnScatter, Scatter

_LONGEST_VALUE = 40


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read: the candidates, two columns of them, and what a scatter plot makes of these."""

    ids: Sequence[CandidateId]
    x: Column
    y: Column
    xs: Sequence[Value]
    ys: Sequence[Value]
    pairs: "Pairs"
    scatter: "Scatter"
    extent: str


class ScatterPane(StatisticsPane):
    """Candidates as points."""

    TITLE = "Scatter"

    _read: _Read | None = None
    _drawn: "DrawnScatter | None" = None
    _made_for: tuple[object, ...] = ()
    _here = 0
    """The place of the cursor's candidate among the points."""

    async def read(self) -> str | None:
        """Read two columns; without a choice, the metric that matters and what goes most with it."""
        from mltrack_tui.analysis.correlation import Pairs

        found = await self.read_both(_correlation, self.X_KINDS, "over")
        if not isinstance(found, Both):
            return found
        page, x, y, xs, ys = found
        pairs = await asyncio.to_thread(Pairs.of, xs, ys)
        before = self.candidate_under_cursor()
        scatter = await self._scatter(page.items, x, y, pairs, "server has more" if page.on_demand else "")
        self._read = _Read(page.items, x, y, xs, ys, pairs, scatter, extent_of(page))
        self._keep_cursor(before)
        return ""

    async def _scatter(
        self, ids: Sequence[CandidateId], x: Column, y: Column, pairs: "Pairs", extent: str
    ) -> "Scatter":
        from mltrack_tui.plots.scatter import Scatter

        slot_of = {candidate: slot for slot, candidate in enumerate(self.subject.candidates)}
        slots = {place: slot_of[id_] for place, id_ in enumerate(ids) if id_ in slot_of}
        best = self._best(pairs, self.asking.direction(y))
        told = [*([best] if best is not None else []), *slots]
        await self.asking.name_them(ids[place] for place in told)
        names = {place: self.asking.name(ids[place]) for place in told}
        return Scatter(self.asking.title(x), self.asking.title(y), pairs, slots, best, names, extent)

    def _best(self, pairs: "Pairs", direction: Direction | None) -> int | None:
        if direction is None or not pairs.points or pairs.y.categories is not None:
            return None
        choose = min if direction is Direction.MIN else max
        return choose(pairs.points, key=lambda point: point.y).place

    def _keep_cursor(self, before: CandidateId | None) -> None:
        """On the candidate that it was on, else on the first marked one that is drawn, else on the best."""
        if self._read is None:
            return
        read = self._read
        wanted = [*([before] if before is not None else []), *self.subject.candidates]
        at = {read.ids[point.place]: index for index, point in enumerate(read.pairs.points)}
        found = [at[candidate] for candidate in wanted if candidate in at]
        best = [index for index, point in enumerate(read.pairs.points) if point.place == read.scatter.best]
        self._here = next(iter([*found, *best]), 0)

    async def draw(self) -> None:
        """Draw the points for this room, off the event loop; a cursor that moved is put into the same drawing."""
        from mltrack_tui.plots.scatter import draw_scatter

        if self._read is None:
            return
        width, height = self.chart.size
        wanted = (self._read, width, height)
        if self._made_for != wanted:
            self._drawn = await asyncio.to_thread(draw_scatter, self._read.scatter, width, height, self.style)
            self._made_for = wanted
        if self._drawn is not None:
            self.chart.show(self._drawn.picture(self._place))

    @property
    def _place(self) -> int | None:
        """The place of the cursor's candidate in the columns."""
        points = self._read.pairs.points if self._read is not None else ()
        return points[self._here].place if self._here < len(points) else None

    def step(self, step: int) -> bool:
        """To the next point on the right, or on the left."""
        points = self._read.pairs.points if self._read is not None else ()
        before, self._here = self._here, max(min(self._here + step, len(points) - 1), 0)
        return self._here != before

    def count(self) -> tuple[int, int]:
        """The point, from the left."""
        return self._here, len(self._read.pairs.points) if self._read is not None else 0

    def neighbours(self) -> tuple[Sequence[CandidateId], int]:
        """All points, from the left to the right."""
        if self._read is None:
            return (), 0
        return [self._read.ids[point.place] for point in self._read.pairs.points], self._here

    def candidate_under_cursor(self) -> CandidateId | None:
        """The candidate that the cursor is on."""
        place = self._place
        return self._read.ids[place] if self._read is not None and place is not None else None

    def value_under_cursor(self) -> tuple[str, str] | None:
        """The candidate's name, and both values."""
        read, place = self._read, self._place
        if read is None or place is None:
            return None
        told = f"{read.scatter.x} {written(read.xs[place])}   {read.scatter.y} {written(read.ys[place])}"
        return self.asking.name(read.ids[place]), told

    @property
    def position(self) -> str:
        """How many candidates there are."""
        return self._read.extent if self._read is not None else ""

    def exportable(self) -> "Exportable | None":
        """Both columns of all candidates."""
        from mltrack_tui.export.table import Heading
        from mltrack_tui.screens.exporting import table_of

        if self._read is None:
            return None
        read = self._read
        columns = [str(self.asking.as_shown(column)) for column in (read.x, read.y)]
        rows = [(id_.candidate_id, *both) for id_, *both in zip(read.ids, read.xs, read.ys, strict=True)]
        note = f"{read.extent}." if read.scatter.extent else ""
        return table_of(
            f"{read.scatter.y} over {read.scatter.x}", [Heading(name) for name in ("id", *columns)], rows, note
        )


def written(value: Value) -> str:
    """A value as the status line has it."""
    if value is None:
        return "missing"
    return clean(value, _LONGEST_VALUE) if isinstance(value, str) else exact(value)


def _correlation(values: Sequence[Value], target: Sequence[Value]) -> float | None:
    from mltrack_tui.analysis.correlation import Pairs

    pairs = Pairs.of(values, target)
    return abs(pairs.rho) * len(pairs.points) / len(target) if pairs.rho is not None else None  # few say little
