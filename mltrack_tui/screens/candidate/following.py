"""Reading something again as it goes on, no more often than is good for its source."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from mltrack_tui.screens.live.rhythm import rest_after

if TYPE_CHECKING:
    from textual.widget import Widget

REST = 1.0
"""Seconds between two readings, at least."""


class Following:
    """Says when to read again after a change; several changes meanwhile are one."""

    def __init__(self, place: "Widget", read: Callable[[], object]) -> None:
        self._place, self._read = place, read
        self._waiting = False
        self._began = self._took = 0.0

    def begin(self) -> None:
        """A reading begins."""
        self._began = monotonic()

    def done(self) -> None:
        """It is over."""
        self._took = monotonic() - self._began

    def changed(self) -> None:
        """There is something new."""
        if not self._waiting:
            self._waiting = True
            rest = rest_after(self._took, REST) - (monotonic() - self._began)
            self._place.set_timer(max(rest, 0.01), self._again)

    def _again(self) -> None:
        self._waiting = False
        self._read()
