"""What a training notices of us: how long its commits take while a table filters and sorts, and without it."""

import asyncio
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from mltrack_tui.domain.query import Columns, Order, Query
from mltrack_tui.search.parse import parse_filter
from mltrack_tui.search.vocabulary import CandidateVocabulary
from mltrack_tui.sources.open import open_source
from mltrack_tui.sources.pages import final
from tests.bench.client import FILTER
from tests.bench.measure import Figures
from tests.bench.stores import LONG

COMMITS = 40
_PAUSE = 0.05
_BUSY_MS = 20_000  # mlflow's busy timeout


def commits(store: Path) -> Figures:
    """Milliseconds of each commit of a writer in a process of its own, alone and beside a table that never rests."""
    alone = _write(store)
    beside = asyncio.run(_beside(store))
    return {"commit alone": alone, "commit beside": beside}


async def _beside(store: Path) -> list[float]:
    writing = asyncio.create_task(asyncio.to_thread(_write, store))
    source = open_source(str(store))
    names = CandidateVocabulary(Columns(), {}, 0)
    queries = [
        Query("default", ("1",), parse_filter(FILTER, names)),
        Query("default", ("1",), order=(Order.parse("-metrics.m2"),)),
        Query("default", ("1",), order=(Order.parse("params.p1"),)),
    ]
    try:
        while not writing.done():
            for query in queries:  # each commit makes the source forget what it knows, so all is read again
                await final(source.candidates(query))
    finally:
        await source.aclose()
    return await writing


def _write(store: Path) -> list[float]:
    done = subprocess.run([sys.executable, "-m", __name__, str(store)], check=True, stdout=subprocess.PIPE, text=True)
    return [float(line) for line in done.stdout.split()]


def _main(store: str) -> None:
    with closing(sqlite3.connect(store, timeout=_BUSY_MS / 1000, isolation_level=None)) as connection:
        for number in range(COMMITS):
            began = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "INSERT INTO tags (key, value, run_uuid) VALUES ('bench', ?, ?)"
                " ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value",
                (str(number), LONG),
            )
            connection.execute("COMMIT")
            sys.stdout.write(f"{1000 * (time.perf_counter() - began)}\n")
            time.sleep(_PAUSE)


if __name__ == "__main__":
    _main(sys.argv[1])
