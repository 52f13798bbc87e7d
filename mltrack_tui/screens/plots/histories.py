"""The histories that are drawn: read side by side, kept as long as there is room, and finer where one looks closer."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

from mltrack_tui.analysis.splice import spliced
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.history import History
from mltrack_tui.sources.base import SourceError

if TYPE_CHECKING:
    from textual.worker import Worker

    from mltrack_tui.screens.place import Place

Key: TypeAlias = tuple[CandidateId, str]
"""A candidate and the name of one of its metrics."""
Steps: TypeAlias = tuple[int, int]

FIRST_ANSWERS, LATER_ANSWERS = 8, 2
"""Histories whose first answers are asked for at the same time, and whose exact ones are: the former come first."""
REST, CLOSER_REST, RESTLESS = 0.03, 0.05, 0.3
"""Seconds that nothing else is wanted before a source is asked, where something else was just wanted."""
SOON = 0.4
"""Seconds that a sample of what is looked at closer waits for the exact answer: what was known is shown meanwhile."""
MOST_POINTS = 4_000_000
"""Points that are kept, 24 bytes each; what was wanted longest ago goes first."""


@dataclass(slots=True)
class _Kept:
    """What is known of a metric.

    Attributes:
        buckets: what ``history`` was reduced to, where there was more; None is not at all.
        detail, steps: the same between two steps, finer.
        merged: the history with that detail in it.
        times: the first and the last of the history's, once somebody asked: it may have a million.
        stale: there may be more by now.
    """

    history: History | None = None
    buckets: int | None = 0
    detail: History | None = None
    steps: Steps | None = None
    merged: History | None = None
    times: tuple[int, int] | None = None
    error: str = ""
    stale: bool = False

    def answers(self, buckets: int | None) -> bool:
        """Whether this is as fine as is wanted."""
        known = self.history
        if known is None or self.stale or not (known.exact or known.on_demand):
            return False  # something better comes without being asked for
        if buckets is None:
            return known.exact and len(known) == known.total
        return known.on_demand or len(known) == known.total or self.buckets is None or self.buckets >= buckets

    def merge(self) -> None:
        """Put the detail into the history."""
        self.merged = self.times = None
        if self.history is not None and self.detail is not None and self.steps is not None:
            self.merged = spliced(self.history, self.detail, self.steps)

    def points(self) -> int:
        """How many points this holds."""
        return sum(len(each) for each in (self.history, self.detail, self.merged) if each is not None)


class Histories:
    """Reads histories for a place, the newest wishes only, and tells when there is more to draw."""

    def __init__(self, place: "Place", told: Callable[[Key], None]) -> None:
        self._place, self._told = place, told
        self._kept: dict[Key, _Kept] = {}
        self._wanted: dict[Key, int | None] = {}
        self._whole: set[Key] = set()
        self._reading: dict[Key, tuple[Worker[None], int | None]] = {}
        self._rest = 0.0
        self._moved = -RESTLESS
        self._closer: Worker[None] | None = None
        self._closer_wishes: Sequence[tuple[Key, Steps]] = ()
        self._first = asyncio.Semaphore(FIRST_ANSWERS)
        self._later = asyncio.Semaphore(LATER_ANSWERS)

    def get(self, key: Key) -> History | None:
        """What is known of a metric, finer where it was looked at closer; None where nothing is yet."""
        kept = self._kept.get(key)
        return (kept.merged or kept.history) if kept is not None else None

    def part(self, key: Key) -> tuple[History, Steps] | None:
        """What was looked at closer, and between which steps."""
        kept = self._kept.get(key)
        if kept is None or kept.detail is None or kept.steps is None:
            return None
        return kept.detail, kept.steps

    def of(self, candidate: CandidateId) -> Iterator[History]:
        """What is known of a candidate's metrics."""
        return (kept.history for (owner, _), kept in self._kept.items() if owner == candidate and kept.history)

    def times(self, key: Key) -> tuple[int, int] | None:
        """When a metric was logged first and last, in milliseconds since the epoch, as far as that was read."""
        kept = self._kept.get(key)
        if kept is None or kept.history is None or not len(kept.history):
            return None
        if kept.times is None:
            kept.times = min(kept.history.timestamps), max(kept.history.timestamps)
        return kept.times

    def error(self, key: Key) -> str:
        """Why there is nothing to be had, or ''."""
        kept = self._kept.get(key)
        return kept.error if kept is not None and kept.history is None else ""

    def overview(self, key: Key) -> History | None:
        """The same without what was looked at closer."""
        kept = self._kept.get(key)
        return kept.history if kept is not None else None

    # Wishes

    def want(self, keys: Iterable[Key], buckets: int | None) -> None:
        """Have these metrics, reduced to so many parts of their steps, and read no others any more."""
        now = monotonic()
        self._rest, self._moved = REST if now - self._moved < RESTLESS else 0.0, now
        self._wanted = dict.fromkeys(keys, buckets)
        self._whole &= self._wanted.keys()
        for key in [key for key in self._reading if key not in self._wanted]:
            self._stop(key)
        for key, parts in self._wanted.items():
            self._begin(key, parts)
        self._make_room()

    def want_whole(self, keys: Iterable[Key]) -> bool:
        """Read these to their end, whatever it costs; where that was done, every point. False where that was, too."""
        missing = [key for key in keys if (kept := self._kept.get(key)) is None or not kept.answers(None)]
        for key in missing:
            self._whole.add(key)
            self._stop(key)
            self._begin(key, self._wanted.get(key, 0))
        return bool(missing)

    def stop_whole(self) -> bool:
        """Read nothing to its end any more; says whether that was done."""
        stopped = self._whole & self._reading.keys()
        self._whole.clear()
        for key in stopped:
            self._stop(key)
        return bool(stopped)

    def outdate(self, concerns: Callable[[CandidateId, str], bool]) -> None:
        """There may be more of some metrics: read again what is wanted of them, and show what is known until then."""
        for key, kept in list(self._kept.items()):
            if concerns(*key):
                kept.stale, kept.error = True, ""
                if key in self._wanted and key not in self._reading:
                    self._begin(key, self._wanted[key])

    def look_closer(self, wishes: Sequence[tuple[Key, Steps]], buckets: int | None) -> None:
        """Have these metrics finer between two steps; what was asked for before is not any more."""
        if wishes == self._closer_wishes:
            return
        self._closer_wishes = wishes
        if self._closer is not None:
            self._closer.cancel()
        if wishes:
            self._closer = self._place.run_worker(partial(self._read_closer, wishes, buckets), group="closer")

    # Reading

    def _begin(self, key: Key, buckets: int | None) -> None:
        kept = self._kept.pop(key, None) or _Kept()
        self._kept[key] = kept  # the newest wishes are the last to go
        at_its_end = kept.history is not None and kept.history.exact
        if key in self._whole and at_its_end:
            buckets = None
        if kept.error or (kept.answers(buckets) and (at_its_end or key not in self._whole)):
            return
        if key in self._reading:
            if self._reading[key][1] == buckets:
                return
            self._stop(key)
        worker: Worker[None] = self._place.run_worker(partial(self._read, key, kept, buckets), group="histories")
        self._reading[key] = (worker, buckets)

    def _stop(self, key: Key) -> None:
        if key in self._reading:
            self._reading.pop(key)[0].cancel()

    async def _read(self, key: Key, kept: _Kept, buckets: int | None) -> None:
        def failed(error: SourceError) -> None:
            kept.error = str(error)
            if kept.history is not None:
                self._place.failed(error)

        await asyncio.sleep(self._rest)
        kept.stale = False
        ask = partial(self._place.session.source.history, *key, buckets)
        async with aclosing(self._place.answers(ask, failed)) as answers:
            async with self._first:
                history = await anext(answers, None)
            if history is not None:
                self._keep(key, kept, history, buckets)
                async with self._later:
                    while not self._enough(key, history) and (more := await anext(answers, None)) is not None:
                        history = more
                        self._keep(key, kept, history, buckets)
        self._reading.pop(key, None)
        self._whole.discard(key)
        self._told(key)
        if kept.stale and key in self._wanted:  # there was news while this was read
            self._begin(key, self._wanted[key])

    def _enough(self, key: Key, history: History) -> bool:
        return history.exact or (history.on_demand and key not in self._whole)

    def _keep(self, key: Key, kept: _Kept, history: History, buckets: int | None) -> None:
        """A sample replaces nothing exact: that follows."""
        before = kept.history
        kept.error = ""
        if before is not None and before.exact and not history.exact and not history.on_demand:
            return
        kept.history, kept.buckets = history, buckets
        if before is not None and (before.total or 0) > (history.total or 0):  # it is another one
            kept.detail = kept.steps = None
        kept.merge()
        self._told(key)

    async def _read_closer(self, wishes: Sequence[tuple[Key, Steps]], buckets: int | None) -> None:
        await asyncio.sleep(CLOSER_REST)
        await asyncio.gather(*(self._read_part(key, steps, buckets) for key, steps in wishes))

    async def _read_part(self, key: Key, steps: Steps, buckets: int | None) -> None:
        kept = self._kept.get(key)
        if kept is None or kept.history is None or len(kept.history) == kept.history.total:
            return
        ask = partial(self._place.session.source.history, *key, buckets, steps)
        async with self._first, aclosing(self._place.answers(ask)) as answers:
            sample: asyncio.TimerHandle | None = None
            try:
                async for history in answers:
                    if history.exact or history.on_demand:
                        self._keep_part(key, kept, history, steps)
                    else:
                        keep = partial(self._keep_part, key, kept, history, steps)
                        sample = asyncio.get_running_loop().call_later(SOON, keep)
                    if history.on_demand:
                        return
            finally:
                if sample is not None:
                    sample.cancel()

    def _keep_part(self, key: Key, kept: _Kept, detail: History, steps: Steps) -> None:
        kept.detail, kept.steps = detail, steps
        kept.merge()
        self._told(key)

    def _make_room(self) -> None:
        points = sum(kept.points() for kept in self._kept.values())
        for key in [key for key in self._kept if key not in self._wanted]:
            if points <= MOST_POINTS:
                return
            points -= self._kept.pop(key).points()
