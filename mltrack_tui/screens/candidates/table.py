"""The candidate table as a widget: it holds the view, and its columns follow from it at once."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from mltrack_tui.commands import COLUMNS, MARKS
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.query import Aggregate, Column, Kind, Lifecycle
from mltrack_tui.domain.view import View
from mltrack_tui.screens.candidates import choices
from mltrack_tui.screens.candidates.layout import MARK, NAME, Catalogue
from mltrack_tui.screens.candidates.marks import Marks
from mltrack_tui.widgets.grid import Grid

if TYPE_CHECKING:
    from mltrack_tui.screens.candidates.rows import CandidateRows

_BEGIN = 2
"""The column the cursor begins in: the name."""


class CandidateTable(Grid):
    """Candidates and the columns that the user chose; it loads nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [*MARKS.bindings(), *COLUMNS.bindings()]

    class Changed(Grid.GridMessage):
        """The view is another one."""

    class Told(Grid.GridMessage):
        """There is something to say about what was done."""

        def __init__(self, grid: Grid, text: str, tone: str = "warning") -> None:
            super().__init__(grid)
            self.text = text
            self.tone = tone

    def __init__(self) -> None:
        super().__init__()
        self.set_reactive(Grid.cursor, (0, _BEGIN))
        self.view = View()
        self.marks = Marks()
        self.candidates: CandidateRows | None = None

    # What it shows

    @property
    def here(self) -> Column | None:
        """The cursor's column, without its aggregate."""
        return self.column_at(self.cursor_column)

    def column_at(self, place: int) -> Column | None:
        """The column at a place, without its aggregate."""
        columns = self.candidates.layout.columns if self.candidates is not None else ()
        return columns[place] if place < len(columns) else None

    @property
    def cursor_id(self) -> CandidateId | None:
        """The candidate under the cursor."""
        ids = self.candidates.ids if self.candidates is not None else ()
        return ids[self.cursor_row] if self.cursor_row < len(ids) else None

    @property
    def seen(self) -> Sequence[CandidateId]:
        """The candidates on screen."""
        rows = self.visible_rows
        return self.candidates.ids[rows.start : rows.stop] if self.candidates is not None else ()

    def change(self, view: View) -> None:
        """Look at the candidates in another way."""
        before, self.view = self.view, view
        if self.candidates is not None and _columns_of(before) != _columns_of(view):
            self.lay_out(self.candidates.catalogue, keep=_chosen(before) == _chosen(view))
        self.post_message(self.Changed(self))

    def lay_out(self, catalogue: Catalogue, *, keep: bool = True) -> None:
        """Have the columns that follow from the view and from what there is; the cursor stays in its column.

        That one is to be kept, though it may turn out to say nothing, unless the user chose among columns.
        """
        rows, here = self.candidates, self.here
        if rows is None:
            return
        rows.arrange(catalogue, self.view, here if keep else None)
        self.show_columns(
            rows.grid_columns(self.screen.size.width), frozen=rows.layout.frozen, cursor_column=rows.layout.place(here)
        )
        self.repaint()

    def learn(self) -> None:
        """Have columns that look as their values need."""
        if self.candidates is not None:
            self.show_columns(self.candidates.grid_columns(self.screen.size.width), cursor_column=self.cursor_column)

    def repaint_tails(self, column: Column) -> None:
        """Paint the cells of a column again that have something before or behind their number."""
        rows = self.candidates
        place = rows.layout.place(replace(column, aggregate=None)) if rows is not None else None
        if rows is not None and place is not None and place in self.visible_columns:
            made = ((row, (rows.cells(row, (place,)) or [])[0]) for row in self.visible_rows)
            regions = [self.cell_region(row, place) for row, cell in made if cell.lead.text or cell.tail.text]
            if regions:
                self.refresh(*regions)

    def on_resize(self) -> None:
        """Give names what the width has to spare. (Textual calls the base's handler too.)"""
        self.learn()

    # Marks

    def action_mark(self) -> None:
        """Mark the candidate, or unmark it, and go on to the next."""
        if (here := self.cursor_id) is not None:
            self.marks.invert([here])
            self._repaint_marks()
            self.action_cursor(1, 0)

    def action_mark_range(self) -> None:
        """Begin a range of marks here, or mark all from where it began to here."""
        if (here := self.cursor_id) is None or self.candidates is None:
            return
        lost = False
        if self.marks.anchor is None:
            self.marks.anchor = here
        else:
            lost = not self.marks.mark_range(self.candidates.ids, self.cursor_row)
        self._repaint_marks()
        if lost:
            self.post_message(self.Told(self, "The candidate that the range began with is not shown any more."))

    def action_invert_marks(self) -> None:
        """Mark what is shown and not marked, and unmark the rest of it."""
        if self.candidates is not None:
            self.marks.invert(self.candidates.ids)
            self._repaint_marks()

    def action_unmark_all(self) -> None:
        """Unmark all."""
        self.marks.clear()
        self._repaint_marks()

    def _repaint_marks(self) -> None:
        self.refresh()
        self.post_message(self.Moved(self))

    # Columns

    def action_hide_column(self) -> None:
        """Hide the cursor's column."""
        column = self.here
        if column in {None, MARK, NAME} or column is None:
            self.post_message(self.Told(self, "This column stays."))
            return
        self.change(choices.hidden(self.view, column))
        self.post_message(self.Told(self, f"Hid {column}.  C shows it again.", "success"))

    def action_toggle_everything(self) -> None:
        """Show all columns, or only those that say something."""
        self.change(replace(self.view, everything=not self.view.everything))

    def action_turn_aggregate(self) -> None:
        """Show another aggregate of the cursor's metric."""
        column = self.here
        if column is None or column.kind is not Kind.METRIC:
            self.post_message(self.Told(self, "Only a metric's column shows its last, best, min, max, mean or first."))
            return
        aggregate = choices.next_aggregate(self.view.aggregates.get(column.name))
        if aggregate is Aggregate.BEST and column.name not in self.view.directions:
            self._ask_direction(column.name)
        else:
            self.change(choices.aggregated(self.view, column.name, aggregate))

    def _ask_direction(self, metric: str) -> None:
        """Ask which values are best, and show the best; without an answer, what comes after the best."""
        from mltrack_tui.screens.candidates.target import Answer, DirectionDialog  # when it is first opened

        def told(answer: Answer | None) -> None:
            view = self.view
            if answer is None or answer.direction is None:
                after = choices.next_aggregate(Aggregate.BEST)
                self.change(choices.aggregated(view, metric, after))
            else:
                view = choices.directed(view, metric, answer.direction)
                self.change(choices.aggregated(view, metric, Aggregate.BEST))

        self.app.push_screen(DirectionDialog(metric, "best of", self.view.directions.get(metric)), told)

    def action_target(self) -> None:
        """Say which metric matters most, and which of its values are better."""
        here = self.here
        if here is not None and here.kind is Kind.METRIC:
            self._ask_target(here.name)
        elif self.view.target is not None:
            self._ask_target(self.view.target)
        else:
            self._pick_target()

    def _pick_target(self) -> None:
        from mltrack_tui.screens.dialogs import Picker  # when the first dialog is opened

        catalogue = self.candidates.catalogue if self.candidates is not None else None
        names = [column.name for column in catalogue.columns if column.kind is Kind.METRIC] if catalogue else []
        if not names:
            self.post_message(self.Told(self, "There is no metric here."))
            return

        def chosen(metric: str | None) -> None:
            if metric is not None:
                self._ask_target(metric)

        self.app.push_screen(Picker("Target metric", [(name, name) for name in names]), chosen)

    def _ask_target(self, metric: str) -> None:
        from mltrack_tui.screens.candidates.target import Answer, DirectionDialog  # when it is first opened

        def told(answer: Answer | None) -> None:
            if answer is None:
                return
            view = choices.directed(self.view, metric, answer.direction)
            if answer.direction is not None:
                view = replace(view, target=metric)
                view = choices.best_first(view, metric) if answer.sort else view
            self.change(view)

        self.app.push_screen(DirectionDialog(metric, "target", self.view.directions.get(metric)), told)

    def action_pick_columns(self) -> None:
        """Choose which columns are shown, and how."""
        if self.candidates is None:
            return
        from mltrack_tui.screens.candidates.picker import ColumnPicker  # when it is first opened

        def chosen(view: View | None) -> None:
            if view is not None and view != self.view:
                self.change(view)

        self.app.push_screen(ColumnPicker(self.candidates, self.view, self.here), chosen)


def _chosen(view: View) -> tuple[object, ...]:
    """Which columns the user chose to see."""
    return (view.everything, view.shown, view.hidden)


def _columns_of(view: View) -> View:
    """What of a view the columns follow from."""
    return replace(view, filter="", order=(), lifecycle=Lifecycle.ACTIVE)
