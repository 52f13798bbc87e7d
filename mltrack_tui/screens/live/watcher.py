"""Asks the source what changed, over and over, and tells the open places."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from mltrack_tui.domain.changes import Changes
from mltrack_tui.screens.place import Place, Session
from mltrack_tui.sources.base import SourceBusy, SourceError

OFTEN, SELDOM = 0.5, 30.0
"""Seconds between two questions, where the user chose nothing: to a source that notices changes, and to any other."""
BUSY, LONGEST_PAUSE = 1.0, 60.0
"""Seconds until a source is asked again that is busy; at most, once it failed again and again."""


def usual_pause(session: Session) -> float:
    """Seconds between two questions to a session's source; infinite where the user wants none."""
    chosen = session.live.every
    if session.source.capabilities.watch:
        return OFTEN if chosen is None else max(chosen, OFTEN)
    return SELDOM if chosen is None else chosen


class Watcher:
    """One for a session: never two questions at once, and what is asked next begins at the last answer."""

    def __init__(self, session: Session, places: Callable[[], Sequence[Place]]) -> None:
        """``places`` tells those that are open."""
        self._session = session
        self._source = session.source
        self._places = places
        self._mark: object | None = None
        self._heard: int | None = None
        self._trouble = ""
        self._failures = 0

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._rest(await self._look())

    async def _look(self) -> float:
        """Ask once; says how many seconds to wait."""
        pause = usual_pause(self._session)
        if pause == float("inf"):
            return pause
        try:
            changes = await self._source.changes(self._mark)
        except SourceBusy:
            return min(pause, BUSY)
        except SourceError as error:
            self._failures += 1
            self._tell_trouble(error)
            return max(pause, min(pause * 2.0 ** min(self._failures, 10), LONGEST_PAUSE))
        self._failures, self._mark, self._heard = 0, changes.mark, self._session.now()
        self._trouble_is_over()
        self._tell(changes)
        return pause

    async def _rest(self, seconds: float) -> None:
        """Wait, or until the user chose another interval."""
        turned = self._session.live.turned
        with suppress(TimeoutError):
            async with asyncio.timeout(None if seconds == float("inf") else seconds):
                await turned.wait()
        turned.clear()

    def _tell(self, changes: Changes) -> None:
        if not changes:
            return
        if changes.anything:
            self._source.forget()
        for place in self._places():
            place.changed(changes)

    # Trouble

    def _tell_trouble(self, error: SourceError) -> None:
        """Say how old everything is, as often as that is another minute; and why, where that is another sentence."""
        if self._heard is None:
            return  # nothing was ever heard: whoever asked first tells
        self._session.live.as_of = self._heard
        new, self._trouble = str(error) != self._trouble, str(error)
        for place in self._places():
            place.tell_age()
            if new:
                place.status.show_notice(self._trouble, "error")

    def _trouble_is_over(self) -> None:
        if self._session.live.as_of is None:
            return
        self._session.live.as_of, self._trouble = None, ""
        for place in self._places():
            place.tell_age()
            place.status.trouble_is_over()
