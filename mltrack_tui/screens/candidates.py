"""The candidate table of one or several experiments."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import events, on, work
from textual.binding import BindingType

from mltrack_tui.analysis.order import logged_value
from mltrack_tui.commands import CANDIDATES
from mltrack_tui.domain.entities import CandidateId, Experiment
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Lifecycle, Order, Query
from mltrack_tui.screens.languages import CandidateSearch
from mltrack_tui.screens.listing import ListPlace
from mltrack_tui.screens.nothing import nothing_found
from mltrack_tui.screens.place import Place, Session, counted
from mltrack_tui.screens.table import FROZEN, MARK, NAME, CandidateRows
from mltrack_tui.sources.base import SourceError, final
from mltrack_tui.widgets.grid import Grid


class CandidatesPlace(ListPlace):
    """Candidates as rows; parameters and metrics as columns. The source filters and sorts."""

    BINDINGS: ClassVar[list[BindingType]] = [*CANDIDATES.bindings()]
    FROZEN = FROZEN

    def __init__(
        self,
        session: Session,
        project: str,
        experiments: Sequence[Experiment],
        above: Callable[[], Place] | None = None,
    ) -> None:
        self._search = CandidateSearch(session, self._everything)
        super().__init__(session)
        self._above = above
        self.grid.set_reactive(Grid.cursor, (0, NAME))
        self._project = project
        self._experiments = tuple(experiments)
        self._rows: CandidateRows | None = None
        self._stale = True
        self._page: Page[CandidateId] | None = None
        self._lost_cursor: CandidateId | None = None
        self.path.show((session.source.name, project, *(experiment.name for experiment in experiments)))

    @property
    def _experiment_ids(self) -> tuple[str, ...]:
        return tuple(experiment.experiment_id for experiment in self._experiments)

    def language(self) -> CandidateSearch:
        """The search language."""
        return self._search

    def _everything(self) -> Query:
        return Query(self._project, self._experiment_ids, lifecycle=self.lifecycle)

    def _query(self, rows: CandidateRows) -> Query:
        column, descending = self._order or (None, False)
        order = (Order(column, descending),) if column is not None and column in rows.columns else ()
        return replace(self._everything(), where=self.filtering.where, order=order)

    @property
    def _order(self) -> tuple[Column, bool] | None:
        """What is sorted by, as a column and not as its place, which a refresh may change."""
        if self.sorted_by is None or self._rows is None:
            return None
        place, descending = self.sorted_by
        return self._rows.columns[place], descending

    # Loading

    def reload(self) -> None:
        """Read the columns, the order and the cells again."""
        self._stale = True
        self._load()

    def rearrange(self) -> None:
        """Ask the source for another order or another choice of the same candidates."""
        self._load()

    @work(exclusive=True, group="order")
    async def _load(self) -> None:
        if self._rows is None:
            self.say("Reading candidates …")
        rows = None if self._stale else self._rows
        if rows is None:
            columns = await self.answer(lambda: final(self.session.source.columns(self._project, self._experiment_ids)))
            if columns is None:
                return
            rows = CandidateRows(columns, self.session.now)
            self._search.learn(columns, {})
        await self.filtering.settled(anew=rows is not self._rows)
        query = self._query(rows)
        async for page in self.answers(lambda: self.session.source.candidates(query)):
            if not self.filtering.withholds(len(page.items), len(self.grid.rows)):
                await self._show_page(page, rows)

    async def _show_page(self, page: Page[CandidateId], rows: CandidateRows) -> None:
        """Show another order once the cells that will be on screen are there, so that nothing flickers.

        Until then the keys act on what is shown: a later question may take the place of this one while it waits.
        """
        here, cursor_row = self._cursor_id(), self._row_of_cursor(page)
        to_be_seen = self._rows_to_be_seen(cursor_row, len(page.items))
        await self._fetch(rows, [page.items[row] for row in to_be_seen])
        if self._cursor_id() != here:
            cursor_row = self._row_of_cursor(page)
        self._lost_cursor = self._cursor_id() or self._lost_cursor if cursor_row is None else None
        cursor_column = self._take_over(rows) if rows is not self._rows else None
        self.ready.set()
        seen = self._seen() if self.grid.rows is rows else None
        self._page, rows.ids = page, page.items
        self._say_what_is_shown(page)
        marks = self.sort_marks()
        if seen is None or (cursor_row, marks, seen) != (self.grid.cursor_row, self.grid.sort_marks, self._seen()):
            columns = rows.grid_columns(self.size.width)
            self.grid.show(rows, columns=columns, cursor_row=cursor_row, cursor_column=cursor_column, sort_marks=marks)
        else:
            self._moved()  # only how many there are is new

    def _seen(self) -> Sequence[CandidateId]:
        """The candidates on screen."""
        view = self.grid.visible_rows
        return self._rows.ids[view.start : view.stop] if self._rows is not None else ()

    def _take_over(self, new: CandidateRows) -> int | None:
        """After a refresh: the same marks and order over columns that may be others; returns the cursor's column."""
        old, order = self._rows, self._order
        self._rows, self._stale = new, False
        if old is None:
            return None
        new.marks, new.ids = old.marks, old.ids
        if order is not None:
            column, descending = order
            self.sorted_by = (new.columns.index(column), descending) if column in new.columns else None
        here = old.columns[self.grid.cursor_column]
        return new.columns.index(here) if here in new.columns else None

    def _row_of_cursor(self, page: Page[CandidateId]) -> int | None:
        """Where the cursor's candidate is in an answer; at the top as long as nobody moved it in a first part of it."""
        if self._page is not None and not self._page.complete and self.grid.cursor_row == 0:
            return 0
        here = self._cursor_id() or self._lost_cursor
        try:
            return page.items.index(here) if here is not None else None
        except ValueError:
            return None

    def _rows_to_be_seen(self, cursor_row: int | None, total: int) -> range:
        """Which of so many rows will be on screen, the cursor's line at its height."""
        above = self.grid.cursor_row - self.grid.top
        top = self.grid.top if cursor_row is None else max(cursor_row - above, 0)
        height = max(self.grid.size.height, self.size.height)
        return range(max(min(top, total - height), 0), min(top + height, total))

    def _say_what_is_shown(self, page: Page[CandidateId]) -> None:
        shown, total = len(page.items), page.total
        if page.complete:
            whole = counted(page.loaded, "candidate")
            self.tell_count(whole if shown == page.loaded else f"{shown:,} of {whole}")
        else:
            of = f" of {total:,}" if total is not None else ""
            self.tell_count(f"{shown:,} shown · {page.loaded:,}{of} loaded …")
        self.say("" if shown or not page.complete else self._nothing(page))

    def _nothing(self, page: Page[CandidateId]) -> str:
        if page.loaded:
            names = self._search.now_known().names
            return nothing_found("candidate", self.filtering.good_text, self.filtering.where, page.loaded, names)
        if self.lifecycle is Lifecycle.ACTIVE:
            return "No candidates here yet.\nmlflow logs one with  mlflow.start_run();  .  shows deleted ones too."
        return "No candidates here yet, deleted ones neither."

    def failed(self, error: SourceError) -> None:
        """With nothing to show, the sentence takes the whole place."""
        super().failed(error)
        if self._page is None:
            self.say(str(error))

    @on(Grid.Viewed)
    def _viewed(self) -> None:
        self._load_cells()

    @work(exclusive=True, group="cells")
    async def _load_cells(self) -> None:
        rows, grid = self._rows, self.grid
        if rows is None or grid.rows is not rows:
            return
        view = grid.visible_rows
        margin = len(view)
        await self._fetch(rows, rows.ids[view.start : view.stop])
        await self._fetch(rows, rows.ids[view.stop : view.stop + margin])
        await self._fetch(rows, rows.ids[max(view.start - margin, 0) : view.start])

    async def _fetch(self, rows: CandidateRows, wanted: Sequence[CandidateId]) -> None:
        """Have the values of these candidates, for the columns on screen."""
        for block, ids in rows.missing(wanted, self.grid.visible_columns).items():
            candidates = await self.answer(partial(self.session.source.read, ids, rows.block(block)))
            if candidates is None:
                return
            learned = rows.keep(block, candidates)
            if self.grid.rows is rows and learned:
                self.grid.columns = rows.grid_columns(self.size.width)
            if self.grid.rows is rows and (learned or not set(ids).isdisjoint(self._seen())):
                self.grid.refresh()
                self._moved()

    def on_resize(self, event: events.Resize) -> None:
        """Give names what the width has to spare."""
        if self._rows is not None:
            self.grid.columns = self._rows.grid_columns(event.size.width)

    # Commands

    def _cursor_id(self) -> CandidateId | None:
        rows = self._rows
        return rows.ids[self.grid.cursor_row] if rows is not None and self.grid.cursor_row < len(rows.ids) else None

    def sortable(self) -> Sequence[str | None]:
        """Every column but the marks."""
        rows = self._rows
        return [None if column == MARK else str(column) for column in rows.columns] if rows is not None else []

    def sort_by(self, column: int, descending: bool) -> None:
        """Where the source can: it does the sorting."""
        capability = self.session.source.capabilities.order
        if capability:
            super().sort_by(column, descending)
        else:
            self.status.show_notice(capability.reason or "")

    def value_under_cursor(self) -> tuple[str, str] | None:
        """The cell's column and full value."""
        rows = self._rows
        if rows is None or self.grid.cursor_row >= len(rows):
            return None
        return rows.full(self.grid.cursor_row, self.grid.cursor_column)

    def position(self) -> str:
        """The cursor's place, and how many are marked."""
        marked = len(self._rows.marks) if self._rows is not None else 0
        return super().position() + (f"   {marked:,} marked" if marked else "")

    def action_mark(self) -> None:
        """Mark the candidate, or unmark it, and go on to the next."""
        here = self._cursor_id()
        if here is not None and self._rows is not None:
            self._rows.marks ^= {here}
            self.grid.refresh()
            self.grid.action_cursor(1, 0)
            self._moved()

    async def action_filter_cell(self) -> None:
        """Filter by the value under the cursor; again: no longer."""
        candidate = self._rows.get(self.grid.cursor_row, self.grid.cursor_column) if self._rows is not None else None
        if self._rows is not None and candidate is not None and (column := self._column_here()) is not None:
            from mltrack_tui.screens.clauses import cell_clause

            names = self._search.now_known().names
            await self._filter_by(cell_clause(column, logged_value(candidate, column), names))

    def action_filter_values(self) -> None:
        """Choose among the values of the cursor's column."""
        from mltrack_tui.screens.values import ValuesDialog

        if self._rows is None or (column := self._column_here()) is None:
            return
        query = replace(self._everything(), where=self.filtering.where)
        names = self._search.now_known().names
        self.app.push_screen(ValuesDialog(self.session, query, column, names), self._filter_by)

    def _column_here(self) -> Column | None:
        column = self._rows.columns[self.grid.cursor_column] if self._rows is not None else MARK
        if column == MARK:
            self.status.show_notice("There is nothing to filter by in this column.")
        return None if column == MARK else column

    async def _filter_by(self, clause: str | None) -> None:
        if clause is not None:
            await self.filtering.toggle(clause)

    def action_unmark_all(self) -> None:
        """Unmark all."""
        if self._rows is not None:
            self._rows.marks.clear()
            self.grid.refresh()
            self._moved()

    def open_row(self, row: int) -> None:
        """Look at a candidate; coming back, the cursor is on the one looked at last."""
        from mltrack_tui.screens.candidate.place import CandidatePlace  # not needed for the first rows

        if self._rows is None:
            return

        def back(candidate: CandidateId | None) -> None:
            if candidate is not None and self._rows is not None and candidate in self._rows.ids:
                self.grid.move(self._rows.ids.index(candidate), self.grid.cursor_column)

        path = (self._project, *(experiment.name for experiment in self._experiments))
        self.app.push_screen(CandidatePlace(self.session, path, self._rows.ids, row), back)

    def above(self) -> Place | None:
        """The project's experiments, where nobody came through them."""
        return self._above() if self._above is not None else None
