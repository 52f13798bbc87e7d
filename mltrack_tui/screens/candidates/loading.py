"""What the candidate table asks its source for: the newest question wins, and nothing is asked for that nobody sees."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Order, Query
from mltrack_tui.screens.candidates.cells import Cells
from mltrack_tui.screens.candidates.home import Home
from mltrack_tui.screens.candidates.learning import Learning
from mltrack_tui.screens.candidates.nest import Nest
from mltrack_tui.screens.candidates.rows import CandidateRows
from mltrack_tui.screens.candidates.whole import read_nest
from mltrack_tui.screens.demand import Demand
from mltrack_tui.screens.patience import SILENCE
from mltrack_tui.sources.base import SourceError

if TYPE_CHECKING:
    from textual.worker import Worker

    from mltrack_tui.screens.candidates.place import CandidatesPlace

_READING = "Reading candidates …"


class Loading:
    """The questions of one candidate table.

    Attributes:
        page: the candidates that answer the newest question, as far as they came.
        asked: that question.
        nest: the same candidates as a tree, with what was folded last; None where they stand flat.
        home: where the cursor goes in what comes.
        on_demand: whether the source asks a server for more of them only when it is wanted, as it is by ``demand``.
    """

    def __init__(self, place: "CandidatesPlace", start_at: CandidateId | None = None) -> None:
        self._place = place
        self._table = place.table
        self._source = place.session.source
        self._coming: CandidateRows | None = None
        self.home = Home(self._table, start_at)
        self._order: tuple[Order, ...] = ()
        self.page: Page[CandidateId] | None = None
        self.asked: Query | None = None
        self.nest: Nest | None = None
        self._tree = False
        self._unfolded: frozenset[str] = frozenset()
        self._answered: Query | None = None
        self.on_demand = False
        self.demand = Demand()
        self.cells = Cells(place)
        self.learning = Learning(place)
        self._broken = self._told_broken = False
        self.keeps_top = False
        """Whether the next answer comes with the screen where it is: what is new above the cursor's row is seen."""

    @property
    def rests(self) -> bool:
        """Whether what is shown is what was asked for last, and no more is coming by itself."""
        whole = self.page is not None and (self.page.complete or self.page.on_demand)
        return whole and self._coming is None and self.asked == self._place.question()

    def renew(self, rows: CandidateRows) -> None:
        """Ask the same again where a server tells more when it is wanted: it has told as much as it had told before."""
        self.home.keep(self.page)
        self.asked = self._place.question()
        self._run("order", partial(self._read_order, rows, self.asked))

    def reload(self) -> None:
        """Read the columns, the order and the cells again."""
        if self._table.candidates is None:
            if self._place.is_wordy:
                self._place.say(_READING)
            else:
                self._place.set_timer(SILENCE, self._say_that_they_are_read)
        self._run("columns", partial(self.learning.read, self._begin))

    def _say_that_they_are_read(self) -> None:
        if self._table.candidates is None and not self._place.is_wordy:
            self._place.say(_READING)

    def _begin(self, fresh: CandidateRows) -> None:
        """Have candidates with these columns as soon as they are there."""
        self._coming = fresh
        self.rearrange()

    def rearrange(self) -> None:
        """Ask the source for another order or another choice of the same candidates."""
        rows = self._table.candidates if self._coming is None else self._coming
        if rows is None or not self._place.filtering.settle():
            return
        before, self.asked = self.asked, self._place.question()
        self._tree = self._table.view.nesting.tree
        others = before is None or self.on_demand or replace(self.asked, order=()) != replace(before, order=())
        if rows is self._coming or others:
            self.cells.forget_extents(self._coming)
        self._run("order", partial(self._read_order, rows, self.asked))

    def follow(self) -> None:
        """Ask anew if the view is one of other candidates, or of another order."""
        if self.asked != self._place.question() or self._tree != self._table.view.nesting.tree:
            self.rearrange()

    def fold(self, nest: Nest, here: CandidateId) -> None:
        """Show the tree with others folded, the cursor here."""
        self.nest, self._unfolded = nest, nest.unfolded
        self._run("fold", partial(self._show_folded, nest, here))

    def refresh(self) -> None:
        """Read everything again; the cursor's candidate is looked for among as many as there were."""
        self.home.keep(self.page)
        self.reload()

    def look(self) -> None:
        """Have the values of what is on screen, and the rows that there is room for."""
        self.demand.see(self._table.viewport.end)
        self._run("cells", self.cells.read)
        if self.cells.wants_ci():
            self._run("ci", self.cells.read_ci)
        self._measure()

    def seek(self) -> None:
        """The user moved down: have more rows, where there are more."""
        if self.page is not None:
            self.demand.seek(self.page, beyond=self._table.cursor_row >= len(self._table.rows) - 1)

    def load_all(self) -> bool:
        """Go on to the end; says whether there is anything to go on to."""
        if self.page is None or not self.page.on_demand:
            return False
        self.demand.load_all()
        self._place.tell_page(self.page)
        return True

    def stop(self) -> bool:
        """Go on no longer; says whether all was being loaded."""
        stopped = self.demand.stop()
        if stopped and self.page is not None:
            self._place.tell_page(self.page)
        return stopped

    def _run(self, kind: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Begin a question; an older one of its kind is asked no longer."""
        _: Worker[None] = self._place.run_worker(work, group=kind, exclusive=True)

    # Order

    async def _read_order(self, rows: CandidateRows, query: Query) -> None:
        """Show what answers a question, page by page; after a failure, what is wanted next is asked for again."""
        self.on_demand = False
        self.demand.begin(self._table.viewport.page)
        while True:
            self._broken = False
            async for page in self._place.answers(lambda: self._source.candidates(query), self._failed):
                if not self._table.is_attached or not self._place.filtering.is_attached:
                    return  # the place is being left
                self.on_demand |= page.on_demand
                told = replace(page, appends=page.in_place(query))
                if await self._take(told, rows, query) and page.on_demand:
                    await self._rest(told, query)
            if not (self._broken and self.on_demand and self.page is not None):
                break
            await self.demand.more(self.page)
        if not self._broken:
            self.demand.everything = False
            self._settle(query)

    async def _take(self, page: Page[CandidateId], rows: CandidateRows, query: Query) -> bool:
        """Show a page; says whether it is shown."""
        if self._tree and not (page.complete or page.on_demand):
            return False  # who lies under whom is known at the end
        if self.home.may_come(page):
            return False
        if self._place.filtering.withholds(len(page.items), len(self._table.rows)):
            return True
        resting = page.complete or not self.demand.wants(page)
        await self.learning.go_on(rows, page.loaded, resting=resting)
        nest = await read_nest(self._place, query, page.items, self._unfolded) if self._tree else None
        if self._tree and nest is None:
            return True  # the source failed: what is shown stays
        if nest is not None and self.home.start_at is not None:
            nest = nest.revealing(self.home.start_at)
            self._unfolded = nest.unfolded
        first = self._answered is not query
        await self.show(page, rows, nest)
        if nest is not None and nest.ids and first:
            self._tell_of_tree(page, nest)
        self._order = query.order
        return True

    def _tell_of_tree(self, page: Page[CandidateId], nest: Nest) -> None:
        if not nest:
            self._table.tell("No candidate here has a parent.")
        elif page.on_demand:
            self._table.tell(f"A tree {self._place.extent_words()}.")

    async def _rest(self, page: Page[CandidateId], query: Query) -> None:
        """Let the source rest until more is wanted."""
        if not self.demand.wants(page):
            self._settle(query)
        await self.demand.more(page)

    def _settle(self, query: Query) -> None:
        """The best values are looked for when no more candidates are under way."""
        if self._answered is query:
            self.cells.outdate_extents()
        self._answered = query
        self._measure()

    def _measure(self) -> None:
        if self._answered is not None and self._answered is self.asked:
            self.cells.measure(self._place.query_of_values())

    def _failed(self, error: SourceError) -> None:
        """What is loaded stays; the next wish to see more asks again."""
        self._broken = True
        if not self.on_demand or self.page is None:
            self._place.failed(error)
            return
        self._told_broken = True
        self.demand.stop()
        self._place.tell_page(self.page)
        self._place.say_stopped(error, self.page.loaded)

    async def show(self, page: Page[CandidateId], rows: CandidateRows, nest: Nest | None) -> None:
        """Show another order once the cells that will be on screen are there, so that nothing flickers.

        Until then the keys act on what is shown: a later question may take the place of this one while it waits.
        """
        ids = page.items if nest is None else nest.ids
        table, here, cursor_row = self._table, self._table.cursor_id, self.home.row(page, nest, self.page)
        await self.cells.fetch(rows, [ids[row] for row in self._rows_to_be_seen(cursor_row, len(ids))])
        if nest is not None and nest.unfolded != self._unfolded:
            nest, here = nest.as_in(self._unfolded), None  # folded meanwhile
        if table.cursor_id != here:
            cursor_row = self.home.row(page, nest, self.page)
        ids = page.items if nest is None else nest.ids
        self.home.found(cursor_row)
        seen = table.seen if table.rows is rows else None
        self.page, self.nest = page, nest
        others = rows.stand(ids, nest)
        top, self.keeps_top = table.top if self.keeps_top else None, False
        if rows is not table.candidates:
            self._take_over(rows)
        marks = self._place.sort_marks()
        if others:
            columns = rows.grid_columns(self._place.size.width)
            table.show(rows, columns=columns, cursor_row=cursor_row, top=top, sort_marks=marks)
        elif (seen, cursor_row, self._order) != (table.seen, table.cursor_row, self.asked and self.asked.order):
            table.show(rows, cursor_row=cursor_row, top=top, sort_marks=marks)
        else:
            table.recount()
        if self._told_broken:
            self._told_broken = False
            self._place.status.show_notice()
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
        await self.cells.fetch(rows, [nest.ids[each] for each in self._rows_to_be_seen(row, len(nest.ids))])
        if self.nest is nest and rows is table.candidates:
            rows.stand(nest.ids, nest)
            table.show(rows, columns=rows.grid_columns(self._place.size.width), cursor_row=row)

    def _rows_to_be_seen(self, cursor_row: int | None, total: int) -> range:
        """Which of so many rows will be on screen, the cursor's line at its height."""
        table = self._table
        above = table.cursor_row - table.top
        top = table.top if cursor_row is None or self.keeps_top else max(cursor_row - above, 0)
        height = max(table.size.height, self._place.size.height)
        return range(max(min(top, total - height), 0), min(top + height, total))
