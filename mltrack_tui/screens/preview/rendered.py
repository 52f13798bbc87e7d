"""Markdown and notebooks laid out in lines of a width: by Rich, in a thread, with nothing that can be followed."""

import re
from collections.abc import Iterator, Sequence
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.domain.text import clean_lines
from mltrack_tui.preview.file import Unreadable
from mltrack_tui.preview.highlight import highlighted
from mltrack_tui.preview.image import Colour, decoded, fitted, half_blocks
from mltrack_tui.preview.notebook import Notebook, NotebookCell, Output

_CODES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_IMAGE_ROWS = 20
"""Lines that an image among a notebook's outputs has at most."""


class Inks:
    """The styles that text has, by the names of `preview.highlight.Span`, and the colour below it all."""

    def __init__(self, styles: dict[str, Style], background: Colour, *, dark: bool) -> None:
        self.styles, self.background, self.dark = styles, background, dark

    def __getitem__(self, name: str) -> Style:
        return self.styles[name]


def laid_out(what: RenderableType, width: int) -> list[list[Segment]]:
    """Lines of pieces of text, each so wide."""
    console = Console(file=StringIO(), width=width, color_system="truecolor", force_terminal=True, legacy_windows=False)
    return console.render_lines(what, console.options.update(width=width, height=None), pad=True)


def markdown(text: str, inks: Inks) -> RenderableType:
    """Markdown whose links are shown and lead nowhere, and whose images are their names."""
    return Markdown(
        clean_lines(text), hyperlinks=False, code_theme="ansi_dark" if inks.dark else "ansi_light", style=inks["plain"]
    )


def notebook(book: Notebook, inks: Inks, width: int) -> RenderableType:
    """Cells below one another, code with its number before it and its outputs below it."""
    return Group(*(part for cell in book.cells for part in _cell(cell, book.language, inks, width)))


def _cell(cell: NotebookCell, language: str, inks: Inks, width: int) -> Iterator[RenderableType]:
    if cell.kind == "markdown":
        yield markdown(cell.source, inks)
    else:
        number = "" if cell.kind != "code" else f"In [{cell.count if cell.count is not None else ' '}]"
        yield Text(number, inks["number"])
        yield Padding(_code(cell.source, language if cell.kind == "code" else "", inks), (0, 0, 0, 2))
    for output in cell.outputs:
        yield Padding(_output(output, inks, width), (0, 0, 0, 2))
    yield Text("")


def _code(source: str, language: str, inks: Inks) -> Text:
    lines = clean_lines(source).split("\n")
    spans = highlighted(language, lines) if language else []
    text = Text(style=inks["plain"], no_wrap=False)
    for at, line in enumerate(lines):
        if at:
            text.append("\n")
        for ink, part in spans[at] if at < len(spans) else [("plain", line)]:
            text.append(part, inks[ink])
    return text


def _output(output: Output, inks: Inks, width: int) -> RenderableType:
    if not output.image:
        text = clean_lines(_CODES.sub("", output.text).rstrip("\n"))
        return Text(
            "\n".join(f"│ {line}" for line in text.split("\n")), inks["literal" if output.is_error else "number"]
        )
    try:
        image = decoded(output.image, inks.background)
    except Unreadable as why:
        return Text(str(why), inks["number"])
    small = fitted(image, max(width - 4, 1), 2 * _IMAGE_ROWS)
    about = Text(f"image, {image.width:,}×{image.height:,}, {bytes_text(len(output.image))}", inks["number"])
    return Group(_blocks(half_blocks(small, inks.background).rows), about)


def _blocks(rows: Sequence[Sequence[tuple[Colour, Colour]]]) -> Text:
    text = Text(no_wrap=True)
    for at, row in enumerate(rows):
        if at:
            text.append("\n")
        for upper, lower in row:
            text.append("▀", block_style(upper, lower))
    return text


def block_style(upper: Colour, lower: Colour) -> Style:
    """The style of ``▀`` for two pixels."""
    from rich.color import Color

    return Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower))
