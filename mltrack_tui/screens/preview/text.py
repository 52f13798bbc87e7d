"""A file as text: any page of it at once, however long it is."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from rich.style import Style
from textual import work
from textual.binding import BindingType
from textual.strip import Strip

from mltrack_tui.commands import Command, hints
from mltrack_tui.commands.preview import PAGER, TEXT, WRAP
from mltrack_tui.preview.file import ArtifactFile
from mltrack_tui.preview.reader import TextReader
from mltrack_tui.screens.copying import Copyable
from mltrack_tui.screens.preview.view import View
from mltrack_tui.widgets.line import Line

if TYPE_CHECKING:
    from textual.worker import Worker

    from mltrack_tui.screens.preview.place import PreviewPlace

STEP = 8
"""Terminal cells that a step to the side goes."""
_TEXTS = 400
"""Rows whose text is kept."""


class TextView(View, can_focus=True):
    """Rows of text, with the numbers of their lines where those are known."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"text--plain", "text--number"}
    BINDINGS: ClassVar[list[BindingType]] = [*PAGER.bindings(), *TEXT.bindings()]
    HINTS: ClassVar[tuple[Command, ...]] = (*hints(PAGER), *hints(TEXT), WRAP)

    def __init__(self, place: "PreviewPlace", file: ArtifactFile, head: bytes) -> None:
        super().__init__(place, file)
        self.reader = TextReader(file, head)
        self.wraps = False
        self._top = (0, 0)
        self._left = 0
        self._texts: dict[int, str] = {}
        self._pieces: dict[int, list[str]] = {}
        self._worker: Worker[None] | None = None
        self._inks: dict[str, Style] = {}

    async def load(self) -> None:
        """The first page is there: the place has read it."""
        self._moved()

    # What is on screen

    @property
    def _height(self) -> int:
        return max(self.size.height, 1)

    @property
    def _gutter(self) -> int:
        """Terminal cells before the text: for the number of the last line that was read, or a share of the file."""
        numbers = self.reader.window.numbers
        return max(len(f"{numbers[-1]:,}") if numbers else 0, 4) + 2

    @property
    def _room(self) -> int:
        return max(self.size.width - self._gutter, 1)

    def _text(self, index: int) -> str:
        row = self.reader.window.rows[index]
        if row.start not in self._texts:
            while len(self._texts) > _TEXTS:
                del self._texts[next(iter(self._texts))]
            self._texts[row.start] = self.reader.encoding.text(row.data)
        return self._texts[row.start]

    def _wrapped(self, index: int) -> Sequence[str]:
        """The pieces that a row has on screen: one, unless it wraps."""
        text = self._text(index)
        if not self.wraps or (text.isascii() and len(text) <= self._room):
            return (text,)
        start = self.reader.window.rows[index].start
        if start not in self._pieces:
            while len(self._pieces) > _TEXTS:
                del self._pieces[next(iter(self._pieces))]
            width = self._room
            chopped = (
                [text[at : at + width] for at in range(0, len(text), width)]
                if text.isascii()
                else chop_cells(text, width)
            )
            self._pieces[start] = chopped or [""]
        return self._pieces[start]

    def _from(self, place: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """Row and piece of this line and all behind it."""
        row, piece = place
        for index in range(row, len(self.reader.window.rows)):
            for each in range(piece, len(self._wrapped(index))):
                yield index, each
            piece = 0

    def _back_from(self, place: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """Row and piece of all lines before this one, the nearest first."""
        row, piece = place
        for index in range(min(row, len(self.reader.window.rows) - 1), -1, -1):
            first = piece if index == row else len(self._wrapped(index))
            for each in range(first - 1, -1, -1):
                yield index, each

    def _shown(self) -> list[tuple[int, int]]:
        lines = self._from(self._top)
        return [line for line, _ in zip(lines, range(self._height), strict=False)]

    # Moving

    def action_rows(self, step: int) -> None:
        """Scroll by so many lines, as far as there are some; what is missing is read."""
        self._scroll(step)

    def action_pages(self, step: int) -> None:
        """Scroll by whole screens."""
        self._scroll(step * self._height)

    def _scroll(self, step: int) -> None:
        if step < 0:
            self._top = _nth(self._back_from(self._top), -step) or self._top
        elif further := _nth(self._from(self._top), step + 1):
            self._top = max(min(further, self._last_top()), self._top)
        self._moved()

    def _last_top(self) -> tuple[int, int]:
        """The first line of the last page."""
        return _nth(self._back_from((len(self.reader.window.rows), 0)), self._height) or (0, 0)

    def action_across(self, step: int) -> None:
        """Show what lies beside, where lines are cut."""
        widest = max((cell_len(self._text(row)) for row, _ in self._shown()), default=0)
        left = max(min(self._left + step * STEP, widest - self._room // 2), 0)
        if not self.wraps and left != self._left:
            self._left = left
            self._moved()

    def action_turn_wrap(self) -> None:
        """Cut long lines, or show all of them."""
        self.wraps = not self.wraps
        self._left, self._top = 0, (self._top[0], 0)
        self._moved()

    def action_edge(self, side: int) -> None:
        """Go to the beginning or the end."""
        self._worker = self._go_to(side)

    @work(exclusive=True, group="text")
    async def _go_to(self, side: int) -> None:
        reader = self.reader
        if await self.place.reading(lambda: _true(reader.begin() if side < 0 else reader.end())):
            self._top = (0, 0) if side < 0 else self._last_top()
            self._moved()

    def _moved(self) -> None:
        """Something else is on screen."""
        self.refresh()
        self.place.tell()
        is_busy = self._worker is not None and not self._worker.is_finished
        if not is_busy and (self._lacks_below() or self._lacks_above()):
            self._worker = self._read_on()

    def _lacks_below(self) -> bool:
        window = self.reader.window
        return not window.is_end and len(window.rows) - self._top[0] < 3 * self._height

    def _lacks_above(self) -> bool:
        return not self.reader.window.is_begin and self._top[0] < 2 * self._height

    @work(exclusive=True, group="text")
    async def _read_on(self) -> None:
        """Read what will soon be scrolled to."""
        while self._lacks_below():
            if await self.place.reading(self.reader.below) is None:
                return
            self._slide(-self.reader.window.forget_above(self._top[0]))
            self.refresh()
        while self._lacks_above():
            more = await self.place.reading(self.reader.above)
            if more is None:
                return
            self._slide(more)
            self.reader.window.forget_below(self._top[0] + 3 * self._height)
            self.refresh()
        self.place.tell()

    def _slide(self, rows: int) -> None:
        self._top = (self._top[0] + rows, self._top[1])

    def on_resize(self) -> None:
        """Other pieces fit."""
        self._pieces.clear()
        self._top = min(self._top, self._last_top())
        self._moved()

    # What is said

    def summary(self) -> str:
        """Which lines are on screen, or where in the file."""
        window, shown = self.reader.window, self._shown()
        if not shown:
            return "empty" if window.is_end else ""
        first, last = shown[0][0], shown[-1][0]
        if window.numbers is not None:
            total = f" of {window.numbers[-1]:,}" if window.is_end else ""
            return f"lines {window.numbers[first]:,}–{window.numbers[last]:,}{total}"
        size = max(self.file.size or 0, 1)
        return f"{window.rows[first].start / size:.1%}–{window.rows[last].stop / size:.1%}"

    def copyable(self) -> Sequence[Copyable]:
        """The rows on screen, as they are."""
        rows = dict.fromkeys(row for row, _ in self._shown())
        return [Copyable("s", "lines on screen", "\n".join(map(self._text, rows)))] if rows else []

    # Painting

    def notify_style_update(self) -> None:
        """Other colours."""
        super().notify_style_update()
        self._inks.clear()

    def ink(self, name: str) -> Style:
        """The style of what has this name; equal ones are the same object."""
        if name not in self._inks:
            self._inks[name] = self.rich_style + self.get_component_rich_style(f"text--{name}", partial=True)
        return self._inks[name]

    def render_line(self, y: int) -> Strip:
        """A line of text behind its number."""
        shown, line = self._shown(), Line(self.ink("plain"))
        if y >= len(shown):
            return line.strip(self.size.width)
        row, piece = shown[y]
        line.put(0, self._mark(row, piece).rjust(self._gutter - 2) + "  ", self.ink("number"))
        text = self._wrapped(row)[piece]
        if self._left:
            text = text[self._left :] if text.isascii() else Strip([Segment(text)]).crop(self._left).text
        line.put(self._gutter, text, self.ink("plain"))
        return line.strip(self.size.width)

    def _mark(self, row: int, piece: int) -> str:
        window = self.reader.window
        if piece or not window.rows[row].begins:
            return "↳"
        if window.numbers is not None:
            return f"{window.numbers[row]:,}"
        return ""


def _nth(lines: Iterator[tuple[int, int]], number: int) -> tuple[int, int] | None:
    """The line of this number, counted from 1, or the last there is."""
    line = None
    for line in islice(lines, number):  # noqa: B007 - the last one is meant
        pass
    return line


async def _true(work: object) -> bool:
    await work  # type: ignore[misc]
    return True
