"""What the list of projects asks its source for: the list page by page as it is wanted, and words that are typed."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mltrack_tui.commands import LOAD_ALL
from mltrack_tui.domain.entities import Project
from mltrack_tui.domain.page import Page
from mltrack_tui.screens.demand import Demand
from mltrack_tui.screens.projects.book import ProjectBook, ProjectLine
from mltrack_tui.screens.projects.searching import Searching
from mltrack_tui.sources.base import SourceError

if TYPE_CHECKING:
    from textual.worker import Worker

    from mltrack_tui.screens.projects.place import ProjectsPlace
    from mltrack_tui.state.places import KnownProject

AHEAD = 40
"""Rows below the screen that are there before somebody scrolls to them; a server's page has a hundred."""


class ProjectLoading:
    """The questions of one list of projects.

    Attributes:
        book: what is known of them.
        page: the source's list as far as it came.
        counts_apart: whether numbers are asked for apart from the list, and are worth remembering.
        on_demand: whether the source asks its server for more of the list only when it is wanted.
        search: what is asked for a filter.
    """

    def __init__(self, place: "ProjectsPlace", known: Page[Project] | None, here: str | None) -> None:
        self._place = place
        self._known = known
        self._here = here
        self.book = ProjectBook()
        self.page: Page[Project] | None = None
        self.counts_apart = self.on_demand = False
        self.search = Searching(place, lambda page: self.book.learn(page.items), AHEAD)
        self._demand = Demand(AHEAD)
        self._broken = self._recalled = self._resumed = False
        self._reach = 0
        """As many are loaded again, if need be, for the cursor's to be among them."""

    def begin(self) -> None:
        """Show what is known already, and read the rest."""
        known = self._known
        if known is not None and not known.on_demand and not _counts_apart(known):
            self._known = None
            self._take(known)
        if self.page is None or not self.page.complete:
            self._run()

    def reload(self) -> None:
        """Read the list again, as far as it was loaded if need be."""
        self._reach = self.page.loaded if self.page is not None else 0
        self.search.ask("")
        self._run()

    def _run(self) -> None:
        _: Worker[None] = self._place.run_worker(self._read, group="list", exclusive=True)

    # What is wanted

    @property
    def demand(self) -> Demand:
        """What is wanted of what is shown: of the words that are looked for, else of the list."""
        return self.search.demand if self.search.text else self._demand

    @property
    def shown_page(self) -> Page[Project] | None:
        """What was answered of what is shown."""
        return self.search.page if self.search.text else self.page

    def lines(self) -> Sequence[ProjectLine]:
        """All of the list, and what was found besides."""
        return self.book.lines(each.name for each in self.search.page.items) if self.search.page else self.book.lines()

    def follow(self, text: str) -> None:
        """Ask the server for the words of a filter, unless all there are are here; the list waits meanwhile."""
        incomplete = self.on_demand and self.page is not None and not self.page.complete
        self.search.ask(text if incomplete else "")
        self._demand.hold(bool(text))

    def load_all(self) -> bool:
        """Go on to the end; says whether there is anything to go on to."""
        page = self.shown_page
        if page is None or page.complete or not page.on_demand:
            return False
        self.demand.load_all()
        return True

    def stop(self) -> bool:
        """Go on no longer; says whether all was being loaded."""
        loading = [demand for demand in (self._demand, self.search.demand) if demand.everything]
        for demand in loading:
            demand.stop()
        return bool(loading)

    # The list

    async def _read(self) -> None:
        """Read it page by page as it is wanted; after a failure, what is wanted next is asked for again."""
        self._demand.begin(self._place.grid.viewport.end)
        self._recalled = self._resumed = False
        known, self._known = self._known, None
        if known is not None:
            await self._receive(known)
        elif self.page is None:
            self._place.say(f"Opening {self._place.session.name} …")
        going_on = known is None or not known.complete
        while going_on:
            self._broken, self._resumed = False, self._broken or known is not None
            async for page in self._place.answers(self._place.session.source.projects, self._failed):
                await self._receive(page)
            going_on = self._broken and self.on_demand and self.page is not None
            if going_on and self.page is not None:
                await self._demand.more(self._place.seen_of(self.page))
        self._demand.everything = False
        if self._broken and self.page is not None:  # what is known stays
            self._take(replace(self.page, complete=True))

    async def _receive(self, page: Page[Project]) -> None:
        """Show a page, and let the source rest until more is wanted."""
        self.on_demand |= page.on_demand
        self.counts_apart |= page.on_demand or _counts_apart(page)
        if self.counts_apart and not self._recalled:
            self._recalled = True
            await self._recall()
        if not self._is_still_sought(page):
            self._take(page)
            if page.on_demand:
                await self._demand.more(self._place.seen_of(page))
            else:
                await asyncio.sleep(0)  # the keys first

    async def _recall(self) -> None:
        nothing: Mapping[str, KnownProject] = {}
        location = self._place.session.source.location
        remembered = await self._place.remembered(lambda state: state.projects(location), nothing)
        self.book.recall(remembered, self._here)

    def _is_still_sought(self, page: Page[Project]) -> bool:
        """Whether a page has less than is shown, or not the cursor's project, which may come with the next."""
        loaded = self.page.loaded if self.page is not None else 0
        here = self._place.name_under_cursor()
        lacks_here = page.loaded < self._reach and here not in {each.name for each in page.items}
        if page.on_demand and (lacks_here or (self._resumed and page.loaded < loaded)):
            return True
        self._reach = 0
        return False

    def _take(self, page: Page[Project]) -> None:
        self.page = page
        self.book.list(page.items)
        self._place.rearrange()

    def _failed(self, error: SourceError) -> None:
        """What is loaded stays; the next wish to see more asks again."""
        self._broken = True
        if self.on_demand and self.page is not None:
            self._demand.stop()
            self._place.rearrange()
            key = self._place.session.keys.shown(LOAD_ALL)
            goes_on = f", {key} goes on" if key else ""
            self._place.status.show_notice(f"Stopped at {self.page.loaded:,}{goes_on}: {error}")
        else:
            self._place.failed(error)


def _counts_apart(page: Page[Project]) -> bool:
    return any(project.experiments is None for project in page.items)
