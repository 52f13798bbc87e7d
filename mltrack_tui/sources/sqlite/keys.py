"""Which parameters and metrics occur in some experiments, and not in the store."""

from collections.abc import Iterator, Sequence

from sqlalchemy import exists, func, literal, select
from sqlmodel import col

from mltrack_tui.domain.query import Columns
from mltrack_tui.sources.sqlite.keyed import KeyedTable
from mltrack_tui.sources.sqlite.reader import Reader, chunks
from mltrack_tui.sources.sqlite.tables import Run, rowid_of
from mltrack_tui.sources.sqlite.value_tables import LatestMetric, Param

_FEW_CANDIDATES = 1000
_PROBED = 1000
_READ_AT_ONCE = 25_000


def read_columns(reader: Reader, experiments: Sequence[int]) -> Columns:
    """The keys in alphabetical order. A joined DISTINCT would read every value of the store: seconds."""
    some = reader.rows(
        select(col(Run.run_uuid)).where(col(Run.experiment_id).in_(experiments)).limit(_FEW_CANDIDATES + 1)
    )
    if len(some) <= _FEW_CANDIDATES:
        ids = [run for (run,) in some]
        params, metrics = (_keys_of(reader, model, ids) for model in (Param, LatestMetric))
    else:
        members = _Members(reader, experiments)
        params, metrics = (
            [key for key in _all_keys(reader, model) if members.have(model, key)] for model in (Param, LatestMetric)
        )
    return Columns(tuple(sorted(params)), tuple(sorted(metrics)))


def _keys_of(reader: Reader, model: KeyedTable, ids: Sequence[str]) -> list[str]:
    """The keys of a few candidates."""
    found = {
        key
        for some in chunks(ids)
        for (key,) in reader.rows(select(col(model.key)).where(col(model.run_uuid).in_(some)).distinct())
    }
    return list(found)


def _all_keys(reader: Reader, model: KeyedTable) -> list[str]:
    """The keys of a table, hopping from each to the next in the primary key: one seek a key."""
    keys = select(func.min(col(model.key)).label("key")).cte("keys", recursive=True)
    following = select(func.min(col(model.key))).where(col(model.key) > keys.c.key).correlate(keys)
    keys = keys.union_all(select(following.scalar_subquery()).where(keys.c.key.is_not(None)))
    return [key for (key,) in reader.rows(select(keys.c.key).where(keys.c.key.is_not(None)))]


class _Members:
    """The many candidates of some experiments, asked whether any of them has a key."""

    def __init__(self, reader: Reader, experiments: Sequence[int]) -> None:
        self._reader = reader
        self._experiments = experiments
        self._ids: frozenset[str] = frozenset()

    def have(self, model: KeyedTable, key: str) -> bool:
        """Whether one of them has the key: mostly the first of the key's candidates tells."""
        first = select(col(model.run_uuid)).where(col(model.key) == key).limit(_PROBED).subquery()
        mine = exists().where(col(Run.run_uuid) == first.c.run_uuid, col(Run.experiment_id).in_(self._experiments))
        if self._reader.rows(select(literal(1)).select_from(first).where(mine).limit(1)):
            return True
        if self._reader.rows(select(func.count()).select_from(first))[0][0] < _PROBED:
            return False
        if not self._ids:
            self._ids = frozenset(self._read_ids())
        return any(not self._ids.isdisjoint(runs) for runs in self._runs_with(model, key))

    def _read_ids(self) -> Iterator[str]:
        for low, high in self._reader.ranges(Run, _READ_AT_ONCE):
            statement = select(col(Run.run_uuid)).where(
                rowid_of(Run).between(low, high), col(Run.experiment_id).in_(self._experiments)
            )
            yield from (run for (run,) in self._reader.rows(statement))

    def _runs_with(self, model: KeyedTable, key: str) -> Iterator[list[str]]:
        """The candidates that have a key, in the order of the primary key (key, run_uuid), some at a time."""
        runs = [""]
        while runs:
            statement = select(col(model.run_uuid)).where(col(model.key) == key, col(model.run_uuid) > runs[-1])
            found = self._reader.rows(statement.order_by(col(model.run_uuid)).limit(_READ_AT_ONCE))
            runs = [run for (run,) in found]
            yield runs
