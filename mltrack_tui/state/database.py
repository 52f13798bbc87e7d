"""The file behind what we remember: made when something is first kept, private, and never in anybody's way."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from mltrack_tui.state.places import StateError
from mltrack_tui.state.rows import Rows
from mltrack_tui.state.tables import StateTable

T = TypeVar("T")
VERSION = 2
"""Of the tables (SQLite's user_version); a file of a greater one is left alone."""
PATIENCE = 1.0
"""Seconds that another mltrack may hold the file."""


class Database:
    """A SQLite file that is opened for each question and for no longer; several programs may share it.

    Every method raises `StateError` where the file is of no use.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self._engine = create_engine("sqlite://", creator=self._connect, poolclass=NullPool)

    def _connect(self) -> sqlite3.Connection:
        uri = self._path.as_uri() + "?mode=rw"
        return sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)

    def read(self, work: Callable[[Rows], T], nothing: T, since: int = 1) -> T:
        """What ``work`` finds in the file; ``nothing`` where it has no tables yet of the version ``since`` which."""
        with self._telling("read"), Session(self._engine) as session:
            return work(Rows(session)) if self._version(session) >= since else nothing

    def write(self, work: Callable[[Rows], None]) -> None:
        """Let ``work`` change the file, all of it or nothing; a file that is not there is made."""
        with self._telling("written"):
            self._make_file()
            with Session(self._engine) as session:
                connection = session.connection()
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                if self._version(session) < VERSION:
                    StateTable.metadata.create_all(connection)
                    connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
                work(Rows(session))
                session.commit()

    def _version(self, session: Session) -> int:
        version: int = session.connection().exec_driver_sql("PRAGMA user_version").scalar_one()
        if version > VERSION:
            raise StateError(f"{self._path} is a newer mltrack's, so this one remembers nothing.")
        return version

    def _make_file(self) -> None:
        """Only the user may look into it: names and filters tell what somebody works on."""
        if not os.path.lexists(self._path):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))

    @contextmanager
    def _telling(self, done: str) -> Iterator[None]:
        try:
            yield
        except (OSError, UnicodeError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
        except DBAPIError as error:
            reason = str(error.orig)
        else:
            return
        raise StateError(f"{self._path} cannot be {done}, so nothing is remembered: {reason}.")
