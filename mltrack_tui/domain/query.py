"""Which candidates, in what order: one value for every source, screen and command."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mltrack_tui.domain.filter import Filter

Value = float | str | None
"""What a cell holds: a number, text, or nothing."""


class Lifecycle(StrEnum):
    """Which lifecycle stages are meant (MLflow's run_view_type)."""

    ACTIVE = "active"
    DELETED = "deleted"
    ALL = "all"

    def admits(self, stage: str | None) -> bool:
        """Whether a candidate or experiment of this stage belongs to it."""
        return self is Lifecycle.ALL or (stage or "active") == self.value


class Kind(StrEnum):
    """What a column holds; the value is how MLflow's search writes it before the dot.

    A dataset's name, digest and context are filtered by, not shown: a candidate may have several datasets. What CI
    says of a candidate (`CI_NAMES`) is known to some servers, which tell it when asked. What a candidate used of its
    machine (`USAGE_NAMES`) is worked out of the system metrics that it logged.
    """

    ATTRIBUTE = "attributes"
    PARAM = "params"
    METRIC = "metrics"
    TAG = "tags"
    DATASET = "datasets"
    CI = "ci"
    USAGE = "usage"


class Aggregate(StrEnum):
    """What a metric's history is brought down to. NaN stays out of it, unless there is nothing else.

    FIRST and LAST go by (step, timestamp, value). BEST is MIN or MAX by the metric's direction: `Column.resolved`
    tells which, and no source is ever asked for it.
    """

    FIRST = "first"
    LAST = "last"
    MIN = "min"
    MAX = "max"
    MEAN = "mean"
    BEST = "best"


class Direction(StrEnum):
    """Which values of a metric are better."""

    MIN = "min"
    MAX = "max"


ATTRIBUTES = (
    *("name", "status", "created", "ended", "duration", "user", "id", "lifecycle"),
    *("experiment", "experiment_id", "artifact_uri"),
)
"""The attributes that every candidate has: ``created`` is its start time, ``duration`` end less start, in milliseconds;
``experiment`` is its experiment's name."""

CI_NAMES = ("pipeline", "merge_request", "user")
"""What CI says of a candidate: the pipeline that logged it, the merge request it ran for, and who triggered it."""

_OF_NO_GPU = ("mean_cpu", "peak_memory")
USAGE_NAMES = ("gpu_hours", "cost", "gpus", "mean_gpu", "peak_gpu_memory", *_OF_NO_GPU)
"""What a candidate used of its machine: `analysis.usage` says what each is, and in which unit."""

SYSTEM = "system/"
"""What the names of metrics begin with that MLflow logs by itself of the machine."""

FIXED_NAMES: Mapping[str, tuple[str, ...]] = {Kind.CI: CI_NAMES, Kind.USAGE: USAGE_NAMES}
"""The kinds that have these names only, and are written with them: ``user`` alone is an attribute."""

_ALIASES = {"start_time": "created", "end_time": "ended", "run_name": "name", "candidate_id": "id", "run_id": "id"}
_AGGREGATED = re.compile(rf"({'|'.join(Aggregate)})\((.*)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the candidate table: ``created``, ``params.lr``, ``min(metrics.loss)``, ``usage.gpu_hours``.

    A metric without an ``aggregate`` is its latest value as MLflow defines it, which may be NaN.
    """

    kind: Kind
    name: str
    aggregate: Aggregate | None = None

    def __str__(self) -> str:
        text = self.name if self.kind is Kind.ATTRIBUTE else f"{self.kind}.{self.name}"
        return text if self.aggregate is None else f"{self.aggregate}({text})"

    @property
    def is_worked_out(self) -> bool:
        """Whether its values follow from histories, which takes a source a while."""
        return self.aggregate is not None or self.kind is Kind.USAGE

    @classmethod
    def parse(cls, text: str) -> "Column":
        """Read a column's name.

        Raises:
            ValueError: neither an attribute's name, nor one that begins with ``params.``, ``metrics.`` or ``tags.``,
                nor ``ci.`` and one of `CI_NAMES`, nor ``usage.`` and one of `USAGE_NAMES`.
        """
        if (match := _AGGREGATED.fullmatch(text)) is not None:
            column = cls.parse(match[2])
            if column.kind is not Kind.METRIC or column.aggregate is not None:
                raise ValueError(text)
            return replace(column, aggregate=Aggregate(match[1]))
        prefix, dot, name = text.partition(".")
        if name in FIXED_NAMES.get(prefix, ()):
            return cls(Kind(prefix), name)
        if dot and name and prefix in {Kind.ATTRIBUTE, Kind.PARAM, Kind.METRIC, Kind.TAG}:
            kind = Kind(prefix)
            if kind is not Kind.ATTRIBUTE:
                return cls(kind, name)
            text = name
        text = _ALIASES.get(text, text)
        if text not in ATTRIBUTES:
            raise ValueError(text)
        return cls(Kind.ATTRIBUTE, text)

    def resolved(self, directions: Mapping[str, Direction]) -> "Column":
        """The column that a source can be asked for: ``best`` as the minimum or the maximum that it is.

        Raises:
            KeyError: the direction of this metric is not known.
        """
        if self.aggregate is not Aggregate.BEST:
            return self
        return replace(self, aggregate=Aggregate(directions[self.name].value))


@dataclass(frozen=True, slots=True)
class Order:
    """One key to sort by. Numbers come first, then NaN, then text, then what is missing, in both directions.

    ``as_mlflow`` sorts as MLflow's ``order_by`` does: parameters, tags and other text by their characters, numbers in
    them or not, and ``name`` by the name in the runs table alone.
    """

    column: Column
    descending: bool = False
    as_mlflow: bool = False

    @classmethod
    def parse(cls, text: str) -> "Order":
        """Read ``metrics.loss`` or, descending, ``-metrics.loss``. Raises ValueError as `Column.parse` does."""
        return cls(Column.parse(text.removeprefix("-")), text.startswith("-"))


@dataclass(frozen=True, slots=True)
class Query:
    """Candidates of one or several experiments of a project.

    ``where`` None admits all. Without ``order``, and where its keys are equal, the latest start comes first, then the
    smaller id.
    """

    project: str
    experiments: tuple[str, ...]
    where: "Filter | None" = None
    lifecycle: Lifecycle = Lifecycle.ACTIVE
    order: tuple[Order, ...] = ()


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the parameters, metrics and tags that occur in some experiments, each in alphabetical order.

    ``constant`` holds those columns that say nothing, as far as is known: all candidates have this same value, or,
    where it is None, none has one. ``complete`` says whether this is all there is to know.
    """

    params: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    constant: Mapping[Column, Value] = field(default_factory=dict)
    complete: bool = True

    @property
    def usage(self) -> tuple[Column, ...]:
        """What can be asked of the machines: nothing, where no metric is of one, and of GPUs where they occur."""
        machines = [metric for metric in self.metrics if metric.startswith(SYSTEM)]
        names = USAGE_NAMES if any("gpu_" in metric for metric in machines) else _OF_NO_GPU
        return tuple(Column(Kind.USAGE, name) for name in names) if machines else ()
