"""A training that logs while we watch: how long its writing takes with and without us, and when its points are seen.

The training is the real client in a process of its own: each point is one `log_metric`, and with it one commit.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.measure import Figures
from tests.bench.pictures import plots
from tests.terminal import Terminal

RATE = 100
"""Points a second, as far as the client keeps pace."""
SECONDS = 10.0
_SETTLING = 10.0
"""Seconds of a soak after which what is held is no longer that of the beginning."""
_LONG, _AFTER = 600.0, 5.0
"""Seconds that a training lasts which is stopped, and that its last points are waited for."""
_METRIC = "loss"
_SHOWN = re.compile(r"([\d,]+) points")
_REPORTED = 5.0


@dataclass(slots=True)
class Logged:
    """What a training said of itself: of each point when its commit began and ended, in seconds of `time.monotonic`."""

    commits: list[tuple[float, float]] = field(default_factory=list)
    failures: int = 0

    @property
    def milliseconds(self) -> list[float]:
        """How long each took."""
        return [1000 * (ended - began) for began, ended in self.commits]


def contention(store: Path) -> Figures:
    """Milliseconds of each commit of a training, alone and watched, and from a commit to its point on the screen."""
    figures: Figures = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="mltrack-bench-") as folder:
        copy = Path(shutil.copy(store, Path(folder) / "mlflow.db"))
        with training(copy, SECONDS) as alone:
            figures["training alone"] = alone.read().milliseconds
        with training(copy, _LONG) as watched, _watching(copy, watched) as terminal:
            seen = [*_seen(terminal, SECONDS)]
            watched.stop()
            seen += _seen(terminal, _AFTER)
            logged = watched.read()
    figures["training watched"] = logged.milliseconds
    figures["training failed"] = [logged.failures]
    figures["training seen"] = [1000 * delay for delay in _delays(seen, logged)]
    return figures


def soak(store: Path, minutes: float) -> str:
    """Watch a store that grows for a while: memory at start and end, and bytes sent while nothing changes."""
    with tempfile.TemporaryDirectory(prefix="mltrack-bench-") as folder, ExitStack() as stack:
        copy = Path(shutil.copy(store, Path(folder) / "mlflow.db"))
        process = stack.enter_context(training(copy, 60 * minutes + _SETTLING))
        terminal = stack.enter_context(_watching(copy, process))
        time.sleep(_SETTLING)
        begun = terminal.memory
        while process.is_running:
            time.sleep(_REPORTED)
            _ = terminal.screen  # so that what came is not kept
            sys.stderr.write(f"{terminal.memory / 1e6:,.1f} MB\n")
        terminal.settle(1.0)
        ended, idle = terminal.memory, terminal.idle(10.0)
        points = len(process.read().commits)
    return (
        f"{minutes:g} minutes of watching {points:,} points come: {begun / 1e6:,.1f} MB at the start,"
        f" {ended / 1e6:,.1f} MB at the end; {idle:,} B sent in 10 s in which nothing changed"
    )


class Training:
    """A training in a process of its own, and the file into which it writes what it does.

    Attributes:
        experiment: the name of the one in which its only candidate is.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", said: Path) -> None:
        self._process, self._said = process, said
        self.experiment = said.name

    @property
    def is_running(self) -> bool:
        """Whether it still logs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Let it log no more."""
        self._process.terminate()

    def begin(self) -> None:
        """Wait until its first point is there."""
        while self.is_running and not self._said.stat().st_size:
            time.sleep(0.05)

    def read(self) -> Logged:
        """What it said, when it has ended."""
        self._process.wait()
        lines = [line.split() for line in self._said.read_text().splitlines()]
        commits = [(float(line[0]), float(line[1])) for line in lines if len(line) == len(("began", "ended"))]
        return Logged(commits, lines.count(["failed"]))


@contextmanager
def training(store: Path, seconds: float) -> Iterator[Training]:
    """A candidate that logs into a store for some seconds, ended at the latest when the context is left."""
    said = store.with_suffix(f".{time.monotonic_ns()}")
    command = [sys.executable, "-m", __name__, f"sqlite:///{store}", str(seconds), said.name]
    with said.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL) as process:
        try:
            found = Training(process, said)
            found.begin()
            yield found
        finally:
            process.terminate()


@contextmanager
def _watching(store: Path, process: Training) -> Iterator[Terminal]:
    """The metric of the candidate that logs, large, in a terminal."""
    with plots(store, process.experiment, "1 candidate") as terminal:
        terminal.wait_until(lambda screen: _SHOWN.search(screen) is not None, 60, "a number of points")
        terminal.press("enter")
        terminal.settle(0.3)
        yield terminal


def _seen(terminal: Terminal, seconds: float) -> Iterator[tuple[float, int]]:
    """When which number of points was on the screen, for so long."""
    until, most = time.monotonic() + seconds, -1
    while time.monotonic() < until:
        numbers = _SHOWN.search(terminal.screen)
        shown = int(numbers[1].replace(",", "")) if numbers else 0
        if shown > most:
            most = shown
            yield time.monotonic(), shown
        time.sleep(0.02)


def _delays(seen: list[tuple[float, int]], logged: Logged) -> Iterator[float]:
    """Seconds from each commit to the first screen that counts its point; of those that came while we looked."""
    begun = seen[0][1]
    for number, (_, ended) in enumerate(logged.commits[begun:], start=begun + 1):
        shown = next((at for at, points in seen if points >= number), None)
        yield float("inf") if shown is None else max(shown - ended, 0.0)


def _main(uri: str, seconds: str, name: str) -> None:
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    client = MlflowClient(uri)
    run_id = client.create_run(client.create_experiment(name), run_name=name).info.run_id
    begun, step = time.monotonic(), 0
    while (now := time.monotonic()) < begun + float(seconds):
        try:
            client.log_metric(run_id, _METRIC, 1 / (1 + step / 100), step=step)
            sys.stdout.write(f"{now} {time.monotonic()}\n")
        except MlflowException:
            sys.stdout.write("failed\n")
        sys.stdout.flush()
        step += 1
        time.sleep(max(begun + step / RATE - time.monotonic(), 0.0))
    client.set_terminated(run_id)


if __name__ == "__main__":
    _main(*sys.argv[1:])
