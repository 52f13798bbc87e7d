"""Which candidate the cursor of a candidate table goes to when others, or another order of them, come."""

from typing import TYPE_CHECKING

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.page import Page
from mltrack_tui.screens.demand import MOST

if TYPE_CHECKING:
    from mltrack_tui.screens.candidates.nest import Nest
    from mltrack_tui.screens.candidates.table import CandidateTable


class Home:
    """Where the cursor belongs.

    Attributes:
        start_at: the candidate that it begins at, until that was found.
        held: the candidate that it goes back to as soon as it is there.
    """

    def __init__(self, table: "CandidateTable", start_at: CandidateId | None) -> None:
        self._table = table
        self.start_at = start_at
        self.held: CandidateId | None = None
        self._lost: CandidateId | None = None
        self._reach = MOST if start_at is not None else 0
        """As many candidates are loaded, if need be, for the cursor's to be among them."""

    def keep(self, page: Page[CandidateId] | None) -> None:
        """Look for the cursor's candidate among as many as a page has."""
        self._reach = page.loaded if page is not None else 0

    def may_come(self, page: Page[CandidateId]) -> bool:
        """Whether the cursor's candidate may come with the next page, before anything is shown."""
        here = self.start_at or self._table.cursor_id
        sought = page.on_demand and page.loaded < self._reach and here is not None and here not in page.items
        if not sought:
            self._reach = 0
            if page.on_demand and self.start_at not in page.items:
                self.start_at = None
        return sought

    def found(self, row: int | None) -> None:
        """The cursor's candidate is in this row of what is about to be shown, or nowhere."""
        self._lost = self._table.cursor_id or self._lost if row is None else None

    def row(self, page: Page[CandidateId], nest: "Nest | None", shown: Page[CandidateId] | None) -> int | None:
        """Where the cursor's candidate is in an answer; at the top as long as nobody moved it in a first part of it."""
        here = self._table.cursor_id or self._lost
        if nest is not None:
            wanted = (self.start_at, self.held, here)
            self.start_at = None
            return next((row for each in wanted if each is not None and (row := nest.row(each)) is not None), None)
        if self.start_at is not None and self.start_at in page.items:
            row = page.items.index(self.start_at)
            self.start_at = None
            return row
        growing = shown is not None and not shown.complete and not shown.on_demand
        if growing and self._table.cursor_row == 0:
            return 0
        if self.held is not None and self.held in page.items:
            return page.items.index(self.held)
        try:
            return page.items.index(here) if here is not None else None
        except ValueError:
            return None
