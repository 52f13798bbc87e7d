"""Figures as a table, the wanted ones beside the measured; nothing is judged."""

import os
import platform
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.measure import BUCKETS, COLUMNS, IDLE, KEYS, LINES, Figures

Cell = Callable[[Figures], str]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what, what is wanted of it at 100,000, and how its figures are written."""

    title: str
    wanted: str
    cell: Cell


def table(results: Mapping[int, Figures]) -> str:
    """The table in Markdown, a column for each size of store."""
    lines = [["", "wanted at 100,000", *(f"{size:,}" for size in results)]]
    lines += [[row.title, row.wanted, *(row.cell(figures) for figures in results.values())] for row in _rows()]
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    rule = ["-" * width if place < 1 else "-" * (width - 1) + ":" for place, width in enumerate(widths)]
    return "\n".join(f"| {' | '.join(_padded(line, widths))} |" for line in (lines[0], rule, *lines[1:]))


def _padded(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    texts = zip(line, widths, strict=True)
    return [text.ljust(width) if not place else text.rjust(width) for place, (text, width) in enumerate(texts)]


def circumstances() -> str:
    """Where the figures come from, in a line."""
    from importlib.metadata import version

    cores = os.cpu_count() or 1
    python = ".".join(map(str, sys.version_info[:3]))
    return (
        f"{cores} {'core' if cores == 1 else 'cores'}, {platform.system()}, Python {python},"
        f" textual {version('textual')}, mlflow {version('mlflow')}; a terminal of {COLUMNS}x{LINES};"
        " medians, where nothing else is said; times from process start, or from the key to the bytes it sends"
    )


def _rows() -> Iterator[Row]:
    yield Row("empty Textual app: first text", "", _time("empty"))
    yield Row("experiments: first rows", "", _ratio("experiments"))
    yield Row("candidates: first rows", "3.0x the empty app", _ratio("candidates"))
    yield Row("candidates: all counted and in order", "", _ratio("counted"))
    wanted = {"down": ("16 ms", "1,000 B"), "page down": ("30 ms", "")}
    for key in KEYS:
        time, size = wanted.get(key, ("", ""))
        yield Row(f"{key}: first change, p50 / p95", "", _spread(f"{key} first"))
        yield Row(f"{key}: everything drawn, p50 / p95", time, _spread(f"{key} all"))
        yield Row(f"{key}: bytes sent", size, _bytes(f"{key} bytes"))
    yield Row("sort by a metric, the first time", "500 ms", _time("sort first"))
    yield Row("sort by it again", "100 ms", _time("sort again"))
    yield Row(f"bytes sent in {IDLE:g} s of doing nothing", "0 B", _worst_bytes("idle", "idle after"))
    yield Row("peak memory", "150 MB", _memory)
    yield Row("a million points: sampled", "", _time("points sampled"))
    yield Row(f"a million points: drawn ({BUCKETS} columns)", "200 ms", _first_picture)
    yield Row("a million points: exact", "", _time("points exact"))
    yield Row("the same page, MlflowClient: import and first", "", _time("client first"))
    yield Row("the same page, MlflowClient: again", "", _time("client again"))


def _time(name: str) -> Cell:
    return lambda figures: _ms(median(figures[name])) if name in figures else "-"


def _ratio(name: str) -> Cell:
    def cell(figures: Figures) -> str:
        return f"{_ms(median(figures[name]))} ({median(figures[name]) / median(figures['empty']):.1f}x)"

    return cell


def _spread(name: str) -> Cell:
    def cell(figures: Figures) -> str:
        if name not in figures:
            return "-"
        return f"{_ms(median(figures[name]))} / {_ms(_p95(figures[name]))}"

    return cell


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[min(int(0.95 * len(values)), len(values) - 1)]


def _bytes(name: str) -> Cell:
    return lambda figures: f"{median(figures[name]):,.0f} B" if name in figures else "-"


def _worst_bytes(*names: str) -> Cell:
    return lambda figures: f"{max(max(figures[name]) for name in names):,.0f} B"


def _memory(figures: Figures) -> str:
    return f"{max(figures['memory']) / 1e6:,.0f} MB"


def _first_picture(figures: Figures) -> str:
    first = figures.get("points sampled") or figures["points exact"]
    return _ms(median(first) + median(figures["points drawn"]))


def _ms(milliseconds: float) -> str:
    return f"{milliseconds:.1f} ms" if milliseconds < 10 else f"{milliseconds:,.0f} ms"
