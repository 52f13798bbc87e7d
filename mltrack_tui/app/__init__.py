"""The terminal application, opened."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from importlib import import_module
from threading import Timer

from platformdirs import user_state_path

from mltrack_tui.app.sources import Sources
from mltrack_tui.config.paths import config_path
from mltrack_tui.config.settings import load
from mltrack_tui.domain.text import clean
from mltrack_tui.sources.base import RefusedError, Source, SourceBusy, UnreachableError
from mltrack_tui.sources.known import Known
from mltrack_tui.sources.open import known_sources
from mltrack_tui.sources.opening import Beginning, back_at, first_answer
from mltrack_tui.state.places import StateError
from mltrack_tui.state.state import State

NAME = "mltrack"
SWITCH = 0.001
"""Seconds for which a thread that reads or sorts keeps a key waiting; Python's own 0.005 are a third of a frame."""
SOON = 0.1
"""Seconds that the source has for its first answer before the screen says that it is being opened."""
LAST = 5.0
"""Seconds that the end may take once the connection has dropped."""
LATER = (SourceBusy, UnreachableError, RefusedError)
"""What may be over when the user tries again: no reason to end."""


def run(source: Known | None, *, project: str | None = None, experiment: str | None = None, mouse: bool = True) -> int:
    """Open the explorer and come back when the user quits.

    Args:
        source: what to explore; None shows the user's sources to choose from, or what can be done without any.
        project: open this project.
        experiment: open this experiment's candidates, by name or id.
        mouse: listen to the mouse, unless the user's configuration says not to.

    Returns:
        The exit status: 0, or 1 where a source that took its time could not be opened, which the screen then said. A
        server that does not answer is no reason to end: the screen says so, and what to do.

    Raises:
        SourceError: the source could not be opened, and no screen was shown yet.
    """
    return asyncio.run(_run(source, project, experiment, mouse))


async def _run(known: Known | None, project: str | None, experiment: str | None, mouse: bool) -> int:
    """Ask the source while Textual is imported: both take about as long, and neither needs the other."""
    state = State(user_state_path(NAME) / "state.db")
    sources = Sources(known_sources)
    source = sources.open_at_once(known) if known is not None else None
    ask = _question(source, state, project, experiment) if source is not None else None
    opening = asyncio.create_task(ask()) if ask is not None else None
    try:
        await asyncio.to_thread(import_module, "mltrack_tui.app.application")
        sys.setswitchinterval(SWITCH)
        from mltrack_tui.app.application import MltrackApp

        config = load(config_path())
        if opening is not None:
            await asyncio.wait({opening}, timeout=SOON)
        question = partial(_question, state=state)
        app = MltrackApp(source, ask, opening=opening, state=state, config=config, sources=sources, question=question)
        if opening is not None and opening.done() and not isinstance(opening.exception(), LATER):
            opening.result()
        for end in (signal.SIGTERM, signal.SIGHUP):  # else they would leave the terminal as the screens have it
            asyncio.get_running_loop().add_signal_handler(end, partial(_hang_up, app.hang_up, 128 + end))
        await app.run_async(mouse=mouse and config.mouse)
    finally:
        if opening is not None:
            opening.cancel()
        await sources.aclose()
    for problem in app.problems:
        sys.stderr.write(f"mltrack: {clean(problem)}\n")
    if not app.return_code:
        for opened in sources.opened.values():
            with suppress(StateError):
                await asyncio.to_thread(state.forget_place, opened.location)
    return app.return_code or 0


def _hang_up(hang_up: Callable[[int], None], status: int) -> None:
    """End with this status, whatever happens: Textual may wait for ever to write to a terminal that is gone."""
    hang_up(status)
    last = Timer(LAST, os._exit, (status,))
    last.daemon = True
    last.start()


def _question(
    source: Source, state: State, project: str | None = None, experiment: str | None = None
) -> Callable[[], Coroutine[None, None, Beginning]]:
    """What to ask the source first: where the connection dropped, unless the user says where to begin."""
    ask = partial(first_answer, source, project, experiment)
    if project is not None or experiment is not None:
        return ask

    async def return_or_begin() -> Beginning:
        try:
            last = await asyncio.to_thread(state.last_place, source.location)
        except StateError:
            return await ask()  # whoever needs more of it will tell
        back = await back_at(source, last.project, last.experiments, last.candidate) if last is not None else None
        return back or await ask()

    return return_or_begin
