"""The lines of a text that are on screen."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from mltrack_tui.preview.highlight import Span, cut
from mltrack_tui.screens.preview.lines import Place
from mltrack_tui.widgets.inks import ink

if TYPE_CHECKING:
    from mltrack_tui.screens.preview.text import TextView

_INKS = {
    "plain": "$foreground",
    "number": "$dim",
    "keyword": "$accent",
    "name": "bold $primary",
    "string": "$success",
    "literal": "$warning",
    "comment": "italic $dim",
    "found": "reverse",
}


class Page(Widget, can_focus=True):
    """Paints what a text view is at, by Textual's line API."""

    def __init__(self, view: "TextView") -> None:
        super().__init__()
        self._view = view
        self._inks: dict[str, Style] = {}
        self._shown: Sequence[Place] = ()
        self._shown_for: tuple[object, ...] = ()

    @property
    def height(self) -> int:
        """Lines on screen."""
        return max(self.size.height, 1)

    def shown(self) -> Sequence[Place]:
        """Which lines are on screen."""
        lines, window = self._view.lines, self._view.reader.window
        lines.width = max(self.size.width - self._gutter, 1)
        state = (window, window.begin, window.stop, self._view.top, lines.width, lines.wraps, self.height)
        if state != self._shown_for:
            self._shown_for, self._shown = state, lines.shown(self._view.top, self.height)
        return self._shown

    @property
    def _gutter(self) -> int:
        """Terminal cells before the text: for the number of the last line that was read."""
        numbers = self._view.reader.window.numbers
        return max(len(f"{numbers[-1]:,}") if numbers else 0, 4) + 2

    def on_resize(self) -> None:
        """Other pieces fit."""
        self.shown()
        self._view.fit()

    def notify_style_update(self) -> None:
        """Other colours."""
        super().notify_style_update()
        self._inks.clear()

    def _ink(self, name: str) -> Style:
        """The style of what has this name; equal ones are the same object."""
        if name not in self._inks:
            self._inks[name] = self.rich_style + ink(self, _INKS, name)
        return self._inks[name]

    def render_line(self, y: int) -> Strip:
        """A line of text behind its number."""
        shown = self.shown()
        if y >= len(shown):
            return Strip.blank(self.size.width, self._ink("plain"))
        row, piece = shown[y]
        gutter = Segment(self._mark(row, piece).rjust(self._gutter - 2) + "  ", self._ink("number"))
        text = Strip(Segment(part, self._ink(name)) for name, part in self._parts(row, piece))
        left = self._view.left
        strip = Strip([gutter, *text.crop(left, left + self.size.width - self._gutter)])
        return strip.adjust_cell_length(self.size.width, self._ink("plain"))

    def _parts(self, row: int, piece: int) -> Iterator[Span]:
        lines, window = self._view.lines, self._view.reader.window
        text, pieces = lines.text(row), lines.pieces(row)
        start = sum(map(len, pieces[:piece]))
        stop = start + len(pieces[piece])
        spans: Sequence[Span] = self._view.spans.get(window.rows[row].start) or (("plain", text),)
        if self._view.needle:
            spans = list(_marked(spans, text, self._view.needle))
        return cut(spans, start, stop)

    def _mark(self, row: int, piece: int) -> str:
        window = self._view.reader.window
        if piece or not window.rows[row].begins:
            return "↳"
        return f"{window.numbers[row]:,}" if window.numbers is not None else ""


def _marked(spans: Sequence[Span], text: str, needle: str) -> Iterator[Span]:
    """A line in parts, with what was searched for as further ones."""
    at = 0
    for match in re.finditer(re.escape(needle), text, re.IGNORECASE if needle.islower() else 0):
        yield from cut(spans, at, match.start())
        yield "found", match[0]
        at = match.end()
    yield from cut(spans, at, len(text))
