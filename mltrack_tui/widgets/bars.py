"""The lines around a screen's content: where we are, what is under the cursor, what can be done."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget

from mltrack_tui.commands import Command, Keys
from mltrack_tui.domain.text import clean
from mltrack_tui.widgets.cells import fit

SEPARATOR = " › "


class Bar(Widget):
    """One line with something on the left and something on the right; the left gives way."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._right = ""

    def on_resize(self) -> None:
        """What fits depends on the width."""
        self.refresh()

    def _room(self) -> int:
        return max(self.size.width - 2 - (cell_len(self._right) + 2 if self._right else 0), 0)

    def _line(self, left: Content) -> Content:
        gap = self.size.width - 2 - left.cell_length - cell_len(self._right)
        return Content(" ").append(left).append(Content(" " * max(gap, 1))).append(Content(self._right))


class PathBar(Bar):
    """The path to where we are, and how many of what is here are shown."""

    def __init__(self, *parts: str) -> None:
        super().__init__(id="path")
        self._parts = parts
        self._count = self._age = self._transfers = ""

    def show(
        self,
        parts: Sequence[str] | None = None,
        count: str | None = None,
        age: str | None = None,
        transfers: str | None = None,
    ) -> None:
        """Show another path, another count, how old it all is, or what is downloaded."""
        before = self._parts, self._right
        self._parts = self._parts if parts is None else tuple(parts)
        self._count = self._count if count is None else count
        self._age = self._age if age is None else age
        self._transfers = self._transfers if transfers is None else transfers
        right = " · ".join(text for text in (self._age, self._count) if text)
        self._right = "   ".join(text for text in (self._transfers, right) if text)
        if self._parts == before[0] and len(self._right) == len(before[1]):
            here = next((at for at, each in enumerate(self._right) if each != before[1][at]), None)
            if here is not None:
                x = self.size.width - 1 - cell_len(self._right[here:])
                self.refresh(Region(max(x, 0), 0, max(self.size.width - x, 0), 1))
        elif (self._parts, self._right) != before:
            self.refresh()

    def render(self) -> Content:
        """The last part is what the eye should meet first; long ones before it are cut first."""
        room = self._room()
        *before, last = shortened([clean(part, 200) for part in self._parts], room)
        lead = "".join(part + SEPARATOR for part in before)
        last = fit(last, max(room - cell_len(lead), 0)).rstrip()
        return self._line(Content.styled(lead, "$dim") + Content.styled(last, "bold"))


def shortened(parts: Sequence[str], room: int) -> list[str]:
    """A path's parts, the first ones cut and then left out until the last has room."""

    def too_long() -> bool:
        return sum(map(cell_len, short)) + len(SEPARATOR) * (len(short) - 1) > room

    short = list(parts)
    for limit in (40, 20, 12, 6):
        if too_long():
            short = [fit(part, limit) if cell_len(part) > limit else part for part in short[:-1]] + short[-1:]
    while len(short) > 2 and too_long():
        short = ["…", *short[2:]]
    return short


class StatusLine(Bar):
    """What is under the cursor in full; above that, what the user has to know now."""

    def __init__(self) -> None:
        super().__init__(id="status")
        self._value = Content("")
        self._notice = Content("")
        self._greeting = Content("")
        self._stays = False
        self._tone = ""
        self._here: tuple[object, str] = "", ""

    def show_value(self, position: str, name: str, value: str, *, at: object = None) -> None:
        """Show where the cursor is, the name of its column and the cell's full value.

        ``at`` tells where it is in place of a position that says more, or nothing. Only as much of the line is painted
        as changes: this is sent with each move of the cursor. A value that was only read now, or became another one,
        takes no notice away.
        """
        (before, name_before), self._here = self._here, (position if at is None else at, name)
        stays = self._stays or (self._here[0] == before != "" and name_before in {"", name})
        lead = "   ".join(text for text in (position, clean(name, 60)) if text)
        shown = Content.styled(f"{lead}  " if lead else "", "$dim") + Content(clean(value, 400))
        if shown != self._value:
            reach = max(text.cell_length for text in (shown, self._value, self._notice, self._greeting)) + 2
            self._value, self._notice = shown, self._notice if stays else Content("")
            self.refresh(Region(0, 0, min(reach, self.size.width), 1))

    def show_notice(self, text: str = "", tone: str = "warning", *, stays: bool = False) -> None:
        """Show a sentence instead, until '' takes it away or, unless it ``stays``, the cursor moves on."""
        self._stays, self._tone = stays, tone
        notice = Content.styled(clean(text, 400), f"${tone}") if text else Content("")
        if notice != self._notice:
            self._notice = notice
            self.refresh()

    def greet(self, text: str) -> None:
        """Show a sentence in place of the value, whatever the cursor does, until ''."""
        greeting = Content.styled(clean(text, 400), "$warning") if text else Content("")
        if greeting != self._greeting:
            self._greeting = greeting
            self.refresh()

    def trouble_is_over(self) -> None:
        """Take away what was said of a busy or failing source; what else was said stays."""
        if self._stays or self._tone == "error":
            self.show_notice()

    def render(self) -> Content:
        """The notice if there is one, else the greeting, else the value; cut with an ellipsis where it is too long."""
        left = next((text for text in (self._notice, self._greeting) if text.plain), self._value)
        return self._line(left.truncate(self._room(), ellipsis=True))


class Hints(Widget):
    """The few commands that matter here, with their keys."""

    def __init__(self, commands: Sequence[Command], keys: Keys) -> None:
        super().__init__(id="hints")
        self._commands = tuple(commands)
        self._keys = keys

    def show(self, commands: Sequence[Command]) -> None:
        """Show other commands."""
        if tuple(commands) != self._commands:
            self._commands = tuple(commands)
            self.refresh()

    def render(self) -> Content:
        """As many as fit."""
        line = Content(" ")
        for command in self._commands:
            if not (key := self._keys.shown(command)):
                continue
            hint = Content.assemble((key, "$accent"), f" {command.label}   ")
            if line.cell_length + hint.cell_length - 3 > self.size.width:
                break
            line += hint
        return line
