"""Metrics of the lineup as charts: what of which history is drawn, how, and what finer data would show more."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import ceil, floor, isfinite
from typing import TYPE_CHECKING

from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.curves import CurveLook, Shape, XAxis
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.history import History
from mltrack_tui.domain.text import clean
from mltrack_tui.plots.picture import CAPTION, TITLE, Picture, Run
from mltrack_tui.screens.plots.histories import Histories, Key, Steps
from mltrack_tui.screens.plots.lineup import Lineup
from mltrack_tui.screens.plots.zoom import Range, Zoom

if TYPE_CHECKING:
    from mltrack_tui.plots.chart import Chart, Curve, Drawn
    from mltrack_tui.screens.place import Place

READING = "Reading …"
"""What is said of a metric of which nothing was read yet."""
_OVER_A_METRIC = 20_000
_TIMES = (XAxis.RELATIVE, XAxis.WALL)


class Charts:
    """Makes charts of what was read, and draws them off the event loop.

    Attributes:
        look, zoom: how all of them are looked at.
        style: the characters that they are drawn with.
        dashed: whether each curve has its own dashes, as it has no colour.
    """

    def __init__(self, place: "Place", lineup: Lineup, told: Callable[[Key], None]) -> None:
        self.lineup = lineup
        self.look = CurveLook()
        self.zoom = Zoom()
        self.style = place.session.style
        self.dashed = place.app.no_color
        self.histories = Histories(place, told)

    # What is read

    def buckets(self, columns: int) -> int:
        """To how many parts of their steps histories are reduced that are drawn in so many columns.

        A metric over another one needs points of both at the same steps.
        """
        return _OVER_A_METRIC if self.look.x is XAxis.METRIC else columns

    def keys(self, metrics: Iterable[str]) -> list[Key]:
        """What has to be read for some metrics: of a chart after the other, so that the first ones come first."""
        over = [self.look.x_metric] if self.look.x is XAxis.METRIC and self.look.x_metric else []
        return list(dict.fromkeys(key for metric in (*over, *metrics) for key in self._keys_of(metric)))

    def _keys_of(self, metric: str) -> Iterator[Key]:
        slots = self.lineup.shown
        if self.lineup.baseline is not None and self.lineup.baseline not in slots:
            slots = [*slots, self.lineup.baseline]
        return ((self.lineup.ids[slot], metric) for slot in slots if self.lineup.has(slot, metric))

    def closer(self, metrics: Iterable[str]) -> list[tuple[Key, Steps]]:
        """Which steps of which histories are seen, where not all of them are known."""
        if self.zoom.x is None:
            return []
        wishes = []
        for key in self.keys(metrics):
            history = self.histories.overview(key)
            if history is not None and len(history) != history.total:
                steps = steps_within(history, self.zoom.x, self.look, self.over(key))
                if steps is not None:
                    wishes.append((key, steps))
        return wishes

    def changed(self, changes: Changes) -> None:
        """Read again what got points; where the source cannot tell, everything of candidates that have not ended."""

        def concerns(candidate: CandidateId, metric: str) -> bool:
            return metric in changes.metrics.get(candidate.candidate_id, ()) or (
                changes.anything and not self.lineup.has_ended(candidate)
            )

        self.histories.outdate(concerns)

    def over(self, key: Key) -> History | None:
        """What a metric is drawn over, where that is another metric."""
        if self.look.x is not XAxis.METRIC or self.look.x_metric is None:
            return None
        return self.histories.get((key[0], self.look.x_metric))

    # What is drawn

    def chart(self, metric: str, x: Range | None = None) -> "Chart":
        """A metric of all candidates that are shown, as far as it was read."""
        from mltrack_tui.plots.chart import Chart

        return Chart(metric, self._curves(metric), self.look, self.zoom.window(metric), x)

    def _curves(self, metric: str) -> "list[Curve]":
        from mltrack_tui.plots.chart import Curve

        difference = self.look.shape is Shape.DIFFERENCE and self.lineup.baseline is not None
        baseline = self.histories.get((self.lineup.ids[self.lineup.baseline or 0], metric)) if difference else None
        curves, shown = [], self.lineup.shown
        band = self.look.shape is Shape.BAND
        groups = dict(zip(shown, self.lineup.repeats.groups, strict=True)) if band else {}
        for slot in shown if band else sorted(shown, key=self.lineup.here.__eq__):  # the legend's lies over the others
            key = self.lineup.ids[slot], metric
            if (history := self._history(key)) is not None:
                times = self.histories.times(key)
                began = times[0] if times is not None else None
                name, over, group = self.lineup.name(slot), self.over(key), groups.get(slot, "")
                curves.append(Curve(slot, name, history, over, baseline, group, began, key[0].candidate_id))
        return curves

    def _history(self, key: Key) -> History | None:
        """What is drawn of a metric: where that can be told from what was looked at closer alone, no more than that.

        Only of a part does it know how many points it has; but what is smoothed needs what came before.
        """
        part, look = self.histories.part(key), self.look
        plain = look.x is XAxis.STEP and look.shape is Shape.VALUES and not look.smoothing
        if part is not None and plain and self.zoom.x is not None and len(part[0]) != part[0].total:
            low, high = self.zoom.x
            if part[1] == (ceil(low), floor(high)):
                return part[0]
        return self.histories.get(key) if self.zoom.x is not None else self.histories.overview(key)

    def common_x(self, metrics: Iterable[str]) -> Range | None:
        """The times of all curves of some charts, so that they share an axis; None of other axes: each has its own."""
        return self.whole_x(metrics) if self.look.x in _TIMES else None

    def whole_x(self, metrics: Iterable[str]) -> Range | None:
        """Where the curves of some charts begin and end, as far as they were read; None where nothing was."""
        over = self.look.x_metric if self.look.x is XAxis.METRIC else None
        ends = [self._ends(key) for key in self.keys(metrics) if key[1] != over or key[1] in metrics]
        known = [end for end in ends if end is not None]
        return (min(low for low, _ in known), max(high for _, high in known)) if known else None

    def _ends(self, key: Key) -> Range | None:
        history, times = self.histories.overview(key), self.histories.times(key)
        if history is None or times is None:
            return None
        if self.look.x in _TIMES:
            start = times[0] if self.look.x is XAxis.RELATIVE else 0
            return (times[0] - start) / 1000, (times[1] - start) / 1000
        if self.look.x is XAxis.METRIC:
            over = self.over(key)
            xs = [x for x in over.values if isfinite(x)] if over is not None else []
            return (min(xs), max(xs)) if xs else None
        first, last = history.steps[0], history.steps[-1]
        return (first, last) if first < last else (1, len(history))

    def words(self, metric: str) -> str:
        """Why there is nothing to draw of a metric; '' where there is something."""
        keys = list(self._keys_of(metric))
        if any(self.histories.get(key) is not None for key in keys):
            return ""
        if not keys:
            return "no candidate that is shown logged it"
        return next((error for key in keys if (error := self.histories.error(key))), READING)

    async def draw(self, metric: str, size: tuple[int, int], x: Range | None = None) -> "tuple[Chart, Drawn] | None":
        """The chart of a metric, drawn in so many cells and lines; None while nothing was read of it."""
        if self.words(metric):
            return None
        from mltrack_tui.plots.chart import draw  # plotext is imported when the first curve is drawn

        chart = self.chart(metric, x)
        return chart, await asyncio.to_thread(draw, chart, *size, self.style, dashed=self.dashed)

    def empty(self, metric: str, size: tuple[int, int]) -> Picture:
        """What stands where nothing was drawn yet: the metric's name, and why."""
        width, height = size
        lines: list[Sequence[Run]] = [[Run(clean(metric, 400)[:width], TITLE)]]
        lines += [[] for _ in range(max((height - 1) // 2 - 1, 0))]
        lines.append([Run(clean(self.words(metric), 400)[: max(width - 2, 0)].center(width)[:width].rstrip(), CAPTION)])
        return Picture(tuple(tuple(line) for line in lines[:height]))


def steps_within(history: History, x: Range, look: CurveLook, over: History | None) -> Steps | None:
    """The steps in a range of x; of another x than steps, as far as known points tell, and one to each side."""
    if not len(history):
        return None
    if history.steps[0] == history.steps[-1]:
        return history.steps[0], history.steps[-1]
    if look.x is XAxis.STEP:
        low, high = ceil(x[0]), floor(x[1])
        return (low, high) if low <= high else None
    from mltrack_tui.analysis.curves import trace

    points = trace(history, look.x, None, over)
    first, last = points.within(*x)
    places = points.places[max(first - 1, 0) : last + 1]
    if not places:
        return None
    steps = [history.steps[place] for place in places]
    return min(steps), max(steps)
