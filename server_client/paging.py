"""Long lists, a page at a time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterable
from typing import Generic, NamedTuple, TypeVar

from server_client.errors import Hint, UnexpectedAnswerError

T = TypeVar("T")
Q = TypeVar("Q")

AT_ONCE = 4
"""Questions that are asked at once where each thing takes one: as many as there are connections to a server."""


class Listing(NamedTuple, Generic[T]):
    """One page as a server sent it; the token of the next, or None at the end."""

    items: tuple[T, ...]
    token: str | None


class Batch(NamedTuple, Generic[T]):
    """The rows of a page that were not on an earlier one; ``more``: the server has another page."""

    items: tuple[T, ...]
    more: bool


class Pager(Generic[T]):
    """The pages of a list, each asked for when it is wanted: ``async for batch in pager``.

    From the second page on, the next is asked for while the one before is used: never more than one ahead, and none
    as long as nobody wanted a second. A page that failed may be asked for again by iterating on. MLflow's tokens are
    offsets, so rows that were added meanwhile push others onto the next page once more: rows whose identity was seen
    are dropped (and rows that moved the other way, by a deletion, are missed: nothing tells of them).

    Raises TrackingError while iterating; `UnexpectedAnswerError` with `Hint.STUCK_TOKEN` when a page names a token
    that was sent before, as MLflow 3.1 to 3.12 do of some questions: the list would never end.

    Attributes:
        page_size: rows of the pages to come; may be changed on the way.
    """

    def __init__(
        self,
        fetch: Callable[[str | None, int], Awaitable[Listing[T]]],
        *,
        page_size: int,
        identity: Callable[[T], Hashable] | None = None,
        path: str = "",
    ) -> None:
        self.page_size = page_size
        self._fetch, self._identity, self._path = fetch, identity, path
        self._token: str | None = None
        self._sent: set[str] = set()
        self._seen: set[Hashable] = set()
        self._ahead: asyncio.Task[Listing[T]] | None = None
        self._pages = 0
        self._ended = self._stuck = False

    def __aiter__(self) -> AsyncIterator[Batch[T]]:
        return self

    async def __anext__(self) -> Batch[T]:
        if self._ended:
            raise StopAsyncIteration
        if self._stuck:
            self._ended = True
            raise UnexpectedAnswerError(Hint.STUCK_TOKEN, path=self._path)
        task = self._ahead or self._ask()
        self._ahead = None
        try:
            listing = await task
        finally:
            task.cancel()  # where we were cancelled ourselves, nobody waits for it any more
        return self._received(listing)

    def all(self) -> AsyncIterator[T]:
        """All rows that are still to come, one by one."""
        return self._rows()

    async def aclose(self) -> None:
        """Ask for nothing more, and let go of what is on its way."""
        self._ended = True
        task, self._ahead = self._ahead, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _rows(self) -> AsyncIterator[T]:
        try:
            async for batch in self:
                for item in batch.items:
                    yield item
        finally:
            await self.aclose()

    def _ask(self) -> asyncio.Task[Listing[T]]:
        task = asyncio.ensure_future(self._fetch(self._token, self.page_size))
        task.add_done_callback(_noticed)
        return task

    def _received(self, listing: Listing[T]) -> Batch[T]:
        if self._token is not None:
            self._sent.add(self._token)
        self._token = listing.token or None
        self._pages += 1
        self._ended = self._token is None
        self._stuck = self._token in self._sent
        items = self._unseen(listing.items)
        if self._stuck and not items:
            self._ended = True
            raise UnexpectedAnswerError(Hint.STUCK_TOKEN, path=self._path)
        if self._pages > 1 and not self._ended and not self._stuck:
            self._ahead = self._ask()
        return Batch(items, not self._ended)

    def _unseen(self, items: tuple[T, ...]) -> tuple[T, ...]:
        if self._identity is None:
            return items
        fresh = {self._identity(item): item for item in items}
        for identity in self._seen.intersection(fresh):
            del fresh[identity]
        self._seen.update(fresh)
        return tuple(fresh.values())


async def in_order(questions: Iterable[Q], ask: Callable[[Q], Awaitable[T]]) -> list[T]:
    """The answers to some questions, `AT_ONCE` of them at once.

    The first failure ends the others, and is raised when none of them is on its way any more.
    """
    free = asyncio.Semaphore(AT_ONCE)

    async def in_turn(question: Q) -> T:
        async with free:
            return await ask(question)

    tasks = [asyncio.ensure_future(in_turn(question)) for question in questions]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _noticed(task: "asyncio.Task[Listing[T]]") -> None:
    """A page that nobody wanted any more may have failed: asyncio need not complain of it."""
    if not task.cancelled():
        task.exception()
