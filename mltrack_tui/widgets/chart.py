"""A picture in its inks. What did not change between two pictures is not sent again."""

import re
from collections.abc import Iterable
from itertools import chain
from typing import TypeAlias

from rich.cells import cell_len
from rich.style import Style
from textual.color import Color
from textual.geometry import Region
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
_BLANK = (" ", None)
_SLICE = 32
"""Cells of a slice: the wider, the more is sent where little changes; the narrower, the more where much does."""


class ChartView(Widget):
    """Shows a picture that was made for its size, or for a part of it.

    Textual sends what changed in a line from the left edge of its widget on, however little that is. Where a line
    moves through curves, they are therefore shown by narrow slices side by side, of which only the one that it stands
    in is sent. Not where there are words: a wide character cannot stand in two slices.
    """

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
        self._curves = range(0)
        self._slices = _Slices()
        self._styles: dict[Ink, Style] = {}
        self._strips: dict[int, Strip] = {}

    def show(self, picture: Picture, curves: range = range(0)) -> None:
        """Show another picture; what is the same in both is not painted again.

        ``curves`` are the lines through which a cursor moves: no character in them takes more than a cell.
        """
        before, self.picture = self.picture, picture
        if curves != self._curves:
            self._curves = curves
            self._strips.clear()
            self._slice()
            self.refresh()
            return
        regions = []
        for y in range(max(len(before.lines), len(picture.lines))):
            old, new = _line(before, y), _line(picture, y)
            if old == new:
                continue
            self._strips.pop(y, None)
            if y in curves:
                self._slices.changed(y - curves.start, *_aligned(old, new))
            elif (span := _difference(*_aligned(old, new))) is not None:
                regions.append(Region(span[0], y, span[1] - span[0], 1))
        if regions:
            self.refresh(*regions)

    def _slice(self) -> None:
        """Have as many slices as the width needs, where the curves are."""
        if not self._curves:
            self._slices.display = False
            return
        if self._slices.parent is None:
            self.mount(self._slices)
        self._slices.place(self._curves, self.size.width)

    def on_resize(self) -> None:
        """Tell the owner."""
        self._slice()
        self.post_message(self.Resized(self))

    def notify_style_update(self) -> None:
        """Forget the inks of the theme before."""
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()
        self._slices.refresh_all()

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
        return self._strip(y)

    def part(self, y: int, x: int, width: int) -> Strip:
        """Some cells of a line of the curves, from ``x`` on."""
        return self._strip(self._curves.start + y).crop(x, x + width)

    def _strip(self, y: int) -> Strip:
        strip = self._strips.get(y)
        if strip is None or strip.cell_length != self.size.width:
            strip = self._strips[y] = self._painted(_line(self.picture, y))
        return strip

    def _painted(self, runs: tuple[Run, ...]) -> Strip:
        """A line of the picture; blanks are of what stands before them, so that there are fewer pieces to send."""
        line, x, style = Line(self.rich_style), 0, self.rich_style
        for text, ink in runs:
            if ink.kind == "here" or style.reverse or not text.isspace():
                style = self._style(ink)
            line.put(x, text, style)
            x += len(text) if text.isascii() else cell_len(text)
        return line.strip(self.size.width)


class _Slices(Widget):
    """The curves of a view, a slice beside the other."""

    def place(self, lines: range, width: int) -> None:
        """Stand where these lines of the view are, whose width is given."""
        self.display = True
        self.styles.offset = (0, lines.start)
        self.styles.height = len(lines)
        missing = range(len(self.children), -(-width // _SLICE))
        if missing:
            self.mount_all(_Slice(x * _SLICE) for x in missing)

    def changed(self, y: int, old: "_Cells", new: "_Cells") -> None:
        """Paint a line again where it differs."""
        for child in self.children:
            if isinstance(child, _Slice):
                part = slice(child.x, child.x + _SLICE)
                if (span := _difference(old[part], new[part])) is not None:
                    child.refresh(Region(span[0], y, span[1] - span[0], 1))

    def refresh_all(self) -> None:
        """Paint all of them again."""
        for child in self.children:
            child.refresh()


class _Slice(Widget):
    """Some columns of a view's curves, from ``x`` on."""

    def __init__(self, x: int) -> None:
        super().__init__()
        self.x = x
        self.styles.width = _SLICE

    def render_line(self, y: int) -> Strip:
        """Paint these columns of a line."""
        view = self.query_ancestor(ChartView)
        return view.part(y, self.x, self.size.width)


def _line(picture: Picture, y: int) -> tuple[Run, ...]:
    return picture.lines[y] if y < len(picture.lines) else _NOTHING


_WIDE = re.compile("[^ -\u10ff\u2010-\u28ff]")
"""Characters that may take two cells, or none: not those that pictures are made of."""
_Cells: TypeAlias = list[tuple[str, Ink | None]]


def _aligned(before: tuple[Run, ...], after: tuple[Run, ...]) -> tuple[_Cells, _Cells]:
    """The cells of two lines, as many of both."""
    old, new = _cells(before), _cells(after)
    longest = max(len(old), len(new))
    return old + [_BLANK] * (longest - len(old)), new + [_BLANK] * (longest - len(new))


def _difference(old: _Cells, new: _Cells) -> tuple[int, int] | None:
    """From where to before where cells differ; None where they do not."""
    if old == new:
        return None
    differing = [x for x, (before, after) in enumerate(zip(old, new, strict=True)) if before != after]
    return differing[0], differing[-1] + 1


def _cells(line: tuple[Run, ...]) -> _Cells:
    """A character and its ink for each cell; the second cell of a wide one has ''. Blanks have no ink."""
    return list(chain.from_iterable(map(_cells_of, line)))


def _cells_of(run: Run) -> Iterable[tuple[str, Ink | None]]:
    text, ink = run
    cells = [(character, None if character == " " else ink) for character in text]
    if _WIDE.search(text) is None:
        return cells
    return chain.from_iterable((cell, *[("", ink)] * (cell_len(cell[0]) - 1)) for cell in cells)
