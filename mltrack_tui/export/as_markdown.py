"""A table in GitHub's Markdown, in which a cell shows literally what was logged."""

import re
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import TextIO

from mltrack_tui.domain.text import clean
from mltrack_tui.export.human import shown
from mltrack_tui.export.shape import Cell, Row, Shape

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~&$]")


async def write(shape: Shape[Row], batches: AsyncIterator[Sequence[Row]], out: TextIO) -> None:
    """Write the headings, then the rows as they come."""
    out.write(line(literal(cell.heading) for cell in shape.human))
    out.write(line("---:" if cell.form.is_number else "---" for cell in shape.human))
    async for batch in batches:
        out.writelines(line(_cell(cell, row) for cell in shape.human) for row in batch)


def _cell(cell: Cell[Row], row: Row) -> str:
    value = cell.value(row)
    return literal(value) if isinstance(value, str) else shown(value, cell.form)


def literal(text: str) -> str:
    """A text on one line with everything escaped that Markdown or HTML would act on."""
    return _SPECIAL.sub(r"\\\g<0>", clean(text))


def line(cells: Iterable[str]) -> str:
    """A row of cells that are Markdown already."""
    return f"| {' | '.join(cells)} |\n"
