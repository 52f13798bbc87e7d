"""How much more is wanted of a source that asks its server for more only then."""

import asyncio

from mltrack_tui.domain.page import Page
from mltrack_tui.widgets.grid import Grid

AHEAD = 100
"""Rows below the screen that are there before somebody scrolls to them."""
MOST = 1000
"""Things that are looked at for one wish to see more: a filter that is finished here may find nothing in them."""


class SeekingGrid(Grid):
    """A table of which more rows may come when somebody goes near its end."""

    class Sought(Grid.GridMessage):
        """The user went down or up, near the end: more rows may be wanted."""

    def move(self, row: int, column: int, *, scrolled: bool = False) -> None:
        """Put the cursor on a cell; say so where that is near the last row, or was meant to be below it."""
        along = column == self.cursor_column
        super().move(row, column, scrolled=scrolled)
        if along and self.viewport.end + AHEAD >= len(self.rows):
            self.post_message(self.Sought(self))


class Demand:
    """What the user wants to see, against what a page has; the iteration over pages waits for it in between.

    Attributes:
        everything: whether all is to be loaded.
        held: whether what is loaded will do for now, if not everything is wanted.
    """

    def __init__(self, ahead: int = AHEAD) -> None:
        """``ahead`` rows are there before somebody scrolls to them."""
        self._ahead = ahead
        self.everything = self.held = False
        self._seen = self._sought = 0
        self._budget: int | None = None
        """How many may have been looked at, until the user moves on."""
        self._changed = asyncio.Event()

    def begin(self, rows: int) -> None:
        """There is another question, of which so many rows fill the screen until it is scrolled."""
        self._seen, self._sought, self._budget = rows, 0, None

    def see(self, rows: int) -> None:
        """So many rows would fill the screen as it is scrolled."""
        self._seen = rows
        self._changed.set()

    def seek(self, page: Page[object], *, beyond: bool) -> None:
        """The user moves on, perhaps ``beyond`` the last row of a page."""
        self._budget = page.loaded + MOST
        self._sought = len(page.items) + 1 if beyond else 0
        self._changed.set()

    def hold(self, held: bool) -> None:
        """Want no more, or go on."""
        self.held = held
        self._changed.set()

    def load_all(self) -> None:
        """All is wanted."""
        self.everything = True
        self._changed.set()

    def stop(self) -> bool:
        """Nothing is wanted until the user moves on; says whether all was to be loaded."""
        everything, self.everything, self._budget = self.everything, False, 0
        return everything

    def wants(self, page: Page[object]) -> bool:
        """Whether more than a page has is wanted: what is visible, and rows ahead where what comes will be there."""
        if self._budget is None:
            self._budget = page.loaded + MOST
        ahead = self._ahead if page.appends and len(page.items) == page.loaded else 0
        rows = max(self._seen + ahead, self._sought)
        return self.everything or (not self.held and len(page.items) < rows and page.loaded < self._budget)

    async def more(self, page: Page[object]) -> None:
        """Wait until it is wanted; the keys are listened to in any case."""
        await asyncio.sleep(0)
        while not self.wants(page):
            self._changed.clear()
            await self._changed.wait()


def count_words(page: Page[object], *, loading_all: bool) -> str:
    """How many candidates a page has, of how many that were looked at, and whether there are more."""
    shown, loaded = f"{len(page.items):,}", f"{page.loaded:,}"
    part = "" if shown == loaded else f"{shown} of "
    if page.complete and page.total is None:
        return f"{_candidates(len(page.items))} found"
    if page.complete:
        return f"{part}{_candidates(page.loaded)}"
    of = f" of {page.total:,}" if page.total is not None else ""
    if not page.on_demand:
        return f"{shown} shown · {loaded}{of} loaded …"
    if loading_all:
        return f"{part}{loaded}{'' if part else of} loaded · loading all, esc stops"
    return f"{part}{loaded}{'' if part else of} loaded · server has more"


def _candidates(number: int) -> str:
    return f"{number:,} candidate{'s' if number != 1 else ''}"
