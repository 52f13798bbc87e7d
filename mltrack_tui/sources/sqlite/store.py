"""One store file: opened read-only, asked on a few threads, let go of at once when the asker loses interest."""

import asyncio
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, FromClause, create_engine
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from mltrack_tui.sources.base import SourceError
from mltrack_tui.sources.sqlite.failures import explain
from mltrack_tui.sources.sqlite.reader import Interrupted, Job, Reader, Stamp
from mltrack_tui.sources.sqlite.schema import Schema, read_schema

T = TypeVar("T")

_THREADS = 3  # visible cells, a long sort and a history at the same time
_BUSY_MS = 100


class _HintingCompiler(SQLiteCompiler):
    """SQLAlchemy drops `with_hint` for SQLite; this writes it, so that a query can say ``INDEXED BY``."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:  # noqa: ARG002 (SQLAlchemy's)
        return text


@dataclass(slots=True)
class _Opened:
    """One file, by its identity on the disk, while it is the one that has the store's name."""

    identity: tuple[int, int]
    engine: Engine
    schema: Schema
    watch: Connection

    def stamp(self) -> Stamp:
        """SQLite counts the commits of others, on this one connection only."""
        return Stamp(self.identity, self.watch.exec_driver_sql("PRAGMA data_version").scalar_one())

    def close(self) -> None:
        """Let go of the file; what is being read from it is still read to its end."""
        self.watch.close()
        self.engine.dispose()


class Store:
    """A store file. Nothing is opened before the first `run`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="store")
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._first: Stamp | None = None
        self._jobs: set[Job] = set()

    @property
    def schema(self) -> Schema | None:
        """What the store has, known after the first answer."""
        return self._opened.schema if self._opened else None

    async def run(self, work: Callable[[Reader], T]) -> T:
        """What ``work`` makes of the store, on another thread.

        When the caller is cancelled, the running statement is interrupted and ``work`` gets no further.

        Raises:
            SourceError: the file cannot be read, or is no store; SourceBusy while somebody writes.
        """
        job = Job()
        self._jobs.add(job)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._perform, job, work)
        except Interrupted:
            raise SourceError(f"{self.path.name} was closed before it answered.") from None
        finally:
            job.cancel()
            self._jobs.discard(job)

    async def aclose(self) -> None:
        """Interrupt what runs, wait for it to stop, and close the file."""
        for job in tuple(self._jobs):
            job.cancel()
        await asyncio.to_thread(self._threads.shutdown, wait=True, cancel_futures=True)
        with self._lock:
            if self._opened:
                self._opened.close()
            self._opened = None

    def _perform(self, job: Job, work: Callable[[Reader], T]) -> T:
        try:
            opened, first, stamp = self._current()
            with opened.engine.connect() as connection, job.using(connection):
                return work(Reader(job, connection, opened.schema, stamp, first))
        except (DBAPIError, sqlite3.Error) as error:  # the driver's own, of a statement that fails after its first rows
            if job.cancelled:
                raise Interrupted from error
            raise explain(self.path, error.orig if isinstance(error, DBAPIError) else error) from error
        except OSError as error:
            raise SourceError(f"{self.path.name} cannot be read: {error.strerror}.") from error

    def _current(self) -> tuple[_Opened, Stamp, Stamp]:
        """The file that now has the name, for another may have been moved there since; the first stamp, and its own."""
        with self._lock:
            try:
                status = self.path.stat()
            except FileNotFoundError:
                raise SourceError(f"There is no file {self.path} any more: put it back, then try again (r).") from None
            if stat.S_ISDIR(status.st_mode):
                raise SourceError(f"{self.path.name} is a folder, not a store.")
            identity = (status.st_dev, status.st_ino)
            if self._opened and self._opened.identity != identity:
                self._opened.close()
                self._opened = None
            if self._opened is None:
                self._opened = self._open(identity)
            stamp = self._opened.stamp()
            self._first = self._first or stamp
            return self._opened, self._first, stamp

    def _open(self, identity: tuple[int, int]) -> _Opened:
        engine = create_engine(
            "sqlite://", creator=self._connect, poolclass=QueuePool, pool_size=_THREADS + 1, max_overflow=0
        )
        engine.dialect.statement_compiler = _HintingCompiler
        with _closing_on_failure(engine):
            watch = engine.connect()
            return _Opened(identity, engine, read_schema(self.path, watch), watch)

    def _connect(self) -> sqlite3.Connection:
        # The path as a URI and not SQLAlchemy's: that one loses mode=ro for a path with ?, # or %.
        uri = self.path.resolve().as_uri() + "?mode=ro"
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA query_only = 1")
        connection.execute("PRAGMA case_sensitive_like = 1")  # as mlflow does
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        return connection


@contextmanager
def _closing_on_failure(engine: Engine) -> Iterator[None]:
    opened = False
    try:
        yield
        opened = True
    finally:
        if not opened:
            engine.dispose()
