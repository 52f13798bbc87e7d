"""The experiments of a project."""

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import BindingType

from mltrack_tui.commands import GRID, LIST, MODELS, Command, hints
from mltrack_tui.domain.entities import CandidateId, Experiment, Project
from mltrack_tui.domain.filter import Words
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.text import clean
from mltrack_tui.export.shape import Form
from mltrack_tui.export.table import Heading, Row
from mltrack_tui.screens import overview_cells as cells
from mltrack_tui.screens.all_experiments import AllExperiments
from mltrack_tui.screens.languages import ExperimentSearch
from mltrack_tui.screens.overview import OverviewPlace
from mltrack_tui.screens.place import Place, counted
from mltrack_tui.screens.projects.place import ProjectsPlace
from mltrack_tui.screens.rows import Field
from mltrack_tui.screens.session import Session
from mltrack_tui.widgets.cells import Cell, Tone

if TYPE_CHECKING:
    from mltrack_tui.screens.browsing import Page as WebPage


class ExperimentsPlace(OverviewPlace[Experiment]):
    """The experiments of a project."""

    BINDINGS: ClassVar[list[BindingType]] = [*MODELS.bindings()]
    HINTS: ClassVar[tuple[Command, ...]] = hints(GRID, LIST, MODELS)
    NOUN = "experiment"
    HEADINGS = (
        *(Heading("experiment_id"), Heading("name"), Heading("candidates", Form.EXACT)),
        *(Heading("last_activity", Form.TIME), Heading("created", Form.TIME), Heading("description")),
        *(Heading("creator"), Heading("model")),
    )
    OPTIONAL = ("creator", "model")
    FOLLOWS = TELLS_DELETED = True

    def __init__(
        self,
        session: Session,
        project: str,
        known: Sequence[Experiment] = (),
        *,
        whole: bool = True,
        start_at: str | None = None,
        one_of_many: bool = False,
    ) -> None:
        """``one_of_many`` says that its source has projects among which those that were opened are worth knowing."""
        super().__init__(session, known, whole=whole, start_at=start_at)
        self._project = project
        self._one_of_many = one_of_many
        self.path.show((session.source.name, project))

    def begin(self) -> None:
        """Remember where the user is, too."""
        super().begin()
        if self._one_of_many:
            self._keep_opened()

    @work(group="keep")
    async def _keep_opened(self) -> None:
        location, now = self.session.source.location, self.session.now()
        await self.remembered(lambda state: state.keep_opened(location, self._project, now), None)

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
                "creator",
                lambda e: Cell(clean(e.creator or "", 60)),
                lambda e: e.creator,
                lambda e: e.creator or "",
                widest=24,
                optional=True,
            ),
            Field(
                "description",
                lambda e: Cell(clean(e.headline, 200), Tone.DIM),
                lambda e: e.description or None,
                lambda e: e.description,
                optional=True,
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
        return *known, item.description or None, item.creator, item.model

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

    def web_pages(self) -> "Sequence[WebPage]":
        """The experiment's; of all experiments, the project's."""
        here = self.item_under_cursor()
        if here is None:
            return []
        return [("page", Project(self._project, None, None) if isinstance(here, AllExperiments) else here)]

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

    def action_models(self) -> None:
        """To the project's models; from there the same key leads back."""
        from mltrack_tui.screens.models import ModelsPlace  # not needed for the first rows

        capability = self.session.source.capabilities.models
        if capability:
            self.app.push_screen(ModelsPlace(self.session, self._project))
        else:
            self.status.show_notice(capability.reason or "")

    def _called(self, chosen: Experiment) -> str:
        if not isinstance(chosen, AllExperiments):
            return f"{chosen.model} (model)" if chosen.model is not None else chosen.name
        whole = len(chosen.members) == len(self._all)
        return "all experiments" if whole else counted(len(chosen.members), self.NOUN)

    def above(self) -> Place:
        """The projects, with the cursor on this one."""
        return ProjectsPlace(self.session, start_at=self._project)
