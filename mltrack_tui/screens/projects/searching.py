"""Asking the server for the projects of a name, while only some of them are loaded."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from mltrack_tui.domain.entities import Project
from mltrack_tui.domain.page import Page
from mltrack_tui.screens.demand import Demand
from mltrack_tui.sources.base import SourceError

if TYPE_CHECKING:
    from textual.worker import Worker

    from mltrack_tui.screens.projects.place import ProjectsPlace

PAUSE = 0.2
"""Seconds without a further letter after which the server is asked."""


class Searching:
    """What a server finds for the words that were typed last; an older question is asked no longer.

    Attributes:
        text: those words; '' asks nothing.
        names: the projects that were found.
        page: what was found so far, None before the first answer and after a failure.
        failed: whether there is none.
        demand: how much more of it is wanted.
    """

    def __init__(self, place: "ProjectsPlace", found: Callable[[Page[Project]], None], ahead: int) -> None:
        """``found`` takes in each page."""
        self._place = place
        self._found = found
        self._ahead = ahead
        self.text = ""
        self.names: frozenset[str] = frozenset()
        self.page: Page[Project] | None = None
        self.failed = False
        self.demand = Demand(ahead)

    def ask(self, text: str) -> None:
        """Look for these words, unless that is what is being looked for already."""
        if text == self.text:
            return
        self.text, self.names, self.page, self.failed = text, frozenset(), None, False
        self.demand = Demand(self._ahead)
        if text:
            _: Worker[None] = self._place.run_worker(partial(self._search, text), group="search", exclusive=True)
        else:
            self._place.workers.cancel_group(self._place, "search")

    async def _search(self, text: str) -> None:
        await asyncio.sleep(PAUSE)
        async for page in self._place.answers(partial(self._place.session.source.projects, text), self._failed):
            self.page, self.names = page, frozenset(project.name for project in page.items)
            self._found(page)
            self._place.rearrange()
            if page.on_demand:
                await self.demand.more(self._place.seen_of(page))
        self.demand.everything = False

    def _failed(self, error: SourceError) -> None:
        self.failed = self.page is None
        self._place.rearrange()
        self._place.failed(error)
