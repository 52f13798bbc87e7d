"""A line of text in several styles, as few pieces as possible."""

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


class Line:
    """A line under way: texts at their places, neighbours of the very same style joined, to send few bytes."""

    def __init__(self, blank: Style) -> None:
        self._blank = blank
        self._parts: list[tuple[str, Style]] = []
        self._x = 0

    def put(self, x: int, text: str, style: Style) -> None:
        """Write ``text`` at ``x``, which lies behind everything written before."""
        if x > self._x:
            self._add(" " * (x - self._x), self._blank)
        self._add(text, style)
        self._x = x + (len(text) if text.isascii() else cell_len(text))

    def _add(self, text: str, style: Style) -> None:
        if self._parts and self._parts[-1][1] is style:
            self._parts[-1] = (self._parts[-1][0] + text, style)
        else:
            self._parts.append((text, style))

    def strip(self, width: int) -> Strip:
        """The line, exactly ``width`` cells wide."""
        strip = Strip(Segment(text, style) for text, style in self._parts)
        return strip.adjust_cell_length(width, self._blank)
