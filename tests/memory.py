"""A source over plain lists, for tests: it can be told to be slow, paged, failing and incapable."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256
from typing import TypeVar

from mltrack_tui.analysis.aggregate import aggregate
from mltrack_tui.analysis.columns import constants, keys_of
from mltrack_tui.analysis.order import base_order
from mltrack_tui.analysis.reduce import reduce
from mltrack_tui.analysis.usage import Logged, histories_of, usage
from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.cells import logged_value, only
from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.entities import (
    PARENT_TAG,
    Candidate,
    CandidateDetail,
    CandidateId,
    Dataset,
    Experiment,
    Link,
    Model,
    Project,
)
from mltrack_tui.domain.history import History, MetricSummary
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Columns, Kind, Lifecycle, Query, Value
from mltrack_tui.search.evaluate import CandidateSubject, columns_of
from mltrack_tui.sources.artifacts import WHOLE, Content, Part
from mltrack_tui.sources.base import Capabilities, Capability, ChangedError, NotFoundError, SourceError
from mltrack_tui.sources.pages import final, named
from tests.memory_answers import (
    Point,
    answer_to,
    between,
    history_of,
    latest,
    listing,
    place_of,
    summary_of,
)

S = TypeVar("S")
T = TypeVar("T")


def candidate(
    candidate_id: str,
    name: str | None = None,
    *,
    status: str | None = "FINISHED",
    start_time: int | None = None,
    end_time: int | None = None,
    user: str | None = None,
    lifecycle_stage: str = "active",
    params: Mapping[str, str] | None = None,
    metrics: Mapping[str, float] | None = None,
    tags: Mapping[str, str] | None = None,
) -> Candidate:
    """A candidate to give to `MemorySource.of`, which puts it into its experiment."""
    return Candidate(
        CandidateId("", "", "", candidate_id),
        name=name,
        status=status,
        start_time=start_time,
        end_time=end_time,
        user=user,
        lifecycle_stage=lifecycle_stage,
        params=params or {},
        metrics=metrics or {},
        tags=tags or {},
    )


class MemorySource:
    """A `Source` over lists that a test may change at any time.

    Attributes:
        all_experiments, all_candidates: what it holds.
        points: (step, timestamp, value) by candidate's id and metric; without an entry, a metric has one point.
        datasets: by candidate's id.
        files: the bytes of each artifact by its path, by candidate's id.
        ci: what CI says, by candidate's id; told only where it is asked for.
        gpu_hour: what an hour of a GPU costs.
        origins, every_child: what `detail` says of them, the former by candidate's id.
        gate: while it is an event that is not set, every answer waits for it.
        happened: what `changes` tells since the first mark, one after the other; an error is raised.
        looks: how often `changes` was asked, which is no call like others: it is asked all the time.
        page_size: that many more are looked at from page to page; None answers at once.
        calls: the name of each call, in order, when it is asked.
        cancelled: the names of those that were cancelled while they waited.
    """

    def __init__(self, name: str = "memory", capabilities: Capabilities | None = None) -> None:
        self._name = name
        self._capabilities = capabilities or Capabilities()
        self._failures: deque[SourceError] = deque()
        self.all_experiments: list[Experiment] = []
        self.all_candidates: list[Candidate] = []
        self.points: dict[tuple[str, str], list[Point]] = {}
        self.datasets: dict[str, tuple[Dataset, ...]] = {}
        self.all_models: list[Model] = []
        self.files: dict[str, dict[str, bytes]] = {}
        self.ci: dict[str, dict[str, str]] = {}
        self.gpu_hour: float | None = None
        self.origins: dict[str, tuple[Link, ...]] = {}
        self.every_child = True
        self.gate: asyncio.Event | None = None
        self.page_size: int | None = None
        self.happened: deque[Changes | SourceError] = deque()
        self.looks = 0
        self.calls: list[str] = []
        self.cancelled: list[str] = []
        self.closed = False

    @classmethod
    def of(
        cls,
        experiments: Mapping[str, Sequence[Candidate]],
        *,
        project: str = "default",
        name: str = "memory",
        capabilities: Capabilities | None = None,
    ) -> "MemorySource":
        """A source with these candidates in experiments of these names, whose ids are "1", "2" and so on."""
        source = cls(name, capabilities)
        for title, candidates in experiments.items():
            source.add(Experiment(str(len(source.all_experiments) + 1), title, project, "active"), candidates)
        return source

    def add(self, experiment: Experiment, candidates: Sequence[Candidate] = ()) -> None:
        """Add an experiment with candidates, which become its own."""
        self.all_experiments.append(experiment)
        for member in candidates:
            place = CandidateId(self._name, experiment.project, experiment.experiment_id, member.id.candidate_id)
            self.all_candidates.append(replace(member, id=place, experiment_name=experiment.name))

    def fail(self, *errors: SourceError) -> None:
        """Raise these at the next calls, one each."""
        self._failures.extend(errors)

    @property
    def name(self) -> str:
        return self._name

    @property
    def location(self) -> str:
        return f"/{self._name}"

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    async def projects(self, search: str = "") -> AsyncIterator[Page[Project]]:
        names = sorted({experiment.project for experiment in self.all_experiments}) or ["default"]
        async for page in self._pages("projects", names, lambda some: [self._project(name) for name in some]):
            yield page

    async def project(self, name: str) -> Project:
        return named((await final(self.projects())).items, name, self.name)

    async def count(self, projects: Sequence[str]) -> AsyncIterator[Project]:
        async with self._call("count"):
            counted = [self._project(name) for name in projects]
        for each in counted:
            yield each

    async def experiments(
        self, project: str, lifecycle: Lifecycle = Lifecycle.ACTIVE
    ) -> AsyncIterator[Page[Experiment]]:
        counted = [self._counted(member) for member in self.all_experiments if member.project == project]
        if not counted and project != "default":
            raise NotFoundError(f"{self.name} has no project {project!r}.")
        admitted = [member for member in counted if lifecycle.admits(member.lifecycle_stage)]
        admitted.sort(key=lambda member: (-(member.last_activity or 0), member.name))
        async for page in self._pages("experiments", admitted, list):
            yield page

    async def candidates(self, query: Query) -> AsyncIterator[Page[CandidateId]]:
        subjects = self._subjects(query)
        async for page in self._pages("candidates", subjects, lambda some: answer_to(query, some)):
            yield page

    async def values(self, query: Query, column: Column) -> AsyncIterator[Page[Value]]:
        held = {member.id: self._measured(member, [column]) for member in self.all_candidates}
        async for page in self.candidates(query):
            values = [logged_value(held[identity], column) for identity in page.items]
            yield Page(values, page.loaded, page.total, page.complete)

    async def columns(self, project: str, experiments: tuple[str, ...]) -> AsyncIterator[Columns]:
        async with self._call("columns"):
            members = [
                member
                for member in self.all_candidates
                if member.id.project == project and member.id.experiment_id in experiments
            ]
            columns = keys_of(members)
        yield columns
        async with self._call("constants"):
            active = [member for member in members if Lifecycle.ACTIVE.admits(member.lifecycle_stage)]
            constant = constants(columns, active)
        yield replace(columns, constant=constant, complete=True)

    async def read(
        self, candidates: Sequence[CandidateId], columns: Sequence[Column] | None = None
    ) -> Sequence[Candidate]:
        async with self._call("read"):
            held = {member.id: member for member in self.all_candidates}
            found = [self._measured(held[identity], columns or ()) for identity in candidates if identity in held]
            return [only(member, columns) for member in found]

    async def locate(self, candidate_id: str, project: str | None = None) -> CandidateId:
        async with self._call("locate"):
            for member in self.all_candidates:
                if member.id.candidate_id == candidate_id and project in {None, member.id.project}:
                    return member.id
            raise NotFoundError(f"{self.name} has no candidate {candidate_id!r}.")

    async def detail(self, candidate: CandidateId) -> CandidateDetail:
        async with self._call("detail"):
            found = self._find(candidate)
            children = [one for one in self.all_candidates if one.tags.get(PARENT_TAG) == candidate.candidate_id]
            parents = [one for one in self.all_candidates if one.id.candidate_id == found.tags.get(PARENT_TAG)]
            names = {one.experiment_id: one.name for one in self.all_experiments}
            return CandidateDetail(
                found,
                names[candidate.experiment_id],
                parents[0] if parents else None,
                tuple(sorted(children, key=lambda one: (one.start_time or 0, one.id.candidate_id))),
                self._datasets(found),
                self.origins.get(candidate.candidate_id, ()),
                self.every_child,
                versions=tuple(
                    version
                    for model in self.all_models
                    for version in model.versions
                    if model.project == candidate.project and version.candidate_id == candidate.candidate_id
                ),
            )

    async def summaries(self, candidate: CandidateId) -> AsyncIterator[Page[MetricSummary]]:
        keys = sorted(self._find(candidate).metrics)
        async for page in self._pages("summaries", keys, lambda some: [self._summary(candidate, key) for key in some]):
            yield page

    async def history(
        self,
        candidate: CandidateId,
        metric: str,
        buckets: int | None = None,
        steps: tuple[int, int] | None = None,
    ) -> AsyncIterator[History]:
        self._need(self._capabilities.history)
        async with self._call("history"):
            points = between(self._points(candidate, metric), steps)
        history = history_of(metric, points, points)
        if buckets is not None and len(points) > 2 * buckets:
            yield replace(history_of(metric, points[:: len(points) // buckets], points), exact=False)
            async with self._call("history"):
                history = reduce(history, buckets)
        yield history

    async def artifacts(self, candidate: CandidateId, path: str = "") -> Sequence[Artifact]:
        self._need(self._capabilities.artifacts)
        async with self._call("artifacts"):
            self._find(candidate)
            files = self.files.get(candidate.candidate_id, {})
            found = listing(path, files)
            if path and not found:
                raise NotFoundError(f"There is no artifact {path!r}.")
            return found

    @asynccontextmanager
    async def content(self, candidate: CandidateId, path: str, part: Part = WHOLE) -> AsyncIterator[Content]:
        self._need(self._capabilities.artifacts)
        async with self._call("content"):
            content = self.files.get(candidate.candidate_id, {}).get(path)
        if content is None:
            raise NotFoundError(f"There is no artifact {path!r}.")
        version = sha256(content).hexdigest()
        if part.version not in {None, version}:
            raise ChangedError(f"The artifact {path!r} was written anew meanwhile.")
        yield Content(self._chunks(content[part.start : part.stop]), len(content), version)

    async def _chunks(self, content: bytes) -> AsyncIterator[bytes]:
        step = self.page_size or max(len(content), 1)
        for start in range(0, len(content), step):
            await self._wait()
            yield content[start : start + step]

    def artifacts_at(self, uri: str) -> None:
        raise SourceError("Memory has its artifacts itself.")

    async def models(self, project: str) -> AsyncIterator[Page[Model]]:
        self._need(self._capabilities.models)
        found = sorted((model for model in self.all_models if model.project == project), key=lambda model: model.name)
        async for page in self._pages("models", found, list):
            yield page

    async def web_page(self, of: Project | Experiment | CandidateId) -> str:
        self._need(self._capabilities.web)
        async with self._call("web_page"):
            parts = of[1:] if isinstance(of, CandidateId) else (of.name,)
            return "/".join(("https://tracking.example", *parts))

    async def changes(self, since: object | None = None) -> Changes:
        self.looks += 1
        told = (
            self.happened.popleft() if self.happened and since is not None else Changes(0 if since is None else since)
        )
        if isinstance(told, SourceError):
            raise told
        return told

    def forget(self) -> None:
        self.calls.append("forget")

    async def aclose(self) -> None:
        self.closed = True

    @asynccontextmanager
    async def _call(self, call: str) -> AsyncIterator[None]:
        self.calls.append(call)
        try:
            await self._wait()
        except asyncio.CancelledError:
            self.cancelled.append(call)
            raise
        if self._failures:
            raise self._failures.popleft()
        yield

    async def _wait(self) -> None:
        if self.gate is not None:
            await self.gate.wait()

    async def _pages(
        self, call: str, members: Sequence[S], answer: Callable[[Sequence[S]], Sequence[T]]
    ) -> AsyncIterator[Page[T]]:
        step = self.page_size or max(len(members), 1)
        for end in range(step, max(len(members), 1) + step, step):
            async with self._call(call):
                some = members[:end]
                complete = end >= len(members)
                page = Page(answer(some), len(some), len(some) if complete else None, complete)
            yield page

    def _subjects(self, query: Query) -> list[CandidateSubject]:
        """All that a query may be about, the latest first."""
        if query.order:
            self._need(self._capabilities.order)
        if query.lifecycle is not Lifecycle.ACTIVE:
            self._need(self._capabilities.deleted)
        members = [
            member
            for member in self.all_candidates
            if member.id.project == query.project
            and member.id.experiment_id in query.experiments
            and query.lifecycle.admits(member.lifecycle_stage)
        ]
        members.sort(key=lambda member: base_order(member.start_time, member.id.candidate_id))
        asked = [*columns_of(query.where), *(order.column for order in query.order)]
        return [CandidateSubject(self._measured(member, asked), self._datasets(member)) for member in members]

    def _need(self, capability: Capability) -> None:
        if capability.reason is not None:
            raise SourceError(capability.reason)

    def _find(self, candidate: CandidateId) -> Candidate:
        for member in self.all_candidates:
            if member.id == candidate:
                return member
        raise NotFoundError(f"{self.name} has no candidate {candidate.candidate_id!r}.")

    def _project(self, name: str) -> Project:
        members = [self._counted(member) for member in self.all_experiments if member.project == name]
        active = sum(Lifecycle.ACTIVE.admits(member.lifecycle_stage) for member in members)
        return Project(name, active, latest(member.last_activity for member in members))

    def _counted(self, experiment: Experiment) -> Experiment:
        active = [
            member
            for member in self.all_candidates
            if member.id.experiment_id == experiment.experiment_id and member.lifecycle_stage == "active"
        ]
        times = [time for member in active for time in (member.start_time, member.end_time)]
        return replace(experiment, candidates=len(active), last_activity=latest(times))

    def _points(self, candidate: CandidateId, metric: str) -> list[Point]:
        member = self._find(candidate)
        if metric not in member.metrics:
            return []
        alone = [(0, member.start_time or 0, member.metrics[metric])]
        return sorted(self.points.get((candidate.candidate_id, metric), alone), key=place_of)

    def _datasets(self, member: Candidate) -> tuple[Dataset, ...]:
        return self.datasets.get(member.id.candidate_id, ()) if self._capabilities.datasets else ()

    def _measured(self, member: Candidate, columns: Iterable[Column]) -> Candidate:
        """The candidate with the aggregates of some columns, of those whose metric it has, and what CI says of it."""
        found: dict[Column, float] = {}
        ci: Mapping[str, str] = {}
        columns = list(columns)
        for column in columns:
            if column.kind is Kind.CI and self._capabilities.ci:
                ci = self.ci.get(member.id.candidate_id, {})
            if column.aggregate is not None:
                values = [value for _, _, value in self._points(member.id, column.name)]
                if (value := aggregate(values, column.aggregate)) is not None:
                    found[column] = value
        used = [column.name for column in columns if column.kind is Kind.USAGE]
        return replace(member, aggregates=found, ci=ci, usage=self._usage(member, used) if used else {})

    def _usage(self, member: Candidate, names: Iterable[str]) -> dict[str, float]:
        """What the candidate used of its machine, of these names."""
        found = {}
        times = [at for metric in member.metrics for _, at, _ in self._points(member.id, metric)]
        member = replace(member, last_point=max(times, default=None))
        for name in names:
            measured = self._measured(member, histories_of(name, member.metrics))
            if (value := usage(name, Logged.by(measured), self.gpu_hour)) is not None:
                found[name] = value
        return found

    def _summary(self, candidate: CandidateId, metric: str) -> MetricSummary:
        values = [value for _, _, value in self._points(candidate, metric)]
        return summary_of(metric, self._find(candidate).metrics[metric], values)
