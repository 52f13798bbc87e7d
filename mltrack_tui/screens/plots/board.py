"""All metrics as small charts, a page of them at a time."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mltrack_tui.plots.picture import Picture
from mltrack_tui.screens.plots.charts import Charts
from mltrack_tui.screens.plots.names import narrowed
from mltrack_tui.screens.plots.tiles import Tiling, tiled

if TYPE_CHECKING:
    from mltrack_tui.plots.chart import Drawn


class Board:
    """Which metrics there are, which are shown, and which the cursor is on.

    Attributes:
        all: the metrics, in their order.
        metrics: those whose names have the words that were typed.
        here: the place of the cursor's among them.
    """

    def __init__(self, charts: Charts) -> None:
        self._charts = charts
        self.all: Sequence[str] = ()
        self.metrics: Sequence[str] = ()
        self.here = 0
        self._size = (0, 0)
        self._drawn: dict[str, tuple[tuple[int, int], Drawn]] = {}

    @property
    def metric(self) -> str | None:
        """The metric that the cursor is on."""
        return self.metrics[self.here] if self.metrics else None

    def list(self, metrics: Sequence[str], text: str = "") -> None:
        """Show these metrics, or those of them that have the words of a text; the cursor stays on its metric."""
        before = self.metric
        self.all = metrics
        self.metrics = narrowed(metrics, text)
        self.go(before)

    def go(self, metric: str | None) -> None:
        """Put the cursor on a metric, if it is shown, else where the cursor was."""
        if metric is not None and metric in self.metrics:
            self.here = self.metrics.index(metric)
        self.here = max(min(self.here, len(self.metrics) - 1), 0)

    def resize(self, width: int, height: int) -> None:
        """Have so many cells and lines."""
        self._size = (width, height)

    @property
    def tiling(self) -> Tiling:
        """How the charts stand."""
        return Tiling.of(len(self.metrics), *self._size)

    @property
    def size(self) -> tuple[int, int]:
        """The cells and lines of a chart."""
        return self.tiling.width - 1, self.tiling.height

    @property
    def page(self) -> tuple[int, int]:
        """Which page is shown, from 0, and of how many."""
        count = self.tiling.count
        return self.here // count, max(-(-len(self.metrics) // count), 1)

    @property
    def visible(self) -> Sequence[str]:
        """The metrics of the page."""
        start = self.page[0] * self.tiling.count
        return self.metrics[start : start + self.tiling.count]

    def move(self, across: int, along: int) -> None:
        """Put the cursor on a neighbour; past the edge of a page, on the next one."""
        wanted = self.here + across + along * self.tiling.columns
        if 0 <= wanted < len(self.metrics):
            self.here = wanted

    def edge(self, side: int) -> None:
        """Put the cursor on the first or the last metric."""
        self.here = 0 if side < 0 else max(len(self.metrics) - 1, 0)

    def turn(self, pages: int) -> None:
        """Go to another page; the cursor stays at its place on it where that has a chart."""
        page, of = self.page
        if 0 <= page + pages < of:
            self.here = min(self.here + pages * self.tiling.count, len(self.metrics) - 1)

    # Drawing

    async def draw(self, metrics: Iterable[str]) -> None:
        """Draw one of these metrics after the other anew; those of other pages are forgotten."""
        visible, size = self.visible, self.size
        x = self._charts.common_x(visible)
        self._drawn = {metric: drawn for metric, drawn in self._drawn.items() if metric in visible}
        for metric in metrics:
            drawn = await self._charts.draw(metric, size, x)
            if drawn is not None:
                self._drawn[metric] = (size, drawn[1])

    def picture(self) -> Picture:
        """The page."""
        page, _ = self.page
        tiles = [self._tile(metric) for metric in self.visible]
        return tiled(tiles, self.tiling, self.here - page * self.tiling.count)

    def _tile(self, metric: str) -> Picture:
        size, drawn = self._drawn.get(metric, (None, None))
        if drawn is None or size != self.size:
            return self._charts.empty(metric, self.size)
        return drawn.picture
