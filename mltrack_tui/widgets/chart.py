"""A picture in its inks. What did not change between two pictures is not sent again."""

import re
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from mltrack_tui.plots.picture import SERIES, Ink, Picture, Run

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
_BLANK = Ink("blank")
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
        self._told = Size()
        self._curves = range(0)
        self._slices = _Slices(self)
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
            elif (span := _span(old, new, self.size.width)) is not None:
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
        self._tell_room()

    def watch_virtual_size(self) -> None:
        """The same: Textual sends no event where a place on screen was asked for between mounting and layout."""
        self._tell_room()

    def _tell_room(self) -> None:
        if self.size and self.size != self._told:
            self._told = self.size
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
            self._styles[ink] = self.rich_style + (Style() if ink is _BLANK else self._made(ink))
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
        blank = style = self._style(_BLANK)
        pieces: list[tuple[list[str], Style]] = [([], style)]
        for text, ink in runs:
            if ink.kind == "here" or style.reverse or not text.isspace():
                style = self._style(ink)
            if style is not pieces[-1][1]:
                pieces.append(([], style))
            pieces[-1][0].append(text)
        strip = Strip(Segment("".join(texts), style) for texts, style in pieces if texts)
        return strip.adjust_cell_length(self.size.width, blank)


class _Slices(Widget):
    """The curves of a view, a slice beside the other."""

    def __init__(self, view: ChartView) -> None:
        super().__init__()
        self._view = view

    def place(self, lines: range, width: int) -> None:
        """Stand where these lines of the view are, whose width is given."""
        self.display = True
        self.styles.offset = (0, lines.start)
        self.styles.height = len(lines)
        missing = range(len(self.children), -(-width // _SLICE))
        if missing:
            self.mount_all(_Slice(self._view, x * _SLICE) for x in missing)

    def changed(self, y: int, old: "_Cells", new: "_Cells") -> None:
        """Paint a line again where it differs."""
        for child in self.children:
            x = child.x if isinstance(child, _Slice) else 0
            if (span := _difference(old.part(x, _SLICE), new.part(x, _SLICE))) is not None:
                child.refresh(Region(span[0], y, span[1] - span[0], 1))

    def refresh_all(self) -> None:
        """Paint all of them again."""
        for child in self.children:
            child.refresh()


class _Slice(Widget):
    """Some columns of a view's curves, from ``x`` on."""

    def __init__(self, view: ChartView, x: int) -> None:
        super().__init__()
        self.x = x
        self._view = view
        self.styles.width = _SLICE

    def render_line(self, y: int) -> Strip:
        """Paint these columns of a line."""
        return self._view.part(y, self.x, self.size.width)


def _line(picture: Picture, y: int) -> tuple[Run, ...]:
    return picture.lines[y] if y < len(picture.lines) else _NOTHING


_WIDE = re.compile("[^ -\u10ff\u2010-\u28ff]")
"""Characters that may take two cells, or none: not those that pictures are made of."""


class _Cells(NamedTuple):
    """What stands in the cells of a line, and its inks; blanks have all the same."""

    characters: str
    inks: list[Ink]

    @classmethod
    def of(cls, runs: tuple[Run, ...], width: int) -> "_Cells":
        """The cells of a line, so many of them."""
        text = "".join(run.text for run in runs)
        inks = [_BLANK if run.text.isspace() else run.ink for run in runs for _ in run.text]
        return cls(text.ljust(width), inks + [_BLANK] * (width - len(inks)))

    def part(self, x: int, width: int) -> "_Cells":
        """Some of them."""
        return _Cells(self.characters[x : x + width], self.inks[x : x + width])


def _aligned(before: tuple[Run, ...], after: tuple[Run, ...]) -> tuple[_Cells, _Cells]:
    """The cells of two lines, as many of both; each character in one."""
    width = max(sum(len(run.text) for run in line) for line in (before, after))
    return _Cells.of(before, width), _Cells.of(after, width)


def _difference(old: _Cells, new: _Cells) -> tuple[int, int] | None:
    """From where to before where cells differ; None where they do not."""
    if old == new:
        return None
    pairs = zip(old.characters, new.characters, old.inks, new.inks, strict=True)
    differing = [x for x, (was, now, ink_was, ink) in enumerate(pairs) if was != now or ink_was != ink]
    return differing[0], differing[-1] + 1


def _span(old: tuple[Run, ...], new: tuple[Run, ...], width: int) -> tuple[int, int] | None:
    """The same of lines with any characters: where some may take two cells or none, all of the line's."""
    if any(_WIDE.search(run.text) for run in (*old, *new)):
        return 0, width
    return _difference(*_aligned(old, new))
