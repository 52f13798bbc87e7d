"""What columns some experiments have, and which of them say nothing: told as it becomes known."""

from dataclasses import replace
from time import monotonic

from mltrack_tui.domain.query import Columns, Lifecycle
from mltrack_tui.sources.sqlite.constants import Constants
from mltrack_tui.sources.sqlite.experiments import experiment_numbers
from mltrack_tui.sources.sqlite.keys import read_columns
from mltrack_tui.sources.sqlite.reader import Reader
from mltrack_tui.sources.sqlite.scope import Scope

_STEP = 0.2
"""Seconds of work, after which somebody else may have the thread."""
_KEPT = 8

KnownColumns = dict[tuple[str, tuple[str, ...]], tuple[object, Columns]]
"""Columns by project and experiments, each with the store's stamp."""


class ColumnsAnswer:
    """The columns of some experiments.

    Attributes:
        columns: what is known; with all constants, once it is complete.
    """

    def __init__(self, project: str, experiments: tuple[str, ...], known: KnownColumns) -> None:
        self._key = project, experiments
        self._known = known
        self._stamp: object = None
        self._constants: Constants | None = None
        self.columns = Columns(complete=False)

    def advance(self, reader: Reader) -> Columns:
        """Find the keys first, then look at more candidates each time."""
        if self._constants is None:
            self._begin(reader)
        elif not self.columns.complete:
            self._constants.advance(reader, monotonic() + _STEP)
            if self._constants.done:
                self.columns = replace(self.columns, constant=self._constants.found, complete=True)
                self._keep()
        return self.columns

    def _begin(self, reader: Reader) -> None:
        stamp, columns = self._known.get(self._key, (None, self.columns))
        self._stamp = reader.stamp
        if stamp == reader.stamp:
            self.columns = columns
            return
        project, experiments = self._key
        numbers = experiment_numbers(reader, project, experiments)
        self.columns = replace(read_columns(reader, numbers), complete=False)
        self._constants = Constants(Scope("", project, tuple(numbers), Lifecycle.ACTIVE), self.columns)

    def _keep(self) -> None:
        self._known[self._key] = (self._stamp, self.columns)
        for key in list(self._known)[:-_KEPT]:
            self._known.pop(key, None)
