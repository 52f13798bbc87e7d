"""What the screens are tested over: small sources whose every value is known."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from math import inf, nan

from mltrack_tui.domain.entities import NOTE_TAG, PARENT_TAG, Candidate, Dataset, Experiment, Project
from mltrack_tui.domain.times import DAY, HOUR, MINUTE
from mltrack_tui.sources.base import Capabilities, SourceError
from tests.lazy import LazySource
from tests.memory import MemorySource, candidate
from tests.screens.harness import NOW

NOTE = "# What was tried\n\nA *wider* network, see [the plan](https://plan.example).\n\n- more layers\n- less dropout\n"


class HeldSource(MemorySource):
    """A source that can be told which of its calls wait.

    Attributes:
        waiting: the names of the calls that wait just now.
    """

    def __init__(self, name: str = "memory", capabilities: Capabilities | None = None) -> None:
        super().__init__(name, capabilities)
        self.waiting: list[str] = []
        self._held: dict[str, int] = {}
        self._failing: dict[str, SourceError] = {}
        self._open = asyncio.Event()

    def hold(self, call: str, after: int = 0) -> None:
        """Let calls of this name wait until `release`, but for so many first."""
        self._held[call] = after
        self._open.clear()

    def fail_at(self, call: str, error: SourceError) -> None:
        """Fail at each call of this name."""
        self._failing[call] = error

    def mend(self) -> None:
        """Fail no longer."""
        self._failing.clear()

    def release(self) -> None:
        """Answer everything that waits."""
        self._held.clear()
        self._open.set()

    @asynccontextmanager
    async def _call(self, call: str) -> AsyncIterator[None]:
        if call in self._held:
            self._held[call] -= 1
        if self._held.get(call, 0) < 0:
            self.waiting.append(call)
            try:
                await self._open.wait()
            except asyncio.CancelledError:
                self.cancelled.append(call)
                raise
            finally:
                self.waiting.remove(call)
        async with super()._call(call):
            if call in self._failing:
                raise self._failing[call]
            yield


def digits() -> list[Candidate]:
    """Eight candidates of one experiment, the latest first; one of them is deleted."""
    return [
        _run(1, "adam-wide", lr="0.001", accuracy=0.979412345678, loss=0.0702),
        _run(2, "sgd-small", lr="0.01", accuracy=0.981234567891, loss=0.0631),
        _run(3, "diverged", "FAILED", lr="1.0", accuracy=nan, loss=inf),
        _run(4, "cosine", "RUNNING", lr="0.003", accuracy=0.9655, loss=0.119),
        _run(5, "killed early", "KILLED", lr="0.01", accuracy=0.961),
        _run(6, "sgd-large", lr="0.1", accuracy=0.5, loss=-inf),
        replace(_run(7, "thrown away", lr="0.5", accuracy=0.25), lifecycle_stage="deleted"),
        candidate("08" * 16, "nothing logged", start_time=NOW - 8 * HOUR),
    ]


def _run(
    number: int, name: str, status: str = "FINISHED", *, lr: str, accuracy: float, loss: float | None = None
) -> Candidate:
    start = NOW - number * HOUR
    tags = {"mlflow.user": "ada", "mlflow.source.name": "train.py", "team": "vision"}
    if number == 1:
        tags |= {NOTE_TAG: NOTE, "mlflow.source.git.commit": "c0ffee" * 6 + "c0ff", PARENT_TAG: "02" * 16}
    return candidate(
        f"{number:02d}" * 16,
        name,
        status=status,
        start_time=start,
        end_time=None if status == "RUNNING" else start + number * MINUTE + 2000,
        user="ada",
        params={"lr": lr, "optimizer": name.partition("-")[0]},
        metrics={"accuracy": accuracy} | ({} if loss is None else {"loss": loss}),
        tags=tags,
    )


def workshop(*, name: str = "memory", capabilities: Capabilities | None = None) -> HeldSource:
    """Three experiments of one project: eight candidates, one, none."""
    source = HeldSource(name, capabilities)
    for number, (title, members) in enumerate(
        {
            "digits": digits(),
            "churn model": [candidate("c1" * 16, "baseline", start_time=NOW - 2 * DAY, metrics={"auc": 0.75})],
            "empty one": [],
        }.items()
    ):
        source.add(Experiment(str(number + 1), title, "default", "active"), members)
    source.all_experiments[0] = replace(
        source.all_experiments[0],
        creation_time=NOW - 3 * DAY,
        tags={NOTE_TAG: "Reading digits off pictures\nand more"},
    )
    source.all_experiments.append(Experiment("9", "old things", "default", "deleted"))
    first = "01" * 16
    source.points[first, "accuracy"] = [(step, NOW + step, 1 - 0.5**step) for step in range(60)]
    source.points[first, "loss"] = [(step, NOW + step, nan) for step in range(5)]
    source.files[first] = {
        "config.yaml": b"lr: 0.001\n",
        "model/MLmodel": b"flavors: {}\n",
        "model/weights.bin": bytes(4096),
        "plots/curve.png": bytes(1_500_000),
    }
    source.datasets[first] = (
        Dataset("mnist", "5ac1d0", "training", "local", '{"uri": "/data/mnist"}', None, '{"num_rows": 1797}'),
    )
    return source


def several_projects() -> HeldSource:
    """Three projects, the second with experiments."""
    source = workshop()
    source.all_experiments = [replace(each, project="vision") for each in source.all_experiments]
    source.all_candidates = [replace(each, id=each.id._replace(project="vision")) for each in source.all_candidates]
    source.add(Experiment("20", "forecast", "sales", "active"), [candidate("d1" * 16, "naive", start_time=NOW - DAY)])
    source.add(Experiment("21", "Default", "default", "active"))
    return source


def many(count: int, name: str = "run") -> Sequence[Candidate]:
    """Numbered candidates, the first the latest, with a metric that is their number."""
    return [
        candidate(f"{number:032d}", f"{name} {number}", start_time=NOW - number * MINUTE, metrics={"m": float(number)})
        for number in range(1, count + 1)
    ]


class Server(LazySource, HeldSource):
    """A server that can be told which of its calls wait."""


def server(count: int, *, page_size: int = 50) -> Server:
    """A server with so many candidates in one experiment."""
    source = Server()
    source.page_size = page_size
    source.add(Experiment("1", "digits", "default", "active"), many(count))
    return source


TEAMS = ("vision", "speech", "platform/training", "forecasting", "nlp/retrieval")


def shelf(count: int = 2000) -> Server:
    """A server with so many projects, the first the latest, every fifth with experiments; it is asked for each page."""
    source = Server("git.example")
    source.shelf = [
        Project(
            f"{TEAMS[number % 5]}/project-{number:04d}",
            number // 5 % 40 if number % 5 == 0 else 0,
            NOW - number * 7 * MINUTE,
            models=number % 3,
            access=("Guest", "Reporter", "Developer", "Maintainer")[number % 4],
        )
        for number in range(1, count + 1)
    ]
    for number in sorted({5, count * 3 // 4 // 5 * 5}):
        name = source.shelf[number - 1].name
        source.add(Experiment(str(number), "digits", name, "active", creator="Ada Lovelace"), many(3))
        source.add(Experiment(f"{number}00", "[model]fraud-net", name, "active", model="fraud-net"))
    return source
