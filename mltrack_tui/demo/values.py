"""What the demonstration store holds, before it becomes rows and files. The words are MLflow's, as its tables are.

Times are integer milliseconds since the epoch, UTC.
"""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

from mltrack_tui.domain.entities import NOTE_TAG, PARENT_TAG


class Point(NamedTuple):
    """One logged value of a metric."""

    step: int
    timestamp: int
    value: float

    @property
    def age(self) -> tuple[int, int, float]:
        """What MLflow compares to tell the latest point: (step, timestamp, value), where a NaN counts as 0."""
        return self.step, self.timestamp, 0.0 if math.isnan(self.value) else self.value


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset; ``source``, ``schema`` and ``profile`` are JSON as mlflow's client writes it."""

    name: str
    digest: str
    source_type: str
    source: str
    schema: str
    profile: str


@dataclass(slots=True)
class Run:
    """A run, filled in while it "trains".

    ``inputs`` pairs each dataset with its context; ``files`` maps paths below the artifact root to their bytes.
    """

    run_id: str
    experiment_id: int
    name: str
    user: str
    start: int
    end: int | None = None
    status: str = "FINISHED"
    deleted: bool = False
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    history: dict[str, list[Point]] = field(default_factory=dict)
    inputs: tuple[tuple[Dataset, str], ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """Its artifact root, below the root of all artifacts."""
        return f"{self.experiment_id}/{self.run_id}/artifacts"

    def log(self, key: str, step: int, elapsed: float, value: float) -> None:
        """Add a point, ``elapsed`` seconds after the start.

        Values are rounded to six digits, so that two machines whose ``exp`` differs in the last bit make one store.
        """
        point = Point(step, self.start + round(elapsed * 1000), float(f"{value:.6g}"))
        self.history.setdefault(key, []).append(point)

    def latest(self) -> dict[str, Point]:
        """The last point of each metric as MLflow defines it."""
        return {key: max(points, key=lambda point: point.age) for key, points in self.history.items()}

    def finish(self, elapsed: float, status: str = "FINISHED") -> None:
        """End the run ``elapsed`` seconds after its start."""
        self.end = self.start + round(elapsed * 1000)
        self.status = status

    def postpone(self, until: int, slower: float) -> None:
        """Have its last point logged then, and everything before it so many times as slowly.

        One that logged nothing starts then.
        """
        points = [point for points in self.history.values() for point in points]
        last = max((point.timestamp for point in points), default=self.start)

        def moved(at: int) -> int:
            return until - round((last - at) * slower)

        self.start = moved(self.start)
        for key, points in self.history.items():
            self.history[key] = [point._replace(timestamp=moved(point.timestamp)) for point in points]

    def note(self, markdown: str) -> None:
        """Write the note that MLflow shows as the run's description."""
        self.tags[NOTE_TAG] = markdown

    def belong_to(self, parent: "Run") -> None:
        """Make it a nested run."""
        self.tags[PARENT_TAG] = parent.run_id


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment and its runs; all of them are deleted where it is."""

    experiment_id: int
    name: str
    created: int
    runs: tuple[Run, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A model version: the folder ``model`` among a run's artifacts."""

    run: Run
    created: int
    description: str
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Model:
    """A registered model; versions count from 1, ``aliases`` name some of them."""

    name: str
    description: str
    versions: tuple[Version, ...]
    aliases: dict[str, int]
    tags: dict[str, str] = field(default_factory=dict)
