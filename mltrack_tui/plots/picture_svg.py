"""A picture of text as a vector picture, each of its characters in its place."""

import re
from collections.abc import Iterator
from html import escape

from rich.cells import cell_len

from mltrack_tui.plots.palette import LIGHT
from mltrack_tui.plots.picture import Ink, Picture

_CELL, _LINE, _MARGIN = 8, 18, 12
"""Pixels that a character is wide, a line is high, and that are free around the picture."""
_QUIET, _PLAIN = "#6b7280", "#22262e"
_COLOURS = {"axis": _QUIET, "caption": _QUIET, "mark": "#b3263a", "best": "#1f6284", "curve": "#2a6f8f"}
_NO_XML = re.compile("[\ufffe\uffff]")  # besides what `clean` takes away, which XML 1.0 has no way to write


def picture_svg(picture: Picture) -> str:
    """A picture as SVG 1.1, in the colours of a light background."""
    lines = picture.text.split("\n")
    width = 2 * _MARGIN + _CELL * max(map(cell_len, lines))
    height = 2 * _MARGIN + _LINE * len(picture.lines)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        ' font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13">\n'
        '<rect width="100%" height="100%" fill="#ffffff"/>\n'
    )
    return head + "".join(_texts(picture)) + "</svg>\n"


def in_xml(text: str) -> str:
    """A text that is clean for terminals, as it stands in XML."""
    return escape(_NO_XML.sub("·", text))


def _texts(picture: Picture) -> Iterator[str]:
    for row, runs in enumerate(picture.lines):
        column = 0
        for text, ink in runs:
            cells = cell_len(text)
            if text.strip():
                place = f'x="{_MARGIN + _CELL * column}" y="{_MARGIN + _LINE * (row + 1) - 5}"'
                length = f'textLength="{_CELL * cells}" lengthAdjust="spacingAndGlyphs"'
                harmless = in_xml(text)
                look = f'fill="{_colour(ink)}"{_weight(ink)} xml:space="preserve"'
                yield f"<text {place} {length} {look}>{harmless}</text>\n"
            column += cells


def _colour(ink: Ink) -> str:
    return LIGHT[ink.slot % len(LIGHT)] if ink.slot is not None else _COLOURS.get(ink.kind, _PLAIN)


def _weight(ink: Ink) -> str:
    return ' font-weight="bold"' if ink.kind in {"title", "best", "chosen"} else ""
