"""What a piece of work on a store gets: statements, each short, until the asker loses interest."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar, TypeVarTuple

from sqlalchemy import CompoundSelect, Connection, CursorResult, Select, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.sql import func

from mltrack_tui.sources.sqlite.schema import Schema
from mltrack_tui.sources.sqlite.tables import StoreTable, rowid_of

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_TRIES = 3  # of busy_timeout each: a writer's commit is over by then, unless it is a long one
_UNDECODABLE = (
    "Could not decode to UTF-8"  # the driver's words; reading leniently from the first takes half as long again
)
_STEPS_BETWEEN = 200_000  # of SQLite's machine: some milliseconds
_MOST_RANGES = 2000
AT_ONCE = 2000
"""How many ids one statement names."""


class Stamp(NamedTuple):
    """A store at a time: another one after each commit of somebody else, or when another file has its name."""

    file: tuple[int, int]
    version: int


class Interrupted(Exception):  # noqa: N818 (nothing went wrong)
    """Nobody waits for the answer any more."""


class Job:
    """Something that somebody waits for, until they cancel it."""

    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        """Let the statement that runs for this job end soon, and no other begin."""
        self.cancelled = True

    def check(self) -> None:
        """Raises Interrupted once the job was cancelled."""
        if self.cancelled:
            raise Interrupted

    @contextmanager
    def using(self, connection: Connection) -> Iterator[None]:
        """While the job has this connection, cancelling interrupts it; afterwards it is somebody else's.

        SQLite asks us every now and then. Its ``interrupt`` would be too early for a statement about to begin.
        """
        raw = driver_connection(connection)
        raw.set_progress_handler(lambda: self.cancelled, _STEPS_BETWEEN)
        try:
            yield
        finally:
            raw.set_progress_handler(None, 0)


def driver_connection(connection: Connection) -> sqlite3.Connection:
    """The connection of Python's own driver."""
    raw = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        raise TypeError(raw)
    return raw


@dataclass(frozen=True, slots=True)
class Prepared(Generic[*Ts]):
    """A statement in words, what is known of its values, and the order in which they are inserted."""

    text: str
    known: Mapping[str, object]
    order: Sequence[str]


class Reader:
    """A connection for one job.

    Attributes:
        schema: what the store has.
        stamp: equal to an earlier one as long as nobody has changed the store.
        first: what it was before anything was read of the store.
    """

    def __init__(self, job: Job, connection: Connection, schema: Schema, stamp: Stamp, first: Stamp) -> None:
        self._job = job
        self._connection = connection
        self.schema = schema
        self.stamp = stamp
        self.first = first

    def rows(self, statement: Select[*Ts] | CompoundSelect[*Ts]) -> list[tuple[*Ts]]:
        """All rows of a statement, which should take no longer than 100 ms: a reader keeps writers waiting.

        They come as the driver makes them: SQLAlchemy's rows take twice as long, and no type of ours needs converting.
        """
        return self._fetched(lambda: self._connection.execute(statement))

    def prepare(self, statement: Select[*Ts], times: int = 1) -> "Prepared[*Ts]":
        """A statement with `bindparam`s, which are numbers or text, for `rows_of`: it will be asked hundreds of times.

        The rows of all its ``times`` come together.
        """
        compiled = statement.compile(dialect=self._connection.dialect)
        known = {name: value for name, value in compiled.params.items() if value is not None}
        return Prepared(" UNION ALL ".join([str(compiled)] * times), known, tuple(compiled.positiontup or ()))

    def rows_of(self, prepared: "Prepared[*Ts]", each: Sequence[Mapping[str, object]]) -> list[tuple[*Ts]]:
        """All rows of a prepared statement with the values for each of its times."""
        values = [every[name] for some in each for every in [{**prepared.known, **some}] for name in prepared.order]
        return self._fetched(lambda: self._connection.exec_driver_sql(prepared.text, tuple(values)))

    def _fetched(self, execute: Callable[[], CursorResult[Any]]) -> list[Any]:
        for left in reversed(range(_TRIES)):
            self._job.check()
            try:
                with closing(execute()) as result:
                    return list(result.cursor.fetchall()) if result.cursor else []
            except OperationalError as error:
                if not left or getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
                    raise
            except sqlite3.OperationalError as error:
                if not left or _UNDECODABLE not in str(error):
                    raise
                driver_connection(self._connection).text_factory = partial(str, encoding="utf-8", errors="replace")
        raise AssertionError("the last try returns or raises")

    def teach(self, name: str, arguments: int, answer: Callable[..., int | None]) -> None:
        """Let statements ask a function, until the same name is taught another one."""
        raw = driver_connection(self._connection)
        raw.create_function(name, arguments, answer, deterministic=True)

    def extent(self, model: type[StoreTable]) -> range:
        """A table's rowids from the first to the last; as many as there are rows, unless some were deleted."""
        rowid = rowid_of(model)
        ends = select(
            select(func.min(rowid)).select_from(model).scalar_subquery(),
            select(func.max(rowid)).select_from(model).scalar_subquery(),
        )
        first, last = self.rows(ends)[0]
        return range(0) if first is None else range(first, last + 1)

    def ranges(self, model: type[StoreTable], width: int) -> Iterator[tuple[int, int]]:
        """A table's rowids in ranges of about ``width``, ends included, so that no statement takes long."""
        extent = self.extent(model)
        width = max(width, len(extent) // _MOST_RANGES + 1)
        for low in extent[::width]:
            yield low, low + width - 1


def chunks(items: Sequence[T], size: int = AT_ONCE) -> Iterator[Sequence[T]]:
    """Some items after the other, at most ``size`` at once."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
