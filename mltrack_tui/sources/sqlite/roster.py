"""Which candidates there are, in what order: kept in memory for as long as nobody writes to the store."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, func, or_, select
from sqlmodel import col

from mltrack_tui.analysis.order import SortColumn, arrange, base_order, text_value
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.filter import Words
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Kind, Lifecycle, Query, Value
from mltrack_tui.sources.sqlite.keyed import read_key
from mltrack_tui.sources.sqlite.reader import Reader, chunks
from mltrack_tui.sources.sqlite.tables import Experiment, Run, rowid_of
from mltrack_tui.sources.sqlite.values import NAME_TAG

_FEW = 5000  # candidates; with fewer, the true order is as quick as a first page
_FIRST_PAGE = 200
_RUNS_AT_ONCE = 25_000
_KEPT = 2  # rosters; each is about 30 MB at 100,000 candidates

_NAME = Column(Kind.ATTRIBUTE, "name")


@dataclass(slots=True)
class Roster:
    """The candidates of some experiments in base order, and the columns that were asked about so far."""

    ids: tuple[CandidateId, ...]
    columns: dict[Column, SortColumn] = field(default_factory=dict)
    folded_names: list[str] | None = None
    _positions: dict[str, int] = field(default_factory=dict)

    @property
    def positions(self) -> dict[str, int]:
        """Where each candidate stands."""
        if not self._positions:
            self._positions = {identity.candidate_id: place for place, identity in enumerate(self.ids)}
        return self._positions

    def page(self, reader: Reader, query: Query) -> Page[CandidateId]:
        """The answer to a query, of all that there is."""
        positions: Sequence[int] = range(len(self.ids))
        if isinstance(query.where, Words):
            names = self._names(reader)
            for word in query.where.words:
                positions = [place for place in positions if word in names[place]]
        if query.order:
            keys = [(self._column(reader, order.column), order.descending) for order in query.order]
            positions = arrange(positions, keys)
        items = self.ids if isinstance(positions, range) else tuple(map(self.ids.__getitem__, positions))
        return Page(items, len(self.ids), len(self.ids))

    def _column(self, reader: Reader, column: Column) -> SortColumn:
        if column not in self.columns:
            self.columns[column] = SortColumn.of(self._values(reader, column))
        return self.columns[column]

    def _names(self, reader: Reader) -> list[str]:
        if self.folded_names is None:
            names = self._values(reader, _NAME)
            self.folded_names = [name.casefold() if isinstance(name, str) else "" for name in names]
        return self.folded_names

    def _values(self, reader: Reader, column: Column) -> list[Value]:
        """A column's values in base order."""
        if column.kind is Kind.ATTRIBUTE:
            return self._attributes(reader, column.name)
        values: list[Value] = [None] * len(self.ids)
        positions = self.positions
        known: dict[str | None, Value] = {}  # parameters repeat, and reading a number from text takes a while
        for run, value in read_key(reader, column.kind, column.name, list(positions)):
            place = positions.get(run)
            if place is None:
                continue
            if column.kind is Kind.METRIC:
                values[place] = value
                continue
            if value not in known:
                known[value] = text_value(value)
            values[place] = known[value]
        return values

    def _attributes(self, reader: Reader, name: str) -> list[Value]:
        if name == "id":
            return [identity.candidate_id for identity in self.ids]
        if name == "experiment_id":
            return [text_value(identity.experiment_id) for identity in self.ids]
        if name == "experiment":
            names = reader.rows(select(col(Experiment.experiment_id), col(Experiment.name)))
            by_id = {str(number): title for number, title in names}
            return [by_id.get(identity.experiment_id) for identity in self.ids]
        values: list[Value] = [None] * len(self.ids)
        positions = self.positions
        for statement in self._run_statements(reader, _attribute(name)):
            for run, value in reader.rows(statement):
                if run in positions:
                    values[positions[run]] = value
        if name == "name":
            self._name_by_tag(reader, values)
        return values

    def _name_by_tag(self, reader: Reader, names: list[Value]) -> None:
        """Fill in the names that mlflow before 1.30 wrote into a tag only."""
        nameless = [identity.candidate_id for identity, name in zip(self.ids, names, strict=True) if not name]
        if not nameless:
            return
        wanted = set(nameless)
        for run, name in read_key(reader, Kind.TAG, NAME_TAG, nameless):
            if run in wanted:
                names[self.positions[run]] = name
        for place, name in enumerate(names):
            names[place] = name or None

    def _run_statements(self, reader: Reader, wanted: SQLColumnExpression[Any]) -> Sequence[Select[*tuple[Any, ...]]]:
        statement = select(col(Run.run_uuid), wanted)
        if len(self.ids) <= _FEW:
            return [statement.where(col(Run.run_uuid).in_(some)) for some in chunks(list(self.positions))]
        ranges = reader.ranges(Run, _RUNS_AT_ONCE)
        return [statement.where(rowid_of(Run).between(low, high)) for low, high in ranges]


def _attribute(name: str) -> SQLColumnExpression[Any]:
    attributes: dict[str, SQLColumnExpression[Any]] = {
        "name": col(Run.name),
        "status": col(Run.status),
        "created": col(Run.start_time),
        "ended": col(Run.end_time),
        "duration": col(Run.end_time) - col(Run.start_time),
        "user": col(Run.user_id),
        "artifact_uri": col(Run.artifact_uri),
        "lifecycle": func.coalesce(col(Run.lifecycle_stage), Lifecycle.ACTIVE.value),
    }
    return attributes[name]


class Rosters:
    """The rosters that were used last, each until the store changes."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._kept: dict[object, tuple[object, Roster]] = {}
        self._lock = threading.Lock()

    def newest(self, reader: Reader, query: Query, experiments: Sequence[int]) -> Page[CandidateId] | None:
        """Some that were written last, at once: for a large store whose true order is not known yet, else None."""
        if self._find(reader, query) is not None:
            return None
        extent = reader.extent(Run)
        if len(extent) <= _FEW:
            return None
        statement = _runs(experiments, query.lifecycle).where(rowid_of(Run) > extent[-1] - _RUNS_AT_ONCE)
        found = reader.rows(statement.order_by(rowid_of(Run).desc()).limit(_FIRST_PAGE))
        if not found:
            return None
        return Page(self._identify(query.project, found), len(found), None, complete=False)

    def page(self, reader: Reader, query: Query, experiments: Sequence[int]) -> Page[CandidateId]:
        """The whole answer to a query."""
        roster = self._find(reader, query)
        if roster is None:
            statement = _runs(experiments, query.lifecycle)
            found = (
                row
                for low, high in reader.ranges(Run, _RUNS_AT_ONCE)
                for row in reader.rows(statement.where(rowid_of(Run).between(low, high)))
            )
            roster = Roster(self._identify(query.project, found))
            self._keep(reader, query, roster)
        return roster.page(reader, query)

    def _find(self, reader: Reader, query: Query) -> Roster | None:
        with self._lock:
            stamp, roster = self._kept.pop(_scope(query), (None, None))
            if roster is None or stamp != reader.stamp:
                return None
            self._kept[_scope(query)] = (stamp, roster)
            return roster

    def _keep(self, reader: Reader, query: Query, roster: Roster) -> None:
        with self._lock:
            self._kept[_scope(query)] = (reader.stamp, roster)
            while len(self._kept) > _KEPT:
                del self._kept[next(iter(self._kept))]

    def _identify(self, project: str, rows: Iterable[tuple[str, int | None, int | None]]) -> tuple[CandidateId, ...]:
        ordered = sorted([(*base_order(start, run), experiment) for run, start, experiment in rows])
        experiments = {experiment: str(experiment) for _, _, experiment in ordered}
        fields = ((self._source, project, experiments[experiment], run) for _, run, experiment in ordered)
        return tuple(map(CandidateId._make, fields))


def _scope(query: Query) -> object:
    return query.project, query.experiments, query.lifecycle


def _runs(experiments: Sequence[int], lifecycle: Lifecycle) -> Select[str, int | None, int | None]:
    statement = select(col(Run.run_uuid), col(Run.start_time), col(Run.experiment_id)).where(
        col(Run.experiment_id).in_(experiments)
    )
    if lifecycle is Lifecycle.ALL:
        return statement
    admitted = col(Run.lifecycle_stage) == lifecycle.value
    if lifecycle is Lifecycle.ACTIVE:
        admitted = or_(admitted, col(Run.lifecycle_stage).is_(None))
    return statement.where(admitted)
