"""The terminal application, opened."""

import asyncio
import signal
from functools import partial
from importlib import import_module

from mltrack_tui.sources.base import Source, SourceBusy
from mltrack_tui.sources.opening import first_answer

SOON = 0.1
"""Seconds that the source has for its first answer before the screen says that it is being opened."""


def run(source: Source | None, *, project: str | None = None, experiment: str | None = None) -> int:
    """Open the explorer and come back when the user quits.

    Args:
        source: what to explore; None shows what can be done without one.
        project: open this project.
        experiment: open this experiment's candidates, by name or id.

    Returns:
        The exit status: 0, or 1 where a source that took its time could not be opened, which the screen then said.

    Raises:
        SourceError: the source could not be opened, and no screen was shown yet.
    """
    return asyncio.run(_run(source, project, experiment))


async def _run(source: Source | None, project: str | None, experiment: str | None) -> int:
    """Ask the source while Textual is imported: both take about as long, and neither needs the other."""
    ask = partial(first_answer, source, project, experiment) if source is not None else None
    opening = asyncio.create_task(ask()) if ask is not None else None
    try:
        await asyncio.to_thread(import_module, "mltrack_tui.app.application")
        from mltrack_tui.app.application import MltrackApp

        if opening is not None:
            await asyncio.wait({opening}, timeout=SOON)
        app = MltrackApp(source, ask, opening=opening)
        if opening is not None and opening.done() and not isinstance(opening.exception(), SourceBusy):
            opening.result()
        for end in (signal.SIGTERM, signal.SIGHUP):  # else they would leave the terminal as the screens have it
            asyncio.get_running_loop().add_signal_handler(end, app.exit, None, 128 + end)
        await app.run_async()
    finally:
        if opening is not None:
            opening.cancel()
        if source is not None:
            await source.aclose()
    return app.return_code or 0
