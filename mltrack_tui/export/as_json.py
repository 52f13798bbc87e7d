"""JSON that is exact for a program and harmless for a terminal."""

import json
import re
from collections.abc import AsyncIterator, Sequence
from typing import TextIO

from mltrack_tui.domain.text import clean
from mltrack_tui.export.shape import Json, Row, Shape

_SUSPICIOUS = re.compile(r"[^\x20-\x7e\n]")


async def write(shape: Shape[Row], batches: AsyncIterator[Sequence[Row]], out: TextIO) -> None:
    """Write one array, a row a line, as the rows come."""
    before = "[\n"
    async for batch in batches:
        for row in batch:
            out.write(before + encoded(shape.record(row)))
            before = ",\n"
    out.write("[]\n" if before == "[\n" else "\n]\n")


def write_one(record: Json, out: TextIO) -> None:
    """Write one object."""
    out.write(encoded(record, indent=2) + "\n")


def encoded(value: Json, indent: int | None = None) -> str:
    """A value as JSON: readable in any script; control codes and the like are escaped, so that none is ever sent."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    return _SUSPICIOUS.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    return character if clean(character) == character else f"\\u{ord(character):04x}"
