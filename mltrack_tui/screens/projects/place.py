"""The projects of a source."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType

from mltrack_tui.commands import LOADING
from mltrack_tui.domain.entities import Project
from mltrack_tui.domain.filter import Words
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.text import clean
from mltrack_tui.export.shape import Form
from mltrack_tui.export.table import Heading, Row
from mltrack_tui.screens import overview_cells
from mltrack_tui.screens.demand import SeekingGrid
from mltrack_tui.screens.overview import OverviewPlace
from mltrack_tui.screens.place import counted
from mltrack_tui.screens.projects import cells, words
from mltrack_tui.screens.projects.book import ProjectLine
from mltrack_tui.screens.projects.counting import Counting
from mltrack_tui.screens.projects.loading import ProjectLoading
from mltrack_tui.screens.rows import Field
from mltrack_tui.screens.session import Session
from mltrack_tui.widgets.cells import Cell, Tone
from mltrack_tui.widgets.grid import Grid

if TYPE_CHECKING:
    from mltrack_tui.export.table import Exportable
    from mltrack_tui.screens.browsing import Page as WebPage


class ProjectsPlace(OverviewPlace[ProjectLine]):
    """The projects of a source: all of them, or of thousands as many as somebody looks at."""

    NOUN = "project"
    HEADINGS = (
        *(Heading("name"), Heading("experiments", Form.EXACT), Heading("last_activity", Form.TIME)),
        *(Heading("models", Form.EXACT), Heading("access")),
    )
    OPTIONAL = ("models", "access")
    BINDINGS: ClassVar[list[BindingType]] = [*LOADING.bindings()]

    def __init__(self, session: Session, known: Page[Project] | None = None, *, start_at: str | None = None) -> None:
        """``known`` is what the source answered already, ``start_at`` the project that the cursor begins on."""
        super().__init__(session, start_at=start_at)
        self._loading = ProjectLoading(self, known, start_at)
        self._counting = Counting(self, self._loading.book)

    def make_grid(self) -> Grid:
        """The table; its first column stays while the rest scrolls."""
        return SeekingGrid(frozen=1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """All are there in any case but of a server that may have thousands."""
        nothing = action == "load_all" and not self._loading.on_demand
        return False if nothing else super().check_action(action, parameters)

    def fields(self) -> Sequence[Field[ProjectLine]]:
        """Name, what is in it, when something happened last, and what the user may do."""
        return (
            Field("project", lambda p: Cell(clean(p.name, 200)), lambda p: p.name, lambda p: p.name),
            Field(
                "experiments",
                lambda p: cells.experiments_cell(p, self.session.now()),
                lambda p: p.project.experiments,
                lambda p: cells.number_text(p, p.project.experiments, self.session.now()),
                right=True,
            ),
            Field(
                "models",
                lambda p: cells.number_cell(p, p.project.models, self.session.now()),
                lambda p: p.project.models,
                lambda p: cells.number_text(p, p.project.models, self.session.now()),
                right=True,
                optional=True,
            ),
            Field(
                "last activity",
                lambda p: cells.activity_cell(p, self.session),
                lambda p: p.project.last_activity,
                lambda p: overview_cells.instant_text(p.project.last_activity),
            ),
            Field(
                "access",
                lambda p: Cell(clean(p.project.access or "", 40), Tone.DIM),
                lambda p: p.project.access,
                lambda p: p.project.access or "",
                optional=True,
            ),
        )

    def exact(self, item: ProjectLine) -> Row:
        """The same; what was not counted is missing."""
        project = item.project
        return project.name, project.experiments, project.last_activity, project.models, project.access

    def exportable(self) -> "Exportable":
        """As far as they are loaded."""
        page = self._loading.page
        part = page is not None and not page.complete
        return replace(super().exportable(), note=f"{words.loaded(self._loading)}." if part else "")

    def web_pages(self) -> "Sequence[WebPage]":
        """The project's."""
        here = self.item_under_cursor()
        return [("page", here.project)] if here is not None else []

    # What is loaded

    def begin(self) -> None:
        """Show what is known already, and read the rest."""
        self._loading.begin()

    def reload(self) -> None:
        """Read the list again, and count what is on screen."""
        self._counting.begin_anew()
        self._loading.reload()

    def rearrange(self) -> None:
        """Filter and sort what is loaded; the server is asked for what is typed where that is not all."""
        where = self.filtering.where
        self._loading.follow(" ".join(self.filtering.good_text.split()) if where is not None else "")
        self.have(self._loading.lines() if where is not None else self._loading.book.lines())
        page = self._loading.page
        self._whole = page is None or page.complete
        super().rearrange()

    def fits(self, item: ProjectLine) -> bool:
        """Whether the filter admits a project: by its name, or because the server found it."""
        where = self.filtering.where
        named = where is None or (isinstance(where, Words) and where.occur_in(item.name))
        return named or item.name in self._loading.search.names

    def seen_of(self, page: Page[Project]) -> Page[ProjectLine]:
        """What is shown of a page, for `Demand`."""
        items = self._shown.items
        return Page(items, len(items), page.total, page.complete, page.on_demand, appends=not self.order)

    @on(Grid.Viewed)
    @on(events.ScreenResume)
    def _look(self) -> None:
        """Have the rows that there is room for, and their numbers."""
        self._loading.demand.see(self.grid.viewport.end)
        if self._loading.counts_apart:
            rows = self.grid.visible_rows
            self._counting.look(self._shown.items[rows.start : rows.stop])

    @on(SeekingGrid.Sought)
    def _sought(self) -> None:
        if (page := self._loading.shown_page) is not None:
            self._loading.demand.seek(self.seen_of(page), beyond=self.grid.cursor_row >= len(self.grid.rows) - 1)

    def action_load_all(self) -> None:
        """Load all that the server has, in pages; `action_up` ends it."""
        if self._loading.load_all():
            self.tell_shown(len(self._shown))
        elif self._loading.shown_page is not None:
            self.status.show_notice(f"There is no more: {counted(len(self._shown), self.NOUN)}.", "success")

    def action_up(self) -> None:
        """Out of what is under way first."""
        if self._loading.stop():
            self.tell_shown(len(self._shown))
        else:
            super().action_up()

    # What is counted

    def show_learned(self, *, sort: bool = False) -> None:
        """More is known of projects on screen; nothing moves, unless what is sorted by its numbers is to be so again.

        The first value of a column brings the column.
        """
        titles = {field.title for field in self._all.fields}
        unseen = [field for field in self.fields() if field.title not in titles]
        by_numbers = sort and any(self.sort_name(key) in {"experiments", "models"} for key, _ in self.order)
        if by_numbers or any(field.value(item) is not None for field in unseen for item in self._shown.items):
            self.rearrange()
        self.grid.refresh()
        self.grid.post_message(Grid.Moved(self.grid))

    # Words

    def tell_shown(self, kept: int) -> None:
        """Say how many are shown, how many are loaded, and how many there are."""
        loading = self._loading
        if loading.page is None or loading.page.complete or not loading.on_demand:
            super().tell_shown(kept)
            return
        said = words.found(loading, kept) if loading.search.text else words.loaded(loading)
        self.tell_count(said + (" · loading all, esc stops" if loading.demand.everything else ""), " of these")

    def nothing(self, total: int) -> str:
        """What to say where nothing is shown."""
        page = self._loading.page
        every = page.total if page is not None else None
        return words.waited_for(self._loading, self.session.name) or super().nothing(total if every is None else every)

    def empty_words(self) -> str:
        """A source always has one; a server may show none."""
        return f"{self.session.source.name} shows no projects."

    def open_row(self, row: int) -> None:
        """Into the project; what is seen then comes before the numbers of others."""
        from mltrack_tui.screens.overviews import ExperimentsPlace

        self._counting.rest()
        project = self._shown.items[row].name
        self.app.push_screen(ExperimentsPlace(self.session, project, one_of_many=self._loading.counts_apart))
