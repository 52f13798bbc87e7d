"""The candidate table follows its source: quietly, and nothing moves under the cursor."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from mltrack_tui.commands import REFRESH
from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.entities import ENDED, CandidateId
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Kind, Query
from mltrack_tui.screens.candidates.loading import Loading
from mltrack_tui.screens.candidates.nest import Nest
from mltrack_tui.screens.candidates.rows import CandidateRows
from mltrack_tui.screens.candidates.whole import read_nest
from mltrack_tui.screens.live.rhythm import rest_after
from mltrack_tui.screens.live.trouble import quiet_answer
from mltrack_tui.sources.pages import at_hand

if TYPE_CHECKING:
    from textual.worker import Worker

    from mltrack_tui.screens.candidates.place import CandidatesPlace

BUSY = 0.25
"""Seconds until it is tried again where the user is just having other candidates shown."""
_PATIENCE = 8
"""Such tries, until values are read in any case: what is asked for may have failed."""


class Living:
    """What is to be read anew of one candidate table: values at once, what costs more not often, and what nobody sees
    when it is seen."""

    def __init__(self, place: "CandidatesPlace", loading: Loading) -> None:
        self._place = place
        self._table = place.table
        self._source = place.session.source
        self._loading = loading
        self._values: Changes | None = None
        self._rest: Changes | None = None
        self._at_work: set[str] = set()
        self._followed: CandidateId | None = None
        self._told: tuple[Page[CandidateId] | None, str] = None, ""

    @property
    def words(self) -> str:
        """What of the source is not shown yet, and which key shows it; '' where that is nothing."""
        page, words = self._told
        return words if page is self._loading.page else ""

    def take(self, changes: Changes) -> None:
        """Something changed."""
        self._values = changes if self._values is None else self._values.then(changes)
        self._rest = changes if self._rest is None else self._rest.then(changes)
        self.go_on()

    def go_on(self) -> None:
        """Read what was waited with until somebody sees it."""
        if self._place.is_current and self._table.candidates is not None:
            self._work("values", self._renew_values)
            self._work("rest", self._renew_rest)

    def _work(self, kind: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
        if kind not in self._at_work:
            self._at_work.add(kind)
            _: Worker[None] = self._place.run_worker(partial(self._do, kind, work), group=f"living {kind}")

    async def _do(self, kind: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
        try:
            await work()
        finally:
            self._at_work.discard(kind)

    # Values

    async def _renew_values(self) -> None:
        while (changes := self._values) is not None and self._place.is_current:
            for _ in range(_PATIENCE):  # what is being read anew just now may be read already, as it was
                if not self._loading.rests:
                    await asyncio.sleep(BUSY)
            changes = self._values or changes
            rows, self._values = self._table.candidates, None
            if rows is None or self._table.rows is not rows:
                return
            concerned = self._concerned(changes, rows)
            seen = [each for each in self._table.seen if each.candidate_id in concerned]
            rows.values.forget(concerned - {each.candidate_id for each in seen})
            if seen and not await self._loading.cells.read_again(rows, seen):
                self._values = changes if self._values is None else changes.then(self._values)
                return

    def _concerned(self, changes: Changes, rows: CandidateRows) -> set[str]:
        """Of whose values something was fetched that may be others now; of a server's, those that had not ended."""
        known = rows.values.fetched()
        if changes.anything and not self._source.capabilities.watch:
            return {id_ for id_, candidate in known.items() if candidate.status not in ENDED}
        return {id_ for id_ in known if changes.concerns(id_)}

    # What costs more

    async def _renew_rest(self) -> None:
        while self._rest is not None and self._place.is_current:
            filtering = self._place.filtering
            if not self._loading.rests or filtering.is_typing or self._table.marks.anchor is not None:
                await asyncio.sleep(BUSY)
                continue
            changes, self._rest = self._rest, None
            begun = monotonic()
            if (rows := self._table.candidates) is not None:
                await self._look_again(changes, rows)
            await asyncio.sleep(rest_after(monotonic() - begun))

    async def _look_again(self, changes: Changes, rows: CandidateRows) -> None:
        if self._may_have_other_columns(changes, rows):
            await self._loading.learning.look_again(rows)
        others = False
        query = self._place.question()
        if self._may_have_other_rows(changes, query):
            others = await self._order_again(query, rows)
        if self._table.candidates is rows:
            metrics = {name for names in changes.metrics.values() for name in names}
            whole = others or changes.anything
            await self._loading.cells.measure_again(rows, self._place.query_of_values(), None if whole else metrics)
            await self._loading.cells.draw_again(rows, changes.metrics)

    def _may_have_other_columns(self, changes: Changes, rows: CandidateRows) -> bool:
        metrics = {Column(Kind.METRIC, name) for names in changes.metrics.values() for name in names}
        known = rows.catalogue
        told = changes.anything or changes.began or changes.candidates or changes.others
        return bool(told) or any(each not in known or each in known.constant for each in metrics)

    def _may_have_other_rows(self, changes: Changes, query: Query) -> bool:
        if changes.anything or changes.began or changes.candidates or changes.others:
            return True
        if query.where is None and not query.order:
            return False
        from mltrack_tui.search.evaluate import columns_of  # a plain look at a table does without the language

        asked = {*columns_of(query.where), *(key.column for key in query.order)}
        names = {column.name for column in asked if column.kind is Kind.METRIC}
        return any(not names.isdisjoint(metrics) for metrics in changes.metrics.values())

    async def _order_again(self, query: Query, rows: CandidateRows) -> bool:
        """Show who answers now if nothing moves under the cursor, or count them; says whether there are others."""
        before = self._loading.page
        loaded = before.loaded if before is not None else 0
        page = await quiet_answer(self._place, lambda: at_hand(self._source.candidates(query), loaded))
        if page is None or not self._is_as_it_was(before, rows):
            return False
        new, gone, same = await asyncio.to_thread(_compared, before.items if before is not None else (), page.items)
        tree = self._loading.nest
        if same and tree is None:
            self._tell("")
            return False
        nest = await read_nest(self._place, query, page.items, tree.unfolded) if tree is not None else None
        if not self._is_as_it_was(before, rows) or (tree is not None and nest is None):
            return False
        if same and tree is not None and nest is not None and list(nest.ids) == list(tree.ids):
            return False
        if self._moves_nothing(page.items if nest is None else nest.ids, nest):
            await self._show(page, rows, nest)
        else:
            self._tell(_words(new, gone))
        return True

    def _is_as_it_was(self, page: Page[CandidateId] | None, rows: CandidateRows) -> bool:
        return self._loading.page is page and self._loading.rests and self._table.candidates is rows

    def _moves_nothing(self, ids: Sequence[CandidateId], nest: Nest | None) -> bool:
        """Whether the cursor's candidate keeps its row; or, where the cursor stood in the first one, comes along."""
        table, here = self._table, self._table.cursor_id
        if here is None:
            return True
        row = nest.row(here) if nest is not None else next((row for row, id_ in enumerate(ids) if id_ == here), None)
        if row is None:
            return False
        follows = table.top == 0 and (table.cursor_row == 0 or here == self._followed) and row < table.viewport.page
        self._followed = here if follows else None
        self._loading.keeps_top = follows
        return follows or row == table.cursor_row

    async def _show(self, page: Page[CandidateId], rows: CandidateRows, nest: Nest | None) -> None:
        if page.on_demand:
            self._loading.renew(rows)
        else:
            await self._loading.show(page, rows, nest)

    def _tell(self, words: str) -> None:
        page = self._loading.page
        key = self._place.session.keys.shown(REFRESH)
        told = f"{words}{f', {key} shows' if key else ''}" if words else ""
        if page is not None and (told or self.words):
            self._told = page, told
            self._place.tell_page(page)


def _compared(before: Iterable[CandidateId], now: Sequence[CandidateId]) -> tuple[int, int, bool]:
    """How many are new, how many gone, and whether all are the same in the same order."""
    before = list(before)
    had, has = set(before), set(now)
    return len(has - had), len(had - has), before == list(now)


def _words(new: int, gone: int) -> str:
    counted = ", ".join(f"{number:,} {word}" for number, word in ((new, "new"), (gone, "gone")) if number)
    return counted or "another order"
