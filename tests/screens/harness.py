"""The real application over some source: keys go in, lines of text come out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import ModuleType, SimpleNamespace

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from mltrack_tui.app.application import MltrackApp
from mltrack_tui.app.sources import Sources
from mltrack_tui.config.settings import Config
from mltrack_tui.screens.place import Place
from mltrack_tui.sources.base import Source
from mltrack_tui.state.state import State
from mltrack_tui.widgets.grid import Grid

NOW = 1_763_316_000_000
"""What time it is in tests: 2025-11-16 18:00 UTC, in milliseconds."""
PATIENCE = 20.0
"""Seconds after which what is waited for does not come any more."""


class Explorer:
    """An application that runs without a terminal."""

    def __init__(self, app: MltrackApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    # What a user sees

    @property
    def lines(self) -> list[str]:
        """The lines of the screen, as text."""
        strips = self.app.screen._compositor.render_strips()
        return [strip.text.rstrip() for strip in strips]

    @property
    def text(self) -> str:
        """The whole screen, as text."""
        return "\n".join(self.lines)

    @property
    def path(self) -> str:
        """The first line: where we are, and how many are shown."""
        return "".join(self.lines[:1]).strip()

    @property
    def status(self) -> str:
        """The line above the hints."""
        return "".join(self.lines[-2:-1]).strip()

    def column(self, start: int, end: int) -> list[str]:
        """A part of each line that holds a row of the table."""
        return [line[start:end].strip() for line in self.lines[2:-2] if line.strip()]

    @property
    def place(self) -> Place:
        """The place that is open."""
        screen = self.app.screen
        assert isinstance(screen, Place), f"no place but {screen}:\n{self.text}"
        return screen

    @property
    def grid(self) -> Grid:
        """The table that has the keys."""
        focused = self.app.focused
        assert isinstance(focused, Grid), f"{focused} has the keys:\n{self.text}"
        return focused

    @property
    def cursor_line(self) -> str:
        """The line of the cursor in the table that has the keys."""
        grid = self.grid
        line = grid.region.y + 1 + grid.cursor_row - grid.top
        return self.lines[line][grid.region.x : grid.region.right].strip() if line < len(self.lines) else ""

    # What a user does

    async def press(self, *keys: str) -> None:
        """Press keys by Textual's names; a single character is that character."""
        for key in keys:
            named = _character_to_key(key) if len(key) == 1 else key
            character = key if len(key) == 1 else {"space": " ", "enter": "\r", "tab": "\t"}.get(key)
            self.app.post_message(events.Key(named, character))
            await self.settle()

    async def type(self, text: str) -> None:
        """Press the key of each character."""
        await self.press(*text)

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        await self.pilot.resize_terminal(width, height)
        await self.settle()

    async def settle(self) -> None:
        """Let every widget handle what was sent to it until now."""
        await self.pilot.pause(0)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; the screen is shown where it never does."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not holds():
                    await self.pilot.pause(0.002)
        except TimeoutError:
            raise AssertionError(f"waited in vain; the screen is\n{self.text}") from None

    async def shows(self, *texts: str) -> None:
        """Wait until the screen shows all these texts."""
        await self.until(lambda: all(text in self.text for text in texts))

    async def tells(self, text: str) -> None:
        """Wait until the line above the hints has a text."""
        await self.until(lambda: text in self.status)

    async def lacks(self, text: str) -> None:
        """Wait until the screen shows a text no longer."""
        await self.until(lambda: text not in self.text)

    async def cursor_on(self, text: str) -> None:
        """Wait until the cursor's line has a text."""
        await self.until(lambda: text in self.cursor_line)

    async def enter(self, *texts: str) -> None:
        """Open what is under the cursor and wait until these texts are there."""
        await self.press("enter")
        await self.shows(*texts)


def hold_pauses(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> asyncio.Event:
    """Have the pauses of a module, whatever time they take, end when the event is set and no earlier."""
    over = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        await over.wait()

    monkeypatch.setattr(module, "asyncio", SimpleNamespace(sleep=sleep))
    return over


@asynccontextmanager
async def explore(
    source: Source | None,
    size: tuple[int, int] = (100, 24),
    *,
    state: State | None = None,
    config: Config | None = None,
    sources: Sources | None = None,
    now: Callable[[], int] = lambda: NOW,
) -> AsyncIterator[Explorer]:
    """Run the application over a source; it remembers nothing unless it is given where, and knows no others."""
    app = MltrackApp(source, now=now, state=state, config=config, sources=sources)
    async with app.run_test(size=size) as pilot:
        yield Explorer(app, pilot)
