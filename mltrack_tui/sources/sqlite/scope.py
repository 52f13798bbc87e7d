"""The candidates that a query is about, before its filter."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import col

from mltrack_tui.analysis.order import base_order
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.query import Lifecycle
from mltrack_tui.sources.sqlite.reader import Reader
from mltrack_tui.sources.sqlite.tables import Run, rowid_of

RunRow = tuple[str, int | None, int | None]
"""Id, start and experiment of a candidate."""

_COUNTED_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Scope:
    """Candidates of some experiments, by the numbers that the store gave these."""

    source: str
    project: str
    experiments: tuple[int, ...]
    lifecycle: Lifecycle

    @property
    def condition(self) -> ColumnElement[bool]:
        """Whether a candidate belongs."""
        mine = col(Run.experiment_id).in_(self.experiments)
        if self.lifecycle is Lifecycle.ALL:
            return mine
        admitted = col(Run.lifecycle_stage) == self.lifecycle.value
        if self.lifecycle is Lifecycle.ACTIVE:
            admitted = or_(admitted, col(Run.lifecycle_stage).is_(None))
        return and_(mine, admitted)

    def rows(self, low: int, high: int) -> Select[str, int | None, int | None]:
        """A query for those in a range of rowids, ends included."""
        statement = select(col(Run.run_uuid), col(Run.start_time), col(Run.experiment_id))
        return statement.where(self.condition, rowid_of(Run).between(low, high))

    def count(self, reader: Reader, low: int, high: int) -> int:
        """How many there are in a range of rowids."""
        counted = 0
        for start in range(low, high + 1, _COUNTED_AT_ONCE):
            between = rowid_of(Run).between(start, min(start + _COUNTED_AT_ONCE - 1, high))
            statement = select(func.count()).select_from(Run).where(self.condition, between)
            counted += reader.rows(statement)[0][0]
        return counted

    def identify(self, rows: Iterable[RunRow]) -> tuple[CandidateId, ...]:
        """Candidates in base order."""
        ordered = sorted([(*base_order(start, run), experiment) for run, start, experiment in rows])
        names: dict[int | None, str] = {experiment: str(experiment) for _, _, experiment in ordered}
        fields = ((self.source, self.project, names[experiment], run) for _, run, experiment in ordered)
        return tuple(map(CandidateId._make, fields))
