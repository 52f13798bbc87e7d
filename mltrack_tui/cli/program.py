"""The program: runs a command and turns however it ends into an exit status."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from mltrack_tui.cli.errors import CommandError, Status
from mltrack_tui.cli.names import is_explored


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line given, or the process's own, and return the exit status.

    0 it answered, 1 the source could not, 2 the command line is wrong, 130 interrupted.
    """
    words = list(sys.argv[1:] if words is None else words)
    _have_streams()
    try:
        status = _run(words)
        sys.stdout.flush()
    except BrokenPipeError:
        _give_up_output()  # whoever read us has read enough
        return Status.FINE
    except OSError as error:  # of standard output: sources and downloads have errors of their own
        _give_up_output()
        return _fail(f"the answer cannot be written: {error.strerror or error}", Status.NO_ANSWER)
    except KeyboardInterrupt:
        return Status.INTERRUPTED
    return status


def _have_streams() -> None:
    """Put a stream to nowhere where the shell gave none (``>&-``): Python has None there."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - the process's, to its end


def _give_up_output() -> None:
    """See that what is still buffered does not fail again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(words: list[str]) -> int:
    from mltrack_tui.sources.base import SourceError

    try:
        if is_explored(words):
            from mltrack_tui.cli.explorer import explore, require_location

            for word in words:
                require_location(word)
            return explore(words[0] if words else None)
        from mltrack_tui.cli.group import run

        return run(words)
    except CommandError as error:
        return _fail(str(error), error.status, error.picture)
    except SourceError as error:
        return _fail(str(error), Status.NO_ANSWER)


def _fail(text: str, status: Status, picture: Sequence[str] = ()) -> int:
    from mltrack_tui.domain.text import clean

    print(f"mltrack: {clean(text, limit=4000)}", file=sys.stderr)  # noqa: T201 - the one place that speaks of failure
    for line in picture:
        print(line, file=sys.stderr)  # noqa: T201
    return status
