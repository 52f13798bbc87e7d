"""CSV as RFC 4180 has it, harmless for a terminal."""

import re
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import TextIO

from mltrack_tui.domain.numbers import as_json
from mltrack_tui.domain.text import clean
from mltrack_tui.export.shape import Row, Shape, Value

_PLAIN = re.compile(r"[ !#-+\--~]+")
_SUSPICIOUS = re.compile(r"\r\n|[^\x20-\x7e\n]")


async def write(shape: Shape[Row], batches: AsyncIterator[Sequence[Row]], out: TextIO) -> None:
    """Write the headings, then the rows as they come."""
    out.write(_line(cell.heading for cell in shape.exact))
    async for batch in batches:
        out.write("".join(_line(cell.value(row) for cell in shape.exact) for row in batch))


def _line(values: Iterable[Value]) -> str:
    return ",".join(map(_field, values)) + "\r\n"


def _field(value: Value) -> str:
    """What is missing is nothing at all, an empty text is ``""``."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(as_json(value))
    if _PLAIN.fullmatch(value):
        return value
    text = _SUSPICIOUS.sub(_harmless, value).replace('"', '""')
    return f'"{text}"'


def _harmless(match: re.Match[str]) -> str:
    return match[0] if match[0] == "\r\n" else clean(match[0])
