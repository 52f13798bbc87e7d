"""The rosters that were used last: remembered until somebody writes to the store."""

import threading

from mltrack_tui.domain.filter import Filter
from mltrack_tui.domain.query import Query
from mltrack_tui.sources.base import Price, no_price
from mltrack_tui.sources.sqlite.aggregates import Aggregates
from mltrack_tui.sources.sqlite.reader import Reader
from mltrack_tui.sources.sqlite.roster import Roster

_MOST_KEPT = 8  # rosters
_MOST_CANDIDATES = 250_000  # in all of them; a hundred thousand take about 30 MB


class Rosters:
    """The rosters that were used last, each until the store changes."""

    def __init__(self, gpu_hour: Price = no_price) -> None:
        self.aggregates = Aggregates(gpu_hour)
        self._kept: dict[object, tuple[object, Roster]] = {}
        self._lock = threading.Lock()

    def find(self, reader: Reader, query: Query, where: Filter | None) -> Roster | None:
        """The candidates of a query by another filter, if they are remembered."""
        key = _key(query, where)
        with self._lock:
            stamp, roster = self._kept.pop(key, (None, None))
            if roster is None or stamp != reader.stamp:
                return None
            self._kept[key] = (stamp, roster)
            return roster

    def keep(self, stamp: object, query: Query, roster: Roster) -> None:
        """Remember the candidates of a query, as they were at a time."""
        with self._lock:
            self._kept[_key(query, query.where)] = (stamp, roster)
            while len(self._kept) > 1 and (
                len(self._kept) > _MOST_KEPT or sum(len(one.ids) for _, one in self._kept.values()) > _MOST_CANDIDATES
            ):
                del self._kept[next(iter(self._kept))]


def _key(query: Query, where: Filter | None) -> object:
    return query.project, query.experiments, query.lifecycle, where
