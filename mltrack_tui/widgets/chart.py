"""A picture in its inks. What did not change between two pictures is not sent again."""

import re
from collections.abc import Iterator, Sequence
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
        self._numbers: dict[Ink, str] = {}

    def show(self, picture: Picture, curves: range = range(0)) -> None:
        """Show another picture; what is the same in both is not painted again.

        ``curves`` are the lines through which a cursor moves: no character in them takes more than a cell.
        """
        before, self.picture = self.picture, picture
        if curves != self._curves:
            self._curves = curves
            self._slices.forget()
            self._slice()
            self.refresh()
            return
        regions, differing = [], []
        for y in range(max(len(before.lines), len(picture.lines))):
            old, new = _line(before, y), _line(picture, y)
            if old == new:
                continue
            was, now = self._cells(old), self._cells(new)
            if y in curves:
                differing.append((y - curves.start, was, now))
            elif reach := _reach(was, now, 0, self.size.width):
                wide = any(_WIDE.search(cells.characters) for cells in (was, now))
                regions.append(Region(0, y, self.size.width if wide else reach, 1))
        self._slices.changed(differing)
        if regions:
            self.refresh(*regions)

    def _cells(self, runs: tuple[Run, ...]) -> "_Cells":
        """The cells of a line, as many as the view has; blanks have all the same ink."""
        numbers, width = self._numbers, self.size.width
        inks = [_BLANK if run.text.isspace() else run.ink for run in runs]
        numbered = [
            numbers.setdefault(ink, chr(len(numbers))) * len(run.text) for run, ink in zip(runs, inks, strict=True)
        ]
        blank = numbers.setdefault(_BLANK, chr(len(numbers)))
        return _Cells("".join(run.text for run in runs).ljust(width), "".join(numbered).ljust(width, blank))

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
        self._slices.forget()

    def _style(self, ink: Ink) -> Style:
        if ink not in self._styles:
            style = self.rich_style + (Style() if ink is _BLANK else self._made(ink))
            for each in self.get_line_filters():
                style = each.apply([Segment("", style)], self.background_colors[1])[0].style or style
            self._styles[ink] = style
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
        return Strip(self._segments(_line(self.picture, y))).adjust_cell_length(self.size.width, self._style(_BLANK))

    def part(self, y: int, x: int, width: int) -> Strip:
        """Some cells of a line of the curves, from ``x`` on."""
        runs = list(_cut(_line(self.picture, self._curves.start + y), x, x + width))
        if blanks := width - sum(len(run.text) for run in runs):
            runs.append(Run(" " * blanks, _BLANK))
        return Strip(self._segments(runs), width)

    def _segments(self, runs: Sequence[Run]) -> Iterator[Segment]:
        """Runs in their styles; blanks are of what stands before them, so that there are fewer pieces to send."""
        style = self._style(_BLANK)
        pieces: list[tuple[list[str], Style]] = [([], style)]
        for text, ink in runs:
            if ink.kind == "here" or style.reverse or not text.isspace():
                style = self._style(ink)
            if style is not pieces[-1][1]:
                pieces.append(([], style))
            pieces[-1][0].append(text)
        return (Segment("".join(texts), style) for texts, style in pieces if texts)


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

    def changed(self, lines: "Sequence[tuple[int, _Cells, _Cells]]") -> None:
        """Paint lines again where their cells differ from those before."""
        for child in self.query_children(_Slice):
            child.changed(lines)

    def forget(self) -> None:
        """Paint everything again."""
        for child in self.query_children(_Slice):
            child.forget()


class _Slice(Widget):
    """Some columns of a view's curves, from ``x`` on."""

    def __init__(self, view: ChartView, x: int) -> None:
        super().__init__()
        self.x = x
        self._view = view
        self._strips: dict[int, Strip] = {}
        self.styles.width = _SLICE

    def changed(self, lines: "Sequence[tuple[int, _Cells, _Cells]]") -> None:
        """Paint lines again where their cells differ from those before."""
        reaches = [(y, _reach(was, now, self.x, self.x + _SLICE)) for y, was, now in lines]
        regions = [Region(0, y, reach, 1) for y, reach in reaches if reach]
        for region in regions:
            self._strips.pop(region.y, None)
        if regions:
            self.refresh(*regions)

    def forget(self) -> None:
        """Paint everything again."""
        self._strips.clear()
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint these columns of some lines: no border, no tint, which Textual takes long to find out."""
        return [self._strip(y, crop.width) for y in crop.line_range]

    def _strip(self, y: int, width: int) -> Strip:
        strip = self._strips.get(y)
        if strip is None or strip.cell_length != width:
            strip = self._strips[y] = self._view.part(y, self.x, width)
        return strip


def _line(picture: Picture, y: int) -> tuple[Run, ...]:
    return picture.lines[y] if y < len(picture.lines) else _NOTHING


def _cut(runs: tuple[Run, ...], start: int, end: int) -> Iterator[Run]:
    """The cells of a line from one to before another, where each character takes one."""
    for text, ink in runs:
        if start < len(text) and end > 0:
            yield Run(text[max(start, 0) : end], ink)
        start, end = start - len(text), end - len(text)


_WIDE = re.compile("[^ -\u10ff\u2010-\u28ff]")
"""Characters that may take two cells, or none: not those that pictures are made of."""


class _Cells(NamedTuple):
    """What stands in the cells of a line, and the number of each one's ink."""

    characters: str
    inks: str


def _reach(was: _Cells, now: _Cells, start: int, end: int) -> int:
    """How many cells from one to before another have to be sent so that what differs is; 0 where nothing does.

    Textual sends what changed from the left edge on: where that begins does not matter.
    """
    old, new = was.characters[start:end], now.characters[start:end]
    old_inks, new_inks = was.inks[start:end], now.inks[start:end]
    if old == new and old_inks == new_inks:
        return 0
    width = max(len(old), len(new))
    if len(old) != len(new):
        return width
    pairs = zip(reversed(old), reversed(new), reversed(old_inks), reversed(new_inks), strict=True)
    return width - next(at for at, (one, other, ink, other_ink) in enumerate(pairs) if one != other or ink != other_ink)
