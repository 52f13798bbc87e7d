"""A file as a folded tree: keys on the left, values as they are written on the right."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import on, work
from textual.binding import BindingType

from mltrack_tui.commands import GRID, Command, hints
from mltrack_tui.commands.files import TREE
from mltrack_tui.domain.filter import words_filter
from mltrack_tui.domain.text import clean
from mltrack_tui.preview.file import ArtifactFile
from mltrack_tui.preview.folding import MOST_LINES, Folding, Line
from mltrack_tui.preview.table_json import value_in
from mltrack_tui.preview.tree import Broken, Noted, Number, Pairs, Value, Word, summary, written
from mltrack_tui.screens.plots.naming import NameFilter
from mltrack_tui.screens.preview.view import View
from mltrack_tui.widgets.cells import Cell, GridColumn, Tone
from mltrack_tui.widgets.grid import Grid

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from mltrack_tui.screens.preview.place import PreviewPlace

_INDENT = "  "
_LONGEST = 400
"""Characters of a value that are painted."""
_SEEN = 400
"""Lines around the cursor by which the column of keys gets its width."""


class TreeRows:
    """The lines of a tree as a grid shows them."""

    def __init__(self, folding: Folding) -> None:
        self.folding = folding

    def __len__(self) -> int:
        return len(self.folding.lines)

    def cells(self, row: int, columns: tuple[int, ...]) -> list[Cell]:
        """A line's key and its value."""
        line = self.folding.lines[row]
        return [self.key(row) if column == 0 else _value_cell(line) for column in columns]

    def key(self, row: int) -> Cell:
        """A line's key, as far to the right as it lies deep, with a sign where something lies in it."""
        folding, line = self.folding, self.folding.lines[row]
        sign = "▾ " if folding.is_open(row) else "▸ " if folding.can_open(row) else "  "
        key = "" if line.key is None else str(line.key) if isinstance(line.key, int) else clean(line.key, _LONGEST)
        return Cell(_INDENT * line.depth + sign + key, Tone.DIM if isinstance(line.key, int) else Tone.STRONG)

    def columns(self, width: int, around: int) -> list[GridColumn]:
        """A column for the keys, as wide as those near a line need, and one for the values with what is left."""
        near = range(max(around - _SEEN, 0), min(around + _SEEN, len(self)))
        keys = min(max((cell_len(self.key(row).text) for row in near), default=1), max(width * 3 // 5, 8))
        return [GridColumn("key", keys), GridColumn("value", max(width - keys - 4, 8))]


def _value_cell(line: Line) -> Cell:
    if line.left:
        return Cell(f"{line.left:,} more: enter shows some", Tone.DIM)
    value = line.value
    text = clean(summary(value), _LONGEST)
    if isinstance(value, Noted):
        return Cell(text, Tone.GRAPH)
    return Cell(text or '""', _tone(value))


def _tone(value: Value) -> Tone:
    match value:
        case Broken():
            return Tone.BAD
        case Number():
            return Tone.WARN if value.lower().lstrip("+-.") in {"nan", "inf", "infinity"} else Tone.BUSY
        case Word() | bool() | None:
            return Tone.GRAPH
        case Pairs() | list():
            return Tone.DIM
        case _:
            return Tone.PLAIN


class TreeGrid(Grid):
    """A grid whose left and right fold and unfold."""

    class Folded(Grid.GridMessage):
        """The user goes out of a line (-1) or into it (1)."""

        def __init__(self, grid: Grid, step: int) -> None:
            super().__init__(grid)
            self.step = step

    def action_cursor(self, rows: int, columns: int) -> None:
        """Up and down are moves."""
        if columns:
            self.post_message(self.Folded(self, columns))
        else:
            super().action_cursor(rows, columns)


class TreeView(View):
    """The tree of a file."""

    BINDINGS: ClassVar[list[BindingType]] = [*TREE.bindings()]
    HINTS: ClassVar[tuple[Command, ...]] = (*hints(GRID), *TREE.commands)

    def __init__(self, place: "PreviewPlace", file: ArtifactFile) -> None:
        super().__init__(place, file)
        self.grid = TreeGrid()
        self._whole = Folding([])
        self._rows = TreeRows(self._whole)
        self._cut = ""
        self.names = NameFilter(self.focus_view, "words of keys and values")

    def compose(self) -> "ComposeResult":
        """The filter's box above the lines."""
        yield self.names
        yield self.grid

    def focus_view(self) -> None:
        """The lines have the keys."""
        self.screen.set_focus(self.grid)

    async def load(self) -> None:
        """All of it: a tree is known by its end only."""
        value, self._cut = await value_in(self.file)
        self._whole = await asyncio.to_thread(Folding, value)
        self._rows = TreeRows(self._whole)
        self.grid.show(self._rows, columns=self._columns(), cursor_row=0)
        self.watch(self.grid, "cursor", self.place.tell, init=False)

    def _columns(self) -> list[GridColumn]:
        return self._rows.columns(self.size.width or self.place.size.width, self.grid.cursor_row)

    def on_resize(self) -> None:
        """Values have what is left."""
        self.grid.show_columns(self._columns())

    # Filter

    def action_filter(self) -> None:
        """Type words of keys and values."""
        self.names.open()

    def leave(self) -> bool:
        """Filter no longer."""
        return self.names.clear()

    @on(NameFilter.Changed)
    @work(exclusive=True, group="narrow")
    async def _narrowed(self) -> None:
        """Show what has the words, unfolded; without any, the tree as it was folded."""
        where, row = words_filter(self.names.text), self.grid.cursor_row
        folding = self._whole if where is None else await asyncio.to_thread(self._whole.found, where)
        self._rows = TreeRows(folding)
        self.grid.empty = "Nothing in it has these words." if where is not None else ""
        self._show(0 if self.grid.cursor_row == row else self.grid.cursor_row)  # unless somebody has moved on meanwhile
        if len(folding.lines) == MOST_LINES:
            self.place.status.show_notice(f"The first {MOST_LINES:,} lines that have these words.")

    # Folding

    @on(Grid.Opened)
    def _opened(self) -> None:
        row = self.grid.cursor_row
        if self._rows.folding.is_open(row):
            self._rows.folding.fold(row)
        else:
            self._rows.folding.unfold(row)
        self._show(row)

    @on(TreeGrid.Folded)
    def _folded(self, event: TreeGrid.Folded) -> None:
        """Into a line, or out of it: what is open is folded, else the cursor goes to what it lies in."""
        folding, row = self._rows.folding, self.grid.cursor_row
        if row >= len(folding.lines):
            return
        if event.step > 0 and not folding.is_open(row):
            folding.unfold(row)
        elif event.step > 0:
            row += 1
        elif folding.is_open(row):
            folding.fold(row)
        else:
            row = folding.parent(row)
        self._show(row)

    def action_fold_all(self, folded: bool) -> None:
        """Fold or unfold everything."""
        if folded:
            self._rows.folding.fold_all()
        elif not self._rows.folding.unfold_all():
            notice = f"Unfolded to that depth at which there are no more than {MOST_LINES:,} lines."
            self.place.status.show_notice(notice)
        self._show(0 if folded else self.grid.cursor_row)

    def _show(self, row: int) -> None:
        self.grid.show(self._rows, cursor_row=row, top=self.grid.top)
        self.grid.show_columns(self._columns())
        self.place.tell()

    # What is said

    def summary(self) -> str:
        """Where the cursor is, and whether the file is cut."""
        rows = len(self._rows)
        position = f"{self.grid.cursor_row + 1:,}/{rows:,}" if rows else "0"
        return position + (f" · {self._cut}" if self._cut else "")

    def value_under_cursor(self) -> tuple[str, str] | None:
        """The path of a line, and all of its value."""
        row, folding = self.grid.cursor_row, self._rows.folding
        if row >= len(folding.lines) or folding.lines[row].left:
            return None
        return folding.path(row), written(folding.lines[row].value)
