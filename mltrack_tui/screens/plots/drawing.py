"""The charts of some candidates' metrics, read and drawn as they are needed; a part of the pane of curves."""

from collections.abc import Iterable, Sequence
from time import monotonic
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult

from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.curves import CurveLook
from mltrack_tui.domain.entities import Candidate
from mltrack_tui.domain.text import clean
from mltrack_tui.plots.picture import CAPTION, Picture, Run
from mltrack_tui.screens.place import counted
from mltrack_tui.screens.plots.board import Board
from mltrack_tui.screens.plots.charts import READING, Charts
from mltrack_tui.screens.plots.histories import Key
from mltrack_tui.screens.plots.large import Large
from mltrack_tui.screens.plots.legend import legend_lines
from mltrack_tui.screens.plots.lineup import Lineup
from mltrack_tui.screens.plots.looking import LookingPane, look_words
from mltrack_tui.screens.plots.names import in_groups
from mltrack_tui.screens.plots.naming import NameFilter
from mltrack_tui.screens.plots.pane import Pane, Subject
from mltrack_tui.widgets.chart import ChartView

if TYPE_CHECKING:
    from mltrack_tui.screens.plots.place import PlotsPlace

FRAME = 0.05
"""Seconds after which charts that were drawn are shown though there are more to draw."""
MOMENT = 0.1
"""Seconds until it is said that something is being read, where it is not there yet."""


class DrawingPane(Pane, LookingPane):
    """A page of small charts or one large, as its commands have it."""

    place: "PlotsPlace"

    def __init__(self, place: "PlotsPlace", subject: Subject) -> None:
        super().__init__(place, subject)
        self.lineup = Lineup(subject.candidates)
        self.charts = Charts(place, self.lineup, self._read)
        self.charts.look = subject.look
        self.board = Board(self.charts)
        self.large = Large(self.charts, subject.view.directions)
        self.is_large = self._came_for_one = subject.metric is not None
        self.names = NameFilter(self._take_keys)
        self._view = ChartView()
        self._words = READING
        if subject.metric is not None:  # it is known to be there: its history is read at once
            self.board.list([subject.metric])
            self.large.show(subject.metric)
            self._words = ""
        self._undrawn: set[str] = set()
        self._drawing = False

    def compose(self) -> ComposeResult:
        """The box that names are typed into, and the charts."""
        yield self.names
        yield self._view

    def _take_keys(self) -> None:
        self.screen.set_focus(self)

    # Loading

    def begin(self) -> None:
        """Read which metrics there are, and everything that is shown anew."""
        self.charts.histories.outdate(lambda *_: True)
        self.place.run_worker(self._load(), group="lineup", exclusive=True)

    async def _load(self) -> None:
        source = self.place.session.source
        candidates = await self.place.answer(lambda: source.read(self.lineup.ids))
        if candidates is None:
            self._words = "" if self.board.all else "The metrics could not be read; r tries again."
        else:
            self._learn(candidates)
        self.place.ready.set()
        self.lay_out()

    def _learn(self, candidates: Sequence[Candidate]) -> None:
        source = self.place.session.source
        self.lineup.learn(candidates)
        metrics = in_groups(self.lineup.metrics)
        if metrics != self.board.all:
            self.board.list(metrics, self.names.text)
        self._words = ""
        if not source.capabilities.history:
            self._words = source.capabilities.history.reason or ""
        elif not metrics:
            several = len(self.lineup.ids) > 1
            self._words = "These candidates logged no metrics." if several else "This candidate logged no metrics."

    def changed(self, changes: Changes) -> None:
        """Read what got points again; cursor, zoom and what is hidden stay."""
        self.charts.changed(changes)
        if any(changes.concerns(candidate.candidate_id) for candidate in self.lineup.ids):
            self.place.run_worker(self._load(), group="lineup", exclusive=True)

    def _read(self, key: Key) -> None:
        """There is more to draw of a metric."""
        over = key[1] == self.look.x_metric
        self._look_closer()
        self.redraw(self.open_metrics if over else [key[1]])

    @property
    def takes_keys(self) -> bool:
        """The small charts when their metrics are known, the large one when it is drawn; or why there is none."""
        if not super().takes_keys or self._words == READING:
            return False
        drawn = not self.is_large or self.large.is_drawn
        return drawn or self.charts.words(self.large.metric or "") not in {"", READING}

    # Drawing

    @property
    def open_metrics(self) -> Sequence[str]:
        """The metrics that are shown."""
        if self.is_large:
            return [self.large.metric] if self.large.metric is not None else []
        return self.board.visible

    @property
    def _buckets(self) -> int:
        return self.charts.buckets(max((self.large.size if self.is_large else self.board.size)[0], 1))

    @on(ChartView.Resized)
    def lay_out(self) -> None:
        """Other charts are shown, or in another size: read and draw what that needs."""
        width, height = self._view.size
        height -= len(self._foot())
        self.board.resize(width, max(height, 1))
        self.large.resize(width, max(height, 1))
        if width and not self._words:
            self.charts.histories.want(self.charts.keys(self.open_metrics), self._buckets)
            self._look_closer()
            self.redraw(self.open_metrics)
        self._paint_soon()

    def _paint_soon(self) -> None:
        """Show what was drawn, unless more is drawn in a moment: each frame costs time that it needs."""
        if self._waits:
            self.set_timer(MOMENT, self.paint)
        if self._waits or self._drawing:
            self.place.tell()
        else:
            self.paint()

    @property
    def _waits(self) -> bool:
        """Whether there is nothing to draw but what is being read."""
        metrics = self.open_metrics
        return not self._words and bool(metrics) and all(self.charts.words(metric) == READING for metric in metrics)

    def _look_closer(self) -> None:
        self.charts.histories.look_closer(self.charts.closer(self.open_metrics), self._buckets)

    def redraw(self, metrics: Iterable[str]) -> None:
        """Draw some metrics anew: they look otherwise by now."""
        self._undrawn.update(metrics)
        if not self._drawing and self._undrawn:
            self._drawing = True
            self.place.run_worker(self._draw(), group="drawing")

    async def _draw(self) -> None:
        """Draw until nothing is left to draw: what is asked for meanwhile is drawn once."""
        shown = monotonic()
        try:
            while metric := next((metric for metric in self.open_metrics if metric in self._undrawn), None):
                self._undrawn.discard(metric)
                await (self.large.draw() if self.is_large else self.board.draw([metric]))
                if monotonic() - shown > FRAME:
                    self.paint()
                    shown = monotonic()
        finally:
            self._drawing = False
            self._undrawn.clear()
        if not self._waits:
            self.paint()

    def paint(self) -> None:
        """Show what was drawn, and what is said of it, in one frame."""
        self._view.show(self._picture(), self.large.curves if self.is_large else range(0))
        self.place.tell()

    @property
    def shown(self) -> Picture:
        """The picture that is shown."""
        return self._view.picture

    def _picture(self) -> Picture:
        width, height = self._view.size
        if self._words or not self.open_metrics:
            words = self._words or f"None of {counted(len(self.board.all), 'metric')} has these words in its name."
            blank = [""] * max((height - 1) // 2, 0)
            return Picture.of_text([*blank, clean(words, width).center(width)], CAPTION)
        picture = self.large.picture() if self.is_large else self.board.picture()
        foot = self._foot()
        lines = [*picture.lines, *[()] * (height - len(foot) - len(picture.lines))]
        return Picture((*lines[: max(height - len(foot), 0)], *foot))

    def _foot(self) -> Sequence[tuple[Run, ...]]:
        """What stands below the charts: whose they are, where the large one has no legend, and how they are drawn."""
        width, height = self._view.size
        lines = [] if self.is_large else list(legend_lines(self.lineup, width).lines)
        words = look_words(self.look, self.lineup.name(self.lineup.baseline or 0), self.lineup.repeats.by)
        if self.is_large and (left_out := self.lineup.words()):
            words = f"{left_out} · {words}" if words else left_out
        if words:
            lines.append((Run(f" {words}"[:width], CAPTION),))
        return lines if height > 2 * len(lines) + 6 else ()

    # How curves are looked at

    @property
    def look(self) -> CurveLook:
        """How the curves are drawn."""
        return self.charts.look
