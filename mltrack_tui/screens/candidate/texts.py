"""Parameters or tags: names and texts in a table."""

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from mltrack_tui.domain.numbers import number_of
from mltrack_tui.domain.text import clean
from mltrack_tui.export.shape import Form
from mltrack_tui.export.table import Heading, Row
from mltrack_tui.screens.rows import Field, Rows
from mltrack_tui.widgets.cells import Cell
from mltrack_tui.widgets.grid import Grid

Named = tuple[str, str]
_FIELDS = (
    Field[Named]("name", lambda item: Cell(clean(item[0], 200)), lambda item: item[0], lambda item: item[0]),
    Field[Named](
        "value",
        lambda item: Cell(clean(item[1], 500)),
        lambda item: number_of(item[1]) if number_of(item[1]) is not None else item[1],
        lambda item: item[1],
        widest=500,
    ),
)


class TextsPane(Vertical):
    """A table of names and values; ``z`` shows all of a long one."""

    def __init__(self, id: str, *, empty: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.grid = Grid(frozen=1)
        self._empty = empty
        self._rows: Rows[Named] = Rows(_FIELDS)

    def compose(self) -> ComposeResult:
        """Nothing but the table."""
        yield self.grid

    def show(self, texts: Mapping[str, str]) -> None:
        """Show these, by name; the cursor stays on its name."""
        here = self.value_under_cursor()
        self.grid.empty = self._empty
        self._rows = Rows(_FIELDS, sorted(texts.items()))
        row = next((index for index, item in enumerate(self._rows.items) if here and item[0] == here[0]), None)
        self.grid.show(self._rows, columns=self._rows.columns(), cursor_row=row)

    def value_under_cursor(self) -> Named | None:
        """Name and value of the cursor's row."""
        return self._rows.items[self.grid.cursor_row] if len(self._rows) else None

    def exact(self) -> tuple[Sequence[Heading], Sequence[Row]]:
        """The table as it was logged."""
        return (Heading("name"), Heading("value", Form.PARAMETER)), self._rows.items
