"""One metric, large: a cursor that reads values, a part of it that is looked at closer, and a legend with numbers."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mltrack_tui.analysis.best import direction_of
from mltrack_tui.domain.curves import XAxis
from mltrack_tui.domain.query import Direction
from mltrack_tui.plots.picture import TEXT, Picture, Run
from mltrack_tui.screens.plots.charts import Charts
from mltrack_tui.screens.plots.legend import Summary, legend_table
from mltrack_tui.screens.plots.looking import drawn_word
from mltrack_tui.screens.plots.zoom import Range

if TYPE_CHECKING:
    from mltrack_tui.domain.history import History
    from mltrack_tui.plots.chart import Chart, Drawn, Reading

_MARGIN = Run(" ", TEXT)
_LOWEST = 8
"""Lines of the chart that the legend leaves it, if there are so many."""


class Large:
    """A metric's chart with its legend.

    Attributes:
        metric: which; None is none.
    """

    def __init__(self, charts: Charts, directions: Mapping[str, Direction]) -> None:
        self.metric: str | None = None
        self._charts = charts
        self._directions = directions
        self._size = (0, 0)
        self._drawn: tuple[Chart, Drawn] | None = None
        self._summaries: dict[int, tuple[History, Summary | None]] = {}

    def resize(self, width: int, height: int) -> None:
        """Have so many cells and lines."""
        self._size = (width, height)

    @property
    def size(self) -> tuple[int, int]:
        """The cells and lines of the chart."""
        width, height = self._size
        return max(width - 1, 0), height - self._legend_height

    @property
    def _legend_height(self) -> int:
        return max(min(len(self._charts.lineup.ids) + 1, self._size[1] - _LOWEST), 0)

    def show(self, metric: str) -> None:
        """Show another metric."""
        if metric != self.metric:
            self.metric, self._drawn = metric, None
            self._summaries.clear()

    @property
    def is_drawn(self) -> bool:
        """Whether there is a chart to look closer at."""
        return self._drawn is not None

    async def draw(self) -> None:
        """Draw the chart anew."""
        metric, size = self.metric, self.size
        if metric is None or size[1] <= 0:
            return
        drawn = await self._charts.draw(metric, size)
        if drawn is not None and metric == self.metric:
            self._drawn = drawn

    # The cursor

    def readings(self) -> "list[Reading]":
        """What the curves say at the cursor; without one, at their ends."""
        from mltrack_tui.plots.chart import read

        x = self._x()
        return read(self._drawn[0], x) if self._drawn is not None and x is not None else []

    def _x(self) -> float | None:
        if self._charts.zoom.cursor is not None:
            return self._charts.zoom.cursor
        return self._drawn[1].x[1] if self._drawn is not None else None

    def move(self, step: int) -> bool:
        """Put the cursor on the next point of any curve, or, where there is more than one a column, a column further.

        Says whether something else is looked at now.
        """
        from mltrack_tui.plots.chart import next_x

        x = self._x()
        if self._drawn is None or x is None:
            return False
        chart, drawn = self._drawn
        there, column = next_x(chart, x, step), drawn.column_of(x)
        if column is not None and drawn.column_of(there) == column and 0 <= column + step < drawn.columns:
            there = _nearest(chart, drawn, drawn.x_at(column + step), column)
        self._charts.zoom.cursor = there
        return self._charts.zoom.bring(there, drawn.x)

    def edge(self, side: int) -> bool:
        """Put the cursor on the first or the last x that is looked at."""
        whole = self.whole
        if self._drawn is not None and whole is not None:
            low, high = self._charts.zoom.x or whole
            self._charts.zoom.cursor = low if side < 0 else high
        return False

    # What is looked at

    @property
    def whole(self) -> Range | None:
        """Where the curves begin and end."""
        return self._charts.whole_x([self.metric]) if self.metric is not None else None

    def zoom(self, factor: float) -> bool:
        """Look at so many times as much; says whether that is something else."""
        zoom, whole = self._charts.zoom, self.whole
        if whole is None or (factor > 1 and zoom.x is None):
            return False
        least = 1.0 if self._charts.look.x is XAxis.STEP else 0.0
        changed = zoom.zoom_x(zoom.x or whole, factor, least=least)
        zoom.limit(whole)
        return changed

    def zoom_y(self, factor: float) -> bool:
        """Look at so many times as many values, around that of the legend's candidate at the cursor."""
        if self._drawn is None or self.metric is None:
            return False
        here = self._charts.lineup.here
        around = next((reading.drawn for reading in self.readings() if reading.slot == here), None)
        seen = self._charts.zoom.y.get(self.metric, self._drawn[1].y)
        self._charts.zoom.zoom_y(self.metric, seen, factor, around, self._charts.look.y)
        return True

    def pan(self, across: int, up: int) -> bool:
        """Look beside what is looked at."""
        zoom, whole = self._charts.zoom, self.whole
        if self._drawn is None or self.metric is None or whole is None:
            return False
        if across and zoom.x is not None:
            zoom.pan_x(zoom.x, across, whole)
            return True
        if up:
            zoom.pan_y(self.metric, zoom.y.get(self.metric, self._drawn[1].y), up, self._charts.look.y)
        return bool(up)

    # The picture

    def picture(self) -> Picture:
        """The chart with its cursor, and the legend."""
        lines = [(_MARGIN, *line) for line in self._chart_lines()]
        lines += [()] * (self.size[1] - len(lines))
        return Picture((*lines, *self._legend()))

    @property
    def curves(self) -> range:
        """The lines of the picture through which the cursor goes."""
        if self._drawn is None or not self._drawn[1].columns:
            return range(0)
        drawn = self._drawn[1]
        return range(drawn.top, drawn.top + drawn.rows + 1)

    def _chart_lines(self) -> Sequence[tuple[Run, ...]]:
        from mltrack_tui.plots.chart import with_cursor

        if self._drawn is None:
            return self._charts.empty(self.metric or "", self.size).lines
        cursor, drawn = self._charts.zoom.cursor, self._drawn[1]
        return (drawn.picture if cursor is None else with_cursor(drawn, cursor)).lines

    def _legend(self) -> Sequence[tuple[Run, ...]]:
        height = self._legend_height
        if height < 2 or self.metric is None:
            return ()
        relative = self._charts.look.x is not XAxis.WALL
        direction, _ = direction_of(self.metric, self._directions)
        title, *rows = legend_table(
            self._charts.lineup,
            self.readings(),
            self._known(),
            direction,
            self._size[0],
            drawn=drawn_word(self._charts.look),
            relative=relative,
        )
        start = max(min(self._charts.lineup.here - (height - 1) // 2, len(rows) - (height - 1)), 0)
        return tuple(map(tuple, (title, *rows[start : start + height - 1])))

    def _known(self) -> list[Summary | None]:
        return [self._summary(slot) for slot in range(len(self._charts.lineup.ids))]

    def _summary(self, slot: int) -> Summary | None:
        """Made once of each history: it may have a million points."""
        history = self._charts.histories.get((self._charts.lineup.ids[slot], self.metric or ""))
        if history is None:
            return None
        known = self._summaries.get(slot)
        if known is None or known[0] is not history:
            known = self._summaries[slot] = history, Summary.of(history)
        return known[1]


def _nearest(chart: "Chart", drawn: "Drawn", x: float, left: int) -> float:
    """The point nearest to an x, unless that lies in the column that was left."""
    from mltrack_tui.plots.chart import read

    points = [reading.x for reading in read(chart, x) if reading.x is not None]
    near = min(points, key=lambda point: abs(point - x), default=x)
    return x if drawn.column_of(near) == left else near
