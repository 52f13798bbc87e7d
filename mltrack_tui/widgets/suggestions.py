"""What may be typed next, in a small list below the box, over whatever is there."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from mltrack_tui.domain.text import clean
from mltrack_tui.widgets.cells import fit
from mltrack_tui.widgets.inks import ink
from mltrack_tui.widgets.line import Line

_INKS = {
    "choice": "$foreground",
    "note": "$dim",
    "chosen": "bold on $cell",
    "chosen:ansi": "bold underline on $cell",
    "dim": "$dim",
    "error": "$error",
}
MOST_ROWS = 8
_WIDEST, _LONGEST = 40, 200
"""Terminal cells of a choice on screen; characters of one that are looked at."""
_IN_ALL = "{:,} in all"
_BELOW = 3
"""Lines of the screen that stay free below: a row of the table, the status and the hints."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text to choose, and what it is, in a word."""

    text: str
    note: str = ""


class Suggestions(Widget):
    """A line that says something, and choices; each may be absent. It covers what lies below and moves nothing."""

    class Pressed(Message):
        """A choice was clicked on."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self) -> None:
        super().__init__()
        self.choices: Sequence[Suggestion] = ()
        self.highlighted: int | None = None
        """The choice that the user has gone to."""
        self._message, self._tone = "", "dim"
        self._x = self._top = self._room = self._listed = 0
        self.display = False

    @property
    def is_open(self) -> bool:
        """Whether there is something to choose from."""
        return self.display and bool(self.choices)

    def show(self, choices: Sequence[Suggestion], message: str = "", *, error: bool = False, x: int = 0) -> None:
        """Show other choices and another sentence, from a column of the screen on; nothing where both are empty."""
        said = (clean(message, _LONGEST), "error" if error else "dim")
        if (choices, said, x) == (self.choices, (self._message, self._tone), self._x) and self.display:
            return
        self.choices, (self._message, self._tone), self._x = choices, said, x
        self.highlighted, self._top = None, 0
        self.make_room()

    def make_room(self) -> None:
        """Take the room that there is on the screen, and no more."""
        if not self.is_attached:
            return  # the screen is being closed
        screen = self.screen.size
        line = self.parent.region.y if isinstance(self.parent, Widget) else 0
        lines = max(screen.height - line - 1 - _BELOW, 1)
        self._room = max(min(MOST_ROWS, lines - bool(self._message)), 0)
        rows = len(self._rows()) + self._more() + bool(self._message)
        self._listed = min(max((self._width(each) for each in self.choices), default=0), screen.width)
        width = min(max(cell_len(self._message) + 2, self._listed, len(_IN_ALL)), screen.width)
        self.styles.offset = (max(min(self._x, screen.width - width), 0), 0)
        self.styles.width, self.styles.height = width, rows
        self.display = rows > 0
        self.refresh()

    def step(self, by: int) -> None:
        """Go to the next choice or the one before; before the first, back into the box."""
        here = -1 if self.highlighted is None else self.highlighted
        there = min(here + by, len(self.choices) - 1)
        self.highlighted = None if there < 0 else there
        self._top = max(min(self._top, max(there, 0)), there - self._visible + 1, 0)
        self.refresh()

    @property
    def _visible(self) -> int:
        """How many choices have room; a line says how many there are beyond them."""
        return self._room if len(self.choices) <= self._room else max(self._room - 1, 0)

    def _rows(self) -> Sequence[Suggestion]:
        return self.choices[self._top : self._top + self._visible]

    def _more(self) -> bool:
        return len(self.choices) > self._room > 0

    def _width(self, each: Suggestion) -> int:
        note = cell_len(each.note) + 2 if each.note else 0
        return min(cell_len(clean(each.text, _LONGEST)), _WIDEST) + note + 2

    def on_click(self, event: events.Click) -> None:
        """Choose with the mouse."""
        event.stop()
        row = self._top + event.y - bool(self._message)
        if event.y >= bool(self._message) and row < self._top + len(self._rows()):
            self.post_message(self.Pressed(row))

    def render_line(self, y: int) -> Strip:
        """Paint the sentence, a choice, or how many there are beyond."""
        y -= bool(self._message)
        if y < 0:
            return self._line(self._message, "", self._tone)
        rows = self._rows()
        if y < len(rows):
            chosen = self._top + y == self.highlighted
            return self._line(rows[y].text, rows[y].note, "chosen" if chosen else "choice")
        beyond = len(self.choices) - self._top - len(rows)
        return self._line(f"… {beyond:,} more" if beyond > 0 else _IN_ALL.format(len(self.choices)), "", "dim")

    def _line(self, text: str, note: str, look: str) -> Strip:
        style = self.rich_style + ink(self, _INKS, look)
        quiet = style if look == "chosen" else self.rich_style + ink(self, _INKS, "note")
        width = self.size.width
        room = max((self._listed if note else width) - 2 - (cell_len(note) + 2 if note else 0), 0)
        line = Line(style)
        line.put(0, f" {fit(clean(text, _LONGEST), room)}", style)
        if note:
            line.put(room + 3, f"{note} ", quiet)
        return line.strip(width)
