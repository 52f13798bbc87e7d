"""A filter's way through the candidates of a store, from the newest to the oldest."""

from time import monotonic

from mltrack_tui.domain.filter import Filter
from mltrack_tui.sources.sqlite.aggregates import Aggregates
from mltrack_tui.sources.sqlite.choosing import Chooser
from mltrack_tui.sources.sqlite.conditions import Conditions
from mltrack_tui.sources.sqlite.reader import Reader
from mltrack_tui.sources.sqlite.scope import RunRow, Scope
from mltrack_tui.sources.sqlite.tables import Run

_STATEMENT = 0.04
"""Seconds that a statement should take: a third of what a writer is ever to wait."""
_FIRST_WIDTH, _LEAST, _MOST = 2000, 20, 50_000  # rows that a statement goes through
_FIRST_HISTORIES = 50  # candidates
_SCREEN = 60
"""Candidates that are worth showing before the others are known."""


class Filtering:
    """What was found so far.

    Attributes:
        found: the candidates that the filter admits, in no order.
        loaded, total: how many were looked at, and how many there are to look at.
    """

    def __init__(self, scope: Scope, where: Filter, aggregates: Aggregates) -> None:
        self._scope = scope
        self._where = where
        self._aggregates = aggregates
        self._chooser: Chooser | None = None
        self._left = range(0)
        self._width = 0
        self.found: list[RunRow] = []
        self.loaded = 0
        self.total = 0

    def advance(self, reader: Reader, until: float) -> bool:
        """Look at more, until a time of `monotonic` or, at first, until there is enough to show; whether at all."""
        if self._chooser is None:
            self._chooser = Chooser(self._where, Conditions(reader.schema), self._aggregates)
            self._width = _FIRST_WIDTH if self._chooser.is_one_condition else _FIRST_HISTORIES
            self._left = reader.extent(Run)
            self.total = self._scope.count(reader, self._left.start, self._left.stop - 1)
        had = len(self.found)
        while self._left:
            self._look(reader, self._chooser)
            if (had < _SCREEN <= len(self.found)) or monotonic() >= until:
                break
        return not self._left

    def _look(self, reader: Reader, chooser: Chooser) -> None:
        part = self._left[-self._width :]
        self._left = self._left[: -len(part)]
        began = monotonic()
        self.found += chooser.choose(reader, self._scope.rows(part.start, part.stop - 1))
        wider = _STATEMENT / max(monotonic() - began, _STATEMENT / 4)
        self.loaded += self._scope.count(reader, part.start, part.stop - 1)
        self._width = min(max(int(len(part) * max(wider, 0.1)), _LEAST), _MOST)
