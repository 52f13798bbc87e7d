"""How many candidates have which values of a column."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mltrack_tui.domain.query import Column, Value
from mltrack_tui.screens.place import counted
from mltrack_tui.screens.plots.statistics_asking import extent_of
from mltrack_tui.screens.plots.statistics_lists import ListPane

if TYPE_CHECKING:
    from mltrack_tui.analysis.grouping import Group
    from mltrack_tui.export.table import Exportable
    from mltrack_tui.plots.histogram import Histogram


class HistogramPane(ListPane):
    """A bar for each value, or for each range of many numbers."""

    TITLE = "Histogram"

    _values: Sequence[Value] = ()
    _histogram: "Histogram | None" = None
    _made_for: tuple[object, ...] = ()
    _part = ""

    @property
    def groups(self) -> "Sequence[Group]":
        """The values or ranges."""
        return self._histogram.groups if self._histogram is not None else ()

    async def read(self) -> str | None:
        """Read the column: without a choice, the table's, else the metric that matters."""
        page = await self.asking.candidates()
        if page is None:
            return None
        self.y = self.y or self.asking.cursors() or await self.asking.likely_metric(page.items)
        self.y = self.y or next((column for _, column in self.asking.choices(self.Y_KINDS)), None)
        if self.y is None:
            return "There is neither a parameter nor a metric here."
        values = await self.asking.values(page.items, self.y)
        if values is None:
            return None
        self.ids, self._values, self.extent = page.items, values, extent_of(page)
        self._part = "server has more" if page.on_demand else ""
        return ""

    async def draw(self) -> None:
        """Sort the values into as many lines as there is room for, and draw these."""
        from mltrack_tui.plots.histogram import FRAME, draw_histogram

        if self.y is None or not self.extent:
            return
        width, height = self.chart.size
        rows = max(height - FRAME, 2)
        if self._made_for != (self._values, rows):
            begins, line = self._histogram is None, self.line
            self._histogram = await asyncio.to_thread(self._counted, self.y, rows)
            self._made_for = (self._values, rows)
            if begins or line not in self.labels:
                self.keep_cursor(None)
            else:
                self.keep_cursor(line)
        if self._histogram is not None:
            self.chart.show(draw_histogram(self._histogram, self.at, width, height, self.style))

    def _counted(self, column: Column, rows: int) -> "Histogram":
        from mltrack_tui.analysis.grouping import binned, numbers_of
        from mltrack_tui.analysis.quartiles import Box
        from mltrack_tui.plots.histogram import Histogram

        groups = binned(self._values, rows)
        slot_of = {candidate: slot for slot, candidate in enumerate(self.subject.candidates)}
        slots = {
            index: sorted(slot_of[self.ids[place]] for place in group.places if self.ids[place] in slot_of)
            for index, group in enumerate(groups)
        }
        box = Box.of(numbers_of(self._values))
        middle = f"median {box.median:.6g}, half within {box.first:.6g} – {box.third:.6g}" if box is not None else ""
        return Histogram(self.asking.title(column), groups, slots, [middle, self._part])

    def action_pick_x(self) -> None:
        """There is one column."""
        self.action_pick_y()

    def value_under_cursor(self) -> tuple[str, str] | None:
        """The value or range, and how many have it."""
        if self._histogram is None or self.line is None:
            return None
        count, whole = len(self.groups[self.at].places), len(self.ids)
        return (
            f"{self._histogram.column} {self.line}",
            f"{count:,} of {counted(whole, 'candidate')}, {count / whole:.1%}",
        )

    def exportable(self) -> "Exportable | None":
        """The lines with their counts."""
        from mltrack_tui.export.table import Heading
        from mltrack_tui.screens.exporting import table_of

        if self._histogram is None or self.y is None:
            return None
        rows = [(label, len(group.places)) for label, group in zip(self.labels, self.groups, strict=True)]
        headings = [Heading(str(self.asking.as_shown(self.y))), Heading("candidates")]
        return table_of(f"{self._histogram.column} histogram", headings, rows, f"{self.extent}." if self._part else "")
