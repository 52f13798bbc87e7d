"""How often a source that failed is asked again."""

import asyncio

from mltrack_tui.sources.base import (
    NoServerError,
    NotFoundError,
    RefusedError,
    SourceBusy,
    SourceError,
    UnreachableError,
)

_FIRST_PAUSE = 0.5  # seconds; each further one is twice as long
_LONGEST_PAUSE = 15.0
_TRIES = 5
_TRIES_BUSY = 40  # ten minutes: a server's limit of requests is over by then, and a commit is


class Patience:
    """The patience with one file or listing: it grows again when something has come since."""

    def __init__(self) -> None:
        self._tries = 0
        self._reached = 0

    async def after(self, error: SourceError, reached: int) -> None:
        """Wait until it may be tried again; raise the error where that would not help.

        ``reached`` is how many bytes there are by now: a connection that broke in the middle may do better again.
        """
        if isinstance(error, NotFoundError | RefusedError | NoServerError):
            raise error
        if not reached and not isinstance(error, SourceBusy | UnreachableError):
            raise error
        if reached > self._reached:
            self._reached, self._tries = reached, 0
        self._tries += 1
        if self._tries >= (_TRIES_BUSY if isinstance(error, SourceBusy) else _TRIES):
            raise error
        await asyncio.sleep(min(_FIRST_PAUSE * 2 ** (self._tries - 1), _LONGEST_PAUSE))
