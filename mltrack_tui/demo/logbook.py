"""Who started which run, when, and from which commit: what the runs of one experiment have in common."""

import random
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from mltrack_tui.demo.values import Run
from mltrack_tui.domain.entities import PARENT_TAG

TODAY = datetime(2026, 11, 16, 17, 40, tzinfo=UTC)
"""When the demonstration takes place: fixed, so that its store is the same on every machine on every day."""

_HOUR = 3600 * 1000
_ADJECTIVES = ("amber", "bold", "calm", "dapper", "eager", "fearless", "gentle", "honest", "merry", "nimble", "quiet")
_ANIMALS = ("auk", "bear", "crab", "doe", "elk", "finch", "grouse", "hare", "ibis", "lynx", "mole", "newt", "stoat")


def days_ago(days: float) -> int:
    """A time before `TODAY`, in milliseconds since the epoch."""
    return round((TODAY - timedelta(days=days)).timestamp() * 1000)


class Logbook:
    """Starts the runs of one experiment, one after the other, with the tags that mlflow's client gives them.

    ``rng`` decides everything that varies. The first run starts at ``first``; between two starts pass ``pause``
    hours on average. A new commit comes every dozen runs. ``runs`` are all that were started.
    """

    def __init__(
        self, rng: random.Random, experiment_id: int, *, script: str, users: Sequence[str], first: int, pause: float
    ) -> None:
        self.runs: list[Run] = []
        self._rng = rng
        self._experiment_id = experiment_id
        self._script = script
        self._users = users
        self._now = first
        self._pause = pause
        self._commit = self._new_commit()

    def start(self, name: str | None = None, *, at: int | None = None, parent: Run | None = None) -> Run:
        """A run that starts next, or ``at`` a time; without a name it gets one such as mlflow invents."""
        rng = self._rng
        if at is None:
            self._now += round(_HOUR * self._pause * (0.4 + 1.2 * rng.random()))
        if rng.random() < 1 / 12:
            self._commit = self._new_commit()
        name = name or f"{rng.choice(_ADJECTIVES)}-{rng.choice(_ANIMALS)}-{rng.randrange(100, 1000)}"
        user = parent.user if parent else rng.choice(self._users)
        run_id = uuid.UUID(int=rng.getrandbits(128), version=4).hex
        run = Run(run_id, self._experiment_id, name, user, self._now if at is None else at)
        run.tags |= {
            "mlflow.runName": name,
            "mlflow.user": user,
            "mlflow.source.name": self._script,
            "mlflow.source.type": "LOCAL",
            "mlflow.source.git.commit": self._commit,
            "mlflow.source.git.branch": "main" if parent is None else "sweeps",
        }
        if parent:
            run.belong_to(parent)
        self.runs.append(run)
        return run

    def close(self, parent: Run, key: str, of: str, summary: Callable[[list[float]], float]) -> None:
        """End a parent after its children, and log as ``key`` the summary of their last values of the metric ``of``."""
        children = [run for run in self.runs if run.tags.get(PARENT_TAG) == parent.run_id]
        seconds = (max(run.end or run.start for run in children) - parent.start) / 1000 + 2
        parent.log(key, 0, seconds, summary([run.latest()[of].value for run in children]))
        parent.finish(seconds + 1)

    def _new_commit(self) -> str:
        return f"{self._rng.getrandbits(160):040x}"
