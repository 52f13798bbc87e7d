"""One column of the marked candidates, as bars."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.query import Column, Direction, Value
from mltrack_tui.screens.place import counted
from mltrack_tui.screens.plots.statistics_pane import StatisticsPane
from mltrack_tui.screens.plots.statistics_scatter import written

if TYPE_CHECKING:
    from mltrack_tui.export.table import Exportable
    from mltrack_tui.plots.bars import Bars


class BarsPane(StatisticsPane):
    """A bar for each marked candidate."""

    TITLE = "Bars"

    _bars: "Bars | None" = None
    _at = 0

    async def read(self) -> str | None:
        """Read the column: without a choice, the metric that matters, else the table's."""
        self.y = self.y or await self.asking.likely_metric(self.subject.candidates) or self.asking.cursors()
        self.y = self.y or next((column for _, column in self.asking.choices(self.Y_KINDS)), None)
        if self.y is None:
            return "There is neither a parameter nor a metric here."
        values = await self.asking.marked(self.y)
        if values is None:
            return None
        await self.asking.name_them(self.subject.candidates)
        self._bars = self._made(self.y, values)
        return ""

    def _made(self, column: Column, values: Sequence[Value]) -> "Bars":
        from mltrack_tui.analysis.spread import finite
        from mltrack_tui.plots.bars import Bars

        better = self.asking.direction(column)
        numbers = [(number, slot) for slot, value in enumerate(values) if (number := finite(value)) is not None]
        choose = min if better is Direction.MIN else max
        best = choose(numbers, key=lambda each: each[0])[1] if numbers and better is not None else None
        names = [self.asking.name(each) for each in self.subject.candidates]
        return Bars(self.asking.title(column), names, values, best)

    async def draw(self) -> None:
        """Draw the bars around the cursor's."""
        from mltrack_tui.plots.bars import draw_bars

        if self._bars is not None:
            self.chart.show(draw_bars(self._bars, self._at, *self.chart.size, self.style))

    def action_pick_x(self) -> None:
        """There is one column."""
        self.action_pick_y()

    def step(self, step: int) -> bool:
        """To the bar below, or above."""
        before, self._at = self._at, max(min(self._at + step, len(self.subject.candidates) - 1), 0)
        return self._at != before

    def count(self) -> tuple[int, int]:
        """The bar, from the top."""
        return self._at, len(self.subject.candidates)

    def neighbours(self) -> tuple[Sequence[CandidateId], int]:
        """The marked candidates."""
        return self.subject.candidates, self._at

    def candidate_under_cursor(self) -> CandidateId | None:
        """The candidate of the bar."""
        return self.subject.candidates[self._at] if self.subject.candidates else None

    def value_under_cursor(self) -> tuple[str, str] | None:
        """The candidate's name and its value."""
        if self._bars is None:
            return None
        return self._bars.names[self._at], f"{self._bars.column} {written(self._bars.values[self._at])}"

    @property
    def position(self) -> str:
        """How many are drawn."""
        return counted(len(self.subject.candidates), "candidate")

    def exportable(self) -> "Exportable | None":
        """The values."""
        from mltrack_tui.export.table import Heading
        from mltrack_tui.screens.exporting import table_of

        if self._bars is None or self.y is None:
            return None
        ids = [each.candidate_id for each in self.subject.candidates]
        headings = [Heading("id"), Heading("name"), Heading(str(self.asking.as_shown(self.y)))]
        return table_of(self._bars.column, headings, list(zip(ids, self._bars.names, self._bars.values, strict=True)))
