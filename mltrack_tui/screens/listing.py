"""A place whose content is a table: filtered as one types, sorted by any column, the cursor kept on its row."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from mltrack_tui.commands import FILTER_BOX, GRID, HELP, LIST, Command, hints
from mltrack_tui.domain.query import Lifecycle
from mltrack_tui.domain.text import clean
from mltrack_tui.screens.filtering import Filtering
from mltrack_tui.screens.languages import Language, Words
from mltrack_tui.screens.place import Place, Session
from mltrack_tui.widgets.grid import Grid

ASCENDING, DESCENDING = "▲", "▼"


class ListPlace(Place):
    """A table of things with names."""

    BINDINGS: ClassVar[list[BindingType]] = [*LIST.bindings()]
    HINTS: ClassVar[tuple[Command, ...]] = hints(GRID, LIST)
    FROZEN: ClassVar[int] = 1

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.grid = Grid(frozen=self.FROZEN)
        self.filtering = Filtering(self.language(), self._to_table)
        self.lifecycle = Lifecycle.ACTIVE
        self.sorted_by: tuple[int, bool] | None = None

    def content(self) -> ComposeResult:
        """The filter's box above the table."""
        yield self.filtering
        yield self.grid

    def on_mount(self) -> None:
        """The table has the keys. (Textual calls the base's handler too.)"""
        self.set_focus(self.grid)
        self.watch(self.grid, "cursor", self._moved, init=False)

    # What the subclass knows

    def rearrange(self) -> None:
        """Filter and sort anew, and show the result with the cursor on the same row."""
        raise NotImplementedError

    def sortable(self) -> Sequence[str | None]:
        """The name of each column as the sort picker has it; None where a column cannot be sorted by."""
        return [column.title for column in self.grid.columns]

    def open_row(self, row: int) -> None:
        """Go to what lies behind a row."""
        raise NotImplementedError

    # Filter

    def language(self) -> Language:
        """What may be typed into the filter."""
        return Words()

    def action_filter(self) -> None:
        """Type a filter."""
        self.filtering.open()

    def action_up(self) -> None:
        """Out of the filter first, then out of the place."""
        if self.filtering.text:
            self.filtering.clear()
        else:
            self.leave()

    def _to_table(self) -> None:
        self.set_focus(self.grid)

    @on(Filtering.Changed)
    def _filter_changed(self) -> None:
        self.rearrange()

    @on(Filtering.Typing)
    def _typing(self) -> None:
        self.hints.show(hints(FILTER_BOX) if self.filtering.is_typing else [*self.HINTS, HELP])

    # Order

    def action_sort(self, descending: bool) -> None:
        """Sort by the cursor's column."""
        self.sort_by(self.grid.cursor_column, descending)

    def sort_by(self, column: int, descending: bool) -> None:
        """Sort by a column, if it can be sorted by."""
        names = self.sortable()
        if column >= len(names) or names[column] is None:
            self.status.show_notice("There is nothing to sort by in this column.")
        else:
            self.sorted_by = (column, descending)
            self.grid.move(self.grid.cursor_row, column)
            self.rearrange()

    def action_pick_sort(self) -> None:
        """Choose what to sort by from a list."""
        from mltrack_tui.screens.dialogs import Picker  # when the first dialog is opened

        choices: list[tuple[str, tuple[int, bool]]] = [
            (f"{name}  {word}", (column, descending))
            for column, name in enumerate(self.sortable())
            if name is not None
            for word, descending in (("ascending", False), ("descending", True))
        ]

        if not choices:
            return  # nothing was read yet

        def chosen(choice: tuple[int, bool] | None) -> None:
            if choice is not None:
                self.sort_by(*choice)

        self.app.push_screen(Picker("Sort by", choices), chosen)

    def sort_marks(self) -> dict[int, str]:
        """The sign at the title of the sorted column."""
        if self.sorted_by is None:
            return {}
        column, descending = self.sorted_by
        return {column: DESCENDING if descending else ASCENDING}

    def tell_count(self, count: str) -> None:
        """Say how many are shown, and by what they are sorted where the column's title is out of sight."""
        order = ""
        for column, mark in self.sort_marks().items():
            order = f"   {mark} {clean(self.sortable()[column] or '', 24)}"
        deleted = ", deleted ones too" if self.lifecycle is Lifecycle.ALL else ""
        self.path.show(count=count + deleted + order)

    @on(Grid.TitlePressed)
    def _title_pressed(self) -> None:
        column = self.grid.cursor_column
        self.sort_by(column, self.sorted_by == (column, False))

    # Rows

    def action_toggle_deleted(self) -> None:
        """Show deleted ones too, or only active ones."""
        capability = self.session.source.capabilities.deleted
        if not capability:
            self.status.show_notice(capability.reason or "")
            return
        self.lifecycle = Lifecycle.ALL if self.lifecycle is Lifecycle.ACTIVE else Lifecycle.ACTIVE
        self.reload()

    @on(Grid.Opened)
    def _opened(self) -> None:
        self.open_row(self.grid.cursor_row)

    @on(Grid.Moved)
    def _moved(self) -> None:
        name, value = self.value_under_cursor() or ("", "")
        self.status.show_value(self.position(), name, value)

    def position(self) -> str:
        """Where the cursor is among the rows."""
        rows = len(self.grid.rows)
        return f"{self.grid.cursor_row + 1:,}/{rows:,}" if rows else ""
