"""Candidates that come in pages, all by themselves or as they are wanted; a part of the candidate table's place."""

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType

from mltrack_tui.commands import LOAD_ALL, LOADING
from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Lifecycle
from mltrack_tui.screens.candidates.nested import NestedPlace
from mltrack_tui.screens.candidates.table import CandidateTable
from mltrack_tui.screens.demand import count_words
from mltrack_tui.screens.nothing import nothing_found
from mltrack_tui.sources.base import SourceError
from mltrack_tui.widgets.grid import Grid

if TYPE_CHECKING:
    from mltrack_tui.screens.candidates.living import Living


class PagedPlace(NestedPlace):
    """Loads as much as is wanted, says how much that is, and what went wrong."""

    BINDINGS: ClassVar[list[BindingType]] = [*LOADING.bindings()]

    _living: "Living"

    def changed(self, changes: Changes) -> None:
        """Follow, as soon as the table is seen."""
        self._living.take(changes)

    @on(events.ScreenResume)
    def _seen_again(self) -> None:
        self._living.go_on()

    def reload(self) -> None:
        """Read everything again."""
        self._loading.reload()

    def rearrange(self) -> None:
        """Ask for another order or another choice of the same candidates."""
        self._loading.rearrange()

    def action_refresh(self) -> None:
        """Read everything again; the cursor stays on its candidate."""
        self.session.source.forget()
        self._loading.refresh()

    def action_load_all(self) -> None:
        """Load all that the server has, in pages: `interrupt` ends it."""
        page = self._loading.page
        if not self._loading.load_all() and page is not None and page.complete:
            self.status.show_notice(f"There is no more: {count_words(page, loading_all=False)}.", "success")

    @on(Grid.Viewed)
    def _viewed(self) -> None:
        self._loading.look()

    @on(CandidateTable.Sought)
    def _sought(self) -> None:
        self._loading.seek()

    def failed(self, error: SourceError) -> None:
        """With nothing to show, the sentence takes the whole place."""
        super().failed(error)
        if self._loading.page is None:
            self.say(str(error))

    def say_stopped(self, error: SourceError, loaded: int) -> None:
        """Say why no more came, and what asks again."""
        key = self.session.keys.shown(LOAD_ALL)
        self.status.show_notice(f"Stopped at {loaded:,}{f', {key} goes on' if key else ''}: {error}")

    def tell_page(self, page: Page[CandidateId]) -> None:
        """Say how many candidates there are."""
        of_these = " of these" if page.on_demand and not page.appends else ""
        news = f" · {self._living.words}" if self._living.words else ""
        self.tell_count(count_words(page, loading_all=self._loading.demand.everything) + news, of_these)
        resting = page.complete or (page.on_demand and not self._loading.demand.wants(page))
        self.say("" if len(page.items) or not resting else self._nothing(page))

    def _nothing(self, page: Page[CandidateId]) -> str:
        where = self.filtering.where
        if page.on_demand:
            return f"Nothing found yet: no candidate {self.extent_words()}."
        if page.loaded or (where is not None and page.total is None):
            names = self.language().names_known
            return nothing_found("candidate", self.filtering.good_text, where, page.total, names)
        if self.lifecycle is Lifecycle.ACTIVE:
            deleted = ";  .  shows deleted ones too." if self.session.source.capabilities.deleted else "."
            return f"No candidates here yet.\nmlflow logs one with  mlflow.start_run(){deleted}"
        return "No candidates here yet, deleted ones neither."

    def action_up(self) -> None:
        """Out of what is under way first."""
        if not self.interrupt():
            super().action_up()

    def interrupt(self) -> bool:
        """End the loading of everything, or the marking of a range; says whether there was one."""
        if self._loading.stop():
            return True
        ranging = self.table.marks.anchor is not None
        if ranging:
            self.table.forget_range()
        return ranging
