"""The parts of a machine at a glance: how busy each was last, on average and at most, and over time."""

import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise
from math import isfinite

from mltrack_tui.analysis.aggregate import aggregate
from mltrack_tui.domain.history import History
from mltrack_tui.domain.query import SYSTEM, Aggregate


class Unit(Enum):
    """What a part is measured in."""

    PERCENT = auto()
    MEGABYTES = auto()
    WATTS = auto()
    MEGABYTES_A_SECOND = auto()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a machine: the end of the names of its metrics, as `mlflow.system_metrics` has them.

    ``filled`` ends the names of those that say of how many percent it is, where it is not measured in percent itself.
    """

    label: str
    name: str
    unit: Unit
    filled: str = ""

    def among(self, metrics: Iterable[str]) -> tuple[str, ...]:
        """Its metrics, one a GPU or node."""
        return _ending(self.name, metrics)


PARTS = (
    Part("GPU", r"gpu_\d+_utilization_percentage", Unit.PERCENT),
    Part("GPU memory", r"gpu_\d+_memory_usage_megabytes", Unit.MEGABYTES, r"gpu_\d+_memory_usage_percentage"),
    Part("GPU power", r"gpu_\d+_power_usage_watts", Unit.WATTS, r"gpu_\d+_power_usage_percentage"),
    Part("CPU", "cpu_utilization_percentage", Unit.PERCENT),
    Part("memory", "system_memory_usage_megabytes", Unit.MEGABYTES, "system_memory_usage_percentage"),
    Part("disk", "disk_usage_megabytes", Unit.MEGABYTES, "disk_usage_percentage"),
    Part("network in", "network_receive_megabytes", Unit.MEGABYTES_A_SECOND),
    Part("network out", "network_transmit_megabytes", Unit.MEGABYTES_A_SECOND),
)


@dataclass(frozen=True, slots=True)
class Gauge:
    """One part of a machine; of several GPUs or nodes the means of theirs, but for the greatest ``peak``.

    Attributes:
        part: which.
        count: how many there are of it.
        last, mean, peak: None where it is not known.
        filled: how much of it there is, 0 to 1; None where nobody logged that.
        curve: its values over time in equal parts, None before the first.
    """

    part: Part
    count: int
    last: float | None
    mean: float | None
    peak: float | None
    filled: float | None
    curve: Sequence[float | None]

    @property
    def top(self) -> float:
        """Where the curve's scale ends that begins at 0."""
        return 100.0 if self.part.unit is Unit.PERCENT else self.peak or 0.0


def gauge(
    part: Part,
    metrics: Mapping[str, float],
    histories: Sequence[History],
    means: Mapping[str, float],
    curve: tuple[range, int],
) -> Gauge:
    """A part of a machine, from the latest values of all metrics and the histories of its own.

    Of a history that is not whole, ``means`` has the mean. The ``curve`` goes over a range of times, in so many values.
    """
    if part.unit is Unit.MEGABYTES_A_SECOND:
        means = {each.metric: mean for each in histories if (mean := _mean_rate(each)) is not None}
        histories = [rates(history) for history in histories]
    curves = [over_time(history, *curve) for history in histories]
    told = [means.get(each.metric, _mean(each.values) if len(each) == each.total else None) for each in histories]
    latest = [metrics[each.metric] for each in histories]
    if part.unit is Unit.MEGABYTES_A_SECOND:
        latest = [each.values[-1] for each in histories if len(each)]
    filled = [metrics[name] for name in _ending(part.filled, metrics)] if part.filled else latest
    shares = part.filled or part.unit is Unit.PERCENT
    share = _mean(filled) if shares else None
    return Gauge(
        part,
        len(histories),
        _mean(latest),
        _mean([each for each in told if each is not None]) if None not in told else None,
        aggregate([value for each in histories for value in each.values], Aggregate.MAX),
        min(max(share / 100, 0.0), 1.0) if share is not None and isfinite(share) else None,
        [_mean([value for value in column if value is not None]) for column in zip(*curves, strict=True)],
    )


def times_of(histories: Iterable[History]) -> range:
    """From the first time in some histories until after the last."""
    ends = [(min(each.timestamps), max(each.timestamps)) for each in histories if len(each)]
    return range(min((first for first, _ in ends), default=0), max((last for _, last in ends), default=0) + 1)


def over_time(history: History, times: range, width: int) -> list[float | None]:
    """The last number in each of so many equal parts of a time; the one before goes on where there is none."""
    found: list[float | None] = [None] * width
    for at, value in zip(history.timestamps, history.values, strict=True):
        if isfinite(value):
            found[min(max((at - times.start) * width // len(times), 0), width - 1)] = value
    for place in range(1, width):
        if found[place] is None:
            found[place] = found[place - 1]
    return found


def rates(history: History) -> History:
    """How fast a count grew from each point on, a second. Where it began anew after it, there is nothing to tell."""
    steps, timestamps, values = array("q"), array("q"), array("d")
    for place in range(1, len(history)):
        passed = history.timestamps[place] - history.timestamps[place - 1]
        grown = history.values[place] - history.values[place - 1]
        if passed > 0 and grown >= 0:
            steps.append(history.steps[place])
            timestamps.append(history.timestamps[place - 1])
            values.append(1000 * grown / passed)
    whole = len(history) == history.total
    return replace(history, steps=steps, timestamps=timestamps, values=values, total=len(values) if whole else None)


def _mean_rate(history: History) -> float | None:
    """How fast a count grew all in all, a second, as far as `rates` can tell."""
    steps = zip(pairwise(history.timestamps), pairwise(history.values), strict=True)
    grown = [(later - earlier, end - begin) for (earlier, later), (begin, end) in steps if later > earlier]
    told = [(passed, more) for passed, more in grown if more >= 0]
    return 1000 * sum(more for _, more in told) / sum(passed for passed, _ in told) if told else None


def _mean(values: Sequence[float]) -> float | None:
    return aggregate(values, Aggregate.MEAN)


def _ending(name: str, metrics: Iterable[str]) -> tuple[str, ...]:
    pattern = re.compile(rf"{SYSTEM}(?:.+/)?{name}")
    return tuple(metric for metric in metrics if metric.startswith(SYSTEM) and pattern.fullmatch(metric))
