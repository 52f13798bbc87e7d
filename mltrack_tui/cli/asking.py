"""One question to a source: opened, asked with patience, closed."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from mltrack_tui.cli.errors import CommandError
from mltrack_tui.domain.text import clean
from mltrack_tui.sources.base import Source, SourceBusy
from mltrack_tui.sources.open import open_default, open_source

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds that one question is asked again while somebody is writing to the source."""


@dataclass
class Asker:
    """A source, and the patience to ask it again while it is busy."""

    source: Source
    patience: float = PATIENCE
    warned: bool = False

    async def __call__(self, question: Callable[[], Awaitable[T]]) -> T:
        """The answer to a question, which may be asked several times.

        Raises:
            SourceBusy: it stayed busy for as long as our patience.
            SourceError: the source could not answer.
        """
        deadline = time.monotonic() + self.patience
        pause = 0.05
        while True:
            try:
                return await question()
            except SourceBusy:
                if time.monotonic() + pause > deadline:
                    raise
                self._warn()
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)

    def _warn(self) -> None:
        if not self.warned and sys.stderr.isatty():
            self.warned = True
            sys.stderr.write(f"mltrack: {clean(self.source.name)} is busy, trying again\n")


def answer(source: str | None, command: Callable[[Asker], Awaitable[T]]) -> T:
    """Open a source, or the default one, let a command ask it, and close it.

    Raises:
        CommandError: no source was named and there is no default.
        SourceError: the source could not be opened or could not answer.
    """
    opened = open_default() if source is None else open_source(source)
    if opened is None:
        raise CommandError(
            "no source: there is no mlflow.db in this folder; name one with --source, or try mltrack demo"
        )

    async def run() -> T:
        try:
            return await command(Asker(opened))
        finally:
            await opened.aclose()

    return asyncio.run(run())
