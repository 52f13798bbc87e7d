"""The candidate table as a widget: it holds the view, and its columns follow from it at once."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from mltrack_tui.commands import COLUMNS, TREE
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.query import Aggregate, Column, Kind, Lifecycle
from mltrack_tui.domain.view import Nesting, View
from mltrack_tui.screens.candidates import choices
from mltrack_tui.screens.candidates.layout import MARK, NAME, Catalogue
from mltrack_tui.screens.candidates.marking import MarkingGrid
from mltrack_tui.screens.candidates.targets import Targets
from mltrack_tui.widgets.grid import Grid

if TYPE_CHECKING:
    from mltrack_tui.screens.candidates.rows import CandidateRows

_BEGIN = 2
"""The column the cursor begins in: the name."""


class CandidateTable(MarkingGrid[CandidateId]):
    """Candidates and the columns that the user chose; it loads nothing."""

    CALLED = "candidate"

    BINDINGS: ClassVar[list[BindingType]] = [*COLUMNS.bindings(), *TREE.bindings()]

    class Changed(Grid.GridMessage):
        """The view is another one."""

    def __init__(self) -> None:
        super().__init__()
        self.set_reactive(Grid.cursor, (0, _BEGIN))
        self.view = View()
        self._targets = Targets(self)
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
    def ids(self) -> Sequence[CandidateId]:
        """The candidates, from the top."""
        return self.candidates.ids if self.candidates is not None else ()

    @property
    def seen(self) -> Sequence[CandidateId]:
        """The candidates on screen."""
        rows = self.visible_rows
        return self.ids[rows.start : rows.stop]

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

    # Columns

    def action_hide_column(self) -> None:
        """Hide the cursor's column."""
        column = self.here
        if column in {None, MARK, NAME} or column is None:
            self.tell("This column stays.")
            return
        self.change(choices.hidden(self.view, column))
        self.tell(f"Hid {column}.  C shows it again.", "success")

    def action_toggle_everything(self) -> None:
        """Show all columns, or only those that say something."""
        self.change(replace(self.view, everything=not self.view.everything))

    def action_turn_aggregate(self) -> None:
        """Show another aggregate of the cursor's metric."""
        column = self.here
        if column is None or column.kind is not Kind.METRIC:
            self.tell("Only a metric's column shows its last, best, min, max, mean or first.")
            return
        aggregate = choices.next_aggregate(self.view.aggregates.get(column.name))
        if aggregate is Aggregate.BEST and column.name not in self.view.directions:
            self._targets.ask_for_best(column.name)
        else:
            self.change(choices.aggregated(self.view, column.name, aggregate))

    def action_target(self) -> None:
        """Say which metric matters most, and which of its values are better."""
        self._targets.ask_for_target(self.here)

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
    return replace(view, filter="", order=(), lifecycle=Lifecycle.ACTIVE, nesting=Nesting())
