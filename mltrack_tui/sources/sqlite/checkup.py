"""Examining a store, step by step, without changing a byte of it."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import column, func, select, table

from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.sources.base import SourceBusy, SourceError
from mltrack_tui.sources.checks import Check, examination, failed, fine
from mltrack_tui.sources.sqlite.reader import Reader
from mltrack_tui.sources.sqlite.schema import Schema
from mltrack_tui.sources.sqlite.store import Store
from mltrack_tui.sources.sqlite.tables import Experiment, Run
from mltrack_tui.sources.sqlite.value_tables import Metric

_VERSIONS = (
    ("skills", "3.18"),
    ("workspaces", "3.10"),
    ("logged_models", "3.0"),
    ("trace_info", "2.14"),
    ("inputs", "2.4"),
    ("registered_model_aliases", "2.3"),
)
"""Tables that came with a version of mlflow, the latest first."""
_OLDEST = "1.30"
_WAL = b"\x02"
_HEADER = 20
_UNLOCKED = "nobody keeps readers out"


@dataclass(frozen=True, slots=True)
class _Facts:
    """What one look into a store finds."""

    schema: Schema
    tables: frozenset[str]
    experiments: int
    candidates: int
    points: int


STEPS = ("file", "journal", "lock", "schema", "indexes", "rows")


def examine_store(path: Path) -> AsyncGenerator[Check, None]:
    """The file, its journal, whether it can be read now, what it holds: all `STEPS`."""
    return examination(STEPS, _steps(path))


async def _steps(path: Path) -> AsyncGenerator[Check, None]:
    try:
        size, journal = await asyncio.to_thread(_file, path)
    except OSError as error:
        yield failed("file", f"{path}: {error.strerror}", "Check the path, or ask its owner for permission.")
        return
    yield fine("file", f"{path}, {bytes_text(size)}")
    yield fine("journal", journal)
    store = Store(path)
    try:
        async for check in _inside(store):
            yield check
    finally:
        await store.aclose()


def _file(path: Path) -> tuple[int, str]:
    """A file's size in bytes, and how its writers and readers keep out of each other's way.

    The header says so: https://sqlite.org/fileformat.html, 1.3.
    """
    with path.open("rb") as file:
        is_wal = file.read(_HEADER)[18:19] == _WAL
    beside = path.with_name(path.name + ("-wal" if is_wal else "-journal"))
    if is_wal:
        mode = "write-ahead log, with changes in it beside the file" if beside.exists() else "write-ahead log"
    else:
        mode = "rollback; a write is under way, or was cut off" if beside.exists() else "rollback, as mlflow has it"
    return path.stat().st_size, mode


async def _inside(store: Store) -> AsyncGenerator[Check, None]:
    try:
        facts = await store.run(_look)
    except SourceBusy as busy:
        yield failed("lock", str(busy), "Try again when its commit is over; fuser or lsof tells which program it is.")
        return
    except SourceError as error:
        yield fine("lock", _UNLOCKED)
        yield failed("schema", str(error))
        return
    yield fine("lock", _UNLOCKED)
    yield fine("schema", f"mlflow {_version(facts.tables)} or later, {len(facts.tables)} tables")
    yield _indexes(facts.schema)
    yield fine(
        "rows",
        f"{facts.candidates:,} candidates in {facts.experiments:,} experiments, about {facts.points:,} points",
    )


def _look(reader: Reader) -> _Facts:
    master = table("sqlite_master", column("name"), column("type"))
    names = reader.rows(select(master.c.name).where(master.c.type == "table"))
    return _Facts(
        reader.schema,
        frozenset(name for (name,) in names),
        reader.rows(select(func.count()).select_from(Experiment))[0][0],
        reader.rows(select(func.count()).select_from(Run))[0][0],
        len(reader.extent(Metric)),  # counting them would take seconds
    )


def _version(tables: frozenset[str]) -> str:
    return next((version for name, version in _VERSIONS if name in tables), _OLDEST)


def _indexes(schema: Schema) -> Check:
    upgrade = "mlflow db upgrade makes it, from mlflow 3.12 on: on a copy first."
    if schema.points_by_step:
        return fine("indexes", "points by candidate, metric and step")
    if schema.points_by_run:
        return fine("indexes", "points by candidate alone: curves of long histories take longer", upgrade)
    return fine("indexes", "none for points: every curve goes through all of them", upgrade)
