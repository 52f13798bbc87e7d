"""Which parameters and metrics occur in some experiments, and not in the store."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, literal, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from mltrack_tui.domain.query import Columns
from mltrack_tui.sources.sqlite.keyed import KeyedTable
from mltrack_tui.sources.sqlite.reader import Reader, chunks
from mltrack_tui.sources.sqlite.tables import Run, rowid_of
from mltrack_tui.sources.sqlite.value_tables import LatestMetric, Param, Tag

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
        found = [_keys_of(reader, model, ids) for model in (Param, LatestMetric, Tag)]
    else:
        members = _Members(reader, experiments)
        found = [members.keys(model) for model in (Param, LatestMetric, Tag)]
    params, metrics, tags = (tuple(sorted(keys)) for keys in found)
    return Columns(params, metrics, tags)


def _keys_of(reader: Reader, model: KeyedTable, ids: Sequence[str]) -> list[str]:
    """The keys of a few candidates."""
    found = {
        key
        for some in chunks(ids)
        for (key,) in reader.rows(select(col(model.key)).where(col(model.run_uuid).in_(some)).distinct())
    }
    return list(found)


class _Members:
    """The many candidates of some experiments, asked which keys they have."""

    def __init__(self, reader: Reader, experiments: Sequence[int]) -> None:
        self._reader = reader
        self._experiments = experiments
        self._ids: frozenset[str] = frozenset()

    def keys(self, model: KeyedTable) -> list[str]:
        """The keys that one of them has: mostly the first candidates of a key tell."""
        return [key for key, told in self._probed(model) if told or self._have(model, key)]

    def _probed(self, model: KeyedTable) -> list[tuple[str, bool]]:
        """Each key of a table, and whether one of its first candidates is a member.

        The keys are found by hopping from each to the next in the primary key: one seek a key.
        """
        keys = select(func.min(col(model.key)).label("key")).cte("keys", recursive=True)
        following = select(func.min(col(model.key))).where(col(model.key) > keys.c.key).correlate(keys)
        keys = keys.union_all(select(following.scalar_subquery()).where(keys.c.key.is_not(None)))
        some = aliased(model)
        first = select(col(some.run_uuid)).where(col(some.key) == keys.c.key).limit(_PROBED).correlate(keys).subquery()
        mine = (
            select(literal(1))
            .select_from(first)
            .join(Run, col(Run.run_uuid) == first.c.run_uuid)
            .where(col(Run.experiment_id).in_(self._experiments))
            .exists()
        )
        return self._reader.rows(select(keys.c.key, mine).where(keys.c.key.is_not(None)))

    def _have(self, model: KeyedTable, key: str) -> bool:
        """The slow way, for a key whose first candidates are all of other experiments."""
        first = select(col(model.run_uuid)).where(col(model.key) == key).limit(_PROBED).subquery()
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
