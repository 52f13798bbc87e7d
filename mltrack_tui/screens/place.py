"""What every place has: a path above, a status line and key hints below, a way up, and patience with its source."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from mltrack_tui.commands import COPY, EVERYWHERE, HELP, Command
from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.text import clean_lines
from mltrack_tui.domain.times import ago
from mltrack_tui.screens.patience import FIRST_FRAME, patient_answers
from mltrack_tui.screens.session import Session
from mltrack_tui.sources.base import SourceError
from mltrack_tui.state.places import LastPlace, StateError
from mltrack_tui.widgets.bars import Hints, PathBar, StatusLine

if TYPE_CHECKING:
    from mltrack_tui.export.table import Exportable
    from mltrack_tui.screens.browsing import Page
    from mltrack_tui.screens.copying import Copyable
    from mltrack_tui.state.state import State

T = TypeVar("T")


class Place(Screen[CandidateId]):
    """A place: what it shows is between the path and the status line. Dismissed with the candidate last looked at."""

    BINDINGS: ClassVar[list[BindingType]] = [*EVERYWHERE.bindings()]
    HINTS: ClassVar[tuple[Command, ...]] = ()
    AUTO_FOCUS = ""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.ready = asyncio.Event()
        """Set as soon as there is something to look at, be it that there is nothing or that it failed."""
        self.path = PathBar(session.name)
        self.status = StatusLine()
        self.words = Static(id="words")
        self.hints = Hints([*self.HINTS, HELP], session.keys)

    def compose(self) -> ComposeResult:
        """The frame, with the place's own content in it."""
        yield self.path
        yield from self.content()
        yield self.words
        yield self.status
        yield self.hints

    def content(self) -> ComposeResult:
        """What lies between the path and the status line."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Begin."""
        self.greet()
        self.tell_age()
        self.tell_transfers()
        self.begin()

    def on_screen_resume(self) -> None:
        """Tell what went on while another place was above."""
        if self.is_mounted:
            self.tell_transfers()

    def greet(self) -> None:
        """Say what is new, or, once a key was pressed, no longer."""
        self.status.greet("  ".join(self.session.news.greetings))

    def tell_age(self) -> None:
        """Say quietly how old what is shown is, while the source does not answer."""
        as_of = self.session.live.as_of
        passed = ago(as_of, self.session.now()) if as_of is not None else ""
        self.path.show(age=f"as of {passed if passed != 'now' else 'a moment ago'}" if passed else "")

    def tell_transfers(self) -> None:
        """Say quietly what is downloaded."""
        self.path.show(transfers=self.session.transfers.words())

    def begin(self) -> None:
        """Show the place for the first time."""
        self.reload()

    @work(group="first frame")
    async def hold_frame(self) -> None:
        """Send the first frame once the place is `ready`, unless that takes its time."""
        with self.app.batch_update(), suppress(TimeoutError):
            async with asyncio.timeout(FIRST_FRAME):
                await self.ready.wait()

    def reload(self) -> None:
        """Load what is shown here, anew."""
        raise NotImplementedError

    def above(self) -> "Place | None":
        """The place one level up, made anew where nobody came through it; None at the top."""
        return None

    @property
    def is_open(self) -> bool:
        """Whether the user may still see this place: of one that was left, the widgets are gone before its workers."""
        return self.is_attached and self in self.app.screen_stack

    # Words

    def say(self, text: str) -> None:
        """Show a sentence in place of the content, until '' brings the content back."""
        self.set_class(bool(text), "-wordy")
        if text:
            self.words.update(Content(clean_lines(text)))

    @property
    def is_wordy(self) -> bool:
        """Whether a sentence is all that is shown."""
        return self.has_class("-wordy")

    def answers(
        self, ask: Callable[[], AsyncIterator[T]], failed: Callable[[SourceError], None] | None = None
    ) -> AsyncGenerator[T, None]:
        """Ask the source, and again for as long as it is busy; a failure is told by ``failed``, else by the place."""
        return patient_answers(self, ask, failed or self.failed)

    async def answer(
        self, ask: Callable[[], Awaitable[T]], failed: Callable[[SourceError], None] | None = None
    ) -> T | None:
        """The same for a single answer; None where the source failed."""

        async def once() -> AsyncIterator[T]:
            yield await ask()

        async for answer in self.answers(once, failed):
            return answer
        return None

    def failed(self, error: SourceError) -> None:
        """Tell what went wrong; what was shown before stays."""
        self.ready.set()
        self.status.show_notice(str(error), "error")

    def changed(self, changes: Changes) -> None:
        """Something changed in the source: show what concerns this place, and leave cursor, zoom and marks alone.

        Called for every open place, those below others too, which may wait until they are seen again.
        """

    # Commands

    looked_at: CandidateId | None = None
    """What the place above puts its cursor on when this one is left."""

    def action_up(self) -> None:
        """Leave this place for the one above it; at the top, stay."""
        self.leave()

    def action_back(self) -> None:
        """The same, and quit at the top."""
        if not self.leave():
            self.call_later(self.app.action_quit)  # which asks where something is downloaded

    def leave(self) -> bool:
        """Go to the place above; False at the top."""
        if len(self.app.screen_stack) > 2:
            self.dismiss(self.looked_at)
        elif above := self.above():
            self.app.switch_screen(above)
        else:
            return False
        return True

    def action_refresh(self) -> None:
        """Load again, whatever the source has kept."""
        self.session.source.forget()
        self.reload()
        if self.session.live.as_of is not None:
            self.session.live.turned.set()

    def candidate_here(self) -> CandidateId | None:
        """The candidate that is open or under the cursor, where there is one."""
        return None

    def action_watch(self) -> None:
        """Hear of the candidate when it ends or a condition becomes true of it, or no longer."""
        from mltrack_tui.screens.live.watching import turn_watch  # when it is first asked for

        if (here := self.candidate_here()) is not None:
            self.run_worker(turn_watch(self, here), group="watch", exclusive=True)

    def watched_others(self) -> None:
        """Other candidates are watched now."""

    def action_refresh_interval(self) -> None:
        """Choose how often changes are looked for."""
        from mltrack_tui.screens.live.interval import interval_picker, told

        def chosen(seconds: float | None) -> None:
            if seconds is not None:
                self.session.live.choose(seconds)
                self.status.show_notice(told(seconds), "success")

        if self.session.opened is not None:
            self.app.push_screen(interval_picker(self.session), chosen)

    def value_under_cursor(self) -> tuple[str, str] | None:
        """Name and full text of what the cursor is on."""
        return None

    def action_enlarge(self) -> None:
        """Show the full value under the cursor."""
        from mltrack_tui.screens.dialogs import FullValue  # when the first dialog is opened

        if value := self.value_under_cursor():
            self.app.push_screen(FullValue(*value, self.session.keys.shown(COPY)))

    # What leaves for elsewhere

    def copyable(self) -> "Sequence[Copyable]":
        """What can be copied here, what is likeliest meant first: the value under the cursor."""
        from mltrack_tui.screens.copying import Copyable

        value = self.value_under_cursor()
        return [Copyable("y", *value)] if value is not None else []

    def action_copy(self) -> None:
        """Choose something to put on the clipboard of the user's terminal."""
        from mltrack_tui.screens.copying import CopyDialog

        if choices := self.copyable():
            self.app.push_screen(CopyDialog(choices), self._copied)
        else:
            self.status.show_notice("There is nothing to copy here.")

    def _copied(self, told: str | None) -> None:
        if told:
            self.status.show_notice(told, "success")

    def web_pages(self) -> "Sequence[Page]":
        """What may have a page in a browser: what the cursor is on."""
        return ()

    def action_open_web(self) -> None:
        """Open a page in a browser, or show its URL."""
        from mltrack_tui.screens.browsing import browse

        self.run_worker(browse(self, self.web_pages()), group="web", exclusive=True)

    def exportable(self) -> "Exportable | None":
        """The table that is shown here, whole and exact; None where there is none."""
        return None

    def action_export(self) -> None:
        """Choose where to write the table."""
        from mltrack_tui.screens.exporting import ExportDialog

        if (table := self.exportable()) is not None:
            self.app.push_screen(ExportDialog(table), self._copied)
        else:
            self.status.show_notice("There is no table to export here.")

    # What stays for another time

    def bookmark(self) -> LastPlace | None:
        """What brings the user back here, or None where a plain start does as well."""
        return None

    def keep(self, state: "State") -> None:
        """Keep what only this place knows, at once: the connection has dropped. Raises StateError."""

    async def remembered(self, ask: "Callable[[State], T]", otherwise: T) -> T:
        """What the state answers, asked off the event loop; where it fails, that is said once and never asked again."""
        state, news = self.session.state, self.session.news
        if state is None or news.forgetful:
            return otherwise
        try:
            return await asyncio.to_thread(ask, state)
        except StateError as error:
            if not news.forgetful:
                news.forgetful = True
                news.greetings.append(str(error))
                self.greet()
            return otherwise


def counted(number: int, noun: str) -> str:
    """``1 candidate``, ``1,204 candidates``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
