"""That the open places follow what happens in their source, as long as it is open."""

import asyncio
from collections.abc import Callable, Sequence

from mltrack_tui.screens.place import Place
from mltrack_tui.screens.session import Session

FIRST_LOOK = 0.1
"""Seconds after there is something to look at: what a look at changes needs is imported once that was painted."""


class Following:
    """One source at a time. (That it is followed is no work that anybody waits for: no worker of Textual's.)"""

    def __init__(self, call: Callable[[Callable[[], None]], object]) -> None:
        """``call`` calls what raises a mistake of ours (a source that fails is none), where that ends the program."""
        self._call = call
        self._task: asyncio.Task[None] | None = None

    def begin(
        self, session: Session, first: Place, places: Callable[[], Sequence[Place]], alert: Callable[[str], None]
    ) -> None:
        """Have all places follow the session's source from now on, once the first one shows something of it."""
        self.stop()
        self._task = asyncio.create_task(self._follow(session, first, places, alert))
        self._task.add_done_callback(self._ended)

    def stop(self) -> None:
        """Follow no longer."""
        if self._task is not None:
            self._task.cancel()

    async def _follow(
        self, session: Session, first: Place, places: Callable[[], Sequence[Place]], alert: Callable[[str], None]
    ) -> None:
        await first.ready.wait()
        await asyncio.sleep(FIRST_LOOK)
        from mltrack_tui.screens.live.watcher import Watcher  # after the first frame

        await Watcher(session, places, alert).run()

    def _ended(self, task: asyncio.Task[None]) -> None:
        """It ends by being cancelled alone; anything else is a mistake, and what is shown would grow old unnoticed."""
        if not task.cancelled():
            self._call(task.result)
