"""Counting what is in the projects on screen: once somebody rests there, and no others."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from mltrack_tui.screens.projects.book import ProjectBook, ProjectLine
from mltrack_tui.screens.projects.cells import OLD
from mltrack_tui.sources.base import NotFoundError, SourceError

if TYPE_CHECKING:
    from textual.worker import Worker

    from mltrack_tui.screens.projects.place import ProjectsPlace
    from mltrack_tui.state.places import KnownProject

REST = 0.15
"""Seconds for which the same projects are on screen before they are counted."""


class Counting:
    """Counts for one list of projects; the newest wish wins."""

    def __init__(self, place: "ProjectsPlace", book: ProjectBook) -> None:
        self._place = place
        self._book = book
        self._source = place.session.source
        self._asked: Sequence[ProjectLine] = ()
        self._given_up: set[ProjectLine] = set()
        self._anew: set[ProjectLine] | None = None
        """Those that were counted since somebody wanted all numbers anew; None where nobody did."""
        self._told = False

    def begin_anew(self) -> None:
        """Believe no number of before, and try again what failed."""
        self._anew = set()
        self._given_up.clear()
        self._told = False
        self.rest()

    def rest(self) -> None:
        """Count no more."""
        self._place.workers.cancel_group(self._place, "count")
        self._asked = ()

    def look(self, seen: Sequence[ProjectLine]) -> None:
        """Count those on screen that were not counted lately."""
        wanted = [line for line in seen if self._wants(line)]
        if wanted and not set(wanted) <= set(self._asked):
            self._asked = wanted
            _: Worker[None] = self._place.run_worker(partial(self._count, wanted), group="count", exclusive=True)

    def _wants(self, line: ProjectLine) -> bool:
        return line not in self._given_up and not (line.told and self._is_counted(line))

    def _is_counted(self, line: ProjectLine) -> bool:
        fresh = line.project.experiments is not None
        if line.counted_at is not None:
            fresh = self._place.session.now() - line.counted_at < OLD
        return fresh and (self._anew is None or line in self._anew)

    async def _count(self, wanted: Sequence[ProjectLine]) -> None:
        await asyncio.sleep(REST)
        lines = {line.name: line for line in wanted}
        counted: dict[str, KnownProject] = {}
        names = [line.name for line in wanted if not self._is_counted(line)]
        try:
            if names:
                async for project in self._place.answers(partial(self._source.count, names), self._failed):
                    if (line := lines.get(project.name)) is not None:
                        line.count(project, self._place.session.now())
                        counted[project.name] = line.known()
                        if self._anew is not None:
                            self._anew.add(line)
                        self._place.show_learned()
            for line in wanted:
                if not line.told:
                    await self._tell(line)
        finally:
            if counted:
                _: Worker[None] = self._place.run_worker(partial(self._keep, counted), group="keep")
        self._given_up.update(line for line in wanted if self._wants(line))
        self._asked = ()
        self._place.show_learned(sort=True)

    async def _keep(self, counted: "Mapping[str, KnownProject]") -> None:
        location = self._source.location
        await self._place.remembered(lambda state: state.keep_counts(location, counted), None)

    async def _tell(self, line: ProjectLine) -> None:
        """Have the rest of a project that is only remembered, or see that it is gone."""
        gone = False

        def failed(error: SourceError) -> None:
            nonlocal gone
            gone = isinstance(error, NotFoundError)
            if not gone:
                self._failed(error)

        project = await self._place.answer(partial(self._source.project, line.name), failed)
        if gone:
            self._drop(line.name)
        if project is not None:
            line.learn(project)
            self._place.show_learned()

    def _drop(self, name: str) -> None:
        """Show it no longer, which may bring others on screen, and forget it."""
        self._book.drop(name)
        _: Worker[None] = self._place.run_worker(partial(self._forget, name), group="keep")
        self._place.rearrange()

    async def _forget(self, name: str) -> None:
        location = self._source.location
        await self._place.remembered(lambda state: state.forget_project(location, name), None)

    def _failed(self, error: SourceError) -> None:
        """Say it once: what was not counted shows it too."""
        if not self._told:
            self._told = True
            self._place.status.show_notice(f"Not all could be counted: {error}")
