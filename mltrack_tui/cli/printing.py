"""An answer to standard output, in the format that was asked for."""

import sys
from collections.abc import AsyncIterator, Sequence
from io import TextIOWrapper
from typing import TextIO

from mltrack_tui.cli.options import Format
from mltrack_tui.export.shape import Json, Row, Shape


async def write_rows(format_: Format, shape: Shape[Row], batches: AsyncIterator[Sequence[Row]]) -> None:
    """Write rows as they come, in batches."""
    out = output()
    if format_ is Format.JSON:
        from mltrack_tui.export import as_json

        await as_json.write(shape, batches, out)
    elif format_ is Format.CSV:
        from mltrack_tui.export import as_csv

        await as_csv.write(shape, batches, out)
    elif format_ is Format.MARKDOWN:
        from mltrack_tui.export import as_markdown

        await as_markdown.write(shape, batches, out)
    else:
        from mltrack_tui.export import as_table

        await as_table.write(shape, batches, out)


async def at_once(rows: Sequence[Row]) -> AsyncIterator[Sequence[Row]]:
    """Rows that are there already, as the one batch."""
    yield rows


def write_object(record: Json) -> None:
    """Write one JSON object."""
    from mltrack_tui.export.as_json import write_one

    write_one(record, output())


def write_text(text: str) -> None:
    """Write lines that are harmless already."""
    output().write(text)


def output() -> TextIO:
    """Standard output as our formats need it: UTF-8 but for a terminal that wants another, line ends as written."""
    if isinstance(sys.stdout, TextIOWrapper):
        encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="replace", newline="\n")
    return sys.stdout
