"""What SQLite says, in words for the user."""

import sqlite3
from pathlib import Path

from mltrack_tui.sources.base import SourceBusy, SourceError

_PRIMARY = 0xFF  # the low byte of an extended result code is the code proper


def explain(path: Path, error: BaseException | None) -> SourceError:
    """The error of ours for an error of SQLite's, with the file's name, what happened and what to do."""
    code = getattr(error, "sqlite_errorcode", None) or 0
    match code & _PRIMARY:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED | sqlite3.SQLITE_PROTOCOL:
            return SourceBusy(f"{path.name} is busy: another program is writing.")
        case sqlite3.SQLITE_NOTADB:
            return SourceError(f"{path.name} is not an SQLite file: name the one that MLflow writes.")
        case sqlite3.SQLITE_CORRUPT:
            return SourceError(
                f"{path.name} is damaged or cut short ({error}): take a backup, or try sqlite3's .recover."
            )
        case sqlite3.SQLITE_READONLY if code == sqlite3.SQLITE_READONLY_ROLLBACK:
            return SourceError(
                f"{path.name} was left in the middle of a write: open it once for writing, for example with mlflow."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN:
            return _cannot_open(path)
    return SourceError(f"{path.name} could not be read ({error}): check the disk, and try again.")


def _cannot_open(path: Path) -> SourceError:
    if _is_wal(path):
        return SourceError(
            f"{path.name} is in WAL mode and its folder cannot be written: copy it, with the -wal file beside it, "
            "to a folder that you can write, and open the copy."
        )
    return SourceError(f"{path.name} cannot be opened: may you read it?")


def _is_wal(path: Path) -> bool:
    """Whether the file's header says that it needs a write-ahead log (https://sqlite.org/fileformat.html, 1.3)."""
    try:
        with path.open("rb") as file:
            return file.read(20)[18:] == b"\x02\x02"
    except OSError:
        return False
