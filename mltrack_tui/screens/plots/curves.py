"""The metrics of some candidates as curves over each other: a grid of small charts, and one large."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from mltrack_tui.commands import CHARTS, LOADING, LOOKS, Command, hints
from mltrack_tui.domain.curves import CurveLook, Shape
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.numbers import exact
from mltrack_tui.screens.place import counted
from mltrack_tui.screens.plots.drawing import DrawingPane
from mltrack_tui.screens.plots.naming import NameFilter
from mltrack_tui.screens.plots.pane import Drawing
from mltrack_tui.sources.base import Capability

if TYPE_CHECKING:
    from mltrack_tui.export.table import Exportable
    from mltrack_tui.plots.chart import Chart

_HINTS = hints(CHARTS, LOOKS)
_ONLY_LARGE, _ONLY_SMALL = {"zoom-in"}, {"large", "narrow-metrics"}
_MAKE_LARGE = "Only a large chart does that: enter makes this one large."


class CurvesPane(DrawingPane):
    """All metrics of the candidates: what the keys do."""

    TITLE = "Curves"
    BINDINGS: ClassVar[list[BindingType]] = [*CHARTS.bindings(), *LOADING.bindings()]

    # What is taken elsewhere

    def exportable(self) -> "Exportable | None":
        """The points that are drawn."""
        from mltrack_tui.screens.plots.points import points_table

        return points_table(self._called, self._charts, dated=bool(self.times)) if self.open_metrics else None

    def drawing(self) -> Drawing | None:
        """The charts."""
        if not self.open_metrics:
            return None
        from mltrack_tui.screens.plots.points import drawn_as_lines

        return Drawing(self._called, self.shown, partial(drawn_as_lines, self._charts))

    @property
    def _charts(self) -> "list[Chart]":
        """The charts that are shown, their curves in the order of the legend."""
        charts = [self.charts.chart(metric) for metric in self.open_metrics]
        return [replace(chart, curves=sorted(chart.curves, key=attrgetter("slot"))) for chart in charts]

    @property
    def _called(self) -> str:
        what = self.large.metric if self.is_large else "metrics"
        return f"{self.lineup.name(0)} {what}" if self.lineup.total == 1 else f"{self.lineup.total} candidates {what}"

    # What is told

    @property
    def hints(self) -> tuple[Command, ...]:
        """What can be done now."""
        others = _ONLY_SMALL if self.is_large else _ONLY_LARGE
        return tuple(command for command in _HINTS if command.id not in others)

    @property
    def position(self) -> str:
        """How many metrics are shown."""
        shown, total = len(self.board.metrics), len(self.board.all)
        if self.is_large or not total:
            return f"{self.board.here + 1:,} of {counted(shown, 'metric')}" if self.is_large and shown else ""
        return counted(total, "metric") if shown == total else f"{shown:,} of {counted(total, 'metric')}"

    @property
    def where(self) -> str:
        """The page, or where the value cursor is."""
        if self.is_large:
            here = next((each for each in self.large.readings() if each.slot == self.lineup.here), None)
            return f"step {here.step:,}" if here is not None and here.step is not None else ""
        page, pages = self.board.page
        return f"page {page + 1:,} of {pages:,}" if pages > 1 else ""

    def value_under_cursor(self) -> tuple[str, str] | None:
        """The large metric's value at the cursor, of the legend's candidate; the name of a small one."""
        if not self.is_large:
            return ("metric", self.board.metric) if self.board.metric is not None else None
        here = next((each for each in self.large.readings() if each.slot == self.lineup.here), None)
        if here is None or here.value is None:
            return None
        name = self.lineup.name(self.lineup.here)
        return f"{self.large.metric} of {name}", exact(here.value)

    def candidate_under_cursor(self) -> CandidateId | None:
        """The legend's."""
        return self.lineup.ids[self.lineup.here] if self.lineup.ids else None

    # Moving

    def action_across(self, step: int) -> None:
        """The next value or the one before; of small charts, the neighbour."""
        if not self.is_large:
            self._go(self.board.move, step, 0)
        elif self.large.move(step):
            self.lay_out()
        else:
            self.paint()

    def action_along(self, step: int) -> None:
        """The next candidate or the one before; of small charts, the one below or above."""
        if not self.is_large:
            self._go(self.board.move, 0, step)
        elif self.lineup.move(step):
            self.redraw(self.open_metrics)
            self.paint()

    def action_edge(self, side: int) -> None:
        """The first or the last value, or metric."""
        if self.is_large:
            self.large.edge(side)
            self.paint()
        else:
            self._go(self.board.edge, side)

    def action_turn(self, step: int) -> None:
        """Another page, or another large metric."""
        if self.is_large:
            self.board.here = max(min(self.board.here + step, len(self.board.metrics) - 1), 0)
            self._show_large(self.board.metric)
        else:
            self._go(self.board.turn, step)

    def _go(self, move: Callable[..., None], *by: int) -> None:
        page = self.board.page
        move(*by)
        if self.board.page != page:
            self.lay_out()
        else:
            self.paint()

    def action_large(self) -> None:
        """Show the metric large, or all small again."""
        if self.is_large:
            self.is_large = self._came_for_one = False
            self.lay_out()
        elif self.board.metric is not None:
            self.is_large = True
            self._show_large(self.board.metric)

    def enlarge(self) -> bool:
        """The same."""
        self.action_large()
        return True

    def _show_large(self, metric: str | None) -> None:
        if metric is not None:
            self.large.show(metric)
            self.lay_out()

    def leave(self) -> bool:
        """What is read to its end, then the large chart, then the filter: one after the other."""
        if self.charts.histories.stop_whole():
            return True
        if self.is_large and not self._came_for_one:
            self.action_large()
            return True
        return not self.is_large and self.names.clear()

    # What is looked at

    def action_zoom(self, factor: float) -> None:
        """Look closer, or from further away."""
        if self._needs_large():
            self._look(
                self.large.zoom(factor), "Every step has its place: there is nothing finer." if factor < 1 else ""
            )

    def action_zoom_y(self, factor: float) -> None:
        """Look closer at the values, or from further away."""
        if self._needs_large():
            self._look(self.large.zoom_y(factor))

    def action_pan(self, across: int, up: int) -> None:
        """Look beside it."""
        if self._needs_large():
            self._look(self.large.pan(across, up), "Everything is shown: + zooms in." if across else "")

    def action_zoom_reset(self) -> None:
        """Show everything."""
        self.charts.zoom.reset(self.large.metric or "")
        self.lay_out()

    def _look(self, changed: bool, why_not: str = "") -> None:
        if changed:
            self.lay_out()
        elif why_not:
            self.say(why_not)

    def _needs_large(self) -> bool:
        if not self.is_large:
            self.say(_MAKE_LARGE)
        return self.is_large

    def action_narrow(self) -> None:
        """Show the metrics whose names have some words."""
        if self.is_large:
            self.action_large()
        self.names.open()

    @on(NameFilter.Changed)
    def _narrowed(self) -> None:
        self.board.list(self.board.all, self.names.text)
        self.lay_out()

    # Which candidates are drawn

    def action_hide_series(self) -> None:
        """Hide the legend's candidate, or show it."""
        self.lineup.hide()
        self.lay_out()

    def action_isolate_series(self) -> None:
        """Show the legend's candidate alone, or all again."""
        self.lineup.isolate()
        self.lay_out()

    def action_baseline(self) -> None:
        """Draw what the others differ by from the legend's candidate, or values again."""
        if len(self.lineup.ids) < 2:
            self.say("There is no other candidate to compare with: mark several in the table.")
            return
        again = self.lineup.baseline == self.lineup.here and self.look.shape is Shape.DIFFERENCE
        self.lineup.baseline = None if again else self.lineup.here
        self.relook(replace(self.look, shape=Shape.VALUES if again else Shape.DIFFERENCE))

    def action_load_all(self) -> None:
        """Read the histories that are shown to their end; escape ends it."""
        if not self.charts.histories.want_whole(self.charts.keys(self.open_metrics)):
            self.say("All histories here were read whole.", "success")

    # How

    @property
    def times(self) -> Capability:
        """Whether it is known when points were logged."""
        return self.place.session.source.capabilities.times

    def metrics_to_draw_over(self) -> list[str]:
        """All of them."""
        return list(self.board.all)

    def relook(self, look: CurveLook) -> None:
        """Draw all curves in another way; of another x, everything is looked at."""
        before, self.charts.look = self.charts.look, look
        if look.shape is not Shape.DIFFERENCE:
            self.lineup.baseline = None
        if (before.x, before.x_metric) != (look.x, look.x_metric):
            self.charts.zoom.x = self.charts.zoom.cursor = None
        if (before.y, before.shape, before.smoothing) != (look.y, look.shape, look.smoothing):
            self.charts.zoom.y.clear()
        self.lay_out()

    def say(self, text: str, tone: str = "warning") -> None:
        """In the status line."""
        self.place.status.show_notice(text, tone)
