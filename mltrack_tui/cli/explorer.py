"""Opening the explorer: as little as possible stands between the word and the first rows."""

import gc
import os
import re
import sys
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from mltrack_tui.cli.errors import CommandError, Status, nearest
from mltrack_tui.cli.names import COMMANDS, EXPLORE, PRINTING
from mltrack_tui.sources.open import find, find_default, is_location, source_names

_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*:\d{1,5}(/.*)?|([a-z0-9-]+\.){2,}[a-z]{2,}", re.IGNORECASE)
"""What looks more like a server without its scheme than like a file: ``mlflow.lab.example``, ``localhost:5000``."""


def explore(
    source: str | None, *, project: str | None = None, experiment: str | None = None, mouse: bool = True
) -> int:
    """Open the explorer, listening to the mouse unless told not to, and return the exit status.

    Raises:
        CommandError: there is no terminal.
        SourceError: there is no such source, or no store there.
    """
    gc.disable()  # the imports ahead make no garbage, only collections of it; the app turns it on again
    known = find_default() if source is None else find(source)
    require_terminal()
    from mltrack_tui.app import run

    return run(known, project=project, experiment=experiment, mouse=mouse)


def require_terminal() -> None:
    """Raise a CommandError unless there are a keyboard and a screen."""
    printing = ", ".join(PRINTING)
    for stream, name in ((sys.stdin, "input"), (sys.stdout, "output")):
        if stream is None or not stream.isatty():
            raise CommandError(f"standard {name} is no terminal; to print instead, use one of: {printing}")
    if os.environ.get("TERM") == "dumb":
        raise CommandError(f"a dumb terminal (TERM) cannot show screens; to print instead, use one of: {printing}")


def require_location(word: str) -> None:
    """Raise a CommandError that names the nearest commands, sources and files if a word can be no source."""
    if is_location(word):
        return
    near = nearest(word, [*(name for name in COMMANDS if name != EXPLORE), *source_names(), *_neighbours(word)])
    if _HOST.fullmatch(word):
        hint = f"; a server is https://{word}"
    else:
        hint = f"; nearest: {', '.join(near)}" if near else "; mltrack --help names the commands"
    raise CommandError(f"no command, source, file or folder is called {word}{hint}", Status.WRONG_COMMAND_LINE)


def _neighbours(word: str) -> Iterable[str]:
    """What lies beside the path that a word may have been meant to be."""
    folder = os.path.dirname(word)  # noqa: PTH120 - the word's own spelling is kept, "./" too
    try:
        return [os.path.join(folder, path.name) for path in islice(Path(folder or ".").iterdir(), 1000)]  # noqa: PTH118
    except (OSError, ValueError):
        return []
