"""A source that does not answer any more: every place says quietly how old it is, and one sentence says why."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from mltrack_tui.screens.patience import LONGEST_RETRY
from mltrack_tui.screens.place import Place
from mltrack_tui.screens.session import Session
from mltrack_tui.sources.base import NotFoundError, SourceBusy, SourceError

T = TypeVar("T")


def heard_of(session: Session, places: Iterable[Place]) -> None:
    """The source answered: what is shown is as it is now, and what could not be shown is read."""
    live = session.live
    live.heard = session.now()
    if live.as_of is None:
        return
    live.as_of, live.trouble = None, ""
    for place in places:
        place.tell_age()
        place.status.trouble_is_over()
        if place.is_wordy:
            place.reload()


def answered(place: Place) -> None:
    """Something was read. (Of a source that notices changes that tells nothing: a file that is gone is read on.)"""
    if not place.session.source.capabilities.watch:
        heard_of(place.session, _places(place))


def lost(session: Session, places: Iterable[Place], error: Exception) -> None:
    """It failed. What is shown stays; why is said as often as it is another sentence.

    Before anything was heard, nothing is shown that could be old: whoever asked first tells why.
    """
    live = session.live
    if live.heard is None:
        return
    live.as_of = live.heard
    new, live.trouble = str(error) != live.trouble, str(error)
    for place in places:
        place.tell_age()
        if new:
            place.status.show_notice(live.trouble, "error")


async def quiet_answer(
    place: Place, ask: Callable[[], Awaitable[T]], gone: Callable[[], None] | None = None
) -> T | None:
    """What the source answers where nobody waits for it: it may be busy as long as it likes; None where it failed.

    ``gone`` is told where the source has no longer what was asked for: it is not the source that fails, then.
    """
    while True:
        try:
            answer = await ask()
        except SourceBusy:
            await asyncio.sleep(LONGEST_RETRY)
        except SourceError as error:
            if gone is not None and isinstance(error, NotFoundError):
                gone()
            else:
                lost(place.session, _places(place), error)
            return None
        else:
            if not place.is_open:
                return None
            answered(place)
            return answer


def _places(place: Place) -> list[Place]:
    return [screen for screen in place.app.screen_stack if isinstance(screen, Place)]
