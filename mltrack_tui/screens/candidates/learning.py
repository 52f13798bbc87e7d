"""Which columns the candidate table has: as its source tells them, or, of a server, as candidates come."""

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from mltrack_tui.domain.query import Columns
from mltrack_tui.screens.candidates.layout import Catalogue, Layout
from mltrack_tui.screens.candidates.rows import CandidateRows
from mltrack_tui.screens.live.trouble import quiet_answer
from mltrack_tui.sources.pages import final

if TYPE_CHECKING:
    from mltrack_tui.screens.candidates.place import CandidatesPlace

_GROWTH = 1.5


class Learning:
    """What is known of the columns of one candidate table."""

    def __init__(self, place: "CandidatesPlace") -> None:
        self._place = place
        self._known = Columns(complete=False)
        self._loaded = 0
        self._told = False
        """Whether the source has told all that it can without more candidates."""

    async def read(self, begin: Callable[[CandidateRows], None]) -> None:
        """Read them anew. The first answer is enough to ``begin``; what comes later adds columns, or folds them."""
        table = self._place.table
        if table.candidates is None:
            await self._place.restore_view()
        self._told = False
        fresh: CandidateRows | None = None
        async for columns in self._place.answers(self._ask):
            self._learn(columns)
            if fresh is None:
                fresh = CandidateRows(self._catalogue(), table.view, table.marks, self._place.session.now)
                begin(fresh)
            else:
                self._arrange(fresh)
        self._told = True
        self._place.language().settle()
        if fresh is not None and table.candidates is fresh:
            await self.go_on(fresh)

    async def go_on(self, rows: CandidateRows, loaded: int = 0, *, resting: bool = True) -> None:
        """There are more candidates: a server's columns are those of what was fetched, which costs no request.

        It takes the longer the more there are: while still more are under way, every half as many again will do.
        """
        if not self._told or self._known.complete or (not resting and loaded < _GROWTH * self._loaded):
            return
        self._loaded = loaded
        columns = await self._place.answer(lambda: final(self._ask()))
        if columns is not None and columns != self._known:
            self._learn(columns)
            self._arrange(rows)

    async def look_again(self, rows: CandidateRows) -> None:
        """There may be other columns: show them, where others say something now; where none do, nothing is painted."""
        columns = await quiet_answer(self._place, lambda: final(self._ask()))
        if columns is None or columns == self._known or self._place.table.candidates is not rows:
            return
        self._learn(columns)
        layout = Layout(self._catalogue(), rows.view, self._place.table.here)
        if (layout.columns, layout.folded) == (rows.layout.columns, rows.layout.folded):
            rows.arrange(self._catalogue(), rows.view, self._place.table.here)
        else:
            self._arrange(rows)

    def _ask(self) -> AsyncIterator[Columns]:
        return self._place.session.source.columns(self._place.project, self._place.experiment_ids)

    def _learn(self, columns: Columns) -> None:
        self._known = columns
        self._place.learn(columns)

    def _arrange(self, rows: CandidateRows) -> None:
        table = self._place.table
        if table.candidates is rows:
            table.lay_out(self._catalogue())
            self._place.tell_columns()
        else:
            rows.arrange(self._catalogue(), table.view)

    def _catalogue(self) -> Catalogue:
        can, several = self._place.session.source.capabilities, len(self._place.experiment_ids) > 1
        return Catalogue(self._known, several=several, ci=bool(can.ci), cost=bool(can.cost))
