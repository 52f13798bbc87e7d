"""The application: which place is open, what the palette and the help offer, how it looks."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from functools import partial
from typing import ClassVar

from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.dom import DOMNode
from textual.theme import Theme
from textual.widgets import Input

from mltrack_tui.commands import GROUPS, Command
from mltrack_tui.screens.place import Place, Session, now_ms
from mltrack_tui.screens.start import StartPlace, WelcomeScreen, first_place
from mltrack_tui.sources.base import Source
from mltrack_tui.sources.opening import Beginning

DARK = Theme(
    "mltrack-dark",
    primary="#7fb4ca",
    accent="#8fc1d4",
    warning="#e0af68",
    error="#e46876",
    success="#98bb6c",
    foreground="#d8dce4",
    background="#14161b",
    surface="#1b1e25",
    panel="#242832",
)
LIGHT = Theme(
    "mltrack-light",
    primary="#2a6f8f",
    accent="#1f6284",
    warning="#8f5b00",
    error="#b3263a",
    success="#3f6f1f",
    foreground="#22262e",
    background="#fafaf8",
    surface="#f0f0ec",
    panel="#e2e3df",
    dark=False,
)

DARK_INKS = {"dim": "#858c99", "faint": "#3a404c", "row": "#232833", "cell": "#3d5a6b", "graph": "#4f7386"}
LIGHT_INKS = {"dim": "#6b7280", "faint": "#c9ccd2", "row": "#e6e8ea", "cell": "#b9d5e3", "graph": "#8fb6c9"}
"""Inks of our own, which every theme has: what is said quietly, lines, the cursor's row and cell, small graphs."""
FIRST_FRAME = 0.1
"""Seconds that the first rows have before a frame without them is sent: on a slow line, each costs."""


class MltrackApp(App[None]):
    """Places one in another: projects, experiments, candidates, a candidate."""

    TITLE = "mltrack"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False  # ours is the list that everything else is picked from, too
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (64, "-wide"), (132, "-roomy")]  # noqa: RUF012 - Textual declares no ClassVar
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        source: Source | None,
        ask: Callable[[], Coroutine[None, None, Beginning]] | None = None,
        *,
        opening: asyncio.Task[Beginning] | None = None,
        now: Callable[[], int] = now_ms,
    ) -> None:
        super().__init__()
        self._source = source
        self._ask = ask
        self._opening = opening
        self._now = now
        self.animation_level = "none"
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Inks of our own that any theme has."""
        return DARK_INKS if self.current_theme.dark else LIGHT_INKS

    async def on_mount(self) -> None:
        """Go to the first place; the first frame has rows in it, unless they take their time."""
        if self._source is None:
            self.push_screen(WelcomeScreen())
            return
        place = self._first_place(Session(self._source, self._now))
        with self.batch_update():
            await self.push_screen(place)
            await asyncio.wait({asyncio.create_task(place.ready.wait())}, timeout=FIRST_FRAME)

    def _first_place(self, session: Session) -> Place:
        if self._opening is not None and self._opening.done() and self._opening.exception() is None:
            return first_place(session, self._opening.result())
        return StartPlace(session, self._ask, self._opening)

    def on_ready(self) -> None:
        """The first place is there: what was imported stays, and garbage is worth collecting from here on."""
        gc.freeze()
        gc.enable()

    def on_key(self, event: events.Key) -> None:
        """Give a text box what was typed before it had the keys, as a slow line delivers it: ``/bold`` at once.

        A text box lets no printable key through to here; one that comes was sent to what had the keys before.
        """
        if event.is_printable and isinstance(self.focused, Input) and not self.focused.disabled:
            event.stop()
            event.prevent_default()
            self.focused.post_message(events.Key(event.key, event.character))

    def action_palette(self) -> None:
        """Offer every command that works on this screen, and run the one that is chosen."""
        from mltrack_tui.screens.dialogs import Picker  # when the first dialog is opened

        choices: list[tuple[str, Callable[[], Awaitable[object]]]] = [
            (f"{command.help}   {command.shown_key}", partial(self.run_action, command.action, node))
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
        self.push_screen(Help([(title, commands) for title, commands in groups if commands]))

    def _commands_here(self) -> Iterable[tuple[Command, DOMNode]]:
        """The commands that work on this screen, each once, with what carries it out."""
        commands = {command.id: command for group in GROUPS for command in group.commands}
        for active in self.screen.active_bindings.values():
            command = commands.pop(active.binding.id or "", None)
            if command is not None:
                yield command, active.node
