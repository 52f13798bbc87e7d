"""A picture in its inks. What did not change between two pictures is not sent again."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from rich.cells import cell_len
from rich.style import Style
from textual.color import Color
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from mltrack_tui.plots.picture import SERIES, Ink, Picture, Run
from mltrack_tui.widgets.line import Line

CHOSEN = Ink("chosen")
"""The title of what the cursor is on."""
_LOOKS = {
    "axis": ("dim", Style()),
    "caption": ("dim", Style()),
    "curve": ("accent", Style()),
    "behind": ("graph", Style()),
    "mark": ("error", Style()),
    "best": ("accent", Style(bold=True)),
    "chosen": ("accent", Style(bold=True)),
    "here": ("foreground", Style(reverse=True)),
}
"""By kind of ink: a colour of the theme, and what is added to it. Component classes would say the same, but that many
cost a place a tenth of a second each time that it gets or loses the keys."""
_PLAIN = ("foreground", Style())
_BEHIND = 0.45
"""How much of a curve's colour what stands behind it has."""
_NOTHING: tuple[Run, ...] = ()


class ChartView(Widget):
    """Shows a picture that was made for its size, or for a part of it."""

    class Resized(Message):
        """There is room for another picture."""

        def __init__(self, view: "ChartView") -> None:
            super().__init__()
            self.view = view

        @property
        def control(self) -> "ChartView":
            """The view, for ``@on`` with a selector."""
            return self.view

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.picture = Picture()
        self._told = Size()
        self._styles: dict[Ink, Style] = {}

    def show(self, picture: Picture) -> None:
        """Show another picture; what is the same in both is not painted again."""
        before, self.picture = self.picture, picture
        lines = max(len(before.lines), len(picture.lines))
        if regions := [
            Region(start, y, end - start, 1)
            for y in range(lines)
            for start, end in _difference(_line(before, y), _line(picture, y))
        ]:
            self.refresh(*regions)

    def on_resize(self) -> None:
        """Tell the owner."""
        self._tell_room()

    def watch_virtual_size(self) -> None:
        """The same: Textual sends no event where a place on screen was asked for between mounting and layout."""
        self._tell_room()

    def _tell_room(self) -> None:
        if self.size and self.size != self._told:
            self._told = self.size
            self.post_message(self.Resized(self))

    def notify_style_update(self) -> None:
        """Forget the inks of the theme before."""
        super().notify_style_update()
        self._styles.clear()

    def _style(self, ink: Ink) -> Style:
        if ink not in self._styles:
            self._styles[ink] = self.rich_style + self._made(ink)
        return self._styles[ink]

    def _made(self, ink: Ink) -> Style:
        """An ink's style on whatever lies under it."""
        variables = self.app.theme_variables
        name, more = _LOOKS.get(ink.kind, _PLAIN)
        if ink.slot is None or ink.kind not in {"curve", "behind"}:
            return Style(color=Color.parse(variables[name]).rich_color) + more
        colour = Color.parse(variables[f"series-{ink.slot % SERIES + 1}"])
        if ink.kind == "curve":
            return Style(color=colour.rich_color)
        if self.app.current_theme.ansi:  # its colours cannot be mixed
            return Style(color=colour.rich_color, dim=True)
        return Style(color=self.background_colors[1].blend(colour, _BEHIND).rich_color)

    def render_line(self, y: int) -> Strip:
        """Paint one line of the picture."""
        line, x = Line(self.rich_style), 0
        for text, ink in _line(self.picture, y):
            line.put(x, text, self._style(ink))
            x += len(text) if text.isascii() else cell_len(text)
        return line.strip(self.size.width)


def _line(picture: Picture, y: int) -> tuple[Run, ...]:
    return picture.lines[y] if y < len(picture.lines) else _NOTHING


_WIDE = re.compile("[^ -\u10ff\u2010-\u28ff]")
"""Characters that may take two cells, or none: not those that pictures are made of."""
_NEAR = 6
"""Cells between two differences that are cheaper to send than to skip: a move of the cursor takes as many bytes."""


def _difference(before: tuple[Run, ...], after: tuple[Run, ...]) -> Iterator[tuple[int, int]]:
    """The cells in which two lines differ, from where to before where; near ones are one."""
    if before == after:
        return
    old, new = _cells(before), _cells(after)
    longest = max(len(old), len(new))
    blank = (" ", None)
    old += [blank] * (longest - len(old))
    new += [blank] * (longest - len(new))
    start = end = -_NEAR
    for x in (x for x in range(longest) if old[x] != new[x]):
        if x > end + _NEAR:
            if end > start:
                yield start, end
            start = x
        end = x + 1
    if end > start:
        yield start, end


def _cells(line: tuple[Run, ...]) -> list[tuple[str, Ink | None]]:
    """A character and its ink for each cell; the second cell of a wide one has ''. Blanks have no ink."""
    return list(chain.from_iterable(map(_cells_of, line)))


def _cells_of(run: Run) -> Iterable[tuple[str, Ink | None]]:
    text, ink = run
    cells = [(character, None if character == " " else ink) for character in text]
    if _WIDE.search(text) is None:
        return cells
    return chain.from_iterable((cell, *[("", ink)] * (cell_len(cell[0]) - 1)) for cell in cells)
