"""What a table asks of a store: asked of ours, of plain sqlite3, which bounds what is possible, of the real client."""

import asyncio
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from pathlib import Path

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Aggregate, Column, Columns, Kind, Order, Query
from mltrack_tui.search.parse import parse_filter
from mltrack_tui.search.vocabulary import CandidateVocabulary
from mltrack_tui.sources.base import Source
from mltrack_tui.sources.open import open_source
from mltrack_tui.sources.pages import final
from tests.bench.client import FILTER, QUESTIONS
from tests.bench.measure import Figures
from tests.bench.stores import CURVE

SCREEN = 100
"""Rows that first rows are."""
PATIENCE = 60.0
"""Seconds after which a call of the client is cut."""

_LOWEST = Order(Column(Kind.METRIC, CURVE, Aggregate.MIN))

_MEMBERS = "r.experiment_id = 1 AND r.lifecycle_stage = 'active'"
_FILTER_SQL = f"""
SELECT r.run_uuid FROM runs r
JOIN latest_metrics m ON m.key = 'm0' AND m.run_uuid = r.run_uuid AND m.value > 0.99 AND m.is_nan = 0
JOIN params p ON p.key = 'p0' AND p.run_uuid = r.run_uuid AND p.value = 'x'
WHERE {_MEMBERS} ORDER BY r.start_time DESC, r.run_uuid"""
_SORT_SQL = f"""
SELECT r.run_uuid FROM runs r LEFT JOIN latest_metrics m ON m.key = 'm1' AND m.run_uuid = r.run_uuid
WHERE {_MEMBERS} ORDER BY m.value IS NULL, m.is_nan, m.value DESC, r.start_time DESC, r.run_uuid"""
_COUNT_SQL = f"SELECT count(*) FROM runs r WHERE {_MEMBERS}"
_KEYS_SQL = " UNION ALL ".join(
    f"SELECT DISTINCT k.key FROM {table} k JOIN runs r ON r.run_uuid = k.run_uuid WHERE r.experiment_id = 1"
    for table in ("params", "latest_metrics", "tags")
)
_CURVES_SQL = f"SELECT run_uuid, min(value), max(value) FROM metrics WHERE key = '{CURVE}' GROUP BY run_uuid"


def questions(store: Path) -> Figures:
    """Ask everything of a freshly opened store, in the order in which a user would."""

    async def ask(source: Source) -> Figures:
        figures: Figures = {}
        query = Query("default", ("1",))
        await _ask(figures, "count", source.candidates(query), lambda page: page.complete)
        figures["keys"] = [await _keys(source, query)]
        names = CandidateVocabulary(Columns(), {}, 0)
        filtered = Query("default", ("1",), parse_filter(FILTER, names))
        await _ask(figures, "filter", source.candidates(filtered), lambda page: len(page.items) >= SCREEN)
        by_metric = Query("default", ("1",), order=(Order.parse("-metrics.m1"),))
        for name in ("sort", "sorted"):
            await _ask(figures, name, source.candidates(by_metric), lambda page: page.complete)
        return figures

    figures = _asked(store, ask)
    for name, sql in (("count", _COUNT_SQL), ("keys", _KEYS_SQL), ("sort", _SORT_SQL)):
        figures[f"{name} sql"] = [_plain(store, sql)]
    figures["filter first sql"] = [_plain(store, f"{_FILTER_SQL} LIMIT {SCREEN}")]
    figures["filter sql"] = [_plain(store, _FILTER_SQL)]
    return figures


def aggregates(store: Path) -> Figures:
    """Sort a thousand candidates by the minimum of a thousand points each."""

    async def ask(source: Source) -> Figures:
        figures: Figures = {}
        query = Query("default", ("1",), order=(_LOWEST,))
        await _ask(figures, "aggregate", source.candidates(query), lambda page: page.loaded > 0)
        return figures

    return {**_asked(store, ask), "aggregate sql": [_plain(store, _CURVES_SQL)]}


def command_line(store: Path) -> Figures:
    """The first hundred ids by a metric, from the shell's point of view."""
    words = ("candidates", "big", "--source", str(store), "--sort=-metrics.m0", "--limit", str(SCREEN))
    began = time.perf_counter()
    command = [sys.executable, "-m", "mltrack_tui", *words, "--columns", "id", "--format", "csv"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    taken = _since(began)
    assert len(done.stdout.splitlines()) == SCREEN + 1
    return {"ids": [taken]}


def client(store: Path) -> Figures:
    """The same questions to the real client, each in a process of its own, cut after a minute."""
    return {f"{name} client": [asked_of_client(f"sqlite:///{store}", name)] for name in QUESTIONS}


def asked_of_client(uri: str, question: str, patience: float = PATIENCE) -> float:
    """Milliseconds that the client needs for a question; infinity where it is cut after ``patience`` seconds."""
    command = [sys.executable, "-m", "tests.bench.client", uri, question]
    try:
        done = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=patience
        )
    except subprocess.TimeoutExpired:
        return float("inf")
    return float(done.stdout.split()[-1])


async def _keys(source: Source, query: Query) -> float:
    """Milliseconds to the names of all columns; which of them say nothing may come later."""
    began = time.perf_counter()
    async for _ in source.columns(query.project, query.experiments):
        return _since(began)
    raise AssertionError("a source always answers")


async def _ask(
    figures: Figures,
    name: str,
    pages: AsyncIterator[Page[CandidateId]],
    enough: Callable[[Page[CandidateId]], bool],
) -> None:
    """Milliseconds to the first page that is enough, and to the last."""
    began = time.perf_counter()
    async for page in pages:
        if f"{name} first" not in figures and (page.complete or enough(page)):
            figures[f"{name} first"] = [_since(began)]
    figures[name] = [_since(began)]


def _asked(store: Path, ask: Callable[[Source], Awaitable[Figures]]) -> Figures:
    async def run() -> Figures:
        source = open_source(str(store))
        try:
            await final(source.projects())
            return await ask(source)
        finally:
            await source.aclose()

    return asyncio.run(run())


def _plain(store: Path, sql: str) -> float:
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        began = time.perf_counter()
        connection.execute(sql).fetchall()
        return _since(began)


def _since(began: float) -> float:
    return 1000 * (time.perf_counter() - began)
