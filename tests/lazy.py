"""The source in memory as a server answers: what was not fetched yet costs a request, made when it is wanted."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import TypeVar

from mltrack_tui.analysis.columns import constants, keys_of
from mltrack_tui.domain.cells import logged_value
from mltrack_tui.domain.entities import CandidateId, Experiment, Project
from mltrack_tui.domain.history import History, MetricSummary
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Columns, Lifecycle, Query, Value
from mltrack_tui.search.evaluate import CandidateSubject
from mltrack_tui.sources.base import Capabilities, NotFoundError
from mltrack_tui.sources.pages import named
from tests.memory import MemorySource
from tests.memory_answers import answer_to, between, history_of

T = TypeVar("T")


class LazySource(MemorySource):
    """A server: candidates come in pages of ``page_size``; what was fetched stays until `forget`.

    Attributes:
        filters, sorts: whether the server does it; else it is finished here over what is loaded.
        counts_to: candidates of an experiment that are counted.
        sample: points that the server chooses of a longer history.
        shelf: its projects, where it has many: they come in pages of ``projects_page``, and are counted one by one.
        uncountable: those of them that cannot be counted.
        counted: those that were, in order.
        searches: for what their names were searched.
    """

    def __init__(self, name: str = "memory", capabilities: Capabilities | None = None) -> None:
        super().__init__(name, capabilities)
        self.page_size = 50
        self.filters = self.sorts = False
        self.counts_to = 100
        self.sample = 20
        self.shelf: list[Project] = []
        self.projects_page = 100
        self.uncountable: set[str] = set()
        self.counted: list[str] = []
        self.searches: list[str] = []
        self._listed: dict[str, int] = {}
        self._loaded: dict[Query, int] = {}
        self._known: dict[str, Experiment] = {}

    @property
    def requests(self) -> int:
        """For how many pages of candidates the server was asked."""
        return self.calls.count("candidates")

    def forget(self) -> None:
        super().forget()
        self._listed.clear()
        self._loaded.clear()
        self._known.clear()

    # Projects

    async def projects(self, search: str = "") -> AsyncIterator[Page[Project]]:
        """Of many what is listed, then a page more for each request, the latest activity first."""
        if not self.shelf:
            async for page in super().projects(search):
                yield page
            return
        found = [each for each in self.shelf if all(word in each.name for word in search.casefold().split())]
        found.sort(key=lambda each: -(each.last_activity or 0))
        listed = 0
        while True:
            if listed >= self._listed.get(search, 0):
                if search:
                    self.searches.append(search)
                async with self._call("search" if search else "projects"):
                    self._listed[search] = listed + self.projects_page
            listed = self._listed[search]
            complete = listed >= len(found)
            some = [_uncounted(each) for each in found[:listed]]
            yield Page(some, len(some), len(found), complete, not complete)
            if complete:
                return

    async def project(self, name: str) -> Project:
        if not self.shelf:
            return await super().project(name)
        async with self._call("project"):
            return _uncounted(named(self.shelf, name, self.name))

    async def count(self, projects: Sequence[str]) -> AsyncIterator[Project]:
        """A request each."""
        for project in [each for name in projects for each in self.shelf if each.name == name]:
            async with self._call("count project"):
                self.counted.append(project.name)
            if project.name not in self.uncountable:
                yield project

    async def locate(self, candidate_id: str, project: str | None = None) -> CandidateId:
        if self.shelf and project is None:
            raise NotFoundError(f"{self.name} has no candidate {candidate_id!r} in no project.")
        return await super().locate(candidate_id, project)

    # Candidates

    async def candidates(self, query: Query) -> AsyncIterator[Page[CandidateId]]:
        async for page in self._listing(query):
            yield _with(page, self._found(query, page.items))

    async def values(self, query: Query, column: Column) -> AsyncIterator[Page[Value]]:
        async for page in self._listing(query):
            some = [subject.candidate for subject in page.items]
            held = {each.id: logged_value(self._measured(each, [column]), column) for each in some}
            yield _with(page, [held[id_] for id_ in self._found(query, page.items)])

    async def _listing(self, query: Query) -> AsyncIterator[Page[CandidateSubject]]:
        """What is loaded of the server's listing, then a page more for each request."""
        listing = replace(query, where=query.where if self.filters else None, order=query.order if self.sorts else ())
        loaded = 0
        while True:
            if loaded >= self._loaded.get(listing, 0):
                async with self._call("candidates"):
                    self._loaded[listing] = loaded + (self.page_size or 1)
            loaded = self._loaded[listing]
            subjects = {subject.candidate.id: subject for subject in self._subjects(query)}
            members = [subjects[id_] for id_ in answer_to(listing, list(subjects.values()))]
            some, complete = members[:loaded], loaded >= len(members)
            total = len(members) if complete and listing.where is None else None
            yield Page(some, len(some), total, complete, not complete, self.sorts or not query.order)
            if complete:
                return

    def _found(self, query: Query, some: Sequence[CandidateSubject]) -> Sequence[CandidateId]:
        """Those of the loaded ones that answer, where the server left something to do."""
        rest = replace(query, where=None if self.filters else query.where, order=() if self.sorts else query.order)
        return answer_to(rest, some)

    async def columns(self, project: str, experiments: tuple[str, ...]) -> AsyncIterator[Columns]:
        """Those of what was fetched: that costs nothing."""
        members: set[CandidateId] = set()
        complete = False
        for listing, loaded in self._loaded.items():
            if (listing.project, listing.experiments) == (project, experiments):
                found = self._subjects(listing)
                members |= set(answer_to(listing, found)[:loaded])
                complete |= listing.where is None and loaded >= len(found)
        known = [member for member in self.all_candidates if member.id in members]
        columns = keys_of(known)
        active = [member for member in known if Lifecycle.ACTIVE.admits(member.lifecycle_stage)]
        yield replace(columns, constant=constants(columns, active), complete=complete)

    # Experiments

    async def experiments(
        self, project: str, lifecycle: Lifecycle = Lifecycle.ACTIVE
    ) -> AsyncIterator[Page[Experiment]]:
        """All as far as they are known, then one more counted with each request."""
        admitted = [
            each for each in self.all_experiments if each.project == project and lifecycle.admits(each.lifecycle_stage)
        ]
        async with self._call("experiments"):
            waiting = [each for each in admitted if each.experiment_id not in self._known]
        while True:
            known = [self._known.get(each.experiment_id, replace(each, counted=False)) for each in admitted]
            known.sort(key=lambda member: (-(member.last_activity or 0), member.name))
            yield Page(known, len(admitted) - len(waiting), len(admitted), not waiting)
            if not waiting:
                return
            async with self._call("count"):
                counted = self._counted(waiting.pop(0))
                cut = replace(counted, candidates=self.counts_to, counted=False)
                self._known[counted.experiment_id] = cut if counted.candidates > self.counts_to else counted

    # Metrics

    async def summaries(self, candidate: CandidateId) -> AsyncIterator[Page[MetricSummary]]:
        """The last values; the rest follows from the histories."""
        last = sorted(self._find(candidate).metrics.items())
        async with self._call("summaries"):
            some = [MetricSummary(metric, value) for metric, value in last]
        yield Page(some, 0, len(some), complete=not some, on_demand=bool(some))
        async with self._call("histories"):
            whole = [self._summary(candidate, metric) for metric, _ in last]
        yield Page(whole, len(whole), len(whole))

    async def history(
        self,
        candidate: CandidateId,
        metric: str,
        buckets: int | None = None,
        steps: tuple[int, int] | None = None,
    ) -> AsyncIterator[History]:
        """A sample of a long one, then half of it, then all."""
        points = between(self._points(candidate, metric), steps)
        if buckets is None or len(points) <= self.sample:
            async for history in super().history(candidate, metric, buckets, steps):
                yield history
            return
        async with self._call("history"):
            some = points[:: len(points) // self.sample]
        yield replace(history_of(metric, some, some), total=None, exact=False, on_demand=True)
        async with self._call("points"):
            half = points[: len(points) // 2]
        yield replace(history_of(metric, half, half), total=None, exact=False)
        async with self._call("points"):
            whole = history_of(metric, points, points)
        yield whole


def _uncounted(project: Project) -> Project:
    return replace(project, experiments=None, models=None)


def _with(page: Page[CandidateSubject], items: Sequence[T]) -> Page[T]:
    return Page(items, page.loaded, page.total, page.complete, page.on_demand, page.appends)
