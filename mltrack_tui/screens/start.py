"""Where the app begins: at what was asked for, or as deep as there is only one way; without a source, three lines."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from mltrack_tui.commands import BACK, EVERYWHERE, REFRESH, SOURCES
from mltrack_tui.domain.text import clean
from mltrack_tui.screens.overviews import ExperimentsPlace
from mltrack_tui.screens.place import Place
from mltrack_tui.screens.projects.place import ProjectsPlace
from mltrack_tui.screens.session import Session
from mltrack_tui.sources.base import RefusedError, SourceError, UnreachableError
from mltrack_tui.sources.opening import Beginning, first_answer

WELCOME = (
    ("No MLflow store here.\n\n", "bold"),
    ("mltrack looks at  ./mlflow.db,  MLFLOW_TRACKING_URI,  or what you name:\n\n", ""),
    ("  mltrack path/to/mlflow.db       ", "$accent"),
    ("what mlflow logged on this machine\n", ""),
    ("  mltrack https://mlflow.example  ", "$accent"),
    ("what a server holds\n", ""),
    ("  mltrack sources add             ", "$accent"),
    ("give a server or a store a name\n", ""),
    ("  mltrack demo                    ", "$accent"),
    ("something to look at\n\n", ""),
    ("Nothing logged yet?  ", ""),
    ('mlflow.set_tracking_uri("sqlite:///mlflow.db")', "$accent"),
    ("  before the first run.\n\n", ""),
    ("q quits, ? helps", "$dim"),
)
CAME_BACK = "Back where you were when the connection dropped."
_WAYS_ON = ((REFRESH, "tries again"), (SOURCES, "shows other sources"), (BACK, "quits"))


class WelcomeScreen(Screen[None]):
    """What to do where there is no store."""

    BINDINGS: ClassVar[list[BindingType]] = [*EVERYWHERE.bindings()]

    def compose(self) -> ComposeResult:
        """The lines, in the middle."""
        yield Static(Content.assemble(*WELCOME), id="welcome")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing here to read, to copy or to leave."""
        nothing = action in {"up", "refresh", "refresh_interval", "enlarge", "copy", "open_web", "export"}
        return False if nothing else super().check_action(action, parameters)

    def action_back(self) -> None:
        """There is nowhere else to go."""
        self.app.exit()


class StartPlace(Place):
    """Waits for a source that takes its time, and goes on to the first place of it.

    A server that does not answer, or not us, may later: the place says so and stays. Anything else that cannot be
    opened ends the program in one line, unless the user was looking at another source before.
    """

    def __init__(
        self,
        session: Session,
        ask: Callable[[], Coroutine[None, None, Beginning]] | None = None,
        opening: asyncio.Task[Beginning] | None = None,
        *,
        stays: bool = False,
    ) -> None:
        """Wait.

        Args:
            session: with the source.
            ask: asks where to begin; as deep as there is only one way if it is not given.
            opening: does so already.
            stays: whatever fails is said here.
        """
        super().__init__(session)
        self._ask = ask or partial(first_answer, session.source)
        self._opening = opening
        self._stays = stays
        self._beginning: Beginning | None = None

    def content(self) -> ComposeResult:
        """Nothing yet."""
        return iter(())

    def reload(self) -> None:
        """Wait for the first answer; where there was none, ask again."""
        self.say(f"Opening {self.session.source.name} …")
        self._open()

    @work(exclusive=True)
    async def _open(self) -> None:
        self._beginning = await self.answer(self._first_answer)
        self._go_on()

    @on(events.ScreenResume)
    def _go_on(self) -> None:
        """To the first place, unless something else is open above: then once it is closed."""
        if self._beginning is not None and self.app.screen is self:
            beginning, self._beginning = self._beginning, None
            place = first_place(self.session, beginning)
            if not self.ready.is_set():
                place.ready = self.ready  # who waits for something to look at, waits for that
            self.app.switch_screen(place)

    async def _first_answer(self) -> Beginning:
        opening, self._opening = self._opening, None
        return await (opening or self._ask())

    def failed(self, error: SourceError) -> None:
        """There is nothing to go on with."""
        if self._stays or isinstance(error, RefusedError | UnreachableError):
            self.ready.set()
            keys = self.session.keys
            ways = [f"{keys.shown(command)} {what}" for command, what in _WAYS_ON if keys.shown(command)]
            self.say(f"{error}\n\n{'   '.join(ways)}")
        else:
            self.app.exit(return_code=1, message=Content(f"mltrack: {clean(str(error))}"))


def first_place(session: Session, beginning: Beginning) -> Place:
    """The place to begin at: the experiments that are wanted, the only project, or the projects."""
    if beginning.back:
        session.news.greetings.append(CAME_BACK)
    if beginning.wanted:
        from mltrack_tui.screens.candidates.place import CandidatesPlace  # only then

        project, name = beginning.wanted[0].project, beginning.wanted[0].name
        return CandidatesPlace(
            session,
            project,
            beginning.wanted,
            above=lambda: ExperimentsPlace(session, project, start_at=name, one_of_many=beginning.counts_apart),
            start_at=beginning.candidate,
        )
    if beginning.project is not None:
        return ExperimentsPlace(
            session,
            beginning.project.name,
            beginning.experiments,
            whole=beginning.whole,
            one_of_many=beginning.counts_apart,
        )
    return ProjectsPlace(session, beginning.projects)
