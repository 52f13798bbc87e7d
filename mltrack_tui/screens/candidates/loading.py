"""What the candidate table asks its source for: the newest question wins, and nothing is asked for that nobody sees."""

from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from mltrack_tui.analysis.best import Extent
from mltrack_tui.analysis.small_pictures import sparkline
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Columns, Order, Query
from mltrack_tui.screens.candidates.layout import Catalogue
from mltrack_tui.screens.candidates.looks import SPARK
from mltrack_tui.screens.candidates.nest import Nest
from mltrack_tui.screens.candidates.rows import CandidateRows
from mltrack_tui.screens.candidates.whole import read_nest
from mltrack_tui.sources.base import final

if TYPE_CHECKING:
    from textual.worker import Worker

    from mltrack_tui.screens.candidates.place import CandidatesPlace


class Loading:
    """The questions of one candidate table.

    Attributes:
        page: the candidates that answer the newest question, as far as they came.
        asked: that question.
        nest: the same candidates as a tree, with what was folded last; None where they stand flat.
        held: the candidate that the cursor goes back to as soon as it is there.
    """

    def __init__(self, place: "CandidatesPlace", start_at: CandidateId | None = None) -> None:
        self._place = place
        self._table = place.table
        self._source = place.session.source
        self._coming: CandidateRows | None = None
        self._start_at = start_at
        self._lost_cursor: CandidateId | None = None
        self._measuring: tuple[Column, ...] = ()
        self._order: tuple[Order, ...] = ()
        self.page: Page[CandidateId] | None = None
        self.asked: Query | None = None
        self.nest: Nest | None = None
        self._tree = False
        self._unfolded: frozenset[str] = frozenset()
        self._answered: Query | None = None
        self.held: CandidateId | None = None

    def reload(self) -> None:
        """Read the columns, the order and the cells again."""
        if self._table.candidates is None:
            self._place.say("Reading candidates …")
        self._run("columns", self._read_columns)

    def rearrange(self) -> None:
        """Ask the source for another order or another choice of the same candidates."""
        rows = self._table.candidates if self._coming is None else self._coming
        if rows is None or not self._place.filtering.settle():
            return
        before, self.asked = self.asked, self._place.question()
        self._tree = self._table.view.nesting.tree
        if rows is self._coming or before is None or replace(self.asked, order=()) != replace(before, order=()):
            self._forget_extents()
        self._run("order", partial(self._read_order, rows, self.asked))

    def follow(self) -> None:
        """Ask anew if the view is one of other candidates, or of another order."""
        if self.asked != self._place.question() or self._tree != self._table.view.nesting.tree:
            self.rearrange()

    def fold(self, nest: Nest, here: CandidateId) -> None:
        """Show the tree with others folded, the cursor here."""
        self.nest, self._unfolded = nest, nest.unfolded
        self._run("fold", partial(self._show_folded, nest, here))

    def look(self) -> None:
        """Have the values of what is on screen."""
        self._run("cells", self._read_cells)
        self._measure()

    def _run(self, kind: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Begin a question; an older one of its kind is asked no longer."""
        _: Worker[None] = self._place.run_worker(work, group=kind, exclusive=True)

    # Columns

    async def _read_columns(self) -> None:
        """The first answer is enough to show candidates; what comes later adds columns, or folds them."""
        if self._table.candidates is None:
            await self._place.restore_view()
        fresh: CandidateRows | None = None
        project, experiments = self._place.project, self._place.experiment_ids
        async for columns in self._place.answers(lambda: self._source.columns(project, experiments)):
            self._place.learn(columns)
            if fresh is None:
                fresh = self._coming = CandidateRows(
                    self._catalogue(columns), self._table.view, self._table.marks, self._place.session.now
                )
                self.rearrange()
            elif self._table.candidates is fresh:
                self._table.lay_out(self._catalogue(columns))
                self._place.tell_columns()
            else:
                fresh.arrange(self._catalogue(columns), self._table.view)

    def _catalogue(self, columns: Columns) -> Catalogue:
        return Catalogue(columns, several=len(self._place.experiment_ids) > 1)

    # Order

    async def _read_order(self, rows: CandidateRows, query: Query) -> None:
        async for page in self._place.answers(lambda: self._source.candidates(query)):
            if self._tree and not page.complete:
                continue  # who lies under whom is known at the end
            if self._place.filtering.withholds(len(page.items), len(self._table.rows)):
                continue
            nest = await read_nest(self._place, query, page.items, self._unfolded) if self._tree else None
            if self._tree and nest is None:
                return  # the source failed: what is shown stays
            if nest is not None and self._start_at is not None:
                nest = nest.revealing(self._start_at)
                self._unfolded = nest.unfolded
            await self._show(page, rows, nest)
            if nest is not None and nest.ids and not nest:
                self._table.post_message(self._table.Told(self._table, "No candidate here has a parent."))
            self._order = query.order
        self._answered = query
        self._measure()

    async def _show(self, page: Page[CandidateId], rows: CandidateRows, nest: Nest | None) -> None:
        """Show another order once the cells that will be on screen are there, so that nothing flickers.

        Until then the keys act on what is shown: a later question may take the place of this one while it waits.
        """
        ids = page.items if nest is None else nest.ids
        table, here, cursor_row = self._table, self._table.cursor_id, self._row_of_cursor(page, nest)
        await self._fetch(rows, [ids[row] for row in self._rows_to_be_seen(cursor_row, len(ids))])
        if nest is not None and nest.unfolded != self._unfolded:
            nest, here = nest.as_in(self._unfolded), None  # folded meanwhile
        if table.cursor_id != here:
            cursor_row = self._row_of_cursor(page, nest)
        ids = page.items if nest is None else nest.ids
        self._lost_cursor = table.cursor_id or self._lost_cursor if cursor_row is None else None
        seen = table.seen if table.rows is rows else None
        self.page, self.nest = page, nest
        others = rows.stand(ids, nest)
        if rows is not table.candidates:
            self._take_over(rows)
        if others:
            columns = rows.grid_columns(self._place.size.width)
            table.show(rows, columns=columns, cursor_row=cursor_row, sort_marks=self._place.sort_marks())
        elif (seen, cursor_row, self._order) != (table.seen, table.cursor_row, self.asked and self.asked.order):
            table.show(rows, cursor_row=cursor_row, sort_marks=self._place.sort_marks())
        else:
            table.recount()
        self._place.ready.set()
        self._place.tell_page(page)

    def _take_over(self, rows: CandidateRows) -> None:
        """Show what was read anew: its columns may be others."""
        here, first = self._table.here, self._table.candidates is None
        self._coming, self._table.candidates = None, rows
        rows.arrange(rows.catalogue, self._table.view, here)
        place = rows.layout.place(here)
        self._table.show_columns(
            rows.grid_columns(self._place.size.width),
            frozen=rows.layout.frozen,
            cursor_column=None if first else place,
        )
        self._place.tell_columns()

    async def _show_folded(self, nest: Nest, here: CandidateId) -> None:
        rows, table, row = self._table.candidates, self._table, nest.row(here)
        if rows is None:
            return
        await self._fetch(rows, [nest.ids[each] for each in self._rows_to_be_seen(row, len(nest.ids))])
        if self.nest is nest and rows is table.candidates:
            rows.stand(nest.ids, nest)
            table.show(rows, columns=rows.grid_columns(self._place.size.width), cursor_row=row)

    def _row_of_cursor(self, page: Page[CandidateId], nest: Nest | None) -> int | None:
        """Where the cursor's candidate is in an answer; at the top as long as nobody moved it in a first part of it."""
        if nest is not None:
            wanted = (self._start_at, self.held, self._table.cursor_id or self._lost_cursor)
            self._start_at = None
            return next((row for each in wanted if each is not None and (row := nest.row(each)) is not None), None)
        if self._start_at is not None and self._start_at in page.items:
            row = page.items.index(self._start_at)
            self._start_at = None
            return row
        if self.page is not None and not self.page.complete and self._table.cursor_row == 0:
            return 0
        if self.held is not None and self.held in page.items:
            return page.items.index(self.held)
        here = self._table.cursor_id or self._lost_cursor
        try:
            return page.items.index(here) if here is not None else None
        except ValueError:
            return None

    def _rows_to_be_seen(self, cursor_row: int | None, total: int) -> range:
        """Which of so many rows will be on screen, the cursor's line at its height."""
        table = self._table
        above = table.cursor_row - table.top
        top = table.top if cursor_row is None else max(cursor_row - above, 0)
        height = max(table.size.height, self._place.size.height)
        return range(max(min(top, total - height), 0), min(top + height, total))

    # Cells

    async def _read_cells(self) -> None:
        rows, table = self._table.candidates, self._table
        if rows is None or table.rows is not rows:
            return
        view = table.visible_rows
        margin = len(view)
        await self._fetch(rows, rows.ids[view.start : view.stop])
        await self._read_curves(rows, rows.ids[view.start : view.stop])
        await self._fetch(rows, rows.ids[view.stop : view.stop + margin])
        await self._fetch(rows, rows.ids[max(view.start - margin, 0) : view.start])

    async def _fetch(self, rows: CandidateRows, wanted: Sequence[CandidateId]) -> None:
        """Have the values of these candidates, for the columns on screen."""
        table = self._table
        places = [place for place in table.visible_columns if place < len(rows.asked)]
        for block, ids in rows.missing(wanted, places).items():
            columns = rows.values.columns_of(block)
            candidates = await self._place.answer(partial(self._source.read, ids, columns))
            if candidates is None:
                return
            learned = rows.keep(block, candidates)
            if table.rows is not rows:
                continue
            if learned:
                table.learn()
            elif not set(ids).isdisjoint(table.seen):
                table.refresh()
                table.post_message(table.Moved(table))

    async def _read_curves(self, rows: CandidateRows, ids: Iterable[CandidateId]) -> None:
        """Have the sparklines on screen, one after the other."""
        table = self._table
        places = [place for place in table.visible_columns if rows.wants_curves(place)]
        if not places or not self._source.capabilities.history:
            return
        ids = list(ids)
        for place in places:
            metric = rows.asked[place].name
            for id_ in ids:
                if (metric, id_) in rows.curves:
                    continue
                ask = partial(self._source.history, id_, metric, SPARK)
                async for history in self._place.answers(ask):
                    rows.curves[metric, id_] = sparkline(history, SPARK)
                if table.candidates is rows and id_ in table.seen:
                    table.refresh(table.cell_region(table.top + table.seen.index(id_), place))

    # Best values

    def _forget_extents(self) -> None:
        self._measuring = ()
        self._place.workers.cancel_group(self._place, "extents")
        for rows in (self._coming, self._table.candidates):
            if rows is not None:
                rows.forget_extents()

    def _measure(self) -> None:
        """Find the best values of the columns on screen, one column after the other."""
        rows = self._table.candidates
        if rows is None or self.asked is None or self._answered is not self.asked:
            return
        places = [place for place in self._table.visible_columns if rows.wants_extent(place)]
        wanted = tuple(rows.asked[place] for place in places)
        if wanted and wanted != self._measuring:
            self._measuring = wanted
            self._run("extents", partial(self._read_extents, rows, self.asked, wanted))

    async def _read_extents(self, rows: CandidateRows, query: Query, columns: Sequence[Column]) -> None:
        unordered = replace(query, order=())
        for column in columns:
            page = await self._place.answer(partial(self._values, unordered, column))
            if page is None:
                return
            if self.asked is None or replace(self.asked, order=()) != unordered:
                return  # these are other candidates' values
            rows.know_extent(column, Extent.of(page.items))
            if self._table.candidates is rows:
                self._table.repaint_tails(column)
        self._measuring = ()

    async def _values(self, query: Query, column: Column) -> "Page[float | str | None]":
        return await final(self._source.values(query, column))
