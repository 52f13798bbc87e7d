"""A picture made of text, drawn anew by its owner when its size changes."""

import re

from textual.content import Content, Span
from textual.message import Message
from textual.widget import Widget

_CURVE = re.compile("[\u2800-\u28ff▲▼•×]+")


def _inked(line: str) -> Content:
    """A line of the drawing: the curve stands out from its axes."""
    spans = [Span(*match.span(), "$accent") for match in _CURVE.finditer(line)]
    return Content(line, spans).stylize_before("$dim")


class PlotView(Widget):
    """Shows lines of text that were made for exactly its size."""

    class Resized(Message):
        """There is room for another picture."""

    def __init__(self) -> None:
        super().__init__(id="plot")
        self._lines: list[str] = []

    def show(self, picture: str) -> None:
        """Show a picture: a title, the drawing, a caption."""
        lines = picture.split("\n")
        if lines != self._lines:
            self._lines = lines
            self.refresh()

    def on_resize(self) -> None:
        """Tell the owner."""
        self.post_message(self.Resized())

    def render(self) -> Content:
        """The drawing is the brightest; its title bold, its caption dim."""
        if not self._lines:
            return Content("")
        title, *drawing = self._lines
        caption = drawing.pop() if drawing else ""
        return Content("\n").join(
            [
                Content.styled(title, "bold"),
                *(_inked(line) for line in drawing),
                Content.styled(caption, "$dim"),
            ]
        )
