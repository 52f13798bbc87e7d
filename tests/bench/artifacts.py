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

SMALL = 1000
ENDLESS = 5_000_000_000
JOBS = 3
_PROJECT = Path(__file__).parents[2]
_PROXY = "/api/2.0/mlflow-artifacts/artifacts"
_PATIENCE = 300.0
"""Seconds after which something is given up."""
_KEYS = 20
"""Presses of each key while nothing else goes on."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is downloaded: the bytes of the large file, and how many small ones of `SMALL` bytes."""

    large: int = 1_000_000_000
    many: int = 10_000


@dataclass(frozen=True, slots=True)
class _Held:
    """A server with one run: ``large.bin``, the folder ``many``, and ``endless.log``, text and then a hole."""

    sizes: Sizes
    uri: str
    run: str
    root: str
    folder: Path

    def url(self, path: str) -> str:
        return f"{self.uri}{_PROXY}/{self.root}/{path}"


def artifacts(repeat: int, sizes: Sizes, tell: Callable[[str], None]) -> Figures:
    """All figures; what is compared with each other is done in turns, so that noise meets all alike.

    What could not be measured is told, and is not among them.
    """
    figures: Figures = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="mltrack-bench-") as folder, _serving(Path(folder), sizes) as held:
        for turn in range(repeat):
            for name, measure in _MEASURES.items():
                tell(f"artifacts: {turn + 1} of {repeat}: {name}")
                with _folder(Path(folder) / "to") as to:
                    try:
                        found = measure(held, to)
                    except (AssertionError, subprocess.SubprocessError, httpx.HTTPError) as error:
                        tell(f"{name} could not be measured: {error}")
                        continue
                for each, values in found.items():
                    figures[each] += values
    return dict(figures)


@contextmanager
def _folder(path: Path) -> Iterator[Path]:
    """An empty folder, for a while; what was written before is on the disk, and slows nobody down."""
    path.mkdir()
    os.sync()
    try:
        yield path
    finally:
        shutil.rmtree(path)


@contextmanager
def _serving(folder: Path, sizes: Sizes) -> Iterator[_Held]:
    running = MlflowServer(folder)
    try:
        with httpx.Client(base_url=f"{running.uri}/api/2.0/mlflow", trust_env=False, timeout=60) as client:
            experiment = client.post("/experiments/create", json={"name": "bench"}).json()["experiment_id"]
            made = client.post("/runs/create", json={"experiment_id": experiment, "run_name": "held", "start_time": 1})
        info = made.json()["run"]["info"]
        root = info["artifact_uri"].removeprefix("mlflow-artifacts:/")
        _write(running.artifacts / root, sizes)
        yield _Held(sizes, running.uri, info["run_id"], root, running.artifacts / root)
    finally:
        running.stop()


def _write(folder: Path, sizes: Sizes) -> None:
    (folder / "many").mkdir(parents=True)
    block = os.urandom(1_000_000)
    with (folder / "large.bin").open("wb") as file:
        for _ in range(sizes.large // len(block)):
            file.write(block)
    with (folder / "endless.log").open("wb") as file:
        file.writelines(b"line %d of the log\n" % number for number in range(100_000))
        file.truncate(ENDLESS)
    for number in range(sizes.many):
        (folder / "many" / f"{number:05d}.txt").write_bytes(block[number : number + SMALL])
    for path in folder.rglob("*"):
        os.utime(path, (1e9, 1e9))


def _process(*words: str, **changes: str) -> float:
    began = time.perf_counter()
    environment = {**os.environ, **changes}
    nothing = subprocess.DEVNULL
    subprocess.run(words, check=True, env=environment, stdout=nothing, stderr=nothing, timeout=_PATIENCE)
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
    names = iter([f"{number:05d}.txt" for number in range(held.sizes.many)])

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


def _explorer(held: _Held, to: Path) -> Figures:
    """Look into the endless file; then download the large one, and press keys until it is here."""
    figures: Figures = defaultdict(list)
    changes = {"XDG_STATE_HOME": str(to / "state"), "XDG_CONFIG_HOME": str(to / "config")}
    changes["PYTHONPATH"] = str(_PROJECT)  # it is started in the folder that it offers for the download
    command = [sys.executable, "-m", "mltrack_tui", "--experiment", "bench", held.uri]
    here = to / "here"
    here.mkdir()
    with Terminal(command, COLUMNS, LINES, cwd=here, changes=changes) as terminal:
        terminal.wait_for("held", 60)
        terminal.press("enter")
        terminal.wait_for("Artifacts", 60)
        terminal.press("5")
        terminal.wait_for("endless.log", 60)
        terminal.settle(0.3)
        terminal.press("down")  # folders are listed first
        terminal.settle(0.3)
        terminal.press("enter")
        figures["first page"].append(1000 * terminal.wait_for("line 9 of the log", 60))
        terminal.settle(0.3)
        terminal.press("escape")
        terminal.wait_for("large.bin")
        terminal.settle(0.3)
        terminal.press("down")
        terminal.settle(0.3)
        idle = terminal.peak_memory
        for key in ("up", "down") * _KEYS:  # the large file is the last, and it is that again at the end
            figures["idle keys"].append(_key(terminal, key))
        terminal.press("d")
        terminal.wait_for("enter downloads")
        terminal.press("enter")
        until = time.monotonic() + _PATIENCE
        keys = cycle(("up", "down"))
        while not (here / "large.bin").exists():
            figures["download keys"].append(_key(terminal, next(keys)))
            if time.monotonic() > until:
                raise AssertionError(
                    f"{_PATIENCE:g} s passed before the file was here; the screen is\n{terminal.screen}"
                )
        figures["download memory"].append(terminal.peak_memory - idle)
        terminal.settle(0.5)
        terminal.press("ctrl+q")
        terminal.wait_exit()
    return dict(figures)


def _key(terminal: Terminal, key: str) -> float:
    """Milliseconds to the first change after a key; a typist's pace is kept."""
    terminal.press(key)
    return 1000 * terminal.settle(TYPIST, first=TYPIST).first


def _one(name: str, measure: Callable[[_Held, Path], float]) -> tuple[str, Callable[[_Held, Path], Figures]]:
    return name, lambda held, to: {name: [measure(held, to)]}


_MEASURES: dict[str, Callable[[_Held, Path], Figures]] = dict(
    (
        _one("large", _ours("large.bin")),
        _one("large curl", _curl),
        _one("large mlflow", _mlflow("large.bin")),
        _one("many", _ours("many")),
        _one("many bare", _bare),
        _one("many mlflow", _mlflow("many")),
        _one("local", _ours_local),
        _one("local cp", _cp),
        _one("one range", _one_range),
        ("the explorer", _explorer),
    )
)


def _since(began: float) -> float:
    return 1000 * (time.perf_counter() - began)
