"""A picture made of text, drawn anew by its owner when its size changes."""

from textual.content import Content
from textual.message import Message
from textual.widget import Widget


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
                *(Content.styled(line, "$accent") for line in drawing),
                Content.styled(caption, "$dim"),
            ]
        )
