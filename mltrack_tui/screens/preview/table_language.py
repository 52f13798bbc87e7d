"""The filter's language over the columns of a file's table."""

import asyncio
from collections.abc import Sequence

from mltrack_tui.analysis.tally import Tally, tallied
from mltrack_tui.domain.query import Column
from mltrack_tui.preview.asking import RowSubject, TableVocabulary
from mltrack_tui.preview.table import Table
from mltrack_tui.screens.languages import Searching
from mltrack_tui.screens.session import Session


class TableSearch(Searching):
    """Filters of rows: plain words of any cell, or conditions on columns by their titles."""

    placeholder = "words of any cell, or a filter"
    noun = "column"

    def __init__(self, session: Session, table: Table) -> None:
        super().__init__()
        self._session, self.table = session, table
        self._made = TableVocabulary((), 0)

    async def names(self) -> TableVocabulary:
        """The vocabulary."""
        return self.now_known()

    def now_known(self) -> TableVocabulary:
        """The vocabulary; more columns may have come."""
        if self._made.titles is not self.table.names:
            self._made = TableVocabulary(self.table.names, self._session.now())
        return self._made

    async def tallies(self, column: Column) -> Sequence[Tally]:
        """The values in the rows that were read."""
        return await asyncio.to_thread(self._tallied, column)

    def _tallied(self, column: Column) -> Sequence[Tally]:
        subject = RowSubject({name: place for place, name in enumerate(self.table.names)})
        return tallied(subject.of(self.table.row(index)).value(column) for index in range(len(self.table)))
