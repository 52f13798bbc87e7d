"""The application: which place is open, what the palette and the help offer, how it looks."""

import asyncio
import gc
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.widgets import Input

from mltrack_tui.app.colours import THEMES, inks, usual_theme
from mltrack_tui.app.downloads import Telling, quit_or_ask, show_downloads
from mltrack_tui.app.following import Following
from mltrack_tui.app.keys import keymap, keys_from
from mltrack_tui.app.output import sparing
from mltrack_tui.app.sources import Sources
from mltrack_tui.commands import GROUPS, Command
from mltrack_tui.config.settings import Config, likely
from mltrack_tui.domain.text import clean
from mltrack_tui.plots.picture import Style
from mltrack_tui.plots.style import usual_style
from mltrack_tui.screens.patience import FIRST_FRAME
from mltrack_tui.screens.place import Place
from mltrack_tui.screens.session import Graphics, Live, News, Session, Transfers, now_ms
from mltrack_tui.screens.start import StartPlace, WelcomeScreen, first_place
from mltrack_tui.sources.base import Source
from mltrack_tui.sources.opening import Beginning, first_answer
from mltrack_tui.state.places import StateError
from mltrack_tui.state.state import State

if TYPE_CHECKING:
    from mltrack_tui.screens.sources import SourcesPlace

Ask: TypeAlias = Callable[[], Coroutine[None, None, Beginning]]


class MltrackApp(App[None]):
    """Places one in another: projects, experiments, candidates, a candidate."""

    TITLE = "mltrack"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False  # ours is the list that everything else is picked from, too
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        source: Source | None,
        ask: Ask | None = None,
        *,
        opening: asyncio.Task[Beginning] | None = None,
        now: Callable[[], int] = now_ms,
        state: State | None = None,
        config: Config | None = None,
        sources: Sources | None = None,
        question: Callable[[Source], Ask] | None = None,
    ) -> None:
        """``ask`` asks ``source`` where to begin, and ``opening`` does already; ``question`` makes it for others.

        ``sources`` opens those. Where there is no source to begin with, they are listed if the user has named any.
        """
        super().__init__(ansi_color=True if os.environ.get("NO_COLOR") else None)  # else it would send greys
        self._ask = ask
        self._opening = opening
        self._following = Following(self.call_later)
        self._state = state
        self._sources = sources or Sources()
        self._question = question or (lambda source: partial(first_answer, source))
        self._has_names = bool(config and config.sources)
        self._news = News()
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = usual_theme(self.console.color_system, no_color=self.no_color)
        self.problems: list[str] = []
        """What the user's configuration has that cannot be, one line each."""
        self._configure(config or Config())
        live = Live(config.live.every, config.live.patience) if config is not None else Live()
        currency = (config or Config()).cost.currency
        style = _style(config) if config is not None else Style.BRAILLE
        transfers = Transfers(Telling(self._places).tell)
        self._session = Session(
            source, now, state, self._keys, self._news, live, currency, style, transfers, self._graphics
        )

    def _configure(self, config: Config) -> None:
        """Do as the user has it; what cannot be is left out and told."""
        self._keys, problems = keys_from(config.keys)
        self.set_keymap(keymap(self._keys))
        if config.theme in self.available_themes:
            self.theme = config.theme
        elif config.theme is not None:
            problems.append(f"theme: there is none called {config.theme}{likely(config.theme, self.available_themes)}")
        self._graphics: Graphics | None = None
        if config.images != "halfblock" and not self.no_color:
            from mltrack_tui.app.graphics import graphics_of  # few terminals have any

            self._graphics, problem = graphics_of(config, os.environ, self._send)
            if problem:
                problems.append(problem)
        problems = [*config.problems, *problems]
        self.problems = [f"{config.path}: {problem}" for problem in problems]
        if config.path is not None and problems:
            more = f"  ({len(problems) - 1} more are told when you quit)" if len(problems) > 1 else ""
            self._news.greetings.append(f"{config.path.name}: {problems[0]}{more}")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Inks of our own that any theme has."""
        return inks(self.current_theme)

    def get_driver_class(self) -> type[Driver]:
        """The usual driver, which sends as little as does."""
        return sparing(super().get_driver_class())

    async def on_mount(self) -> None:
        """Go to the first place; the first frame has rows in it, unless they take their time."""
        if self._session.opened is None:
            self.push_screen(self._sources_place() if self._has_names else WelcomeScreen())
        else:
            await self._begin()

    async def _begin(self, *, stays: bool = False) -> None:
        """Go to the source's first place; ``stays`` where it is no reason to end that there is none."""
        place = self._first_place(stays=stays)
        with self.batch_update():
            while len(self.screen_stack) > 1:
                self.pop_screen()
            await self.push_screen(place)
            await asyncio.wait({asyncio.create_task(place.ready.wait())}, timeout=FIRST_FRAME)
        self._following.begin(self._session, place, self._places, self._alert)

    async def on_unmount(self) -> None:
        """The end; what has come of downloads stays."""
        self._following.stop()
        await self._session.transfers.aclose()

    def _alert(self, text: str) -> None:
        """Have the user hear something, wherever they are; it stays until a key is pressed."""
        self.bell()
        self.notify(clean(text), markup=False)
        self._news.greetings.append(text)
        for place in self._places():
            place.status.show_notice()
            place.greet()
            place.watched_others()

    def _first_place(self, *, stays: bool) -> Place:
        opening, self._opening = self._opening, None
        if opening is not None and opening.done() and opening.exception() is None:
            return first_place(self._session, opening.result())
        return StartPlace(self._session, self._ask, opening, stays=stays)

    def action_sources(self) -> None:
        """List the sources, to go on with another one."""
        from mltrack_tui.screens.sources import SourcesPlace  # when it is first asked for

        if not any(isinstance(screen, SourcesPlace) for screen in self.screen_stack):
            self.push_screen(self._sources_place())

    def action_running(self) -> None:
        """List all candidates that run."""
        from mltrack_tui.screens.live.running import RunningPlace  # when it is first asked for

        if self._session.opened is not None and not any(isinstance(each, RunningPlace) for each in self.screen_stack):
            self.push_screen(RunningPlace(self._session))

    def action_downloads(self) -> None:
        """Show what is downloaded, and what was."""
        show_downloads(self, self._session)

    async def action_quit(self) -> None:
        """Quit; where that would leave downloads unfinished, ask first."""
        quit_or_ask(self, self._session)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing runs or is downloaded where no source is open."""
        nothing = action in {"running", "downloads"} and self._session.opened is None
        return False if nothing else super().check_action(action, parameters)

    def _sources_place(self) -> "SourcesPlace":
        from mltrack_tui.screens.sources import SourcesPlace

        return SourcesPlace(self._session, self._sources.listed, self._sources.open, self._go_on_with)

    def _go_on_with(self, source: Source) -> None:
        """Leave all places for those of another source."""
        self._session = replace(self._session, opened=source, live=self._session.live.anew())
        self._ask = self._question(source)
        self._opening = asyncio.create_task(self._ask())
        self.call_later(self._begin_again, self._opening)

    async def _begin_again(self, opening: asyncio.Task[Beginning]) -> None:
        await asyncio.wait({opening}, timeout=FIRST_FRAME)
        self.workers.cancel_all()  # of the places that go
        self._following.stop()
        await self._begin(stays=True)

    async def on_event(self, event: events.Event) -> None:
        """A key says that what was new was seen."""
        if isinstance(event, events.Key) and self._news.greetings:
            self._news.greetings.clear()
            for place in self._places():
                place.greet()
        await super().on_event(event)

    def _places(self) -> list[Place]:
        """The places that are open, the one below all others first."""
        return [screen for screen in self.screen_stack if isinstance(screen, Place)]

    def hang_up(self, status: int) -> None:
        """End with this status because the connection has dropped; the next start comes back here."""
        with suppress(StateError):
            self._keep_place()
        self.exit(return_code=status)

    def _keep_place(self) -> None:
        """At once and on this thread: nothing else matters any more, and there may be no time for more."""
        places = self._places()
        if self._state is None or self._session.opened is None or not places or isinstance(places[-1], StartPlace):
            return
        for place in places:
            place.keep(self._state)
        mark = next((mark for place in reversed(places) if (mark := place.bookmark()) is not None), None)
        looked_at = places[-1].looked_at
        if mark is None:
            self._state.forget_place(self._session.source.location)
        else:
            candidate = mark.candidate if looked_at is None else looked_at.candidate_id
            self._state.keep_place(self._session.source.location, replace(mark, candidate=candidate))

    def on_ready(self) -> None:
        """The first place is there: what was imported stays, and garbage is worth collecting from here on."""
        gc.freeze()
        gc.enable()

    def on_key(self, event: events.Key) -> None:
        """Give a text box or a dialog what was typed before it had the keys, as a slow line has it: ``/bold``, ``yy``.

        A text box lets no printable key through to here; one that comes was sent to what had the keys before. (What
        is bound is found only now, for the dialog that is open now.)
        """
        from mltrack_tui.screens.dialogs import KeyedDialog  # after the first frame

        box, screen = self.focused, self.screen
        if event.is_printable and isinstance(box, Input) and not box.disabled:
            event.stop()
            event.prevent_default()
            box.post_message(events.Key(event.key, event.character))
        elif isinstance(screen, KeyedDialog) and event.time < screen.since:
            screen.call_later(screen.choose_by, event.character)

    def copy_to_clipboard(self, text: str) -> None:
        """Put text on the clipboard of the terminal that the user sits at."""
        from mltrack_tui.app.clipboard import clipboard_codes  # when something is first copied

        self._clipboard = text
        self._send(clipboard_codes(text, os.environ))

    def _send(self, codes: str) -> None:
        """Have the terminal do something that changes no cell of the screen."""
        if self._driver is not None:
            self._driver.write(codes)

    def action_palette(self) -> None:
        """Offer every command that works on this screen, and run the one that is chosen."""
        from mltrack_tui.screens.dialogs import Picker  # when the first dialog is opened

        choices: list[tuple[str, Callable[[], Awaitable[object]]]] = [
            (f"{command.help}   {self._keys.shown(command)}".rstrip(), partial(self.run_action, command.action, node))
            for command, node in self._commands_here()
        ]
        choices.append(("Choose the colours", self._pick_theme))

        async def run(chosen: Callable[[], Awaitable[object]] | None) -> None:
            if chosen is not None:
                await chosen()

        self.push_screen(Picker("Commands", choices), run)

    async def _pick_theme(self) -> None:
        from mltrack_tui.screens.dialogs import Picker

        def chosen(theme: str | None) -> None:
            self.theme = theme or self.theme

        names = sorted(self.available_themes, key=lambda name: (not name.startswith("mltrack"), name))
        self.push_screen(Picker("Colours", [(name, name) for name in names]), chosen)

    def action_help(self) -> None:
        """Show the keys that work on this screen."""
        from mltrack_tui.screens.dialogs import Help

        here = {command.id for command, _ in self._commands_here()}
        groups = [(group.title, [command for command in group.commands if command.id in here]) for group in GROUPS]
        self.push_screen(Help([(title, commands) for title, commands in groups if commands], self._keys))

    def _commands_here(self) -> Iterable[tuple[Command, DOMNode]]:
        """The commands that work on this screen, each once, with what carries it out."""
        commands = {command.id: command for group in GROUPS for command in group.commands}
        for active in self.screen.active_bindings.values():
            command = commands.pop(active.binding.id or "", None)
            if command is not None:
                yield command, active.node


def _style(config: Config) -> Style:
    """The characters that plots are made of, as the user has it or the terminal."""
    return Style(config.plots) if config.plots else usual_style(os.environ, getattr(sys.stdout, "encoding", None) or "")
