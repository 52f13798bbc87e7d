"""Markdown and notebooks laid out in lines of a width: by Rich, in a thread, with nothing that can be followed."""

import re
from collections.abc import Iterator
from io import StringIO
from itertools import groupby

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.markdown import Markdown
from rich.padding import Padding
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.domain.text import clean_lines
from mltrack_tui.preview.file import Unreadable
from mltrack_tui.preview.highlight import highlighted
from mltrack_tui.preview.image import Colour, Picture, decoded, fitted, half_blocks
from mltrack_tui.preview.notebook import Notebook, NotebookCell, Output

_CODES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_FEWEST_ROWS = 6
"""Lines that an image among a notebook's outputs may have however few the screen has."""


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


def notebook(book: Notebook, inks: Inks, size: tuple[int, int]) -> RenderableType:
    """Cells below one another, code with its number before it and its outputs below it.

    Images are so large that one is seen whole, with what is said of it, on a screen of so many columns and lines.
    """
    return Group(*(part for cell in book.cells for part in _cell(cell, book.language, inks, size)))


def _cell(cell: NotebookCell, language: str, inks: Inks, size: tuple[int, int]) -> Iterator[RenderableType]:
    if cell.kind == "markdown":
        yield markdown(cell.source, inks)
    else:
        number = "" if cell.kind != "code" else f"In [{cell.count if cell.count is not None else ' '}]"
        yield Text(number, inks["number"])
        yield Padding(_code(cell.source, language if cell.kind == "code" else "", inks), (0, 0, 0, 2))
    for output in cell.outputs:
        yield Padding(_output(output, inks, size), (0, 0, 0, 2))
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


def _output(output: Output, inks: Inks, size: tuple[int, int]) -> RenderableType:
    if not output.image:
        text = clean_lines(_CODES.sub("", output.text).rstrip("\n"))
        return Text(
            "\n".join(f"│ {line}" for line in text.split("\n")), inks["literal" if output.is_error else "number"]
        )
    try:
        image = decoded(output.image, inks.background)
    except Unreadable as why:
        return Text(str(why), inks["number"])
    width, height = size
    small = fitted(image, max(width - 4, 1), 2 * max(height - 1, _FEWEST_ROWS))
    about = Text(f"image, {image.width:,}×{image.height:,}, {bytes_text(len(output.image))}", inks["number"])
    return Group(_Blocks(half_blocks(small, inks.background)), about)


class _Blocks:
    """A picture among what Rich lays out; as a text of so many colours it would take ten times as long."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in block_lines(self._picture):
            yield from line
            yield Segment.line()


def block_lines(picture: Picture) -> Iterator[list[Segment]]:
    """The lines of a picture; neighbours of the same colours are one piece."""
    from rich.color import Color

    for row in picture.rows:
        yield [
            Segment("▀" * len(list(same)), Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower)))
            for (upper, lower), same in groupby(row)
        ]
