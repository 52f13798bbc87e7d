"""Which columns are shown, and how: the dialog behind ``C``."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from mltrack_tui.commands import HELP, PICKER, Group
from mltrack_tui.domain.filter import words_filter
from mltrack_tui.domain.query import Column, Kind
from mltrack_tui.domain.text import clean
from mltrack_tui.domain.view import Look, View
from mltrack_tui.screens.candidates import choices
from mltrack_tui.screens.candidates.layout import Catalogue, is_shown, ordered, staying
from mltrack_tui.screens.candidates.rows import CandidateRows
from mltrack_tui.screens.dialogs import Dialog
from mltrack_tui.widgets.cells import Cell, GridColumn, Tone
from mltrack_tui.widgets.grid import Grid
from mltrack_tui.widgets.text_box import TextBox

KIND_NAMES = {
    Kind.ATTRIBUTE: "attribute",
    Kind.PARAM: "parameter",
    Kind.METRIC: "metric",
    Kind.TAG: "tag",
    Kind.CI: "CI",
    Kind.USAGE: "usage",
}
_LOOKS = {
    Kind.METRIC: (Look.VALUE, Look.BAR, Look.SPARKLINE),
    Kind.PARAM: (Look.VALUE, Look.BAR),
    Kind.USAGE: (Look.VALUE, Look.BAR),
}
_NARROWEST_NAME, _BESIDE_NAME = 12, 43
_NO_VALUE = "none has any"


class ColumnRows:
    """Columns as rows: whether each is shown, and how."""

    def __init__(self, catalogue: Catalogue, view: View, width_of: Callable[[Column], int]) -> None:
        self.items: Sequence[Column] = ()
        self.view = view
        self._catalogue = catalogue
        self._width_of = width_of

    def __len__(self) -> int:
        return len(self.items)

    def columns(self, width: int) -> list[GridColumn]:
        """The name gets what there is to spare."""
        name = max(width - _BESIDE_NAME, _NARROWEST_NAME)
        return [
            GridColumn("", 1),
            GridColumn("column", name),
            GridColumn("kind", 9),
            GridColumn("width", 5, right=True),
            GridColumn("look", 17),
        ]

    def cells(self, row: int, columns: tuple[int, ...]) -> list[Cell]:
        """What is chosen for a column; why it is not shown where nobody chose."""
        column = self.items[row]
        shown = is_shown(column, self._catalogue, self.view)
        ink = Tone.PLAIN if shown else Tone.DIM
        made = (
            Cell("✓" if shown else "", Tone.STRONG),
            Cell(clean(column.name, 100), Tone.STRONG if shown else Tone.DIM),
            Cell(KIND_NAMES[column.kind], Tone.DIM),
            Cell(str(self._width_of(column)), ink if column in self.view.widths else Tone.DIM),
            Cell(self._look(column, shown), ink),
        )
        return [made[place] for place in columns]

    def _look(self, column: Column, shown: bool) -> str:
        if not shown and column in self._catalogue.constant:
            value = self._catalogue.constant[column]
            return f"all {clean(str(value), 40)}" if value is not None else _NO_VALUE
        look = self.view.looks.get(column, Look.VALUE)
        words = [] if look is Look.VALUE else [str(look)]
        if staying(column, self.view):
            words.append("pinned")
        return ", ".join(words)


class NarrowBox(TextBox):
    """Words to narrow by; the columns have the keys again at once, so that what is typed ahead is theirs."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,down", "screen.to_table", show=False)]


class ColumnPicker(Dialog[View]):
    """All columns, those shown and the hidden ones, in their order; narrowed by words. Answers with another view."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *PICKER.bindings(),
        *Group("", (HELP,)).bindings(),
    ]

    def __init__(self, rows: CandidateRows, view: View, here: Column | None) -> None:
        super().__init__()
        self._catalogue = rows.catalogue
        self._here = here
        self._rows = ColumnRows(rows.catalogue, view, self._width_of)
        self._known_width = rows.width_of
        self._grid = Grid()
        self._grid.set_reactive(Grid.cursor, (0, 1))
        self._shown = sum(is_shown(column, rows.catalogue, view) for column in rows.catalogue.columns)
        self._count = Static(classes="label")

    def compose(self) -> ComposeResult:
        """A text box, the columns, how many are shown, what the keys do."""
        with Vertical(classes="dialog tall") as frame:
            frame.border_title = Content("Columns")
            frame.border_subtitle = "esc closes"
            yield NarrowBox(placeholder="/ narrows")
            yield self._grid
            yield self._count
            keys = [f"{each.shown_key} {each.label}" for each in PICKER.commands]
            half = len(keys) // 2
            yield Static(Content("   ".join(keys[:half]) + "\n" + "   ".join(keys[half:])), classes="label")

    def on_mount(self) -> None:
        """The columns have the keys."""
        self._grid.focus()

    def on_resize(self) -> None:
        """List the columns once there is a width for them; at first the cursor is on the one that it was in below."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._arrange(self._column or self._here)
        self._grid.center()

    @property
    def _column(self) -> Column | None:
        row = self._grid.cursor_row
        return self._rows.items[row] if row < len(self._rows.items) else None

    def _arrange(self, here: Column | None) -> None:
        """List the columns that fit the words typed, in their order, with the cursor on this one."""
        words = words_filter(self.query_one(Input).value)
        order = ordered(self._catalogue, self._rows.view)
        self._rows.items = [each for each in order if words.occur_in(str(each))] if words else order
        try:
            row = self._rows.items.index(here) if here is not None else None
        except ValueError:
            row = 0
        self._grid.empty = "No column has these words."
        columns = self._rows.columns(self._grid.size.width)
        self._grid.show(self._rows, columns=columns, cursor_row=row)
        self._tell_count()

    def _tell_count(self, text: str = "") -> None:
        self._count.update(Content(text or f"{self._shown:,} of {len(self._catalogue.columns):,} columns shown"))

    def _width_of(self, column: Column) -> int:
        return self._rows.view.widths.get(column) or self._known_width(column)

    def _change(self, view: View) -> None:
        self._rows.view = view
        self._grid.refresh()
        self._tell_count()

    # Keys

    @on(Input.Changed)
    def _typed(self) -> None:
        self._arrange(self._column)

    def action_to_table(self) -> None:
        """Go on among the columns."""
        self._grid.focus()

    def action_narrow(self) -> None:
        """Type words that the columns' names have."""
        self.query_one(Input).focus()

    def action_leave(self) -> None:
        """Out of the text box, then back to all columns, then out of the dialog with what was chosen."""
        box = self.query_one(Input)
        if box.has_focus:
            self._grid.focus()
        elif box.value:
            box.value = ""
        else:
            self.dismiss(self._rows.view)

    @on(Grid.Opened)
    def action_show_or_hide(self) -> None:
        """Show the column, or hide it."""
        if (column := self._column) is not None:
            self._shown += -1 if is_shown(column, self._catalogue, self._rows.view) else 1
            self._change(choices.toggled(self._rows.view, column, self._catalogue))

    def action_move(self, step: int) -> None:
        """Move the column past its neighbour in the list."""
        column, there = self._column, self._grid.cursor_row + step
        if column is not None and 0 <= there < len(self._rows.items):
            self._rows.view = choices.moved(self._rows.view, column, self._rows.items[there], self._catalogue)
            self._arrange(column)

    def action_widen(self, cells: int) -> None:
        """Make the column wider or narrower."""
        if (column := self._column) is not None:
            self._change(choices.widened(self._rows.view, column, self._width_of(column), cells))

    def action_pin(self) -> None:
        """Have the column stay on the left, or scroll with the rest."""
        if (column := self._column) is not None:
            self._rows.view = choices.pinned(self._rows.view, column)
            self._arrange(column)

    def action_turn_look(self) -> None:
        """Show values, then bars, then sparklines."""
        column = self._column
        looks = _LOOKS.get(column.kind) if column is not None else None
        if column is None or looks is None:
            self._tell_count("Bars are for metrics, parameters and usage, sparklines for metrics.")
            return
        now = self._rows.view.looks.get(column, Look.VALUE)
        after = looks[(looks.index(now) + 1) % len(looks)] if now in looks else looks[0]
        self._change(choices.looking(self._rows.view, column, after))
