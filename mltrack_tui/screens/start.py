"""Where the app begins: at what was asked for, or as deep as there is only one way; without a source, three lines."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from mltrack_tui.commands import EVERYWHERE
from mltrack_tui.domain.entities import Experiment, Project
from mltrack_tui.screens.candidates import CandidatesPlace
from mltrack_tui.screens.overviews import ExperimentsPlace, ProjectsPlace
from mltrack_tui.screens.place import Place, Session
from mltrack_tui.sources.base import NotFoundError, SourceError, final

WELCOME = (
    ("No MLflow store here.\n\n", "bold"),
    ("mltrack looks at  ./mlflow.db,  MLFLOW_TRACKING_URI,  or what you name:\n\n", ""),
    ("  mltrack path/to/mlflow.db   ", "$accent"),
    ("what mlflow logged on this machine\n", ""),
    ("  mltrack demo                ", "$accent"),
    ("something to look at\n\n", ""),
    ("Nothing logged yet?  ", ""),
    ('mlflow.set_tracking_uri("sqlite:///mlflow.db")', "$accent"),
    ("  before the first run.", ""),
)


class WelcomeScreen(Screen[None]):
    """What to do where there is no store."""

    BINDINGS: ClassVar[list[BindingType]] = [*EVERYWHERE.bindings()]

    def compose(self) -> ComposeResult:
        """The lines, in the middle."""
        yield Static(Content.assemble(*WELCOME), id="welcome")

    def action_back(self) -> None:
        """There is nowhere else to go."""
        self.app.exit()

    def action_up(self) -> None:
        """There is nothing above."""


class StartPlace(Place):
    """Opens the source and goes on to the first place of it; what cannot be opened ends the program in one line."""

    def __init__(self, session: Session, project: str | None = None, experiment: str | None = None) -> None:
        super().__init__(session)
        self._project = project
        self._experiment = experiment

    def content(self) -> ComposeResult:
        """Nothing yet."""
        return iter(())

    def reload(self) -> None:
        """Open the source."""
        self.say(f"Opening {self.session.source.name} …")
        self._open()

    @work(exclusive=True)
    async def _open(self) -> None:
        place = await self.answer(self._first_place)
        if place is not None:
            self.app.switch_screen(place)

    def failed(self, error: SourceError) -> None:
        """There is nothing to go on with."""
        self.app.exit(return_code=1, message=Content(f"mltrack: {error}"))

    async def _first_place(self) -> Place:
        source = self.session.source
        projects = (await final(source.projects())).items
        if self._project is not None:
            projects = [project for project in projects if project.name == self._project]
            if not projects:
                raise NotFoundError(f"{source.name} has no project “{self._project}”; see mltrack projects.")
        if self._experiment is not None:
            return await self._experiment_place(projects, self._experiment)
        if len(projects) == 1:
            return ExperimentsPlace(self.session, projects[0].name)
        return ProjectsPlace(self.session)

    async def _experiment_place(self, projects: Sequence[Project], wanted: str) -> Place:
        by_id: list[Experiment] = []
        for project in projects:
            experiments = (await final(self.session.source.experiments(project.name))).items
            by_id += [experiment for experiment in experiments if experiment.experiment_id == wanted]
            for experiment in experiments:
                if experiment.name == wanted:
                    return CandidatesPlace(self.session, project.name, (experiment,))
        if by_id:
            return CandidatesPlace(self.session, by_id[0].project, (by_id[0],))
        raise NotFoundError(f"{self.session.source.name} has no experiment “{wanted}”; see mltrack experiments.")
