"""A file that is written whole or not at all, and never over another one unawares."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO


@contextmanager
def saved(path: Path, *, overwrite: bool = False) -> Iterator[TextIO]:
    """A file to write text to, as UTF-8 with line ends as they are; it gets its name when the context is left.

    Raises:
        FileExistsError: there is something of that name, and it is not to be overwritten.
        OSError: it cannot be written.
    """
    if not overwrite:
        path.open("x").close()  # nobody else takes the name meanwhile
    done = False
    try:
        handle, name = tempfile.mkstemp(prefix=".mltrack-", dir=path.parent)
        part = Path(name)
        try:
            with open(handle, "w", encoding="utf-8", errors="replace", newline="") as file:  # noqa: PTH123 - a handle
                yield file
            part.chmod(_mode(path))
            os.replace(part, path)  # noqa: PTH105 - as a whole, over what is there
            done = True
        finally:
            part.unlink(missing_ok=True)
    finally:
        if not done and not overwrite:
            with suppress(OSError):
                path.unlink()


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced; one that was just made has those the user's umask leaves."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        return 0o600
