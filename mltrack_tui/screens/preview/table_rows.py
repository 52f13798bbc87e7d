"""Rows of a file's table as a grid shows them."""

from collections.abc import AsyncIterator, Sequence

from rich.cells import cell_len

from mltrack_tui.domain.numbers import number_of
from mltrack_tui.domain.text import clean
from mltrack_tui.export.table import Exportable, Heading, Row
from mltrack_tui.preview.columns import ABSENT, Look, look_of
from mltrack_tui.preview.table import Cells, Table
from mltrack_tui.widgets.cells import MISSING, Cell, GridColumn, GridColumns, Tone

_LONGEST = 200
"""Characters of a cell that are looked at."""
_WIDEST = 40
_NARROWEST = 3
_EXPORTED = 1000
"""Rows that are exported at once."""
_SAMPLE = 100
"""Rows at the beginning, and at the end, that tell how a column is to look."""


class TableRows:
    """Some rows of a table, by their places in it. How a column is written is told when it is first seen."""

    def __init__(self, table: Table, shown: Sequence[int]) -> None:
        self.table, self.shown = table, shown
        ends = range(len(shown))
        self._sample = [table.row(shown[place]) for place in sorted({*ends[:_SAMPLE], *ends[-_SAMPLE:]})]
        self._looks: dict[int, Look] = {}

    def __len__(self) -> int:
        return len(self.shown)

    def look(self, column: int) -> Look:
        """How a column is written."""
        if column not in self._looks:
            cells = ((row[column] or "")[:_LONGEST] for row in self._sample if column < len(row))
            self._looks[column] = look_of(cells)
        return self._looks[column]

    def columns(self) -> GridColumns:
        """Columns as wide as what was seen of them, within reason."""
        names = self.table.names

        def made(place: int) -> GridColumn:
            look, title = self.look(place), clean(names[place], _LONGEST)
            room = look.width if look.is_numeric else self._widest(place)
            return GridColumn(title, max(min(max(room, cell_len(title) + 1), _WIDEST), _NARROWEST), look.is_numeric)

        return GridColumns(len(names), made)

    def _widest(self, column: int) -> int:
        return max(
            (cell_len(clean(row[column] or "", _LONGEST)) for row in self._sample if column < len(row)), default=0
        )

    def cells(self, row: int, columns: tuple[int, ...]) -> list[Cell]:
        """A row's cells."""
        held = self.table.row(self.shown[row])
        return [self._cell(column, held[column] if column < len(held) else None) for column in columns]

    def full(self, row: int, column: int) -> tuple[str, str]:
        """A cell's title and all of its text."""
        cells = self.table.row(self.shown[row])
        return self.table.names[column], (cells[column] if column < len(cells) else None) or ""

    def exported(self, name: str, note: str) -> Exportable:
        """These rows as they are written, to be exported under a name."""
        width = len(self.table.names)

        async def batches() -> AsyncIterator[Sequence[Row]]:
            for start in range(0, len(self), _EXPORTED):
                yield [_padded(self.table.row(index), width) for index in self.shown[start : start + _EXPORTED]]

        return Exportable(name, [Heading(each) for each in self.table.names], len(self), batches, note)

    def _cell(self, column: int, text: str | None) -> Cell:
        if not text:
            return MISSING
        look = self.look(column)
        if not look.is_numeric:
            return Cell(clean(text, _LONGEST))
        number = number_of(text)
        if number is None:
            return Cell(clean(text, _LONGEST), Tone.DIM if text.strip().casefold() in ABSENT else Tone.PLAIN)
        return Cell(look.text(text), Tone.PLAIN if number - number == 0 else Tone.WARN)


def _padded(cells: Cells, width: int) -> Row:
    return [cells[place] or None if place < len(cells) else None for place in range(width)]
