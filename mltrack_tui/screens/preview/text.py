"""A file as text: any page of it at once, however long it is."""

import asyncio
from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from mltrack_tui.commands import Command, hints
from mltrack_tui.commands.preview import FOLLOW, PAGER, TEXT, WRAP
from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.preview.file import BLOCK, ArtifactFile
from mltrack_tui.preview.highlight import LARGEST, Span, highlighted, lexer_of
from mltrack_tui.preview.reader import TextReader
from mltrack_tui.screens.copying import Copyable
from mltrack_tui.screens.preview.lines import Lines
from mltrack_tui.screens.preview.page import Page
from mltrack_tui.screens.preview.search import SearchBox
from mltrack_tui.screens.preview.view import View

if TYPE_CHECKING:
    from textual.worker import Worker

    from mltrack_tui.screens.preview.place import PreviewPlace

STEP = 8
"""Terminal cells that a step to the side goes."""
FOLLOWED, FOLLOWED_AFAR = 1.0, 5.0
"""Seconds between two looks at a file that grows, where the user chose none: on this machine, and elsewhere."""

_AHEAD = 4 * BLOCK
"""Bytes that are read ahead at most."""


class TextView(View):
    """Rows of text, with the numbers of their lines where those are known."""

    BINDINGS: ClassVar[list[BindingType]] = [*PAGER.bindings(), *TEXT.bindings()]
    HINTS: ClassVar[tuple[Command, ...]] = (*hints(TEXT), WRAP, FOLLOW)

    def __init__(self, place: "PreviewPlace", file: ArtifactFile, head: bytes) -> None:
        super().__init__(place, file)
        self.reader = TextReader(file, head)
        self.lines = Lines(self.reader)
        self.page = Page(self)
        self.box = SearchBox(self._search, self.focus_view)
        self.top = (0, 0)
        self.left = 0
        self.needle = ""
        self.spans: dict[int, list[Span]] = {}
        self.follows = False
        self._searched = 0
        self._worker: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """The text; the box for a search comes below it when it is first opened."""
        yield self.page

    async def load(self) -> None:
        """The first page is there: the place has read it."""
        self._moved()
        self._highlight()

    def focus_view(self) -> None:
        """The text has the keys."""
        self.page.focus()

    def leave(self) -> bool:
        """Follow and mark no longer, first."""
        marked = self.follows or bool(self.needle)
        self._stop_following()
        if self.needle:
            self.needle = ""
            self.workers.cancel_group(self, "text")  # it may still be searched for
        if marked:
            self._moved()
        return marked

    @work(exclusive=True, group="highlight")
    async def _highlight(self) -> None:
        """Colour a small text that a language is known of."""
        language, window = lexer_of(self.file.name), self.reader.window
        if language is None or self.file.size is None or self.file.size > LARGEST:
            return
        while not window.is_end:
            if await self.place.reading(self.reader.below) is None:
                return
        rows = list(window.rows)
        texts = [self.reader.encoding.text(row.data) for row in rows]
        spans = await asyncio.to_thread(highlighted, language, texts)
        self.spans = {
            row.start: parts
            for row, text, parts in zip(rows, texts, spans, strict=False)
            if "".join(part for _, part in parts) == text
        }
        self.page.refresh()

    # Moving

    def action_rows(self, step: int) -> None:
        """Scroll by so many lines, as far as there are some; what is missing is read. Up is away from what follows."""
        if step < 0:
            self._stop_following()
            self.top = self.lines.before(self.top, -step)
        else:
            self.top = max(min(self.lines.after(self.top, step), self.lines.last_top(self.page.height)), self.top)
        self._moved()

    def action_pages(self, step: int) -> None:
        """Scroll by whole screens."""
        self.action_rows(step * self.page.height)

    def action_across(self, step: int) -> None:
        """Show what lies beside, where lines are cut."""
        widest = max((cell_len(self.lines.text(row)) for row, _ in self.page.shown()), default=0)
        left = max(min(self.left + step * STEP, widest - self.lines.width // 2), 0)
        if not self.lines.wraps and left != self.left:
            self.left = left
            self._moved()

    def action_turn_wrap(self) -> None:
        """Cut long lines, or show all of them."""
        self.lines.wraps = not self.lines.wraps
        self.left, self.top = 0, (self.top[0], 0)
        self._moved()

    def action_edge(self, side: int) -> None:
        """Go to the beginning or the end."""
        self.left = 0
        if side < 0:
            self._stop_following()
        self._worker = self._go_to(side)

    @work(exclusive=True, group="text")
    async def _go_to(self, side: int) -> None:
        if await self.place.reading(self.reader.begin if side < 0 else self.reader.end) is not None:
            self.top = (0, 0) if side < 0 else self.lines.last_top(self.page.height)
            self._moved()

    def _moved(self) -> None:
        """Something else is on screen; what will soon be is read."""
        self.page.refresh()
        self.place.tell()
        is_busy = self._worker is not None and not self._worker.is_finished
        if not is_busy and (self._lacks_below() or self._lacks_above()):
            self._worker = self._read_on()

    def _lacks_below(self) -> bool:
        window, height = self.reader.window, self.page.height
        if window.is_end or len(window.rows) - self.top[0] >= 3 * height:
            return False
        far = window.rows[self.top[0]].start + _AHEAD if window.rows else 0
        return window.stop < far or len(self.page.shown()) < height

    def _lacks_above(self) -> bool:
        return not self.reader.window.is_begin and self.top[0] < 2 * self.page.height

    @work(exclusive=True, group="text")
    async def _read_on(self) -> None:
        while self._lacks_below():
            if await self.place.reading(self.reader.below) is None:
                return
            self._slide(-self.reader.window.forget_above(self.top[0]))
        while self._lacks_above():
            more = await self.place.reading(self.reader.above)
            if more is None:
                return
            self._slide(more)
            self.reader.window.forget_below(self.top[0] + 3 * self.page.height)

    def _slide(self, rows: int) -> None:
        """The same is on screen, but its rows have other indexes."""
        self.top = (self.top[0] + rows, self.top[1])
        self.page.refresh()
        self.place.tell()

    def on_resize(self) -> None:
        """Other pieces fit."""
        self.call_after_refresh(self.fit)

    def fit(self) -> None:
        """Leave no room unused below the last line."""
        if self.reader.window.is_end:
            self.top = min((self.top[0], 0), self.lines.last_top(self.page.height))
        self._moved()

    # Searching

    async def action_search(self) -> None:
        """Ask what for."""
        if not self.box.is_attached:
            await self.mount(self.box)
        self.box.open()

    async def action_search_on(self, step: int) -> None:
        """Go to the next place that has it, or to the one before."""
        if self.needle:
            self._worker = self._find(self._searched + (step > 0), step)
        else:
            await self.action_search()

    def _search(self, text: str) -> None:
        self.needle = text
        rows = self.reader.window.rows
        self._worker = self._find(rows[self.top[0]].start if rows else 0, 1)

    @work(exclusive=True, group="text")
    async def _find(self, offset: int, step: int) -> None:
        needle = self.needle
        answer = await self.place.reading(lambda: self.reader.find(needle, offset, step))
        if answer is None:
            return
        found, self._searched = answer
        if found is None:
            self._tell_not_found(needle, offset, step)
            return
        self._searched = found
        row = await self.place.reading(lambda: self.reader.around(found))
        if row is not None:
            self.place.status.show_notice()
            self._show_found(row)

    def _tell_not_found(self, needle: str, offset: int, step: int) -> None:
        looked = abs(self._searched - offset)
        if self._searched in {0, self.file.size}:
            edge = "end" if step > 0 else "beginning"
            self.place.status.show_notice(f"“{needle}” is not found from here to the {edge}.")
        else:
            key = "n" if step > 0 else "N"
            self.place.status.show_notice(f"“{needle}” is not in {bytes_text(looked)} from here; {key} looks further.")

    def _show_found(self, row: int) -> None:
        """Have a row on the screen, with what was found in it."""
        height = self.page.height
        if row not in {shown for shown, _ in self.page.shown()}:
            self.top = min(self.lines.before((row, 0), height // 3), self.lines.last_top(height))
        at = self.lines.text(row).lower().find(self.needle.lower())
        if not self.lines.wraps and not self.left <= at < self.left + self.lines.width - len(self.needle):
            self.left = max(at - self.lines.width // 2, 0) if at >= self.lines.width // 2 else 0
        self._moved()

    # Following

    def action_follow(self) -> None:
        """Stay at the end as the file grows, or no longer."""
        if self.follows:
            self._stop_following()
        else:
            self.follows = True
            self._follow()
        self._moved()

    @work(exclusive=True, group="follow")
    async def _follow(self) -> None:
        if await self.place.reading(self.reader.end) is None:
            return
        self._at_end()
        session = self.place.session
        usual = FOLLOWED if session.source.capabilities.watch else FOLLOWED_AFAR
        while self.follows:
            chosen = session.live.every
            await asyncio.sleep(chosen if chosen and isfinite(chosen) else usual)
            if await self.place.reading(self.reader.grown):
                self._at_end()

    def _stop_following(self) -> None:
        """At once: what comes of the end no longer takes the page there."""
        self.follows = False
        self.workers.cancel_group(self, "follow")

    def _at_end(self) -> None:
        self.workers.cancel_group(self, "highlight")  # of lines as they were
        self.spans.clear()
        self.top = self.lines.last_top(self.page.height)
        self._moved()

    # What is said

    def summary(self) -> str:
        """Which lines are on screen, or where in the file."""
        window, shown = self.reader.window, self.page.shown()
        follows = "follows · " if self.follows else ""
        if not shown:
            return follows + ("empty" if window.is_end else "")
        first, last = shown[0][0], shown[-1][0]
        if window.numbers is not None:
            total = f" of {window.numbers[-1]:,}" if window.is_end else ""
            return f"{follows}lines {window.numbers[first]:,}–{window.numbers[last]:,}{total}"
        size = max(self.file.size or 0, 1)
        start = window.rows[first].start
        return f"{follows}{start / size:.0%} · from byte {start:,} on"

    def at(self) -> object:
        """The top line; the end, where that is followed."""
        rows = self.reader.window.rows
        return self.follows or (rows[self.top[0]].start if rows else 0, self.top[1], self.left)

    def copyable(self) -> Sequence[Copyable]:
        """The rows on screen, all of each."""
        rows = dict.fromkeys(row for row, _ in self.page.shown())
        return [Copyable("s", "lines on screen", "\n".join(map(self.lines.text, rows)))] if rows else []
