"""A file as a table: filtered and sorted as candidates are, read on as the cursor goes."""

import asyncio
from collections.abc import Sequence
from threading import Event
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from mltrack_tui.commands import FILTER_BOX, LOAD_ALL, LOADING, Command, hints
from mltrack_tui.commands.files import TABLE
from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.export.table import Exportable
from mltrack_tui.preview.arranging import arranged
from mltrack_tui.preview.file import GUARD, ArtifactFile
from mltrack_tui.preview.kinds import HEAD
from mltrack_tui.preview.table import PART, Table
from mltrack_tui.preview.tables import table_in
from mltrack_tui.screens.filtering import Filtering
from mltrack_tui.screens.place import counted
from mltrack_tui.screens.preview.file_grid import FileGrid
from mltrack_tui.screens.preview.table_language import TableSearch
from mltrack_tui.screens.preview.table_rows import TableRows
from mltrack_tui.screens.preview.view import View
from mltrack_tui.screens.sorting import Sorted
from mltrack_tui.widgets.grid import Grid

if TYPE_CHECKING:
    from mltrack_tui.screens.preview.place import PreviewPlace

UNASKED = GUARD - 2 * PART
"""Bytes that are read to sort, to filter and to go to the end; for more, the user is asked to say so."""
_ALL = 1 << 62
_MANY = 20_000
"""Rows that take a while to be sorted."""


class TableView(View, Sorted[int]):
    """The table of a file. What is read of it stays; which rows are shown follows the filter and the order."""

    BINDINGS: ClassVar[list[BindingType]] = [*TABLE.bindings(), *LOADING.bindings()]
    HINTS: ClassVar[tuple[Command, ...]] = hints(TABLE)

    def __init__(self, place: "PreviewPlace", file: ArtifactFile, head: bytes) -> None:
        super().__init__(place, file)
        self._table = table_in(file, head)
        self._reading = asyncio.Lock()
        self._allowed = UNASKED
        self._doing = ""
        """What takes a while, in words."""
        self.grid = FileGrid()
        self._rewritten = file.rewritten
        self._anew = False
        self._search = TableSearch(self.place.session, self._table)
        self.filtering = Filtering(self._search, self._to_table)
        self._told = Static(classes="told")

    def compose(self) -> ComposeResult:
        """The filter's box and a line that says how many rows there are above the table."""
        yield self.filtering
        yield self._told
        yield self.grid

    def focus_view(self) -> None:
        """The table has the keys."""
        self.screen.set_focus(self.grid)

    async def load(self) -> None:
        """The first page, of the first block."""
        await self._open(self._table)
        self.rearrange()
        self.watch(self.grid, "cursor", self._moved, init=False)

    async def _open(self, table: Table) -> None:
        self._rewritten = self.file.rewritten
        await table.open()
        self._table = self._search.table = table

    # Rows

    def rearrange(self) -> None:
        """Show what the filter admits, sorted; in the order of the file there is nothing to do for that."""
        if self.filtering.where is None and not self.order:
            self.workers.cancel_group(self, "arrange")
            self._doing = ""
            self._show(range(len(self._table)))
        else:
            self._arrange()

    @work(exclusive=True, group="arrange")
    async def _arrange(self) -> None:
        """What is there first, then all of it, as far as the guard lets it be read."""
        while True:
            read = len(self._table)
            self._show(await self._arranged())
            if not await self._read_on() or len(self._table) == read:
                return

    async def _arranged(self) -> Sequence[int]:
        """What is read, filtered and sorted in a thread, which ends where something else is wanted."""
        stopped, where, order = Event(), self.filtering.where, self.order
        if len(self._table) > _MANY:
            self._doing = "sorting …" if where is None else "filtering …"
            self._tell()
        try:
            return await asyncio.to_thread(arranged, self._table, where, order, stopped)
        finally:
            stopped.set()
            self._doing = ""

    def _show(self, shown: Sequence[int]) -> None:
        if self.filtering.withholds(len(shown), len(self.grid.rows)):
            return
        here = self._row_here()
        rows = TableRows(self._table, shown)
        row = shown.index(here) if here is not None and here in shown else None
        first = here is None
        self.grid.empty = "There is no row in it." if not len(self._table) else "No row is like that."
        self.grid.show(rows, columns=rows.columns(), cursor_row=0 if first else row, sort_marks=self.sort_marks())
        self._tell()

    def _row_here(self) -> int | None:
        """The place in the file of the cursor's row."""
        rows, row = self.grid.rows, self.grid.cursor_row
        return rows.shown[row] if isinstance(rows, TableRows) and row < len(rows) else None

    # Reading on

    @on(Grid.Viewed)
    def _viewed(self) -> None:
        """Near the end of what is there, have more."""
        is_open = isinstance(self.grid.rows, TableRows)
        near = self.grid.visible_rows.stop + len(self.grid.visible_rows) >= len(self._table)
        if is_open and near and self._in_file_order and not self._table.complete and not self._reading.locked():
            self._read_more()

    @property
    def _in_file_order(self) -> bool:
        return self.filtering.where is None and not self.order

    @work(group="more")
    async def _read_more(self) -> None:
        await self._more()
        if self._in_file_order:
            self.rearrange()

    async def _more(self) -> bool:
        """One more part; False where it cannot be had, which the place has told."""
        async with self._reading:
            return await self.place.reading(self._part) is not None

    async def _part(self) -> bool:
        """More rows; of a file that was written anew the first ones: rows of two versions make no table."""
        if self.file.rewritten == self._rewritten:
            return await self._table.more()
        await self._open(table_in(self.file, await self.file.read(0, HEAD)))
        self._anew = True
        self.order = tuple(key for key in self.order if key[0] < len(self._table.names))
        self.rearrange()
        return True

    async def _read_on(self) -> bool:
        """All there is, up to the guard; whether the source was willing."""
        willing = True
        while willing and not self._table.complete and self._table.taken < self._allowed:
            size = self.file.size
            of = f" of {bytes_text(size)}" if size is not None else ""
            self._doing = f"reading … {bytes_text(self._table.taken)}{of}"
            self._tell()
            willing = await self._more()
        self._doing = ""
        return willing

    @on(FileGrid.AtEnd)
    def _at_end(self) -> None:
        if not self._table.complete and self._in_file_order:
            self._go_to_end()

    @work(exclusive=True, group="end")
    async def _go_to_end(self) -> None:
        here = self._row_here()
        await self._read_on()
        if self._in_file_order:
            went_elsewhere = self._row_here() != here
            self.rearrange()
            if not went_elsewhere:
                self.grid.move(len(self.grid.rows) - 1, self.grid.cursor_column)

    def action_load_all(self) -> None:
        """Read all of the file, whatever it takes."""
        self._allowed = self.file.size or _ALL
        self.file.allow(self._allowed)
        if self._in_file_order:
            self._go_to_end()
        else:
            self._arrange()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to load of what is there."""
        nothing = action == "load_all" and self._table.complete
        return False if nothing else super().check_action(action, parameters)

    # Filter

    def action_filter(self) -> None:
        """Type a filter."""
        self.filtering.open()

    def leave(self) -> bool:
        """Stop what takes long, else clear the filter; False where there is neither."""
        if self._doing:
            self._allowed = self._table.taken
        elif self.filtering.text:
            self.filtering.clear()
        else:
            return False
        return True

    def _to_table(self) -> None:
        self.screen.set_focus(self.grid)

    @on(Filtering.Changed)
    def _filter_changed(self) -> None:
        if self.filtering.settle():
            self.rearrange()

    @on(Filtering.Typing)
    def _typing(self) -> None:
        if self.filtering.is_typing:
            self.place.hints.show(hints(FILTER_BOX))
        else:
            self.place.show_hints()

    # Order

    def sort_key(self, column: int) -> int | None:
        """Every column has something to sort by."""
        return column if column < len(self._table.names) else None

    def sort_choices(self) -> Sequence[tuple[str, int]]:
        """All columns."""
        return [(name, place) for place, name in enumerate(self._table.names)]

    def sort_place(self, key: int) -> int | None:
        """A column tells itself."""
        return key

    def sort_name(self, key: int) -> str:
        """The column's title."""
        return self._table.names[key]

    def tell_unsortable(self, why: str) -> None:
        """Say so in the place."""
        self.place.status.show_notice(why)

    # What is said

    def summary(self) -> str:
        """Where the cursor is."""
        rows = len(self.grid.rows)
        return f"{self.grid.cursor_row + 1:,}/{rows:,}" if rows else ""

    def at(self) -> object:
        """The cursor; there may be more rows."""
        return self.grid.cursor

    def _tell(self) -> None:
        """Say how many rows are shown, read and in the file, and what is odd about them."""
        table, shown = self._table, len(self.grid.rows)
        total = counted(len(table), "row")
        told = [total if self._in_file_order or shown == len(table) else f"{shown:,} of {total}"]
        if not table.complete:
            told[0] += " read" + (f" of {table.total}" if table.total else "")
            if not self._doing and table.taken >= self._allowed:
                told.append(f"{self.place.session.keys.shown(LOAD_ALL)} reads the rest")
        told += [self._doing] if self._doing else []
        told += [counted(len(table.names), "column"), *table.notes]
        told += ["begun again: the file was written anew"] if self._anew else []
        self._told.update(Content.styled(" " + " · ".join(told) + self.sorted_words(), "$dim"))
        self.place.tell()

    def _moved(self) -> None:
        self.place.tell()

    def value_under_cursor(self) -> tuple[str, str] | None:
        """All of a cell."""
        rows, (row, column) = self.grid.rows, self.grid.cursor
        return rows.full(row, column) if isinstance(rows, TableRows) and row < len(rows) else None

    def exportable(self) -> Exportable | None:
        """The rows that are shown, in their order, as they are written."""
        rows = self.grid.rows
        if not isinstance(rows, TableRows):
            return None
        note = "" if self._table.complete else f"The file has more rows than the {len(self._table):,} that were read."
        return rows.exported(self.file.name, note)
