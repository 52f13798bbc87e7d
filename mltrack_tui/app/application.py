"""The application: which place is open, what the palette and the help offer, how it looks."""

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.screen import Screen
from textual.theme import Theme
from textual.widgets import Input

from mltrack_tui.commands import GROUPS
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

DARK_INKS = {"dim": "#858c99", "faint": "#3a404c", "row": "#232833", "cell": "#3d5a6b"}
LIGHT_INKS = {"dim": "#6b7280", "faint": "#c9ccd2", "row": "#e6e8ea", "cell": "#b9d5e3"}
"""Inks of our own, which every theme has: what is said quietly, lines, and the cursor's row and cell."""
FIRST_FRAME = 0.1
"""Seconds that the first rows have before a frame without them is sent: on a slow line, each costs."""


class MltrackApp(App[None]):
    """Places one in another: projects, experiments, candidates, a candidate."""

    TITLE = "mltrack"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
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
        if event.is_printable and isinstance(self.focused, Input):
            event.stop()
            event.prevent_default()
            self.focused.post_message(events.Key(event.key, event.character))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every command that works on this screen, for the palette."""
        commands = {command.id: command for group in GROUPS for command in group.commands}
        for active in screen.active_bindings.values():
            command = commands.pop(active.binding.id or "", None)  # once, however many keys it has
            if command is not None:
                run = partial(self.run_action, command.action, active.node)
                yield SystemCommand(command.help, f"{command.label}   {command.shown_key}", run)
        yield SystemCommand("Choose the colours", "theme", self.action_change_theme)

    def action_help(self) -> None:
        """Show the keys that work on this screen."""
        from mltrack_tui.screens.dialogs import Help  # when the first dialog is opened

        ids = {active.binding.id for active in self.screen.active_bindings.values()}
        here = [(group.title, [command for command in group.commands if command.id in ids]) for group in GROUPS]
        self.push_screen(Help([(title, commands) for title, commands in here if commands]))
