"""Tables whose rows are all at hand: projects, experiments, parameters, tags."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rich.cells import cell_len

from mltrack_tui.analysis.order import SortColumn, arrange
from mltrack_tui.analysis.sorting import Keys
from mltrack_tui.domain.query import Value
from mltrack_tui.screens.listing import ListPlace
from mltrack_tui.screens.session import Session
from mltrack_tui.sources.base import SourceError
from mltrack_tui.widgets.cells import Cell, GridColumn

T = TypeVar("T")


@dataclass(frozen=True)
class Field(Generic[T]):
    """One column of a table of things.

    Attributes:
        title: the column's title.
        cell: how a thing looks in it.
        value: what it is sorted by.
        full: all of it as text, for the status line and the clipboard.
        optional: whether the column is there only where something has a value in it.
    """

    title: str
    cell: Callable[[T], Cell]
    value: Callable[[T], Value]
    full: Callable[[T], str]
    right: bool = False
    widest: int = 40
    optional: bool = False


class Rows(Generic[T]):
    """Some things in an order, as a grid shows them."""

    def __init__(self, fields: Sequence[Field[T]], items: Sequence[T] = ()) -> None:
        self.fields = fields
        self.items = items

    def __len__(self) -> int:
        return len(self.items)

    def cells(self, row: int, columns: tuple[int, ...]) -> list[Cell]:
        """The cells of a thing."""
        return [self.fields[column].cell(self.items[row]) for column in columns]

    def columns(self) -> list[GridColumn]:
        """Columns as wide as their widest cell, within reason."""
        return [GridColumn(field.title, min(self._widest(field), field.widest), field.right) for field in self.fields]

    def _widest(self, field: Field[T]) -> int:
        return max([cell_len(field.title) + 1, *(_length(field.cell(item)) for item in self.items)])

    def arranged(self, keep: Callable[[T], bool], order: Keys[int]) -> "Rows[T]":
        """Those that are to be kept, sorted by these columns; ties stay in the order they are in."""
        kept = [item for item in self.items if keep(item)]
        keys = [
            (SortColumn.of([self.fields[column].value(item) for item in kept]), descending)
            for column, descending in order
        ]
        return Rows(self.fields, [kept[index] for index in arrange(range(len(kept)), keys)])

    def after(self, first: Sequence[T]) -> "Rows[T]":
        """The same with some others before them."""
        return Rows(self.fields, [*first, *self.items])


def _length(cell: Cell) -> int:
    return cell_len(cell.text) + len(cell.tail.text)


class RowsPlace(ListPlace[int], Generic[T]):
    """A place with such a table: filtered and sorted here, by its columns."""

    def __init__(self, session: Session, rows: Rows[T]) -> None:
        super().__init__(session)
        self._all = rows
        self._shown = rows

    def failed(self, error: SourceError) -> None:
        """With nothing to show, the sentence takes the whole place."""
        super().failed(error)
        if not self._all.items:
            self.say(str(error))

    def sort_key(self, column: int) -> int | None:
        """Every column has values to sort by."""
        return column if column < len(self._all.fields) else None

    def sort_choices(self) -> Sequence[tuple[str, int]]:
        """The columns, once there are any rows."""
        return [(self.sort_name(column), column) for column in range(len(self.grid.columns))]

    def sort_place(self, key: int) -> int | None:
        """A column tells itself."""
        return key

    def sort_name(self, key: int) -> str:
        """The column's title."""
        return self._all.fields[key].title

    def value_under_cursor(self) -> tuple[str, str] | None:
        """The cell's full text."""
        if not len(self._shown):
            return None
        field = self._shown.fields[self.grid.cursor_column]
        return field.title, field.full(self._shown.items[self.grid.cursor_row])
