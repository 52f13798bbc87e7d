"""The curve of the highlighted metric: what the source tells at once, and the whole history when that is wanted."""

from typing import TYPE_CHECKING

from mltrack_tui.plots.picture import CAPTION, Picture
from mltrack_tui.screens.candidate.metrics import MetricsPane
from mltrack_tui.screens.place import Place
from mltrack_tui.screens.plots.charts import Charts
from mltrack_tui.screens.plots.histories import Key
from mltrack_tui.screens.plots.lineup import Lineup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.timer import Timer

    from mltrack_tui.domain.changes import Changes
    from mltrack_tui.domain.entities import Candidate, CandidateId
    from mltrack_tui.domain.history import History

PATIENCE = 0.5
"""Seconds that the curve of the metric before stays until it is said that another one is read."""


class Curves:
    """Draws for a place of one candidate, and keeps what was read for it."""

    def __init__(self, place: Place, pane: MetricsPane) -> None:
        self._place, self._pane = place, pane
        self._charts = Charts(place, Lineup(()), self._read)
        self._patience: Timer | None = None
        self._drawing = self._again = False

    def show(self, candidate: "Candidate") -> None:
        """Draw this candidate's metrics."""
        self._charts.lineup = Lineup([candidate.id])
        self._charts.lineup.learn([candidate])

    def forget(self) -> None:
        """Everything may be another now: what is shown is read again."""
        self._charts.histories.outdate(lambda *_: True)

    def changed(self, changes: "Changes") -> None:
        """Read what got points again."""
        self._charts.changed(changes)

    def whole(self, candidate: "CandidateId") -> "Iterator[History]":
        """The histories of a candidate that were read to their end."""
        return (history for history in self._charts.histories.of(candidate) if history.exact)

    def want_whole(self) -> str:
        """Have the history under the cursor read to its end; returns why not, or ''."""
        if (key := self._key) is None:
            return "There is no metric here."
        if self._charts.histories.want_whole([key]):
            self.draw()
            return ""
        history = self._charts.histories.overview(key)
        return f"The history was read whole: {history.total if history is not None else 0:,} points."

    def stop(self) -> bool:
        """Have the rest of a history read no longer; says whether it was."""
        return self._charts.histories.stop_whole()

    @property
    def _key(self) -> Key | None:
        metric, ids = self._pane.metric, self._charts.lineup.ids
        return (ids[0], metric) if ids and metric is not None else None

    @property
    def _size(self) -> tuple[int, int]:
        width, height = self._pane.plot.size
        return width, height

    def draw(self) -> None:
        """Draw the highlighted metric: at once where it was read before, else as the source answers."""
        if self._patience is not None:
            self._patience.stop()
        key, capability = self._key, self._place.session.source.capabilities.history
        if key is None or self._pane.plot.size.area == 0 or not capability:
            self._pane.plot.show(Picture.of_text([capability.reason or ""], CAPTION))
            return
        self._charts.look = self._pane.look
        self._charts.histories.want(self._charts.keys([key[1]]), self._charts.buckets(self._pane.plot.size.width))
        self._patience = self._place.set_timer(PATIENCE, self._say_that_it_is_read)
        self._redraw()

    def _say_that_it_is_read(self) -> None:
        if (key := self._key) is not None and self._charts.words(key[1]):
            self._pane.plot.show(self._charts.empty(key[1], self._size))

    def _read(self, key: Key) -> None:
        history = self._charts.histories.overview(key)
        if history is not None and history.exact and key[0] in self._charts.lineup.ids:
            self._pane.know(history)
        if self._charts.histories.error(key):
            self._say_that_it_is_read()
        self._redraw()

    def _redraw(self) -> None:
        self._again = True
        if not self._drawing:
            self._drawing = True
            self._place.run_worker(self._draw(), group="curve")

    async def _draw(self) -> None:
        try:
            while self._again:
                self._again = False
                key = self._key
                drawn = await self._charts.draw(key[1], self._size) if key is not None else None
                if drawn is not None and key == self._key:
                    self._pane.plot.show(drawn[1].picture)
        finally:
            self._drawing = False
