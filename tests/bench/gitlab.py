"""A GitLab with thousands of projects, and thousands of candidates in an experiment: what a user waits for, and what it
is asked for that. It is the stub of the tests, in a process of its own: what it takes itself is little, not nothing."""

import multiprocessing
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from multiprocessing.connection import Connection

from tests.bench.measure import COLUMNS, LINES, TYPIST, Figures
from tests.gitlab.seeding import many_candidates, many_projects
from tests.gitlab.server import GitLabStub
from tests.gitlab.world import World
from tests.terminal import Terminal

PROJECTS, CANDIDATES = 2_000, 5_000
_PROJECT, _EXPERIMENT = "lab/large", "large"
_LAST_PROJECT, _LAST_CANDIDATE = f"project-{PROJECTS - 1:04d}", f"trial-{CANDIDATES - 1:05d}"
_PATIENCE = 120.0


@dataclass(frozen=True)
class _Running:
    """A GitLab in another process."""

    uri: str
    token: str
    pipe: Connection

    def asked(self) -> float:
        """How many requests it has had since the last time."""
        self.pipe.send("asked")
        number: int = self.pipe.recv()
        return number


def gitlab(repeat: int) -> Figures:
    """All figures."""
    figures: Figures = defaultdict(list)
    with _serving() as running:
        for _ in range(repeat):
            for found in (_projects(running), _candidates(running)):
                for name, values in found.items():
                    figures[name] += values
    return dict(figures)


@contextmanager
def _serving() -> Iterator[_Running]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        uri, token = ours.recv()
        yield _Running(uri, token, ours)
    finally:
        ours.send("end")
        process.join()


def _serve(pipe: Connection) -> None:
    world = World()
    user = world.user("ann")
    large = world.project(_PROJECT, owner=user)
    many_projects(world, user, PROJECTS - 1)
    many_candidates(world, large, world.experiment(large, _EXPERIMENT, user), CANDIDATES)
    with GitLabStub(world=world) as stub:
        pipe.send((stub.uri, world.token(user, "api")))
        while pipe.recv() != "end":
            pipe.send(len(stub.asked))
            stub.asked.clear()


def _projects(running: _Running) -> Figures:
    """Start on the projects, have those on screen counted, then all of them."""
    figures: Figures = defaultdict(list)
    with _explorer(running) as terminal:
        figures["gitlab projects"].append(1000 * terminal.wait_for(f"project-{PROJECTS - 2:04d}", _PATIENCE))
        figures["gitlab projects requests"].append(running.asked())
        terminal.settle(1.0)
        figures["gitlab counts requests"].append(running.asked())
        terminal.press("M")
        figures["gitlab all projects"].append(1000 * terminal.wait_until(_all_projects, _PATIENCE, "all projects"))
        figures["gitlab all projects requests"].append(running.asked())
        _press(terminal, figures, "gitlab projects keys", lambda: len(figures["gitlab projects keys"]) >= 60)
    return figures


def _candidates(running: _Running) -> Figures:
    """Start on the candidates; press keys while all of them are loaded; sort them."""
    figures: Figures = defaultdict(list)
    running.asked()
    with _explorer(running, "--project", _PROJECT, "--experiment", _EXPERIMENT) as terminal:
        figures["gitlab first"].append(1000 * terminal.wait_for(_LAST_CANDIDATE, _PATIENCE))
        terminal.settle(0.5)
        figures["gitlab first requests"].append(running.asked())
        began = time.perf_counter()
        terminal.press("M")
        _press(terminal, figures, "gitlab keys", lambda: f"{CANDIDATES:,} candidates" in terminal.screen)
        figures["gitlab all"].append(1000 * (time.perf_counter() - began))
        figures["gitlab all requests"].append(running.asked())
        terminal.settle(1.0)
        figures["gitlab memory"].append(terminal.peak_memory)
    return figures


@contextmanager
def _explorer(running: _Running, *words: str) -> Iterator[Terminal]:
    changes = {
        "MLFLOW_TRACKING_TOKEN": running.token,
        "XDG_STATE_HOME": tempfile.mkdtemp(prefix="mltrack-bench-"),
    }
    command = [sys.executable, "-m", "mltrack_tui", running.uri, *words]
    with Terminal(command, COLUMNS, LINES, changes=changes) as terminal:
        yield terminal
        terminal.press("ctrl+q")
        terminal.wait_exit()


def _press(terminal: Terminal, figures: Figures, name: str, done: Callable[[], bool]) -> None:
    """Go up and down on the first screen until something is so."""
    keys = cycle(["down"] * 20 + ["up"] * 20)
    while not done():
        terminal.press(next(keys))
        figures[name].append(1000 * terminal.settle(TYPIST, first=TYPIST).first)


def _all_projects(screen: str) -> bool:
    return f"{PROJECTS:,} projects" in screen and "loaded" not in screen
