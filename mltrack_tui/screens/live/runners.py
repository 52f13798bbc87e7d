"""The candidates of a source that are running, over all its experiments, and how each gets on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from mltrack_tui.analysis.best import guessed_direction
from mltrack_tui.analysis.progress import Progress, progress
from mltrack_tui.domain.entities import ENDED, Candidate, CandidateId
from mltrack_tui.domain.filter import Compare, Comparison
from mltrack_tui.domain.history import History
from mltrack_tui.domain.query import SYSTEM, Column, Kind, Query
from mltrack_tui.screens.session import Session
from mltrack_tui.sources.base import Source
from mltrack_tui.sources.pages import at_hand, first, listed

RUNNING = "RUNNING"
MOST_PROJECTS, MOST_RUNNERS = 20, 200
"""Of a source's projects, and of their candidates that run: the first ones are looked at, and that is said."""
METRICS = 3
"""Metrics of a candidate whose points tell how it gets on."""
BUCKETS = 60
_IS_RUNNING = Compare(Column(Kind.ATTRIBUTE, "status"), Comparison.EQUAL, RUNNING)


@dataclass(frozen=True, slots=True)
class Runner:
    """A candidate that runs, or did when the list was read, and how it gets on.

    Attributes:
        at: when that was worked out, in milliseconds since the epoch.
        watched: whether the user wants to hear of it.
    """

    candidate: Candidate
    progress: Progress
    at: int
    watched: bool = False

    @property
    def name(self) -> str:
        """What tells it from all others: its id."""
        return self.candidate.id.candidate_id

    @property
    def called(self) -> str:
        """Its name, or where it has none, its id."""
        return self.candidate.name or self.name

    @property
    def last_activity(self) -> int:
        """When it did something last, in milliseconds since the epoch."""
        return self.progress.last_point or self.candidate.start_time or 0


@dataclass(frozen=True, slots=True)
class Found:
    """Which candidates run: ``note`` says what was left out of the search, '' where nothing was."""

    ids: Sequence[CandidateId]
    note: str = ""


async def running(source: Source) -> Found:
    """All candidates that run, of as many projects as can be gone through. Raises SourceError."""
    projects = await at_hand(source.projects())
    some = projects.items[:MOST_PROJECTS]
    left = len(projects.items) > len(some) or not projects.complete
    ids: list[CandidateId] = []
    for project in some:
        experiments = tuple(each.experiment_id for each in (await listed(source.experiments(project.name))).items)
        if experiments:
            page = await at_hand(source.candidates(Query(project.name, experiments, _IS_RUNNING)))
            ids += page.items
    notes = [f"of the first {len(some)} projects"] if left else []
    notes += [f"the first {MOST_RUNNERS} of {len(ids):,}"] if len(ids) > MOST_RUNNERS else []
    return Found(ids[:MOST_RUNNERS], ", ".join(notes))


def telling_metrics(candidate: Candidate) -> list[str]:
    """The few metrics that say most of how it gets on: what should fall or rise first, none of the machine's."""
    names = [name for name in candidate.metrics if not name.startswith(SYSTEM)]
    return sorted(names, key=lambda name: (guessed_direction(name) is None, name))[:METRICS]


async def histories_of(source: Source, candidate: Candidate) -> Sequence[History]:
    """What its metrics' points tell at once: a sample of long ones. Raises SourceError."""
    if not source.capabilities.history:
        return ()
    ask = partial(source.history, candidate.id, buckets=BUCKETS)
    return [await first(ask(metric=metric)) for metric in telling_metrics(candidate)]


def runner(candidate: Candidate, histories: Sequence[History], session: Session) -> Runner:
    """How a candidate gets on by now."""
    now = session.now()
    until = now if candidate.status not in ENDED else (candidate.end_time or now)
    live = session.live
    told = progress(
        histories,
        candidate.params,
        candidate.start_time,
        until,
        patience=live.patience,
        target=live.totals.get(candidate.id),
    )
    if candidate.status in ENDED:
        told = replace(told, ends=None)
    return Runner(candidate, told, now, candidate.id in live.watched)
