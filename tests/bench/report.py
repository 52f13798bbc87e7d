"""Figures as a table, the wanted ones beside the measured; nothing is judged."""

import os
import platform
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from statistics import median

from mltrack_tui.domain.sizes import bytes_text
from tests.bench.artifacts import SMALL, Sizes
from tests.bench.measure import COLUMNS, IDLE, KEYS, LINES, Figures

Cell = Callable[[Figures], str]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what, what is wanted of it at 100,000, and how its figures are written."""

    title: str
    wanted: str
    cell: Cell


def table(results: Mapping[int, Figures]) -> str:
    """What a user waits for, in Markdown, a column for each size of store."""
    lines = [["", "wanted at 100,000", *(f"{size:,}" for size in results)]]
    lines += [[row.title, row.wanted, *(row.cell(figures) for figures in results.values())] for row in _rows()]
    return _markdown(lines)


def questions_table(results: Mapping[int, Figures]) -> str:
    """What the table asks of a store, beside plain sqlite3 and the real client, three columns for each size."""
    sizes = [heading for size in results for heading in (f"{size:,}", "sqlite3", "MlflowClient")]
    lines = [["", "wanted at 100,000", *sizes]]
    for title, wanted, *names in _QUESTIONS:
        cells = [_time(name)(figures) for figures in results.values() for name in names]
        lines.append([title, wanted, *cells])
    return _markdown(lines)


_QUESTIONS = (
    ("a metric and a parameter: first rows", "2x sqlite3", "filter first", "filter first sql", "filter client"),
    ("a metric and a parameter: all", "", "filter", "filter sql", ""),
    ("sort by a metric: all, the first time", "2x sqlite3", "sort", "sort sql", "sort client"),
    ("sort by it again", "100 ms", "sorted", "", ""),
    ("first 100 ids by a metric, a whole process", "2,000 ms", "ids", "", "sort client"),
    ("count", "100 ms", "count", "count sql", ""),
    ("names of all columns", "2x sqlite3", "keys", "keys sql", ""),
    ("min of 1,000 x 1,000 points: first rows", "", "aggregate first", "", ""),
    ("min of 1,000 x 1,000 points: all", "2x sqlite3", "aggregate", "aggregate sql", ""),
    ("a commit of a writer alone, worst", "", "commit alone", "", ""),
    ("a commit beside us, worst", "never fails", "commit beside", "", ""),
)
"""What, what is wanted of it, and the names of our figure, sqlite3's and the client's."""


def _markdown(lines: Sequence[Sequence[str]]) -> str:
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
    yield Row("typing a filter: first change, p50 / p95", "16 ms", _spread("typing"))
    yield Row("typing a filter: last key to the whole answer", "", _time("typed"))
    yield Row(f"bytes sent in {IDLE:g} s of doing nothing", "0 B", _worst_bytes("idle", "idle after"))
    yield Row("peak memory", "150 MB", _memory)
    yield Row("the same page, MlflowClient: import and first", "", _time("client first"))
    yield Row("the same page, MlflowClient: again", "", _time("client again"))


def _time(name: str) -> Cell:
    summary = max if name.startswith("commit") else median
    return lambda figures: _ms(summary(figures[name])) if name in figures else "-"


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


def _ms(milliseconds: float) -> str:
    if milliseconds == inf:
        return "> 60 s"
    return f"{milliseconds:.1f} ms" if milliseconds < 10 else f"{milliseconds:,.0f} ms"


def server_table(results: Mapping[int, Figures]) -> str:
    """What a server is asked, beside the real client on the same server."""
    sizes = [heading for size in results for heading in (f"{size:,}", "MlflowClient")]
    lines = [["", "wanted", *sizes]]
    for title, wanted, ours, theirs in _OF_A_SERVER:
        cells = [cell(figures) for figures in results.values() for cell in (ours, theirs)]
        lines.append([title, wanted, *cells])
    return _markdown(lines)


def gitlab_table(figures: Figures) -> str:
    """What a GitLab is waited for and asked."""
    lines = [["", "wanted", "", "requests"]]
    lines += [[title, wanted, cell(figures), requests(figures)] for title, wanted, cell, requests in _OF_A_GITLAB]
    return _markdown(lines)


def pictures_table(figures: Figures) -> str:
    """What is waited for until metrics are drawn, and what a training notices of it."""
    lines = [["", "wanted", ""]]
    lines += [[title, wanted, cell(figures)] for title, wanted, cell in _OF_PICTURES]
    return _markdown(lines)


def _over_scan(figures: Figures) -> str:
    ours, scan = median(figures["points exact"]), median(figures["points scan"])
    return f"{_ms(ours)} ({ours / scan:.2f}x)"


def _commits(name: str) -> Cell:
    def cell(figures: Figures) -> str:
        taken = sorted(figures[name])
        p99 = taken[min(int(0.99 * len(taken)), len(taken) - 1)]
        return f"{_ms(median(taken))} / {_ms(p99)} / {_ms(taken[-1])}"

    return cell


def _number(name: str) -> Cell:
    return lambda figures: f"{median(figures[name]):,.0f}"


def _nothing(_: Figures) -> str:
    return ""


def _to_bare(figures: Figures) -> str:
    ours, bare = median(figures["server first"]), median(figures["server bare"])
    return f"{_ms(ours)} ({ours / bare:.2f}x)"


def _over_bare(figures: Figures) -> str:
    return _ms(median(figures["server candidates"]) - median(figures["server bare"]))


_OF_A_SERVER: tuple[tuple[str, str, Cell, Cell], ...] = (
    ("experiments: first rows", "", _time("server experiments"), _time("server experiments client")),
    ("candidates: first rows", "1.2x bare httpx", _to_bare, _time("server first client")),
    ("a metric and a parameter: answer, as one types", "", _time("server filter"), _time("server filter client")),
    ("sort by a metric: first rows", "", _time("server sort"), _time("server sort client")),
    ("all candidates", "the client's", _time("server all"), _time("server all client")),
    ("all candidates: bytes asked for", "", _bytes("server bytes"), _nothing),
    ("first rows: bytes asked for", "", _bytes("server first bytes"), _nothing),
    ("start to first rows, without the server's time", "1,000 ms", _over_bare, _nothing),
    ("up and down while all are loaded, p50 / p95", "16 ms", _spread("server keys"), _nothing),
    ("peak memory with all loaded", "", lambda figures: f"{max(figures['server memory']) / 1e6:,.0f} MB", _nothing),
)
"""What, what is wanted of it, how ours is written, and the client's."""

_OF_PICTURES: tuple[tuple[str, str, Cell], ...] = (
    ("a million points: sampled, when asked again", "", _time("points sampled")),
    ("a million points: exact, beside a plain scan", "1.2x", _over_scan),
    ("a million points: from the key to a curve", "200 ms", _time("picture")),
    ("a million points: from the key to the exact curve", "", _time("picture exact")),
    ("a million points: from our start to the exact curve", "", _time("whole")),
    ("a million points, LEET: from its start to all of them", "", _time("leet")),
    ("8 candidates x 100,000 points: from the key to a curve", "500 ms", _time("overlay")),
    ("value cursor: everything drawn, p50 / p95", "30 ms", _spread("cursor all")),
    ("value cursor: bytes sent", "10,000 B", _bytes("cursor bytes")),
    ("zoom: everything drawn, p50 / p95", "30 ms", _spread("zoom all")),
    ("zoom: first change, p50 / p95", "", _spread("zoom first")),
    ("zoom: bytes sent", "10,000 B", _bytes("zoom bytes")),
    ("a training's commits alone, p50 / p99 / worst", "", _commits("training alone")),
    ("a training's commits watched, p50 / p99 / worst", "p99 + 50 ms", _commits("training watched")),
    ("a training's commits that failed", "0", _number("training failed")),
    ("from a commit to its point on the screen, p50 / p99 / worst", "1,500 ms", _commits("training seen")),
)
"""What, what is wanted of it, and the figure."""


def artifacts_table(figures: Figures, sizes: Sizes) -> str:
    """What artifacts are waited for, beside other programs on the same server and disk."""
    lines = [["", "wanted", "", "beside it"]]
    titles = {"large": bytes_text(sizes.large), "many": f"{sizes.many:,} files of {bytes_text(SMALL)}"}
    for title, wanted, cell, beside in _OF_ARTIFACTS:
        lines.append([title.format_map(titles), wanted, cell(figures), beside(figures)])
    return _markdown(lines)


def _beside(name: str, other: str) -> Cell:
    def cell(figures: Figures) -> str:
        if name not in figures or other not in figures:
            return _time(name)(figures)
        ours = median(figures[name])
        return f"{_ms(ours)} ({ours / median(figures[other]):.2f}x)"

    return cell


def _more_memory(figures: Figures) -> str:
    return f"{max(figures['download memory']) / 1e6:,.0f} MB" if "download memory" in figures else "-"


_OF_ARTIFACTS: tuple[tuple[str, str, Cell, Cell], ...] = (
    ("{large} from a server, curl beside it", "1.3x curl", _beside("large", "large curl"), _time("large curl")),
    ("{large} from a server, mlflow beside it", "faster", _beside("large", "large mlflow"), _time("large mlflow")),
    ("{many}, bare httpx beside it", "1.2x httpx", _beside("many", "many bare"), _time("many bare")),
    ("{many}, mlflow beside it", "not slower", _beside("many", "many mlflow"), _time("many mlflow")),
    ("{large} on this machine, cp beside it", "", _beside("local", "local cp"), _time("local cp")),
    ("first page of 5 GB, a range beside it", "2x", _beside("first page", "one range"), _time("one range")),
    ("keys while it downloads, p50 / p95", "16 ms", _spread("download keys"), _spread("idle keys")),
    ("peak memory over the idle explorer", "80 MB", _more_memory, _nothing),
)
"""What, what is wanted of it, our figure, and what it is compared with; for the keys: without a download."""

_OF_A_GITLAB: tuple[tuple[str, str, Cell, Cell], ...] = (
    ("2,000 projects: start to first rows", "", _time("gitlab projects"), _number("gitlab projects requests")),
    ("projects: those on screen counted", "", _nothing, _number("gitlab counts requests")),
    ("projects: all", "", _time("gitlab all projects"), _number("gitlab all projects requests")),
    ("projects: up and down, p50 / p95", "16 ms", _spread("gitlab projects keys"), _nothing),
    ("5,000 candidates: start to first rows", "", _time("gitlab first"), _number("gitlab first requests")),
    ("candidates: all", "", _time("gitlab all"), _number("gitlab all requests")),
    ("candidates: up and down meanwhile, p50 / p95", "16 ms", _spread("gitlab keys"), _nothing),
    ("peak memory with all loaded", "", lambda figures: f"{max(figures['gitlab memory']) / 1e6:,.0f} MB", _nothing),
)
"""What, what is wanted of it, the figure, and how many requests it took."""
