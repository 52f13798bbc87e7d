"""What a candidate used of its machine: totals of the system metrics that mlflow logs while a run trains.

They lie below ``system/``, those of a node of several below ``system/<node>/``; the names and units are
`mlflow.system_metrics`'s.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from mltrack_tui.analysis.aggregate import aggregate
from mltrack_tui.domain.entities import Candidate
from mltrack_tui.domain.query import SYSTEM, Aggregate, Column, Kind

_HOUR = 3_600_000
_GPU = re.compile(r"(system/(?:.+/)?gpu_\d+)_\w+")
_TOTALS = {
    "mean_gpu": (Aggregate.MEAN, re.compile(r"system/(?:.+/)?gpu_\d+_utilization_percentage")),
    "peak_gpu_memory": (Aggregate.MAX, re.compile(r"system/(?:.+/)?gpu_\d+_memory_usage_(?:mega|giga)bytes")),
    "mean_cpu": (Aggregate.MEAN, re.compile(r"system/(?:.+/)?cpu_utilization_percentage")),
    "peak_memory": (Aggregate.MAX, re.compile(r"system/(?:.+/)?system_memory_usage_megabytes")),
}
"""Which metrics' histories a total is of, and what of them; over several GPUs or nodes it is the same of theirs."""


@dataclass(frozen=True, slots=True)
class Logged:
    """What a candidate logged of its machine.

    Attributes:
        metrics: the names of its metrics, others than the machine's among them.
        length: milliseconds that it took, or took until its last point; None where that is not known.
        aggregates: of the histories that a total is of (`histories_of`).
    """

    metrics: Collection[str]
    length: int | None
    aggregates: Mapping[Column, float]

    @classmethod
    def by(cls, candidate: Candidate) -> "Logged":
        """What a candidate with all of its metrics logged."""
        end = candidate.last_point if candidate.end_time is None else candidate.end_time
        return cls(candidate.metrics, length(candidate.start_time, end), candidate.aggregates)


def length(start: int | None, end: int | None) -> int | None:
    """Milliseconds between two times; None where one is missing or they are the wrong way round."""
    return end - start if start is not None and end is not None and start <= end else None


def gpus_among(metrics: Iterable[str]) -> frozenset[str]:
    """The GPUs that logged something, each by what its metrics' names begin with: ``system/gpu_0``."""
    found = (_GPU.fullmatch(name) for name in metrics if name.startswith(SYSTEM))
    return frozenset(match[1] for match in found if match is not None)


def histories_of(total: str, metrics: Iterable[str]) -> tuple[Column, ...]:
    """The aggregates of a candidate's metrics that one of `query.USAGE_NAMES` follows from: of some totals none."""
    if total not in _TOTALS:
        return ()
    how, name = _TOTALS[total]
    return tuple(Column(Kind.METRIC, metric, how) for metric in metrics if name.fullmatch(metric))


def usage(total: str, logged: Logged, gpu_hour: float | None) -> float | None:
    """One of `query.USAGE_NAMES`, or None where the candidate did not log what it follows from.

    ``gpus`` counts those that logged something, and ``gpu_hours`` is the candidate's duration times their number.
    ``cost`` is what these hours cost where one costs ``gpu_hour``. ``mean_cpu`` and ``mean_gpu`` are percent,
    ``peak_memory`` (of the machine) and ``peak_gpu_memory`` (of the GPU that used most) megabytes of a million bytes.
    """
    if total in _TOTALS:
        columns = histories_of(total, logged.metrics)
        values = [logged.aggregates[each] * _scale(each) for each in columns if each in logged.aggregates]
        return aggregate(values, _TOTALS[total][0])
    gpus = len(gpus_among(logged.metrics))
    if total == "gpus":
        return gpus or None
    if not gpus or logged.length is None:
        return None
    hours = gpus * logged.length / _HOUR
    if total == "gpu_hours":
        return hours
    return None if gpu_hour is None else hours * gpu_hour


def _scale(column: Column) -> float:
    """AMD's GPUs log gigabytes (`mlflow.system_metrics.metrics.rocm_monitor`)."""
    return 1000.0 if column.name.endswith("gigabytes") else 1.0
