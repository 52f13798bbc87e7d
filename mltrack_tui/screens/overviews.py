"""The two upper places: the projects of a source and the experiments of a project."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import ClassVar, Protocol, TypeVar

from textual import work

from mltrack_tui.domain.entities import CandidateId, Experiment, Project
from mltrack_tui.domain.filter import Words
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.text import clean
from mltrack_tui.export.shape import Form
from mltrack_tui.export.table import Exportable, Heading, Row
from mltrack_tui.screens import overview_cells as cells
from mltrack_tui.screens.all_experiments import AllExperiments
from mltrack_tui.screens.languages import ExperimentSearch
from mltrack_tui.screens.nothing import nothing_found
from mltrack_tui.screens.place import Place, Session, counted
from mltrack_tui.screens.rows import Field, Rows, RowsPlace
from mltrack_tui.widgets.cells import Cell, Tone


class Named(Protocol):
    """What a line of a list stands for."""

    @property
    def name(self) -> str:
        """What the list is filtered by, and the cursor kept on."""
        ...


T = TypeVar("T", bound=Named)


class OverviewPlace(RowsPlace[T]):
    """A list that is read whole, then filtered and sorted here."""

    NOUN: ClassVar[str]
    HEADINGS: ClassVar[Sequence[Heading]]

    def __init__(
        self, session: Session, known: Sequence[T] = (), *, whole: bool = True, start_at: str | None = None
    ) -> None:
        """``known`` is shown at once, and read on from unless it is the ``whole``."""
        super().__init__(session, Rows(self.fields(), known))
        self._whole = whole
        self._start_at = start_at
        self._summaries = 0
        self._held: str | None = None

    def fields(self) -> Sequence[Field[T]]:
        """The table's columns."""
        raise NotImplementedError

    def exact(self, item: T) -> Row:
        """The values that are exported, one for each of `HEADINGS`."""
        raise NotImplementedError

    def ask(self) -> AsyncIterator[Page[T]]:
        """Ask the source for everything."""
        raise NotImplementedError

    def empty_words(self) -> str:
        """What to say where there is nothing."""
        raise NotImplementedError

    def begin(self) -> None:
        """Show what is known already, and read the rest."""
        if self._all.items:
            self.rearrange()
        if not self._all.items or not self._whole:
            self.reload()

    def reload(self) -> None:
        """Read the list again."""
        self._load()

    @work(exclusive=True, group="list")
    async def _load(self) -> None:
        if not self._all.items:
            self.say(f"Opening {self.session.name} …")
        async for page in self.answers(self.ask):
            self._all, self._whole = Rows(self._all.fields, page.items), page.complete
            self.rearrange()
            await asyncio.sleep(0)  # the keys first
        if not self._whole:  # the source failed: what is known stays
            self._whole = True
            self.rearrange()

    def fits(self, item: T) -> bool:
        """Whether the filter admits something."""
        where = self.filtering.where
        return where is None or (isinstance(where, Words) and where.occur_in(item.name))

    def hold_cursor(self, held: bool) -> None:
        """While a filter is typed, its beginnings may hide the cursor's row."""
        on_summary = self.grid.cursor_row < self._summaries
        self._held = self.name_under_cursor() if held and not on_summary else None

    def summaries(self, shown: Sequence[T]) -> Sequence[T]:
        """Rows that stand for all that is ``shown`` and come before it, whatever the order; they are not counted."""
        return shown[:0]

    def rearrange(self) -> None:
        """Filter and sort what was read; the cursor stays on its row."""
        kept = self._all.arranged(self.fits, self.order)
        if self.filtering.withholds(len(kept), len(self._shown)):
            return
        first = self.summaries(kept.items)
        shown = kept.after(first)
        row = self._row_of_cursor(shown.items, len(first))
        self._shown, self._summaries = shown, len(first)
        self.ready.set()
        self.grid.show(
            self._shown, columns=self._all.after(first).columns(), cursor_row=row, sort_marks=self.sort_marks()
        )
        total = counted(len(self._all), self.NOUN)
        more = "" if self._whole else " · counting …"
        self.say("" if len(kept) else self._nothing(len(self._all)))
        self.tell_count((total if len(kept) == len(self._all) else f"{len(kept):,} of {total}") + more)

    def _row_of_cursor(self, items: Sequence[T], summaries: int) -> int | None:
        """Where the cursor's row is now; at first, on the first that stands for itself."""
        names = [item.name for item in items[summaries:]]
        if self._held in names:
            return summaries + names.index(self._held)
        here = self._start_at or self.name_under_cursor()
        if here is None:
            return summaries
        if self._start_at is None and self.grid.cursor_row < self._summaries:
            return None
        if here not in names:
            return None
        self._start_at = None
        return summaries + names.index(here)

    def _nothing(self, total: int) -> str:
        if not total:
            return self.empty_words()
        return nothing_found(self.NOUN, self.filtering.good_text, self.filtering.where, total)

    def exportable(self) -> Exportable:
        """What is shown, exactly, without what stands for several."""
        from mltrack_tui.screens.exporting import table_of

        items = self._shown.items[self._summaries :]
        return table_of(f"{self.NOUN}s", self.HEADINGS, [self.exact(item) for item in items])

    def name_under_cursor(self) -> str | None:
        """The name of the thing under the cursor."""
        items = self._shown.items
        return items[self.grid.cursor_row].name if self.grid.cursor_row < len(items) else None


class ProjectsPlace(OverviewPlace[Project]):
    """The projects of a source."""

    NOUN = "project"
    HEADINGS = (Heading("name"), Heading("experiments", Form.EXACT), Heading("last_activity", Form.TIME))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No source tells deleted projects."""
        return False if action == "toggle_deleted" else super().check_action(action, parameters)

    def fields(self) -> Sequence[Field[Project]]:
        """Name, how many experiments, when something happened last."""
        return (
            Field("project", lambda p: Cell(clean(p.name, 200)), lambda p: p.name, lambda p: p.name),
            Field(
                "experiments",
                lambda p: Cell(f"{p.experiments:,}"),
                lambda p: float(p.experiments),
                lambda p: str(p.experiments),
                right=True,
            ),
            Field(
                "last activity",
                lambda p: cells.ago_cell(p.last_activity, self.session),
                lambda p: p.last_activity,
                lambda p: cells.instant_text(p.last_activity),
            ),
        )

    def exact(self, item: Project) -> Row:
        """The same."""
        return item.name, item.experiments, item.last_activity

    def ask(self) -> AsyncIterator[Page[Project]]:
        """All projects."""
        return self.session.source.projects()

    def empty_words(self) -> str:
        """A source always has one; a server may show none."""
        return f"{self.session.source.name} shows no projects."

    def open_row(self, row: int) -> None:
        """Into the project."""
        self.app.push_screen(ExperimentsPlace(self.session, self._shown.items[row].name))


class ExperimentsPlace(OverviewPlace[Experiment]):
    """The experiments of a project."""

    NOUN = "experiment"
    HEADINGS = (
        *(Heading("experiment_id"), Heading("name"), Heading("candidates", Form.EXACT)),
        *(Heading("last_activity", Form.TIME), Heading("created", Form.TIME), Heading("description")),
    )

    def __init__(
        self,
        session: Session,
        project: str,
        known: Sequence[Experiment] = (),
        *,
        whole: bool = True,
        start_at: str | None = None,
    ) -> None:
        super().__init__(session, known, whole=whole, start_at=start_at)
        self._project = project
        self.path.show((session.source.name, project))

    def fields(self) -> Sequence[Field[Experiment]]:
        """What tells experiments apart."""
        return (
            Field("experiment", cells.name_cell, lambda e: e.name, lambda e: e.name),
            Field(
                "candidates",
                cells.count_cell,
                lambda e: float(e.candidates) if e.counted or e.candidates else None,
                cells.count_text,
                right=True,
            ),
            Field(
                "last activity",
                lambda e: cells.activity_cell(e, self.session),
                lambda e: e.last_activity,
                lambda e: cells.instant_text(e.last_activity),
            ),
            Field(
                "description",
                lambda e: Cell(clean(e.headline, 200), Tone.DIM),
                lambda e: e.description or None,
                lambda e: e.description,
            ),
            Field(
                "created",
                lambda e: Cell("") if isinstance(e, AllExperiments) else cells.ago_cell(e.creation_time, self.session),
                lambda e: e.creation_time,
                lambda e: "" if isinstance(e, AllExperiments) else cells.instant_text(e.creation_time),
            ),
        )

    def exact(self, item: Experiment) -> Row:
        """All of the description too; a number of candidates that is not known is missing."""
        count = item.candidates if item.counted else None
        known = (item.experiment_id, item.name, count, item.last_activity, item.creation_time)
        return *known, item.description or None

    def language(self) -> ExperimentSearch:
        """The search language."""
        return ExperimentSearch(self.session, lambda: self._all.items)

    def fits(self, item: Experiment) -> bool:
        """Whether the filter admits an experiment."""
        where = self.filtering.where
        if where is None or isinstance(where, Words):
            return super().fits(item)
        from mltrack_tui.search.evaluate import ExperimentSubject, matches  # when the first filter was typed

        return matches(where, ExperimentSubject(item))

    def summaries(self, shown: Sequence[Experiment]) -> Sequence[Experiment]:
        """All experiments that are shown, as one table; a filter narrows what is meant by all."""
        return (AllExperiments.of(self._project, shown),) if shown else ()

    def ask(self) -> AsyncIterator[Page[Experiment]]:
        """The project's experiments, deleted ones too where that is wanted."""
        return self.session.source.experiments(self._project, self.lifecycle)

    def empty_words(self) -> str:
        """How experiments come about."""
        return 'No experiments here yet.\nmlflow makes one with  mlflow.set_experiment("name").'

    def open_row(self, row: int) -> None:
        """Into the experiment; the others are counted when the user is back: its candidates come first."""
        from mltrack_tui.screens.candidates.place import CandidatesPlace  # not needed for the first rows

        chosen = self._shown.items[row]
        members = chosen.members if isinstance(chosen, AllExperiments) else (chosen,)
        counting = not self._whole
        self.workers.cancel_group(self, "list")

        def back(_: CandidateId | None) -> None:
            if counting:
                self._load()

        self.app.push_screen(CandidatesPlace(self.session, self._project, members, called=self._called(chosen)), back)

    def _called(self, chosen: Experiment) -> str:
        if not isinstance(chosen, AllExperiments):
            return chosen.name
        whole = len(chosen.members) == len(self._all)
        return "all experiments" if whole else counted(len(chosen.members), self.NOUN)

    def above(self) -> Place:
        """The projects, with the cursor on this one."""
        return ProjectsPlace(self.session, start_at=self._project)
