"""A query on its way to its answer, a step at a time."""

from time import monotonic
from typing import TYPE_CHECKING

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.filter import Filter, Words
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Query, Value
from mltrack_tui.sources.sqlite.experiments import experiment_numbers
from mltrack_tui.sources.sqlite.filtering import Filtering
from mltrack_tui.sources.sqlite.reader import Reader
from mltrack_tui.sources.sqlite.reading import FEW, RUNS_AT_ONCE
from mltrack_tui.sources.sqlite.roster import Roster
from mltrack_tui.sources.sqlite.rosters import Rosters
from mltrack_tui.sources.sqlite.scope import Scope
from mltrack_tui.sources.sqlite.tables import Run, rowid_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_STEP = 0.2
"""Seconds from page to page."""
_FIRST_PAGE = 200
_NEWEST = 25_000  # rows of the store's end, in which the first page is sought


class Answer:
    """What is known of the answer to a query.

    Attributes:
        complete: whether the last page was given.
    """

    def __init__(self, source: str, rosters: Rosters, query: Query) -> None:
        self._source = source
        self._rosters = rosters
        self._query = query
        self._begun: tuple[Scope, object] | None = None
        self._filtering: Filtering | None = None
        self._members: Roster | None = None
        self._shown = Roster((), 0, rosters.aggregates)
        self._places: Sequence[int] = ()
        self._progress: tuple[int, int | None] = (0, None)
        self._arranged = False
        self.complete = False

    def candidates(self, reader: Reader) -> Page[CandidateId]:
        """Go on, and say which candidates are known by now."""
        self._advance(reader, monotonic() + _STEP)
        self.complete = self._arranged
        ids, places = self._shown.ids, self._places
        items = ids if isinstance(places, range) else tuple(map(ids.__getitem__, places))
        return Page(items, *self._progress, self.complete)

    def values(self, reader: Reader, column: Column) -> Page[Value]:
        """Go on, and say what is known by now of a column's values."""
        until = monotonic() + _STEP
        self._advance(reader, until)
        roster, places = self._shown, self._places
        if not self._arranged and (column.is_worked_out or len(places) > FEW):
            return Page((), *self._progress, complete=False)
        if column.is_worked_out and not roster.knows(column):
            runs = [roster.ids[place].candidate_id for place in places]
            known = roster.aggregates.work_out(reader, column, runs, until)
            if known < len(runs):
                found = roster.aggregates.of(reader, column, runs[:known])
                return Page([found.get(run) for run in runs[:known]], known, len(runs), complete=False)
        self.complete = self._arranged
        return Page(roster.values(reader, column, places), *self._progress, self.complete)

    def _advance(self, reader: Reader, until: float) -> None:
        if self._arranged:
            return
        if self._members is None:
            self._members = self._gather(reader, until)
        members, order = self._members, self._query.order
        if members is not None and all(self._is_known(reader, members, each.column, until) for each in order):
            self._arrange(reader, members, members.looked_at)
            self._arranged = True

    def _arrange(self, reader: Reader, roster: Roster, total: int | None) -> None:
        self._shown, self._places = roster, roster.arranged(reader, self._query.order)
        self._progress = (roster.looked_at, total)

    def _gather(self, reader: Reader, until: float) -> Roster | None:
        """All candidates that answer the query, in base order; None while they are not known."""
        query = self._query
        first = self._begun is None
        if self._begun is None:
            numbers = experiment_numbers(reader, query.project, query.experiments)
            self._begun = Scope(self._source, query.project, tuple(numbers), query.lifecycle), reader.stamp
        scope, stamp = self._begun
        found = self._rosters.find(reader, query, query.where)
        if found is not None:
            return found
        if query.where is not None:
            found = self._choose(reader, scope, query.where, until)
        elif first and not query.order and self._show_newest(reader, scope):
            return None
        else:
            found = self._read(reader, scope)
        if found is not None:
            self._rosters.keep(stamp, query, found)
        return found

    def _show_newest(self, reader: Reader, scope: Scope) -> bool:
        """Show some that were written last, where the store is large and its true order takes a while."""
        extent = reader.extent(Run)
        if len(extent) <= FEW:
            return False
        newest = scope.rows(max(extent.start, extent.stop - _NEWEST), extent.stop - 1)
        rows = reader.rows(newest.order_by(rowid_of(Run).desc()).limit(_FIRST_PAGE))
        self._arrange(reader, Roster(scope.identify(rows), len(rows), self._rosters.aggregates), None)
        return bool(rows)

    def _read(self, reader: Reader, scope: Scope) -> Roster:
        ranges = reader.ranges(Run, RUNS_AT_ONCE)
        ids = scope.identify(row for low, high in ranges for row in reader.rows(scope.rows(low, high)))
        return Roster(ids, len(ids), self._rosters.aggregates)

    def _choose(self, reader: Reader, scope: Scope, where: Filter, until: float) -> Roster | None:
        whole = self._rosters.find(reader, self._query, None)
        if whole is not None and isinstance(where, Words):
            return whole.chosen(whole.named(reader, where.words))
        if self._filtering is None:
            self._filtering = Filtering(scope, where, self._rosters.aggregates)
        done = self._filtering.advance(reader, until)
        found = self._filtering.found
        if done and whole is not None and all(run in whole.positions for run, _, _ in found):
            return whole.chosen(sorted(whole.positions[run] for run, _, _ in found))
        if done:
            return Roster(scope.identify(found), self._filtering.loaded, self._rosters.aggregates)
        self._progress = (self._filtering.loaded, self._filtering.total)
        if self._is_quick(len(found)):
            some = Roster(scope.identify(found), self._filtering.loaded, self._rosters.aggregates)
            self._arrange(reader, some, self._filtering.total)
        return None

    def _is_known(self, reader: Reader, members: Roster, column: Column, until: float) -> bool:
        """Work out an aggregate to sort by; until all is known, those are shown of which it is."""
        if not column.is_worked_out or members.knows(column):
            return True
        runs = list(members.positions)
        known = members.aggregates.work_out(reader, column, runs, until)
        if known == len(runs):
            return True
        self._progress = (known, len(runs))
        if len(self._query.order) == 1:
            some = members.chosen(range(known))
            self._arrange(reader, some, len(runs))
            self._progress = (known, len(runs))
        return False

    def _is_quick(self, candidates: int) -> bool:
        """Whether so many are sorted without going through a table, or a history."""
        order = self._query.order
        return not order or (candidates <= FEW and not any(each.column.is_worked_out for each in order))
