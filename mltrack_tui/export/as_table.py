"""Aligned columns of plain text."""

import json
import shutil
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import TextIO

from mltrack_tui.domain.numbers import number_of
from mltrack_tui.domain.text import clean
from mltrack_tui.export.human import MISSING, fitted, shown, width
from mltrack_tui.export.shape import Cell, Form, Row, Shape

_GAP = "  "
_IN_MEMORY = 16_000_000  # characters; what is more waits in a file that has no name
_CUTS = (80, 60, 40, 30, 24, 16, 12, 8)


@dataclass
class _Layout:
    """How wide each column is, and which stand to the right: known when every row was seen."""

    headings: list[str]
    widths: list[int]
    numeric: list[bool]
    whole: list[bool]
    undecided: list[int] = field(default_factory=list)
    contents: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, cells: Sequence[Cell[Row]]) -> "_Layout":
        headings = [clean(cell.heading) for cell in cells]
        parameters = [index for index, cell in enumerate(cells) if cell.form is Form.PARAMETER]
        numeric = [cell.form.is_number or cell.form is Form.PARAMETER for cell in cells]
        whole = [index == 0 or cell.form not in {Form.TEXT, Form.PARAMETER} for index, cell in enumerate(cells)]
        widths = [width(heading) for heading in headings]
        return cls(headings, widths, numeric, whole, parameters, [0] * len(widths))

    def measure(self, rows: list[list[str]]) -> None:
        for index, column in enumerate(zip(*rows, strict=True)):
            self.contents[index] = max(self.contents[index], *map(width, column))
            self.widths[index] = max(self.widths[index], self.contents[index])
        for index in tuple(self.undecided):
            if any(row[index] != MISSING and number_of(row[index]) is None for row in rows):
                self.numeric[index] = False
                self.undecided.remove(index)

    def fit(self, columns: int) -> None:
        """Make long columns shorter, the same for all, until a line fits.

        Numbers, times and the first column, which says which row it is, are never cut: only their headings are.
        """
        longest = self.widths
        least = [content if whole else 0 for content, whole in zip(self.contents, self.whole, strict=True)]
        for cut in _CUTS:
            self.widths = [max(min(each, cut), floor) for each, floor in zip(longest, least, strict=True)]
            if sum(self.widths) + len(_GAP) * (len(self.widths) - 1) <= columns:
                return

    def line(self, texts: list[str]) -> str:
        return _GAP.join(map(self._padded, texts, self.widths, self.numeric)).rstrip() + "\n"

    @staticmethod
    def _padded(text: str, columns: int, numeric: bool) -> str:
        text = fitted(text, columns)
        padding = " " * (columns - width(text))
        return padding + text if numeric else text + padding


async def write(shape: Shape[Row], batches: AsyncIterator[Sequence[Row]], out: TextIO) -> None:
    """Write the headings, then the rows. Nothing is cut unless the output is a terminal."""
    layout = _Layout.of(shape.human)
    with SpooledTemporaryFile(_IN_MEMORY, mode="w+", encoding="utf-8") as waiting:
        async for batch in batches:
            rows = [[shown(cell.value(row), cell.form) for cell in shape.human] for row in batch]
            if rows:
                layout.measure(rows)
                waiting.write(json.dumps(rows) + "\n")
        if out.isatty():
            layout.fit(shutil.get_terminal_size().columns)
        out.write(layout.line(layout.headings))
        waiting.seek(0)
        out.writelines(layout.line(row) for batch in waiting for row in json.loads(batch))
