"""Answers that are kept for a while, and what is known of a GitLab."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from time import monotonic
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

SECONDS = 30.0
"""How long an answer is relied on: as long as somebody looks at one thing, and no longer."""


@dataclass(slots=True)
class Known:
    """What earlier answers told of a GitLab, for all its projects.

    Attributes:
        version: GitLab's; None where it does not say, or was not asked.
        version_asked: it was; whoever asks has ``finding_version``.
        histories: it answers metrics/get-history, as far as we know.
        every_row: its runs come with every metric value ever logged, as before 17.10.
    """

    version: str | None = None
    version_asked: bool = False
    finding_version: asyncio.Lock = field(default_factory=asyncio.Lock)
    histories: bool = True
    every_row: bool = False


class Kept(Generic[K, V]):
    """The answers that were asked for last, each asked for once while it is relied on, also by many at once."""

    def __init__(self, most: int, seconds: float = SECONDS) -> None:
        self._most, self._seconds = most, seconds
        self._answers: OrderedDict[K, _Answer[V]] = OrderedDict()

    async def get(self, key: K, find: Callable[[], Awaitable[V]]) -> V:
        """The answer that is kept, else what ``find`` finds."""
        answer = self._answers.setdefault(key, _Answer())
        self._answers.move_to_end(key)
        if len(self._answers) > self._most:
            self._answers.popitem(last=False)
        async with answer.finding:
            if not answer.found or monotonic() - answer.since > self._seconds:
                answer.found = (await find(),)
                answer.since = monotonic()
            return answer.found[0]

    def clear(self) -> None:
        """Keep none of them."""
        self._answers.clear()


class _Answer(Generic[V]):
    def __init__(self) -> None:
        self.finding = asyncio.Lock()
        self.found: tuple[()] | tuple[V] = ()
        self.since = 0.0
