"""A real server over a large store: what it is asked by us, by the real client, and, for a page, by bare httpx."""

import asyncio
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import httpx

from mltrack_tui.domain.query import Columns, Order, Query
from mltrack_tui.search.parse import parse_filter
from mltrack_tui.search.vocabulary import CandidateVocabulary
from mltrack_tui.sources.base import Source
from mltrack_tui.sources.open import open_source
from mltrack_tui.sources.pages import final
from tests.bench.client import FILTER
from tests.bench.measure import COLUMNS, LINES, TYPIST, Figures
from tests.bench.questions import asked_of_client
from tests.bench.stores import name_of
from tests.servers.process import MlflowServer
from tests.servers.proxy import Exchange, FaultyProxy
from tests.terminal import Terminal

PATIENCE = 600.0
"""Seconds that all candidates may take the client."""
_SEARCH = "/api/2.0/mlflow/runs/search"


def server(store: Path, size: int, repeat: int) -> Figures:
    """All figures of a server over a store."""
    figures: Figures = defaultdict(list)
    with _serving(store) as uri:
        for _ in range(repeat):
            for found in (asyncio.run(_ours(uri)), asyncio.run(_bare(uri)), _client(uri), _explorer(uri, size)):
                for name, values in found.items():
                    figures[name] += values
        figures["server bytes"] = [asyncio.run(_bytes(uri, _all))]
        figures["server first bytes"] = [asyncio.run(_bytes(uri, _first_rows))]
    return dict(figures)


@contextmanager
def _serving(store: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="mltrack-bench-") as folder:
        shutil.copyfile(store, Path(folder) / "mlflow.db")
        running = MlflowServer(Path(folder))
        try:
            httpx.post(running.uri + _SEARCH, json={"experiment_ids": ["1"], "max_results": 1}, timeout=PATIENCE)
            yield running.uri
        finally:
            running.stop()


# What is asked, each of a source of its own


async def _first_rows(source: Source) -> None:
    async for _ in source.columns("default", ("1",)):
        break
    async for _ in source.candidates(Query("default", ("1",))):
        break


async def _all(source: Source) -> None:
    await final(source.candidates(Query("default", ("1",))))


async def _filtered(source: Source) -> None:
    where = parse_filter(FILTER, CandidateVocabulary(Columns(), {}, 0))
    async for page in source.candidates(Query("default", ("1",), where)):
        if page.on_demand or page.complete:
            break


async def _sorted(source: Source) -> None:
    async for page in source.candidates(Query("default", ("1",), order=(Order.parse("-metrics.m0"),))):
        if page.on_demand or page.complete:
            break


async def _experiments(source: Source) -> None:
    async for _ in source.experiments("default"):
        break


Question = Callable[[Source], Awaitable[None]]
_IN_AN_OPEN_TABLE = {"server filter", "server sort"}
_QUESTIONS: dict[str, Question] = {
    "server first": _first_rows,
    "server filter": _filtered,
    "server sort": _sorted,
    "server experiments": _experiments,
    "server all": _all,
}


async def _ours(uri: str) -> Figures:
    opened = dict.fromkeys(_IN_AN_OPEN_TABLE, _first_rows)
    return {name: [await _taken(uri, ask, opened.get(name))] for name, ask in _QUESTIONS.items()}


async def _taken(uri: str, ask: Question, before: Question | None = None) -> float:
    source = open_source(uri)
    try:
        if before is not None:
            await before(source)
        began = time.perf_counter()
        await ask(source)
        return _since(began)
    finally:
        await source.aclose()


async def _bytes(uri: str, ask: Question) -> float:
    """How many bytes of answers a question costs."""
    told = 0

    def counted(exchange: Exchange) -> None:
        nonlocal told
        answer = exchange.forwarded()
        told += len(answer.body)
        exchange.send(answer)

    with FaultyProxy(uri) as proxy:
        proxy.plan(counted)
        await _taken(proxy.uri, ask)
    return told


async def _bare(uri: str) -> Figures:
    """The request that our first rows come from, sent and decoded by httpx alone."""
    asked: list[bytes] = []

    def noted(exchange: Exchange) -> None:
        asked.append(exchange.asked.body)
        exchange.send(exchange.forwarded())

    with FaultyProxy(uri) as proxy:
        proxy.plan(noted, path=_SEARCH)
        await _taken(proxy.uri, _first_rows)
    began = time.perf_counter()
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        answer = await client.post(uri + _SEARCH, content=asked[0], headers={"Content-Type": "application/json"})
        assert answer.json()["runs"]
    return {"server bare": [_since(began)]}


def _client(uri: str) -> Figures:
    return {
        "server first client": [asked_of_client(uri, "page")],
        "server filter client": [asked_of_client(uri, "filter")],
        "server sort client": [asked_of_client(uri, "sort", 60)],
        "server experiments client": [asked_of_client(uri, "experiments")],
        "server all client": [asked_of_client(uri, "all", PATIENCE)],
    }


def _explorer(uri: str, size: int) -> Figures:
    """Start on the candidates; press keys while all of them are loaded."""
    figures: Figures = defaultdict(list)
    forgetful = {"XDG_STATE_HOME": tempfile.mkdtemp(prefix="mltrack-bench-")}
    command = [sys.executable, "-m", "mltrack_tui", "--experiment", "big", uri]
    with Terminal(command, COLUMNS, LINES, changes=forgetful) as terminal:
        figures["server candidates"].append(1000 * terminal.wait_for(name_of(size - 1), 60))
        terminal.settle(1.0)
        terminal.press("M")
        keys = cycle(["down"] * 20 + ["up"] * 20)  # on the first screen: what is measured is what the loading adds
        while f"{size:,} candidates" not in terminal.screen:
            terminal.press(next(keys))
            figures["server keys"].append(1000 * terminal.settle(TYPIST, first=TYPIST).first)
        figures["server memory"].append(terminal.peak_memory)
        terminal.press("ctrl+q")
        terminal.wait_exit()
    return dict(figures)


def _since(began: float) -> float:
    return 1000 * (time.perf_counter() - began)
