"""Metrics as pictures: from the key to what is drawn, in a real terminal, and what SQLite itself needs for as much."""

import asyncio
import re
import sqlite3
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.sources.base import Source
from mltrack_tui.sources.open import open_source
from tests.bench.measure import COLUMNS, LINES, Figures
from tests.bench.stores import LONG, LONG_METRIC, OVERLAID, POINTS
from tests.terminal import Terminal

BUCKETS = 120
ZOOMS = 12
"""How often each key is pressed on the large plot."""
DRAWN = re.compile("[\u2801-\u28ff]")
"""A dot of a curve."""
_SCAN = (
    "SELECT min(value), max(value), count(*) FROM metrics INDEXED BY index_metrics_run_uuid"
    " WHERE run_uuid = ? AND key = ?"
)
_ZOOM = ("+", "+", "L", "H", "-", "0")
_CURSOR = ("h", "h", "h", "l", "l", "l")


def reading(store: Path) -> Figures:
    """A million points as a plot asks for them, beside the plain scan that finds no more than the extremes."""

    async def ask(source: Source, candidate: CandidateId) -> Figures:
        figures: Figures = {}
        for asked in ("cold", "points"):
            source.forget()
            began = time.perf_counter()
            async for history in source.history(candidate, LONG_METRIC, buckets=BUCKETS):
                figures[f"{asked} exact" if history.exact else f"{asked} sampled"] = [1000 * _since(began)]
        return figures

    async def run() -> Figures:
        source = open_source(str(store))
        try:
            return await ask(source, await source.locate(LONG))
        finally:
            await source.aclose()

    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        began = time.perf_counter()
        connection.execute(_SCAN, (LONG, LONG_METRIC)).fetchall()
        scanned = 1000 * _since(began)
    return {**asyncio.run(run()), "points scan": [scanned]}


def million_points(store: Path) -> Figures:
    """Open the plots of a candidate with a million points, make one large, zoom, and move the value cursor."""
    figures: Figures = defaultdict(list)
    with plots(store, "long", "1 candidate") as terminal:
        figures["picture"] = [1000 * terminal.wait_until(is_drawn, 60, "a curve")]
        figures["picture exact"] = [1000 * terminal.wait_for(f"{POINTS:,} points", 60)]
        terminal.settle(0.3)
        terminal.press("enter")
        terminal.settle(0.5)
        for name, keys in (("cursor", _CURSOR), ("zoom", _ZOOM)):
            press(terminal, name, keys, figures)
        terminal.press("ctrl+q")
        terminal.wait_exit()
    return figures


def from_start(store: Path) -> Figures:
    """Start, and open the plots of the candidate with a million points as soon as it is there."""
    began = time.perf_counter()
    with _candidates(store, "long", "1 candidate") as terminal:
        terminal.press("m")
        terminal.wait_for(f"{POINTS:,} points", 60)
        return {"whole": [1000 * _since(began)]}


def overlaid(store: Path) -> Figures:
    """Mark all candidates of a store and open their plots."""
    with plots(store, "big", f"{OVERLAID} candidates", "*") as terminal:
        return {"overlay": [1000 * terminal.wait_until(is_drawn, 60, "a curve")]}


@contextmanager
def plots(store: Path, experiment: str, ready: str, *keys: str) -> Iterator[Terminal]:
    """A terminal in which the plots of an experiment's candidates, or of its first, were just asked for."""
    with _candidates(store, experiment, ready) as terminal:
        terminal.settle(0.5)
        for key in keys:
            terminal.press(key)
            terminal.settle(0.3)
        terminal.press("m")
        yield terminal


@contextmanager
def _candidates(store: Path, experiment: str, ready: str) -> Iterator[Terminal]:
    """A terminal in which the candidates of an experiment are shown."""
    forgetful = {"XDG_STATE_HOME": tempfile.mkdtemp(prefix="mltrack-bench-")}
    command = [sys.executable, "-m", "mltrack_tui", "--experiment", experiment, str(store)]
    with Terminal(command, COLUMNS, LINES, changes=forgetful) as terminal:
        terminal.wait_for(ready, 60)
        yield terminal


def press(terminal: Terminal, name: str, keys: Sequence[str], figures: Figures) -> None:
    """Press some keys often, each when nothing is under way."""
    for key in [*keys] * (ZOOMS // len(keys)):
        terminal.press(key)
        burst = terminal.settle(0.3)
        if burst.size:
            figures[f"{name} first"].append(1000 * burst.first)
            figures[f"{name} all"].append(1000 * burst.last)
            figures[f"{name} bytes"].append(burst.size)


def is_drawn(screen: str) -> bool:
    """Whether a curve is on the screen."""
    return DRAWN.search(screen) is not None


def _since(began: float) -> float:
    return time.perf_counter() - began
