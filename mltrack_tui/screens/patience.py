"""Asking a source for a place, and again for as long as it is busy."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import TYPE_CHECKING, TypeVar

from mltrack_tui.sources.base import SourceBusy, SourceError

if TYPE_CHECKING:
    from mltrack_tui.screens.place import Place

T = TypeVar("T")
FIRST_RETRY, LONGEST_RETRY = 0.25, 1.0
"""Seconds between two questions to a source that is busy."""
FIRST_FRAME = 0.1
"""Seconds that the content of a place has before a frame without it is sent: on a slow line, each costs."""
SILENCE = 0.15
"""Seconds that a source may take before a sentence says what is being read: for a moment, one only flickers, and each
change from a sentence to the content has every widget styled again."""


async def patient_answers(
    place: "Place", ask: Callable[[], AsyncIterator[T]], failed: Callable[[SourceError], None]
) -> AsyncGenerator[T, None]:
    """What the source answers for as long as the place is open; a failure is told by ``failed``."""
    delay = FIRST_RETRY
    while True:
        try:
            async for answer in ask():
                if not place.is_open:
                    return
                place.status.trouble_is_over()
                _heard(place)
                yield answer
        except SourceBusy as busy:
            place.ready.set()
            place.status.show_notice(f"{busy} Trying again…", stays=True)
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_RETRY)
        except SourceError as error:
            failed(error)
            return
        else:
            return


def _heard(place: "Place") -> None:
    """What was thought to be gone answers."""
    if place.session.live.as_of is not None:
        from mltrack_tui.screens.live.trouble import answered

        answered(place)
