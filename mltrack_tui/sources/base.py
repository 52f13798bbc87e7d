"""What every source of experiments can be asked, and how it fails.

Made for the slowest source: every call is awaited and may be cancelled (the source then stops working on it), and an
answer that may take long comes as pages, each replacing the one before. What costs a server a request is only asked
for as far as somebody iterates: a page or a history that is ``on_demand`` may be the last one that is wanted.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.entities import Candidate, CandidateDetail, CandidateId, Experiment, Model, Project
from mltrack_tui.domain.history import History, MetricSummary
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Columns, Kind, Lifecycle, Query, Value
from mltrack_tui.sources.artifacts import WHOLE, Content, Part

T = TypeVar("T")

_COST = Column(Kind.USAGE, "cost")


class SourceError(Exception):
    """The source could not answer. The text is one line: what happened, to what, and what to do now."""


class SourceBusy(SourceError):  # noqa: N818 - not an error: the same call will succeed
    """Somebody else is writing just now; the same call will succeed later."""


class NotFoundError(SourceError):
    """The source has no such thing."""


class RefusedError(SourceError):
    """The source knows us not, or lets us not: another token, user or role would help."""


class NoServerError(SourceError):
    """The artifacts are behind a tracking server, and nobody said where that is."""


class ChangedError(SourceError):
    """A file is not what it was when its first part was read."""


class UnreachableError(SourceError):
    """The source did not answer: it is down, asleep, or something lies between."""


@dataclass(frozen=True, slots=True)
class Capability:
    """Whether a source can do something; where it cannot, ``reason`` says why in a sentence for the user."""

    reason: str | None = None

    def __bool__(self) -> bool:
        return self.reason is None


Price = Callable[[], float | None]
"""What something costs, as the user has it; None where they did not say."""
NO_RATE = Capability("No rate is set: config.toml says what an hour of a GPU costs, as in [cost] gpu_hour = 2.5.")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What not every source can do. What is missing is shown as unavailable, with the reason.

    Attributes:
        deleted: it keeps deleted experiments and candidates, and tells them.
        order: it sorts.
        history: it keeps all points of a metric.
        times: it knows when each of them was logged; otherwise their timestamps are 0.
        not_finite: its metrics can be NaN and infinite.
        datasets: it knows which datasets a candidate used.
        artifacts: it has files.
        models: it has registered models: `Source.models`.
        ci: it knows which CI pipeline logged a candidate: `Kind.CI`.
        cost: it knows what an hour of a GPU costs: ``usage.cost``.
        web: it has pages in a browser: `Source.web_page`.
        watch: it notices changes by itself, so that `Source.changes` may be asked twice a second.
    """

    deleted: Capability = Capability()
    order: Capability = Capability()
    history: Capability = Capability()
    times: Capability = Capability()
    not_finite: Capability = Capability()
    datasets: Capability = Capability()
    artifacts: Capability = Capability()
    models: Capability = Capability()
    ci: Capability = Capability("This source does not say which CI pipeline logged a candidate.")
    cost: Capability = NO_RATE
    web: Capability = Capability("This source has no pages in a browser.")
    watch: Capability = Capability("This source is asked again each time, which costs it requests.")

    def telling(self, column: Column) -> Capability:
        """Whether the values of a column are known."""
        if column == _COST:
            return self.cost
        return self.ci if column.kind is Kind.CI else Capability()

    def priced(self, gpu_hour: float | None) -> "Capabilities":
        """The same where an hour of a GPU costs so much, if that is known."""
        return self if gpu_hour is None else replace(self, cost=Capability())


def no_price() -> None:
    """Nobody said."""


class Source(Protocol):
    """A place that holds tracked experiments. Every call raises `SourceError` where it cannot answer."""

    @property
    def name(self) -> str:
        """What the path on the screen calls it: a file's name, a host."""
        ...

    @property
    def location(self) -> str:
        """Which source it is: an absolute path or a URI without secrets, and what `CandidateId.source` says."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What this source can do. Known after the first answer."""
        ...

    def projects(self, search: str = "") -> AsyncIterator[Page[Project]]:
        """All projects, by name; of a server that may have thousands the latest activity first, on demand.

        Such a server looks for ``search`` in their names; any other source answers all there are.
        """
        ...

    async def project(self, name: str) -> Project:
        """The project of a name. Raises NotFoundError."""
        ...

    def count(self, projects: Sequence[str]) -> AsyncIterator[Project]:
        """Some projects whose numbers `projects` did not tell, with them: each as soon as its are known.

        One that cannot be counted is left out.
        """
        ...

    def experiments(self, project: str, lifecycle: Lifecycle = Lifecycle.ACTIVE) -> AsyncIterator[Page[Experiment]]:
        """A project's experiments, the latest activity first.

        A server's may all be there (``total`` of them) before they are counted, which comes page by page.
        """
        ...

    def candidates(self, query: Query) -> AsyncIterator[Page[CandidateId]]:
        """Which candidates answer a query, in its order; their values are had from `read`.

        A filter or an order that goes through many values answers in growing pages.
        """
        ...

    def values(self, query: Query, column: Column) -> AsyncIterator[Page[Value]]:
        """One column's values for all candidates that answer a query, in its order, growing.

        Parameters, tags and names are the text that was logged, times and durations milliseconds.
        """
        ...

    def columns(self, project: str, experiments: tuple[str, ...]) -> AsyncIterator[Columns]:
        """The parameters, metrics and tags that occur in these experiments, among deleted candidates too, growing.

        Which columns are the same for all active candidates may be told later than which there are. A server tells
        no columns: its are those of the candidates that were fetched so far, and complete when all were.
        """
        ...

    async def read(
        self, candidates: Sequence[CandidateId], columns: Sequence[Column] | None = None
    ) -> Sequence[Candidate]:
        """The values of some candidates, in the order asked; those that are gone are left out.

        ``columns`` limits the parameters, metrics and tags that are fetched; None is all of them, without aggregates.
        """
        ...

    async def locate(self, candidate_id: str, project: str | None = None) -> CandidateId:
        """Where the candidate of this id lies, in a project or in any. Raises NotFoundError.

        Of a server's thousands of projects, those are gone through that were opened or had the latest activity.
        """
        ...

    async def detail(self, candidate: CandidateId) -> CandidateDetail:
        """A candidate with its parent, children and datasets. Raises NotFoundError."""
        ...

    def summaries(self, candidate: CandidateId) -> AsyncIterator[Page[MetricSummary]]:
        """Last, minimum, maximum and count of each metric, by name, growing."""
        ...

    def history(
        self,
        candidate: CandidateId,
        metric: str,
        buckets: int | None = None,
        steps: tuple[int, int] | None = None,
    ) -> AsyncIterator[History]:
        """A metric over its steps; with ``steps`` only from the first to the second of them, both included.

        ``total`` then counts the points between them. ``buckets`` reduces it to about twice as many points, the
        smallest and the largest of each of so many equal parts of its steps: a sample may come at once, and the last
        answer is exact. Without it: every point.
        A metric that was never logged is a history of no points.
        """
        ...

    async def artifacts(self, candidate: CandidateId, path: str = "") -> Sequence[Artifact]:
        """What lies directly in a folder, by name; of a file's path, that file alone.

        At the root come the logged models and datasets too, after all others. What cannot be asked for, because of
        its name or because it leads out of the folder, is there as what it is.

        Raises:
            NotFoundError: there is nothing of this path.
            NoServerError: the artifacts are behind a server whose address is not known: `artifacts_at` tells it.
        """
        ...

    def content(self, candidate: CandidateId, path: str, part: Part = WHOLE) -> AbstractAsyncContextManager[Content]:
        """A file, opened at the part that is wanted; it is let go of at the end, read or not.

        Raises:
            NotFoundError: there is no such file.
            ChangedError: it is another than ``part.version``.
            NoServerError: as `artifacts`.
        """
        ...

    def artifacts_at(self, uri: str) -> None:
        """Have the artifacts of a store's ``mlflow-artifacts:`` roots from the tracking server at this address.

        Raises:
            SourceError: that is no address of a server, or this source has its artifacts itself.
        """
        ...

    def models(self, project: str) -> AsyncIterator[Page[Model]]:
        """A project's registered models, by name, growing; none of a project that is not there.

        A model may be told before all of its versions are, which then come without being asked for. Prompts, which
        MLflow keeps among its models, are none.
        """
        ...

    async def web_page(self, of: Project | Experiment | CandidateId) -> str:
        """The URL at which a browser shows something. Raises SourceError where there is none."""
        ...

    async def changes(self, since: object | None = None) -> Changes:
        """What changed since an earlier answer's `Changes.mark`; without one, a mark to begin with.

        Whoever can tell adds to that whether anything changed since the source was asked for the first time.
        Where nothing changed this costs next to nothing: `Capabilities.watch`. A source that would have to read
        everything to know answers ``anything``, and what is shown is then read anew after `forget`.
        """
        ...

    def forget(self) -> None:
        """Rely no longer on what was kept of earlier answers: the user wants to see what there is now."""
        ...

    async def aclose(self) -> None:
        """Let go of everything."""
        ...
