"""Runs as a server lists them: what was fetched stays, the rest is asked for a page at a time."""

from collections.abc import Callable, Sequence

from mltrack_tui.sources.remote.pool import Pool
from mltrack_tui.sources.remote.shared import Shared
from server_client import Batch, Pager, Run

FIRST_PAGE = 60
"""Rows that are asked for first: a screen of them; MLflow takes some 4 ms a row."""
_PAGE_BYTES = 1_500_000
_LEAST_ROWS = 20
_ASKED_AGAIN = 200
"""Candidates that had not ended. Of those that a crash left so, some stores hold thousands."""

Ask = Callable[[int], Pager[Run]]


class Listing:
    """One question to a server, and its answer so far.

    Attributes:
        ids: of the runs that were fetched, in the server's order, each once.
        begun: whether a page came.
        complete: whether that was the last.
    """

    def __init__(self, ask: Ask, pool: Pool, page_size: int) -> None:
        self._ask, self._pool, self._page_size = ask, pool, page_size
        self._pager: Pager[Run] | None = None
        self._held: set[str] = set()
        self.ids: list[str] = []
        self.begun = self.complete = False
        self.grow = Shared(self._grow)
        """Have one page more. Whoever asks meanwhile waits for the same page; a cancelled one is asked for again."""

    async def _grow(self) -> None:
        if not self.complete:
            self._pager = self._pager or self._ask(min(FIRST_PAGE, self._page_size))
            self._receive(self._pager, await anext(self._pager, Batch((), more=False)))

    def _receive(self, pager: Pager[Run], batch: Batch[Run]) -> None:
        """Take in a page; without a pause, so that nothing can come between."""
        self._pool.take(batch.items)
        self._add([run.run_id for run in batch.items])
        self.begun, self.complete = True, not batch.more
        self._pager = pager if batch.more else None
        pager.page_size = self._rows_of_a_page(batch.items)

    def _add(self, ids: Sequence[str]) -> None:
        fresh = [each for each in ids if each not in self._held]
        self._held.update(fresh)
        self.ids += fresh

    def _rows_of_a_page(self, runs: Sequence[Run]) -> int:
        if not runs:
            return self._page_size
        fat = sum(map(_bytes_of, runs)) // len(runs)
        return min(max(_PAGE_BYTES // fat, _LEAST_ROWS), self._page_size)


class BaseListing(Listing):
    """All runs of some experiments in one stage of their life, the latest start first; it outlives a refresh.

    Once ``stale``, its first page is asked for anew: what was known down to its last is taken from it alone. Of the
    rest the newest that had not ended are asked again, and everything else is taken as it was. Where that page has
    nothing in common with what was known, the listing begins anew.

    Attributes:
        stale: whether somebody wants to see what there is now.
    """

    def __init__(self, ask: Ask, pool: Pool, page_size: int) -> None:
        super().__init__(ask, pool, page_size)
        self.stale = False

    @property
    def ready(self) -> bool:
        """Whether a page came that is still to be relied on."""
        return self.begun and not self.stale

    def fill(self, ids: Sequence[str]) -> None:
        """Take in all there is, which another listing found."""
        self.ids, self._held, self._pager = list(ids), set(ids), None
        self.begun, self.complete, self.stale = True, True, False

    async def _grow(self) -> None:
        await (self._look_again() if self.stale and self.begun else super()._grow())
        self.stale = False

    async def _look_again(self) -> None:
        pager = self._ask(min(FIRST_PAGE, self._page_size))
        batch: Batch[Run] = await anext(pager, Batch((), more=False))
        ids = [run.run_id for run in batch.items]
        if not batch.more or self._held.isdisjoint(ids):
            self.ids, self._held = [], set()
            self._receive(pager, batch)
            return
        fresh = set(ids)
        older = self.ids[max(place for place, each in enumerate(self.ids) if each in fresh) + 1 :]
        unfinished = [each for each in older if not self._pool.is_settled(each)][:_ASKED_AGAIN]
        lost = set(unfinished) - await self._pool.have_again(unfinished)
        older = [each for each in older if each not in lost]
        moved_up = len(self.ids) > len(older) + len(ids)  # what the next page would have begun with is behind us
        self._pool.take(batch.items)
        self.ids, self._held = [*ids, *older], {*ids, *older}
        if moved_up and not self.complete:
            self._pager = pager
            pager.page_size = self._rows_of_a_page(batch.items)


def _bytes_of(run: Run) -> int:
    """About how long a run is as a server writes it."""
    texts = sum(map(len, run.params.values())) + sum(map(len, run.tags.values()))
    return 600 + texts + 70 * (len(run.params) + len(run.tags)) + 130 * len(run.metrics) + 1000 * len(run.datasets)
