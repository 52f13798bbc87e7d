"""The candidate table of one or several experiments."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from mltrack_tui.analysis.sorting import Keys
from mltrack_tui.commands import COLUMNS, FILTERS, GRID, LIST, OF_CANDIDATES, Command, hints
from mltrack_tui.domain.entities import CandidateId, Experiment
from mltrack_tui.domain.query import Column, Columns, Lifecycle, Order, Query
from mltrack_tui.domain.view import View
from mltrack_tui.screens.candidates.choices import askable, effective
from mltrack_tui.screens.candidates.constants import ConstantLine
from mltrack_tui.screens.candidates.filters import cell_filter, column_to_filter
from mltrack_tui.screens.candidates.layout import MARK
from mltrack_tui.screens.candidates.living import Living
from mltrack_tui.screens.candidates.loading import Loading
from mltrack_tui.screens.candidates.paged import PagedPlace
from mltrack_tui.screens.candidates.table import CandidateTable
from mltrack_tui.screens.languages import CandidateSearch
from mltrack_tui.screens.place import Place, counted
from mltrack_tui.screens.plots.ahead import AHEAD, import_plots
from mltrack_tui.screens.session import Session
from mltrack_tui.state.places import LastPlace, Scope
from mltrack_tui.widgets.grid import Grid

if TYPE_CHECKING:
    from mltrack_tui.export.table import Exportable
    from mltrack_tui.screens.browsing import Page
    from mltrack_tui.screens.copying import Copyable


class CandidatesPlace(PagedPlace):
    """Candidates as rows; attributes, parameters, metrics and tags as columns. The source filters and sorts.

    What the user chose is one `View`, and everything shown follows from it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*FILTERS.bindings(), *OF_CANDIDATES.bindings()]
    HINTS: ClassVar[tuple[Command, ...]] = hints(GRID, LIST, COLUMNS, OF_CANDIDATES)

    def __init__(
        self,
        session: Session,
        project: str,
        experiments: Sequence[Experiment],
        above: Callable[[], Place] | None = None,
        *,
        start_at: CandidateId | None = None,
        called: str | None = None,
    ) -> None:
        """``called`` is what the path calls the experiments, ``start_at`` the candidate that the cursor begins on."""
        self._search = CandidateSearch(session, self.question)
        super().__init__(session)
        self.project = project
        self.experiments = tuple(experiments)
        self.experiment_ids = tuple(experiment.experiment_id for experiment in experiments)
        self._above = above
        name = experiments[0].name if len(experiments) == 1 else counted(len(experiments), "experiment")
        self.parts = (project, called or name)
        self._constants = ConstantLine()
        self._loading = Loading(self, start_at)
        self._living = Living(self, self._loading)

    def on_mount(self) -> None:
        """Have at hand what draws the candidates."""
        self.hold_frame()
        self.set_timer(AHEAD, lambda: self.run_worker(import_plots, group="plots", thread=True))

    def make_grid(self) -> Grid:
        """The table of candidates."""
        return CandidateTable()

    def content(self) -> ComposeResult:
        """What is the same for all, then the table."""
        yield self.filtering
        yield self._constants
        yield self.grid

    # What the user chose

    @property
    def view(self) -> View:
        """All that the user chose here."""
        return replace(self.table.view, filter=self.filtering.meant)

    @property
    def scope(self) -> Scope:
        """These experiments."""
        return Scope(self.session.source.location, self.project, self.experiment_ids)

    def apply_view(self, view: View) -> None:
        """Look at the candidates as somebody else, or at another time, did."""
        self.filtering.write(view.filter)
        self.table.change(view)

    @property
    def lifecycle(self) -> Lifecycle:
        """Whether deleted ones are shown too."""
        return self.table.view.lifecycle

    @lifecycle.setter
    def lifecycle(self, lifecycle: Lifecycle) -> None:
        self.table.change(replace(self.table.view, lifecycle=lifecycle))

    def show_lifecycle(self, lifecycle: Lifecycle) -> None:
        """The columns stay: they are those of deleted ones too."""
        self.lifecycle = lifecycle

    @property
    def order(self) -> Keys[Column]:
        """The view's order."""
        return tuple((key.column, key.descending) for key in self.table.view.order)

    @order.setter
    def order(self, order: Keys[Column]) -> None:
        keys = tuple(Order(column, descending) for column, descending in order)
        self.table.change(replace(self.table.view, order=keys))

    def question(self) -> Query:
        """What the source is asked."""
        view = self.table.view
        return Query(self.project, self.experiment_ids, self.filtering.where, view.lifecycle, askable(view))

    # Filter

    def language(self) -> CandidateSearch:
        """The search language."""
        return self._search

    def learn(self, columns: Columns) -> None:
        """Take in which names there are to filter by."""
        if self._search.learn(columns, self.table.view.directions):
            self.filtering.read_again()

    def hold_cursor(self, held: bool) -> None:
        """While a filter is typed, its beginnings may hide the cursor's candidate, and are worth no server's pages."""
        self._loading.demand.hold(held)
        self._loading.home.held = self.table.cursor_id if held else None

    async def action_filter_cell(self) -> None:
        """Filter by the value under the cursor; again: no longer."""
        await self._filter_by(cell_filter(self.table, self._search.names_known))

    def action_filter_values(self) -> None:
        """Choose among the values of the cursor's column."""
        from mltrack_tui.screens.values import ValuesDialog  # when it is first opened

        if (column := column_to_filter(self.table)) is not None:
            query = self.query_of_values()
            self.app.push_screen(ValuesDialog(self.session, query, column, self._search.names_known), self._filter_by)

    async def _filter_by(self, clause: str | None) -> None:
        if clause is not None:
            await self.filtering.toggle(clause)

    @on(CandidateTable.Changed)
    def _view_changed(self) -> None:
        self.tell_columns()
        self._search.direct(self.table.view.directions)
        self._loading.follow()

    @on(CandidateTable.Told)
    def _told(self, told: CandidateTable.Told) -> None:
        self.status.show_notice(told.text, told.tone)

    # Order

    def sort_key(self, column: int) -> Column | None:
        """Every column but the marks; of a metric's what it shows."""
        here = self.table.column_at(column)
        return None if here is None or here == MARK else effective(self.table.view, here)

    def sort_choices(self) -> Sequence[tuple[str, Column]]:
        """All columns, those shown first, as they are shown; then the hidden ones, and the latest values."""
        rows = self.table.candidates
        if rows is None:
            return []
        shown = (effective(self.table.view, column) for column in rows.layout.columns[1:])
        return [(str(column), column) for column in dict.fromkeys((*shown, *rows.layout.order))]

    def sort_place(self, key: Column) -> int | None:
        """The column that shows what is sorted by."""
        rows = self.table.candidates
        column = replace(key, aggregate=None)
        shown = effective(self.table.view, column) == key
        return rows.layout.place(column) if rows is not None and shown else None

    def sort(self, order: Keys[Column]) -> None:
        """Where the source can: it does the sorting."""
        capability = self.session.source.capabilities.order
        if capability:
            super().sort(order)
        else:
            self.status.show_notice(capability.reason or "")

    def tell_columns(self) -> None:
        """Say what is the same for all candidates, and how many columns are not shown."""
        if self.table.candidates is not None:
            rows = self.table.candidates
            self._constants.show(rows.layout, self.table.view.everything, so_far=not rows.catalogue.complete)
            self.follow_nesting()

    # The cursor

    def value_under_cursor(self) -> tuple[str, str] | None:
        """The cell's column and full value."""
        rows = self.table.candidates
        return rows.full(self.table.cursor_row, self.table.cursor_column) if rows is not None else None

    def candidate_here(self) -> CandidateId | None:
        """The cursor's."""
        return self.table.cursor_id

    def position(self) -> str:
        """The cursor's place, how many are marked, and whether a range is being marked."""
        marks = self.table.marks
        marked = f"   {len(marks):,} marked" if len(marks) else ""
        return super().position() + marked + ("   v marks from the range's beginning to here" if marks.anchor else "")

    def open_row(self, row: int) -> None:
        """Look at a candidate; coming back, the cursor is on the one looked at last."""
        from mltrack_tui.screens.candidate.place import CandidatePlace  # not needed for the first rows

        rows = self.table.candidates
        if rows is None:
            return

        def back(candidate: CandidateId | None) -> None:
            rows = self.table.candidates
            if candidate is not None and rows is not None and candidate in rows.ids:
                self.table.move(rows.ids.index(candidate), self.table.cursor_column)

        self.app.push_screen(CandidatePlace(self.session, self.parts, rows.ids, row), back)

    def action_download(self) -> None:
        """Download all artifacts of the marked candidates, or the cursor's, into a folder each."""
        from mltrack_tui.screens.candidate.fetching import download_candidates  # when it is first asked for

        rows = self.table.candidates
        download_candidates(self, [(each, rows.name_of(each) if rows is not None else None) for each in self.chosen()])

    def chosen(self) -> list[CandidateId]:
        """The marked candidates, in the table's order as far as they are in it, or the cursor's."""
        marks, here = self.table.marks, self.table.cursor_id
        return marks.ordered(self.table.ids) if len(marks) else [here] if here is not None else []

    def action_plot(self) -> None:
        """Draw the marked candidates, in the table's order as far as they are in it, or the cursor's."""
        from mltrack_tui.screens.plots.pane import Subject  # when it is first opened
        from mltrack_tui.screens.plots.place import PlotsPlace

        if not (candidates := self.chosen()):
            self.status.show_notice("There is no candidate to draw.")
            return
        subject = Subject(tuple(candidates), self.question(), self.table.view, self.table.here)
        name = rows.name(self.table.cursor_row) if (rows := self.table.candidates) is not None else None
        marks = self.table.marks
        drawn = counted(len(marks), "candidate") if len(marks) else name or candidates[0].candidate_id
        self.app.push_screen(PlotsPlace(self.session, (*self.parts, drawn), subject))

    # What is taken elsewhere

    def copyable(self) -> "Sequence[Copyable]":
        """The cell, what names the candidate, and its row as far as it was read."""
        from mltrack_tui.screens.copying import candidate_choices, row_choice

        here, rows, row = self.table.cursor_id, self.table.candidates, self.table.cursor_row
        if here is None or rows is None:
            return super().copyable()
        cells = [cell for place in range(1, len(rows.asked)) if (cell := rows.full(row, place)) is not None]
        name = rows.name(row)
        return [*super().copyable(), *candidate_choices(here, name, self.session.source.location), row_choice(cells)]

    def web_pages(self) -> "Sequence[Page]":
        """The candidate's."""
        here = self.table.cursor_id
        return [("page", here)] if here is not None else []

    def exportable(self) -> "Exportable | None":
        """All rows in their order, with the table's columns."""
        from mltrack_tui.screens.exporting import candidates_table

        rows = self.table.candidates
        if rows is None:
            return None
        name, note = " ".join(self.parts[1:3]), f"Candidates {words}." if (words := self.extent_words()) else ""
        return candidates_table(name, self.session.source, rows.ids, rows.exported, note)

    def bookmark(self) -> LastPlace:
        """These experiments, and the candidate under the cursor."""
        here = self.table.cursor_id
        return LastPlace(self.project, self.experiment_ids, here.candidate_id if here is not None else None)

    def above(self) -> Place | None:
        """The project's experiments, where nobody came through them."""
        return self._above() if self._above is not None else None
