"""Artifacts: a large file and many small ones from a real MLflow server, a copy, a file that nobody would fetch whole.

Beside mlflow, curl, bare httpx and cp; and how the explorer answers keys while it downloads.
"""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import httpx

from tests.bench.measure import COLUMNS, LINES, TYPIST, Figures
from tests.servers.process import MlflowServer
from tests.sources.facts import STORES
from tests.terminal import Terminal

LARGE = 1_000_000_000
MANY, SMALL = 10_000, 1000
ENDLESS = 5_000_000_000
JOBS = 3
_PROXY = "/api/2.0/mlflow-artifacts/artifacts"
_PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class _Held:
    """A server with one run: ``large.bin``, the folder ``many``, and ``endless.log``, text and then a hole."""

    uri: str
    run: str
    root: str
    folder: Path

    def url(self, path: str) -> str:
        return f"{self.uri}{_PROXY}/{self.root}/{path}"


def artifacts(repeat: int) -> Figures:
    """All figures; what is compared with each other is done in turns, so that noise meets all alike."""
    figures: Figures = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="mltrack-bench-") as folder, _serving(Path(folder)) as held:
        to = Path(folder) / "to"
        for _ in range(repeat):
            for name, measure in _MEASURES.items():
                to.mkdir()
                figures[name].append(measure(held, to))
                shutil.rmtree(to)
            to.mkdir()
            for name, values in _explorer(held, to).items():
                figures[name] += values
            shutil.rmtree(to)
    return dict(figures)


@contextmanager
def _serving(folder: Path) -> Iterator[_Held]:
    running = MlflowServer(folder)
    try:
        with httpx.Client(base_url=f"{running.uri}/api/2.0/mlflow", trust_env=False, timeout=60) as client:
            experiment = client.post("/experiments/create", json={"name": "bench"}).json()["experiment_id"]
            made = client.post("/runs/create", json={"experiment_id": experiment, "run_name": "held", "start_time": 1})
        info = made.json()["run"]["info"]
        root = info["artifact_uri"].removeprefix("mlflow-artifacts:/")
        _write(running.artifacts / root)
        yield _Held(running.uri, info["run_id"], root, running.artifacts / root)
    finally:
        running.stop()


def _write(folder: Path) -> None:
    (folder / "many").mkdir(parents=True)
    block = os.urandom(1_000_000)
    with (folder / "large.bin").open("wb") as file:
        for _ in range(LARGE // len(block)):
            file.write(block)
    with (folder / "endless.log").open("wb") as file:
        file.writelines(b"line %d of the log\n" % number for number in range(100_000))
        file.truncate(ENDLESS)
    for number in range(MANY):
        (folder / "many" / f"{number:05d}.txt").write_bytes(block[number : number + SMALL])
    for path in folder.rglob("*"):
        os.utime(path, (1e9, 1e9))


def _process(*words: str, **changes: str) -> float:
    began = time.perf_counter()
    environment = {**os.environ, **changes}
    subprocess.run(words, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return _since(began)


def _ours(path: str) -> Callable[[_Held, Path], float]:
    def measure(held: _Held, to: Path) -> float:
        command = (sys.executable, "-m", "mltrack_tui", "download", held.run, path, "--to", str(to))
        return _process(*command, "--jobs", str(JOBS), "--source", held.uri)

    return measure


def _mlflow(path: str) -> Callable[[_Held, Path], float]:
    def measure(held: _Held, to: Path) -> float:
        command = (sys.executable, "-m", "mlflow", "artifacts", "download", "--run-id", held.run)
        return _process(*command, "--artifact-path", path, "--dst-path", str(to), MLFLOW_TRACKING_URI=held.uri)

    return measure


def _curl(held: _Held, to: Path) -> float:
    return _process("curl", "--silent", "--fail", "--output", str(to / "large.bin"), held.url("large.bin"))


def _bare(held: _Held, to: Path) -> float:
    """As many at a time by httpx alone, written as they are."""
    names = iter([f"{number:05d}.txt" for number in range(MANY)])

    async def fetch(client: httpx.AsyncClient) -> None:
        for name in names:
            answer = await client.get(held.url(f"many/{name}"))
            answer.raise_for_status()
            (to / name).write_bytes(answer.content)

    async def all_of_them() -> None:
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            await asyncio.gather(*(fetch(client) for _ in range(JOBS)))

    began = time.perf_counter()
    asyncio.run(all_of_them())
    return _since(began)


def _ours_local(held: _Held, to: Path) -> float:
    """The same file from a store whose artifacts are in a folder of this machine."""
    store = to / "mlflow.db"
    shutil.copyfile(STORES / "mlflow-3.17.2.db", store)
    with closing(sqlite3.connect(store)) as connection, connection:
        chosen = "run_uuid = (SELECT min(run_uuid) FROM runs)"
        connection.execute(f"UPDATE runs SET artifact_uri = ?, run_uuid = 'held' WHERE {chosen}", [str(held.folder)])
    command = (sys.executable, "-m", "mltrack_tui", "download", "held", "large.bin")
    return _process(*command, "--to", str(to / "here"), "--source", str(store))


def _cp(held: _Held, to: Path) -> float:
    return _process("cp", str(held.folder / "large.bin"), str(to / "large.bin"))


def _one_range(held: _Held, _: Path) -> float:
    """The first 64 KiB of the endless file, by a client that is connected already."""
    with httpx.Client(trust_env=False) as client:
        client.get(f"{held.uri}/health")
        began = time.perf_counter()
        answer = client.get(held.url("endless.log"), headers={"Range": "bytes=0-65535"})
        assert answer.status_code == 206
        return _since(began)


_MEASURES: dict[str, Callable[[_Held, Path], float]] = {
    "large": _ours("large.bin"),
    "large curl": _curl,
    "large mlflow": _mlflow("large.bin"),
    "many": _ours("many"),
    "many bare": _bare,
    "many mlflow": _mlflow("many"),
    "local": _ours_local,
    "local cp": _cp,
    "one range": _one_range,
}


def _explorer(held: _Held, to: Path) -> Figures:
    """Look into the endless file; then download the large one, and press keys until it is here."""
    figures: Figures = defaultdict(list)
    forgetful = {"XDG_STATE_HOME": tempfile.mkdtemp(prefix="mltrack-bench-")}
    command = [sys.executable, "-m", "mltrack_tui", "--experiment", "bench", held.uri]
    with Terminal(command, COLUMNS, LINES, cwd=to, changes=forgetful) as terminal:
        terminal.wait_for("held", 60)
        terminal.press("enter")
        terminal.wait_for("Artifacts")
        terminal.press("5")
        terminal.wait_for("endless.log")
        terminal.settle(0.3)
        terminal.press("down")  # folders are listed first
        terminal.settle(0.3)
        terminal.press("enter")
        figures["first page"].append(1000 * terminal.wait_for("line 9 of the log", 60))
        terminal.settle(0.3)
        terminal.press("escape")
        terminal.wait_for("large.bin")
        terminal.press("down")
        terminal.settle(0.3)
        idle = terminal.peak_memory
        for key in ("down", "up") * 20:
            terminal.press(key)
            figures["idle keys"].append(1000 * terminal.settle(TYPIST, first=TYPIST).first)
        terminal.press("d")
        terminal.wait_for("enter downloads")
        terminal.press("enter")
        until = time.monotonic() + _PATIENCE
        keys = cycle(("down", "up"))
        while not (to / "large.bin").exists():
            terminal.press(next(keys))
            figures["download keys"].append(1000 * terminal.settle(TYPIST, first=TYPIST).first)
            assert time.monotonic() < until
        figures["download memory"].append(terminal.peak_memory - idle)
        terminal.settle(0.5)
        terminal.press("ctrl+q")
        terminal.wait_exit()
    return dict(figures)


def _since(began: float) -> float:
    return 1000 * (time.perf_counter() - began)
