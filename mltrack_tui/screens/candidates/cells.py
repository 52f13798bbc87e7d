"""What is read of the candidates that are shown: the values on screen, sparklines, and the best of each column."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.geometry import Region

from mltrack_tui.analysis.best import Extent
from mltrack_tui.analysis.small_pictures import sparkline
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Kind, Query, Value
from mltrack_tui.screens.candidates.looks import SPARK
from mltrack_tui.screens.candidates.rows import CandidateRows
from mltrack_tui.screens.candidates.values import OF_CI
from mltrack_tui.screens.live.trouble import quiet_answer
from mltrack_tui.sources.pages import at_hand
from mltrack_tui.widgets.difference import cells_on_screen, repaint_difference

if TYPE_CHECKING:
    from textual.worker import Worker

    from mltrack_tui.screens.candidates.place import CandidatesPlace

REST = 0.1
"""Seconds that the rows on screen rest before it is asked what CI says of them: that costs a server requests."""


class Cells:
    """Reads for one candidate table; nothing that nobody sees."""

    def __init__(self, place: "CandidatesPlace") -> None:
        self._place = place
        self._table = place.table
        self._source = place.session.source
        self._measuring: tuple[Column, ...] = ()
        self._measured: Query | None = None

    async def read(self) -> None:
        """What is on screen first, then a screen below and one above."""
        rows, table = self._table.candidates, self._table
        if rows is None or table.rows is not rows:
            return
        view = table.visible_rows
        margin = len(view)
        await self.fetch(rows, rows.ids[view.start : view.stop])
        await self._read_curves(rows, rows.ids[view.start : view.stop])
        await self.fetch(rows, rows.ids[view.stop : view.stop + margin])
        await self.fetch(rows, rows.ids[max(view.start - margin, 0) : view.start])

    async def fetch(self, rows: CandidateRows, wanted: Sequence[CandidateId]) -> None:
        """Have the values of these candidates, for the columns on screen."""
        table = self._table
        places = [place for place in table.visible_columns if place < len(rows.asked)]
        for block, ids in rows.missing(wanted, places).items():
            if not await self._read_block(rows, block, ids):
                return

    async def _read_block(self, rows: CandidateRows, block: int, ids: Sequence[CandidateId]) -> bool:
        """Have some columns of some candidates, and show them; False where the source failed."""
        table = self._table
        columns = rows.values.columns_of(block)
        candidates = await self._place.answer(partial(self._source.read, ids, columns))
        if candidates is None:
            return False
        learned = rows.keep(block, candidates)
        if table.rows is not rows:
            return True
        if learned:
            table.learn()
        elif not set(ids).isdisjoint(table.seen):
            table.refresh()
            table.post_message(table.Moved(table))
        return True

    def wants_ci(self) -> bool:
        """Whether a column of what CI says is on screen."""
        rows = self._table.candidates
        return rows is not None and any(
            place < len(rows.asked) and rows.asked[place].kind is Kind.CI for place in self._table.visible_columns
        )

    async def read_ci(self) -> None:
        """What CI says of the candidates on screen."""
        await asyncio.sleep(REST)
        rows, view = self._table.candidates, self._table.visible_rows
        if rows is not None and self._table.rows is rows:
            missing = rows.values.missing(rows.ids[view.start : view.stop], (OF_CI,))
            for block, ids in missing.items():
                await self._read_block(rows, block, ids)

    async def _read_curves(self, rows: CandidateRows, ids: Iterable[CandidateId]) -> None:
        """Have the sparklines on screen, one after the other; of a server's history, what it tells at once."""
        table = self._table
        places = [place for place in table.visible_columns if rows.wants_curves(place)]
        if not places or not self._source.capabilities.history:
            return
        ids = list(ids)
        for place in places:
            for id_ in ids:
                if (rows.asked[place].name, id_) not in rows.curves:
                    await self._read_curve(rows, place, id_)

    async def _read_curve(self, rows: CandidateRows, place: int, id_: CandidateId) -> None:
        table, metric = self._table, rows.asked[place].name
        before = rows.curves.get((metric, id_))
        async for history in self._place.answers(partial(self._source.history, id_, metric, SPARK)):
            rows.curves[metric, id_] = sparkline(history, SPARK)
            if history.on_demand:
                break
        if rows.curves.get((metric, id_)) != before and table.candidates is rows and id_ in table.seen:
            table.refresh(table.cell_region(table.top + table.seen.index(id_), place))

    # Again

    async def read_again(self, rows: CandidateRows, ids: Sequence[CandidateId]) -> bool:
        """Read the values on screen of some candidates again, and paint what differs; False where the source failed."""
        places = [place for place in self._table.visible_columns if place < len(rows.asked)]
        for block in rows.values.look_at(places, rows.asked):
            columns = rows.values.columns_of(block)
            candidates = await quiet_answer(self._place, partial(self._source.read, ids, columns))
            if candidates is None:
                return False
            before = cells_on_screen(self._table)
            learned = rows.keep(block, candidates)
            if self._table.rows is rows and learned:
                self._table.learn()
            elif self._table.rows is rows:
                repaint_difference(self._table, before)
        return True

    async def draw_again(self, rows: CandidateRows, metrics: Mapping[str, Collection[str]]) -> None:
        """Read the sparklines on screen again of these metrics of candidates, by their ids."""
        for place in self._table.visible_columns:
            if place < len(rows.asked) and rows.wants_curves(place):
                for id_ in self._table.seen:
                    if rows.asked[place].name in metrics.get(id_.candidate_id, ()):
                        await self._read_curve(rows, place, id_)

    async def measure_again(self, rows: CandidateRows, query: Query, metrics: Collection[str] | None) -> None:
        """Find the best values again of some metrics, or of all, and paint the columns whose are others now."""
        table = self._table
        rows.outdate_extents(metrics)
        wanted = [(place, rows.asked[place]) for place in table.visible_columns if place < len(rows.asked)]
        for place, column in wanted:
            if column not in rows.extents or not rows.wants_extent(place):
                continue
            page = await quiet_answer(self._place, partial(self._values, query, column))
            if page is None or query != self._place.query_of_values() or table.candidates is not rows:
                return
            if rows.know_extent(column, Extent.of(page.items)):
                x = table.viewport.x_of(place)
                table.refresh(Region(x or 0, 1, table.columns[place].width, table.viewport.page))

    # Best values

    def forget_extents(self, *others: CandidateRows | None) -> None:
        """Other candidates have other best values."""
        self._stop_measuring()
        for rows in (*others, self._table.candidates):
            if rows is not None:
                rows.forget_extents()

    def outdate_extents(self) -> None:
        """There are more candidates: find the best values again, and show those of before until then."""
        self._stop_measuring()
        if self._table.candidates is not None:
            self._table.candidates.outdate_extents()

    def _stop_measuring(self) -> None:
        self._measuring = ()
        self._place.workers.cancel_group(self._place, "extents")

    def measure(self, query: Query) -> None:
        """Find the best values of the columns on screen, one column after the other, of what answers a query."""
        rows = self._table.candidates
        if rows is None:
            return
        places = [place for place in self._table.visible_columns if rows.wants_extent(place)]
        wanted = tuple(rows.asked[place] for place in places)
        if wanted and (wanted, query) != (self._measuring, self._measured):
            self._measuring, self._measured = wanted, query
            work = partial(self._read_extents, rows, query, wanted)
            _: Worker[None] = self._place.run_worker(work, group="extents", exclusive=True)

    async def _read_extents(self, rows: CandidateRows, query: Query, columns: Sequence[Column]) -> None:
        for column in columns:
            page = await self._place.answer(partial(self._values, query, column))
            if page is None:
                return
            if query != self._place.query_of_values():
                return  # these are other candidates' values
            changed = rows.know_extent(column, Extent.of(page.items))
            if self._table.candidates is not rows:
                continue
            if changed:
                self._table.refresh()
            else:
                self._table.repaint_tails(column)
        self._measuring = ()

    async def _values(self, query: Query, column: Column) -> Page[Value]:
        return await at_hand(self._source.values(query, column))
