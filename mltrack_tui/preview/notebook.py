"""A Jupyter notebook's cells and what came of them, as https://nbformat.readthedocs.io describes version 4."""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mltrack_tui.preview.file import Unreadable

_LONGEST = 20_000
"""Characters of one output that are shown."""
_IMAGES = ("image/png", "image/jpeg")


@dataclass(frozen=True, slots=True)
class Output:
    """What came of a cell: a text, or an image as bytes; ``is_error`` if that was an error."""

    text: str = ""
    image: bytes = b""
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class NotebookCell:
    """One cell.

    Attributes:
        kind: ``code``, ``markdown`` or ``raw``.
        count: which run of code it was; None if it never ran.
    """

    kind: str
    source: str
    count: int | None = None
    outputs: Sequence[Output] = ()


@dataclass(frozen=True, slots=True)
class Notebook:
    """Cells, and the language of those that are code."""

    cells: Sequence[NotebookCell]
    language: str


def notebook(data: bytes) -> Notebook:
    """Understand a notebook. Raises Unreadable."""
    try:
        read = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Unreadable("This is no notebook: its JSON is broken.") from error
    cells = read.get("cells") if isinstance(read, Mapping) else None
    if not isinstance(cells, list):
        raise Unreadable("This is no notebook of version 4: it has no cells.")
    language = _at(_at(read.get("metadata"), "kernelspec"), "language")
    return Notebook([_cell(cell) for cell in cells if isinstance(cell, Mapping)], str(language or "python"))


def _at(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, Mapping) else None


def _cell(cell: Mapping[str, object]) -> NotebookCell:
    outputs, count = cell.get("outputs"), cell.get("execution_count")
    return NotebookCell(
        str(cell.get("cell_type")),
        _text(cell.get("source")),
        count if isinstance(count, int) else None,
        [each for output in outputs if isinstance(output, Mapping) for each in _outputs(output)]
        if isinstance(outputs, list)
        else (),
    )


def _outputs(output: Mapping[str, object]) -> Iterator[Output]:
    if output.get("output_type") == "error":
        yield Output(_shortened(_text(output.get("traceback"), "\n")), is_error=True)
    elif "text" in output:
        yield Output(_shortened(_text(output["text"])))
    data = output.get("data")
    if not isinstance(data, Mapping):
        return
    image = next((_text(data[kind]) for kind in _IMAGES if kind in data), "")
    if image:
        try:
            yield Output(image=b64decode(image))
        except (NotBase64, ValueError):
            yield Output("(an image that is broken)")
    elif "text/plain" in data:
        yield Output(_shortened(_text(data["text/plain"])))
    elif data:
        yield Output(f"({', '.join(map(str, data))})")


def _text(value: object, between: str = "") -> str:
    """A text, which a notebook may have as a list of its lines."""
    return between.join(map(str, value)) if isinstance(value, list) else str(value or "")


def _shortened(text: str) -> str:
    left_out = len(text) - _LONGEST
    return text if left_out <= 0 else f"{text[:_LONGEST]}\n… {left_out:,} more characters"
