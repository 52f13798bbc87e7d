"""What others wrote to a store since it was looked at last.

SQLite numbers rows as they are written, so what is new lies behind the greatest number of the last look. Of rows that
are overwritten in place, those of candidates that have not ended are compared: they are few, and the others rest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select
from sqlmodel import col

from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.entities import UNFINISHED
from mltrack_tui.sources.sqlite.model_tables import ModelRow, VersionRow
from mltrack_tui.sources.sqlite.reader import Reader, Stamp, chunks
from mltrack_tui.sources.sqlite.tables import Experiment, Run, StoreTable, rowid_of
from mltrack_tui.sources.sqlite.value_tables import Metric, Param, Tag

_MOST_ROWS = 20_000
"""New rows of a table that are told one by one: some 20 ms."""
_MOST_WATCHED = 500
"""Candidates that are compared. Where jobs were killed, there are more that never end: the latest are watched."""
_RUNS_AT_ONCE = 10_000
_GROWING: tuple[type[StoreTable], ...] = (Run, Metric, Param, Tag)

_State = tuple[int, str | None, int | None, str | None, str | None]
"""Rowid, status, end, name and stage of life of a candidate."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A store as it was.

    Attributes:
        stamp: equal to a later one as long as nobody has written (`Reader.stamp`).
        ends: the greatest rowids of candidates, points, parameters and tags; 0 of an empty table.
        around: experiments and models, as far as their numbers and times show what became of them.
        unfinished: candidates that had not ended, as they were.
    """

    stamp: Stamp
    ends: tuple[int, ...]
    around: tuple[int | None, ...]
    unfinished: Mapping[str, _State] = field(repr=False)


def changes_since(reader: Reader, since: object | None) -> Changes:
    """What changed since a mark; without one, a mark to begin with, and whether anything did since the first reading.

    What was overwritten in place (a tag's value, a candidate that had ended) shows as ``others`` where nothing else
    changed with it, and not at all where something did.
    """
    if not isinstance(since, Mark):
        return Changes(_look(reader), anything=since is not None or reader.stamp != reader.first)
    if since.stamp == reader.stamp:
        return Changes(since)
    ends = _ends(reader)
    news = [_News(*pair) for pair in zip(since.ends, ends, strict=True)]
    if since.stamp.file != reader.stamp.file or any(each.is_unclear for each in news):
        return Changes(_look(reader), anything=True)
    return _told(reader, since, ends, news)


@dataclass(frozen=True, slots=True)
class _News:
    """The rows of a table that are new: those after ``after``, up to ``upto``."""

    after: int
    upto: int

    def __bool__(self) -> bool:
        return self.upto > self.after

    @property
    def is_unclear(self) -> bool:
        """Whether rows are gone, or so many are new that reading everything again is no slower."""
        return not 0 <= self.upto - self.after <= _MOST_ROWS

    def within(self, model: type[StoreTable]) -> ColumnElement[bool]:
        """Whether a row is one of them."""
        return rowid_of(model).between(self.after + 1, self.upto)


def _told(reader: Reader, since: Mark, ends: tuple[int, ...], news: list[_News]) -> Changes:
    runs, points, params, tags = news
    began = frozenset(_runs_of(reader, Run, runs))
    metrics = _metrics(reader, points)
    logged = {*_runs_of(reader, Param, params), *_runs_of(reader, Tag, tags)}
    around = _around(reader)
    watched = _watched(_states(reader, {*since.unfinished, *began, *logged, *metrics}))
    differing = _differing(since.unfinished, watched) - began
    quiet = not (began or metrics or logged or differing)
    if quiet:  # a candidate that had ended may have been taken up again
        watched = _watched(_states_of_unfinished(reader))
        differing = _differing(since.unfinished, watched)
    return Changes(
        Mark(reader.stamp, ends, around, watched),
        began=began,
        candidates=frozenset(logged | differing) - began,
        metrics=metrics,
        others=around != since.around or (quiet and not differing),
    )


def _look(reader: Reader) -> Mark:
    ends, around = _ends(reader), _around(reader)
    return Mark(reader.stamp, ends, around, _watched(_states_of_unfinished(reader)))


def _differing(before: Mapping[str, _State], now: Mapping[str, _State]) -> frozenset[str]:
    """Those that ended or went since, those that began or were taken up again, and those that are others now."""
    return frozenset(run for run in {*before, *now} if before.get(run) != now.get(run))


def _ends(reader: Reader) -> tuple[int, ...]:
    greatest = (select(func.max(rowid_of(each))).select_from(each).scalar_subquery() for each in _GROWING)
    return tuple(end or 0 for end in reader.rows(select(*greatest))[0])


def _around(reader: Reader) -> tuple[int | None, ...]:
    """The tables beside candidates, each by its greatest rowid, its length and its latest change."""
    tables: list[tuple[type[StoreTable], SQLColumnExpression[Any]]]
    tables = [(Experiment, reader.schema.optional(Experiment.last_update_time))]
    if reader.schema.has_models:
        tables += [(ModelRow, col(ModelRow.last_updated_time)), (VersionRow, col(VersionRow.creation_time))]
    measures = (
        select(measure).select_from(model).scalar_subquery()
        for model, changed in tables
        for measure in (func.max(rowid_of(model)), func.count(), func.max(changed))
    )
    return tuple(reader.rows(select(*measures))[0])


def _runs_of(reader: Reader, model: type[Run | Param | Tag], news: _News) -> Iterable[str]:
    """Whose rows are new."""
    if not news:
        return ()
    statement = select(col(model.run_uuid)).where(news.within(model)).distinct()
    return [run for (run,) in reader.rows(statement.with_hint(model, "NOT INDEXED", "sqlite"))]


def _metrics(reader: Reader, news: _News) -> dict[str, frozenset[str]]:
    """Which metrics got points, by candidate."""
    if not news:
        return {}
    statement = select(col(Metric.run_uuid), col(Metric.key)).where(news.within(Metric)).distinct()
    found: dict[str, set[str]] = {}
    for run, key in reader.rows(statement.with_hint(Metric, "NOT INDEXED", "sqlite")):
        found.setdefault(run, set()).add(key)
    return {run: frozenset(keys) for run, keys in found.items()}


_STATE = (col(Run.run_uuid), rowid_of(Run), col(Run.status), col(Run.end_time), col(Run.name), col(Run.lifecycle_stage))


def _states(reader: Reader, runs: Iterable[str]) -> dict[str, _State]:
    """Some candidates as they are."""
    found: dict[str, _State] = {}
    for some in chunks(list(runs)):
        rows = reader.rows(select(*_STATE).where(col(Run.run_uuid).in_(some)))
        found.update((row[0], row[1:]) for row in rows)
    return found


def _states_of_unfinished(reader: Reader) -> dict[str, _State]:
    """The candidates that have not ended."""
    found: dict[str, _State] = {}
    for low, high in reader.ranges(Run, _RUNS_AT_ONCE):
        here = rowid_of(Run).between(low, high), col(Run.status).in_(UNFINISHED)
        found.update((row[0], row[1:]) for row in reader.rows(select(*_STATE).where(*here)))
    return found


def _watched(states: Mapping[str, _State]) -> dict[str, _State]:
    """The latest of those that have not ended."""
    unfinished = {run: state for run, state in states.items() if state[1] in UNFINISHED}
    latest = sorted(unfinished, key=lambda run: unfinished[run][0])[-_MOST_WATCHED:]
    return {run: unfinished[run] for run in latest}
