"""The curve of the highlighted metric: what the source tells at once, and the whole history when that is wanted."""

import asyncio
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.text import clean
from mltrack_tui.screens.candidate.metrics import MetricsPane
from mltrack_tui.screens.place import Place

if TYPE_CHECKING:
    from mltrack_tui.domain.history import History

DEBOUNCE, PATIENCE = 0.03, 0.5
"""Seconds that the cursor rests on a metric before its curve is read; that this may take before it is said."""


class Curves:
    """Draws for a place of one candidate, and keeps what was read for it."""

    def __init__(self, place: Place, pane: MetricsPane, shown: Callable[[], CandidateId | None]) -> None:
        """``shown`` tells the candidate whose metrics the pane has."""
        self._place, self._pane, self._shown = place, pane, shown
        self._kept: dict[tuple[CandidateId, str, int], History] = {}
        self._whole: tuple[CandidateId, str] | None = None
        """The metric whose history is to be read to its end."""

    def forget(self) -> None:
        """Everything may be another now."""
        self._kept.clear()
        self._whole = None

    def whole(self, candidate: CandidateId) -> "Iterator[History]":
        """The histories of a candidate that were read to their end."""
        return (history for (owner, *_), history in self._kept.items() if owner == candidate and history.exact)

    def want_whole(self) -> str:
        """Have `draw` read the history under the cursor to its end; returns why not, or ''."""
        key = self._key()
        if key is None:
            return "There is no metric here."
        if key in self._kept and self._kept[key].exact:
            return f"The history was read whole: {self._kept[key].total:,} points."
        self._whole = key[:2]
        return ""

    def stop(self) -> bool:
        """Have the rest of a history read no longer; says whether it was."""
        stopped, self._whole = self._whole is not None, None
        return stopped

    def _key(self) -> tuple[CandidateId, str, int] | None:
        candidate, metric = self._shown(), self._pane.metric
        return None if candidate is None or metric is None else (candidate, metric, self._pane.plot.size.width)

    async def draw(self) -> None:
        """Draw the highlighted metric: at once where it was read before, else as the source answers."""
        key, capability = self._key(), self._place.session.source.capabilities.history
        if key is None or self._pane.plot.size.area == 0 or not capability:
            self._pane.plot.show(capability.reason or "")
            return
        candidate, metric, width = key
        if self._whole != (candidate, metric):
            self._whole = None
        if key in self._kept and (self._whole is None or self._kept[key].exact):
            await self._show(self._kept[key])
            return
        await asyncio.sleep(DEBOUNCE)
        patience = self._place.set_timer(PATIENCE, lambda: self._pane.plot.show(f"{clean(metric)}\n\nReading …\n"))
        try:
            async for history in self._place.answers(
                lambda: self._place.session.source.history(candidate, metric, width),
                lambda error: self._pane.plot.show(clean(str(error))),
            ):
                patience.stop()
                if history.exact or history.on_demand:
                    self._kept[key] = history
                await self._show(history)
                if history.exact and candidate == self._shown():
                    self._pane.know(history)
                if history.on_demand and self._whole is None:
                    return
        finally:
            patience.stop()
        self._whole = None

    async def _show(self, history: "History") -> None:
        from mltrack_tui.plots.curve import plot_history  # plotext is imported when the first curve is drawn

        self._pane.plot.show(await asyncio.to_thread(plot_history, history, *self._pane.plot.size))
