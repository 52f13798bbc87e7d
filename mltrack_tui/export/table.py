"""A table of exact values, in any of the formats that are files."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TextIO

from mltrack_tui.domain.numbers import as_json
from mltrack_tui.export.shape import Cell, Form, Json, Shape, Value

Row = Sequence[Value]


class FileFormat(StrEnum):
    """What a table can be written as; the value ends the file's name."""

    CSV = "csv"
    JSON = "json"
    MARKDOWN = "md"


class Heading(NamedTuple):
    """A column's name, and how people read its values; other formats have them exactly."""

    name: str
    form: Form = Form.TEXT


@dataclass(frozen=True, slots=True)
class Exportable:
    """A table that is to be written.

    Attributes:
        name: what it is of, for a file's name.
        headings: its columns, in order.
        count: how many rows there will be.
        batches: reads the rows; each has a value for every heading, None where it is missing.
        note: where these are not all rows there are, that in words.
    """

    name: str
    headings: Sequence[Heading]
    count: int
    batches: Callable[[], AsyncIterator[Sequence[Row]]]
    note: str = ""


async def write_table(
    table: Exportable, format_: FileFormat, out: TextIO, batches: AsyncIterator[Sequence[Row]]
) -> None:
    """Write a table's rows as they come."""
    cells = [_cell(index, heading) for index, heading in enumerate(table.headings)]
    names = [heading.name for heading in table.headings]

    def record(row: Row) -> Json:
        values = (as_json(value) if isinstance(value, float) else value for value in row)
        return dict(zip(names, values, strict=True))

    shape = Shape(record, cells, cells)
    if format_ is FileFormat.CSV:
        from mltrack_tui.export import as_csv

        await as_csv.write(shape, batches, out)
    elif format_ is FileFormat.JSON:
        from mltrack_tui.export import as_json as json_format

        await json_format.write(shape, batches, out)
    else:
        from mltrack_tui.export import as_markdown

        await as_markdown.write(shape, batches, out)


def _cell(index: int, heading: Heading) -> Cell[Row]:
    return Cell(heading.name, lambda row: row[index], heading.form)
