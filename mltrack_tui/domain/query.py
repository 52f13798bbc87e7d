"""Which candidates, in what order: one value for every source, screen and command."""

from dataclasses import dataclass
from enum import StrEnum


class Lifecycle(StrEnum):
    """Which lifecycle stages are meant (MLflow's run_view_type)."""

    ACTIVE = "active"
    DELETED = "deleted"
    ALL = "all"

    def admits(self, stage: str | None) -> bool:
        """Whether a candidate or experiment of this stage belongs to it."""
        return self is Lifecycle.ALL or (stage or "active") == self.value


class Kind(StrEnum):
    """What a column holds; the value is how MLflow's search writes it before the dot."""

    ATTRIBUTE = "attributes"
    PARAM = "params"
    METRIC = "metrics"
    TAG = "tags"


ATTRIBUTES = ("name", "status", "created", "ended", "duration", "user", "id", "lifecycle", "experiment")
"""The attributes that every candidate has: ``created`` is its start time, ``duration`` end less start."""

_ALIASES = {"start_time": "created", "end_time": "ended", "run_name": "name", "candidate_id": "id", "run_id": "id"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the candidate table, written ``created``, ``params.lr``, ``metrics.val/accuracy``, ``tags.team``."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return self.name if self.kind is Kind.ATTRIBUTE else f"{self.kind}.{self.name}"

    @classmethod
    def parse(cls, text: str) -> "Column":
        """Read a column's name.

        Raises:
            ValueError: neither an attribute's name nor one that begins with ``params.``, ``metrics.`` or ``tags.``.
        """
        prefix, dot, name = text.partition(".")
        if dot and name and prefix in {Kind.ATTRIBUTE, Kind.PARAM, Kind.METRIC, Kind.TAG}:
            kind = Kind(prefix)
            if kind is not Kind.ATTRIBUTE:
                return cls(kind, name)
            text = name
        text = _ALIASES.get(text, text)
        if text not in ATTRIBUTES:
            raise ValueError(text)
        return cls(Kind.ATTRIBUTE, text)


@dataclass(frozen=True, slots=True)
class Order:
    """One key to sort by. Numbers come first, then NaN, then text, then what is missing, in both directions."""

    column: Column
    descending: bool = False

    @classmethod
    def parse(cls, text: str) -> "Order":
        """Read ``metrics.loss`` or, descending, ``-metrics.loss``. Raises ValueError as `Column.parse` does."""
        return cls(Column.parse(text.removeprefix("-")), text.startswith("-"))


@dataclass(frozen=True, slots=True)
class Query:
    """Candidates of one or several experiments of a project.

    ``name`` holds words, each of which is in the candidate's name, in any case and any order. Without ``order``, and
    where its keys are equal, the latest start comes first, then the smaller id.
    """

    project: str
    experiments: tuple[str, ...]
    name: str = ""
    lifecycle: Lifecycle = Lifecycle.ACTIVE
    order: tuple[Order, ...] = ()


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the parameters and metrics that occur in some experiments, each in alphabetical order."""

    params: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
