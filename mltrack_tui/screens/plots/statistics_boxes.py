"""How a metric spreads by the values of a parameter."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.query import Direction, Kind, Value
from mltrack_tui.screens.place import counted
from mltrack_tui.screens.plots.statistics_asking import extent_of
from mltrack_tui.screens.plots.statistics_lists import ListPane
from mltrack_tui.screens.plots.statistics_pane import Both

if TYPE_CHECKING:
    from mltrack_tui.analysis.grouping import Group
    from mltrack_tui.export.table import Exportable
    from mltrack_tui.plots.boxes import Boxes


class BoxesPane(ListPane):
    """A box for each category."""

    TITLE = "Boxes"
    Y_KINDS = (Kind.METRIC,)

    _values: Sequence[Value] = ()
    _boxes: "Boxes | None" = None
    _leaders: Sequence[int | None] = ()
    """The best candidate of each box, by its place."""
    _part = ""

    @property
    def groups(self) -> "Sequence[Group]":
        """The categories, or ranges of many numbers."""
        return self._boxes.groups if self._boxes is not None else ()

    async def read(self) -> str | None:
        """Read both columns; without a choice, the metric that matters and the parameter that tells most of it."""
        found = await self.read_both(_explained, (Kind.PARAM,), "by")
        if not isinstance(found, Both):
            return found
        page, x, y, xs, ys = found
        line = self.line
        names = self.asking.title(x), self.asking.title(y)
        self._part = "server has more" if page.on_demand else ""
        boxes = await asyncio.to_thread(_boxed, names, xs, ys, self.asking.direction(y), self._part)
        self.ids, self._values, self.extent, self._boxes = page.items, ys, extent_of(page), boxes
        self._leaders = await asyncio.to_thread(self._lead)
        self.keep_cursor(line)
        return ""

    def _lead(self) -> list[int | None]:
        return [next(iter(self._ranked(group)), None) for group in self.groups]

    def _ranked(self, group: "Group") -> Sequence[int]:
        """The places of a box's candidates, the best first."""
        from mltrack_tui.analysis.order import SortColumn

        best = self.asking.direction(self.y) if self.y is not None else None
        if best is None:
            return group.places
        own = SortColumn.of([self._values[place] for place in group.places])
        ranked = own.arrange(range(len(group.places)), descending=best is Direction.MAX)
        return [group.places[index] for index in ranked]

    async def draw(self) -> None:
        """Draw the boxes around the cursor's."""
        from mltrack_tui.plots.boxes import draw_boxes

        if self._boxes is not None:
            self.chart.show(draw_boxes(self._boxes, self.at, *self.chart.size, self.style))

    def neighbours(self) -> tuple[Sequence[CandidateId], int]:
        """The candidates of the box, the best first."""
        places = self._ranked(self.groups[self.at]) if self.at < len(self.groups) else ()
        return [self.ids[place] for place in places], 0

    def candidate_under_cursor(self) -> CandidateId | None:
        """The best of the box."""
        leader = self._leaders[self.at] if self.at < len(self._leaders) else None
        return self.ids[leader] if leader is not None else None

    def value_under_cursor(self) -> tuple[str, str] | None:
        """The category, and the numbers of its box."""
        if self._boxes is None or self.line is None:
            return None
        box = self._boxes.boxes[self.at]
        if box is None:
            return self.line, "no number"
        outliers = f"   {counted(len(box.outliers), 'outlier')}" if box.outliers else ""
        told = (
            f"median {box.median:.6g}   half {box.first:.6g} – {box.third:.6g}   reach {box.low:.6g} – {box.high:.6g}"
        )
        return f"{self._boxes.x} {self.line}", f"n {box.count:,}   {told}{outliers}"

    def exportable(self) -> "Exportable | None":
        """The numbers of the boxes."""
        from mltrack_tui.export.shape import Form
        from mltrack_tui.export.table import Heading
        from mltrack_tui.screens.exporting import table_of

        if self._boxes is None or self.x is None:
            return None
        numbers = ("low", "first quartile", "median", "third quartile", "high")
        headings = [Heading(str(self.asking.as_shown(self.x))), Heading("candidates"), Heading("numbers")]
        headings += [*(Heading(name, Form.EXACT) for name in numbers), Heading("outliers")]
        rows = [
            (label, len(group.places), *((0, *[None] * 5, 0) if box is None else (
                box.count, box.low, box.first, box.median, box.third, box.high, len(box.outliers))))
            for label, group, box in zip(self.labels, self.groups, self._boxes.boxes, strict=True)
        ]  # fmt: skip
        return table_of(f"{self._boxes.y} by {self._boxes.x}", headings, rows, f"{self.extent}." if self._part else "")


def _boxed(
    names: tuple[str, str], xs: Sequence[Value], ys: Sequence[Value], better: Direction | None, part: str
) -> "Boxes":
    """The boxes of a metric by the parts of a column: by their best median where these have no order of their own."""
    from mltrack_tui.analysis.grouping import categories, is_ordered, numbers_of
    from mltrack_tui.analysis.quartiles import Box
    from mltrack_tui.plots.boxes import Boxes

    groups = categories(xs)
    found = [(group, Box.of(numbers_of(ys[place] for place in group.places))) for group in groups]
    sign = -1 if better is Direction.MAX else 1
    if better is not None and not is_ordered(groups):
        found.sort(
            key=lambda each: (not each[0].says_something, each[1] is None, sign * each[1].median if each[1] else 0)
        )
    medians = [(sign * box.median, index) for index, (group, box) in enumerate(found) if box and group.says_something]
    best = min(medians)[1] if medians and better is not None else None
    lacking = len(ys) - sum(box.count for _, box in found if box is not None)
    notes = [f"{lacking:,} of {len(ys):,} candidates without a number of {names[1]}" if lacking else "", part]
    return Boxes(*names, [group for group, _ in found], [box for _, box in found], best, notes)


def _explained(values: Sequence[Value], target: Sequence[Value]) -> float | None:
    from mltrack_tui.analysis.grouping import categories, explained, numbers_of

    return explained([numbers_of(target[place] for place in group.places) for group in categories(values)])
