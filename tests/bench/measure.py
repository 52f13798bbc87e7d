"""What is measured, and how: every function runs the program once and gives its figures by name."""

import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from tests.bench.client import FILTER
from tests.bench.stores import name_of
from tests.terminal import Terminal

COLUMNS, LINES = 160, 48
PRESSES = 30
TYPIST = 0.08
"""Seconds between two keys of a quick typist."""
IDLE = 2.0
"""Seconds of doing nothing."""

KEYS = {"down": "down", "page down": "pagedown", "right": "right", "$ (last column)": "$", "end (last row)": "end"}
_FIRST_COLUMNS = ("^", "right", "right", "right")
"""The first column is among those that stay; the first that scrolls brings the others back."""
_BACK = {"right": _FIRST_COLUMNS, "$": _FIRST_COLUMNS, "end": ("home",)}
_LEAPS = ("$", "end")
"""Keys that leave nothing to do for the next press."""

Figures = dict[str, list[float]]
"""Milliseconds or bytes, by what they measure; several of a kind where it was done several times."""


def empty_app() -> Figures:
    """Start the smallest Textual application."""
    with _terminal("-m", "tests.bench.empty") as terminal:
        return {"empty": [1000 * terminal.wait_for("Ready", 60)]}


def experiments(store: Path, size: int) -> Figures:
    """Start on the experiments."""
    with _terminal("-m", "mltrack_tui", str(store)) as terminal:
        return {"experiments": [1000 * terminal.wait_for(f" {size:,} ", 60)]}


def candidates(store: Path, size: int, presses: int = PRESSES) -> Figures:
    """Start on the candidates, press the keys, sort, do nothing."""
    figures: Figures = defaultdict(list)
    with _terminal("-m", "mltrack_tui", "--experiment", "big", str(store)) as terminal:
        figures["candidates"] = [1000 * terminal.wait_for(name_of(size - 1), 60)]
        figures["counted"] = [1000 * terminal.wait_for(f"{size:,} candidates", 60)]
        terminal.settle(0.3)
        figures["idle"] = [terminal.idle(IDLE)]
        for name, key in KEYS.items():
            _press(terminal, name, key, presses, figures)
        _sort(terminal, figures)
        _type(terminal, size, figures)
        terminal.settle(0.3)
        figures["idle after"] = [terminal.idle(IDLE)]
        figures["memory"] = [terminal.peak_memory]
        terminal.press("ctrl+q")
        terminal.wait_exit()
    return figures


def _terminal(*words: str) -> Terminal:
    """A program that remembers nothing of the run before."""
    forgetful = {"XDG_STATE_HOME": tempfile.mkdtemp(prefix="mltrack-bench-")}
    return Terminal([sys.executable, *words], COLUMNS, LINES, changes=forgetful)


def _press(terminal: Terminal, name: str, key: str, presses: int, figures: Figures) -> None:
    """Press a key often; nothing is under way when it comes, and it always has somewhere to go."""
    back = _BACK.get(key, ())
    for _ in range(presses):
        terminal.press(key)
        burst = terminal.settle()
        if burst.size:
            figures[f"{name} first"].append(1000 * burst.first)
            figures[f"{name} all"].append(1000 * burst.last)
            figures[f"{name} bytes"].append(burst.size)
        if key in _LEAPS or not burst.size:
            _go(terminal, *back)
    _go(terminal, "home", *_FIRST_COLUMNS)


def _go(terminal: Terminal, *keys: str) -> None:
    terminal.press(*keys)
    terminal.settle(0.1, first=0.2)


def _sort(terminal: Terminal, figures: Figures) -> None:
    """Sort by the last column, a metric, both ways: the second time its values are at hand; its title gets a mark."""
    terminal.press("$")
    terminal.settle(0.2)
    for name, key, mark in (("sort first", "]", "▼"), ("sort again", "[", "▲")):
        terminal.press(key)
        figures[name].append(1000 * terminal.wait_for(f"{mark}m", 60))
        terminal.settle(0.3)


def _type(terminal: Terminal, size: int, figures: Figures) -> None:
    """Type a filter as a quick typist does: how late each key is seen, and from the last key to the answer."""
    terminal.press("/")
    terminal.settle(0.3)
    for character in FILTER[:-1]:
        terminal.press("space" if character == " " else character)
        burst = terminal.settle(TYPIST, first=TYPIST)
        figures["typing"].append(1000 * burst.first)
    met_by_fewer = terminal.screen
    terminal.press(FILTER[-1])
    figures["typed"].append(1000 * terminal.wait_until(lambda screen: _answered(screen, met_by_fewer, size), 60))
    terminal.settle(0.3)


def _answered(screen: str, before: str, size: int) -> bool:
    """Whether a count is told that was not told before the last key."""
    return f" of {size:,} candidates" in screen and screen.partition("\n")[0] != before.partition("\n")[0]


def client(store: Path) -> Figures:
    """Ask the real client for the same page, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.client", f"sqlite:///{store}"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    first, again = map(float, done.stdout.split())
    return {"client first": [first], "client again": [again]}
