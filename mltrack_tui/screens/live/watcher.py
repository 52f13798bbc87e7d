"""Asks the source what changed, over and over, and tells the open places."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from math import inf

from mltrack_tui.domain.changes import Changes
from mltrack_tui.screens.live.trouble import heard_of, lost
from mltrack_tui.screens.place import Place
from mltrack_tui.screens.session import Session
from mltrack_tui.sources.base import SourceBusy, SourceError

OFTEN, SELDOM = 0.5, 30.0
"""Seconds between two questions, where the user chose nothing: to a source that notices changes, and to any other."""
BUSY, LONGEST_PAUSE, LONGEST_WATCH = 1.0, 60.0, 4.0
"""Seconds until a source is asked again that is busy; at most, once it failed again and again; the same of a source
that notices changes, which costs nobody anything to look at."""


def usual_pause(session: Session) -> float:
    """Seconds between two questions to a session's source; infinite where the user wants none."""
    chosen = session.live.every
    if session.source.capabilities.watch:
        return OFTEN if chosen is None else max(chosen, OFTEN)
    return SELDOM if chosen is None else chosen


class Watcher:
    """One for a session: never two questions at once, and what is asked next begins at the last answer."""

    def __init__(self, session: Session, places: Callable[[], Sequence[Place]], alert: Callable[[str], None]) -> None:
        """``places`` tells those that are open, ``alert`` has the user hear something."""
        self._alert = alert
        self._session = session
        self._source = session.source
        self._places = places
        self._mark: object | None = None
        self._failures = 0

    async def run(self) -> None:
        """Until cancelled."""
        self._session.live.heard = self._session.now()
        while True:
            await self._rest(await self._look())

    async def _look(self) -> float:
        """Ask once; says how many seconds to wait."""
        pause = usual_pause(self._session)
        if pause == inf:
            return pause
        try:
            changes = await self._source.changes(self._mark)
        except SourceBusy:
            return min(pause, BUSY)
        except SourceError as error:
            lost(self._session, self._places(), error)
        else:
            self._mark = changes.mark
            if self._source.capabilities.watch:  # others are heard of when what they have is read
                heard_of(self._session, self._places())
            await self._tell(changes)
        self._failures = 0 if self._session.live.as_of is None else self._failures + 1
        longest = LONGEST_WATCH if self._source.capabilities.watch else LONGEST_PAUSE
        return max(pause, min(pause * 2.0 ** min(self._failures, 10), longest))

    async def _tell(self, changes: Changes) -> None:
        if changes.anything:
            self._source.forget()
        for place in self._places() if changes else ():
            place.changed(changes)
        if self._session.live.watched:
            from mltrack_tui.screens.live.watching import look_after  # who watches has it

            await look_after(self._session, changes, self._alert)

    async def _rest(self, seconds: float) -> None:
        """Wait, or until the user chose another interval."""
        turned = self._session.live.turned
        with suppress(TimeoutError):
            async with asyncio.timeout(None if seconds == inf else seconds):
                await turned.wait()
        turned.clear()
