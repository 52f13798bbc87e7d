"""What candidates used of their machines: of each, the few histories that a total follows from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic

from sqlalchemy import func, select
from sqlmodel import col

from mltrack_tui.analysis.usage import Logged, histories_of, length, usage
from mltrack_tui.domain.query import SYSTEM, Column
from mltrack_tui.sources.sqlite.reader import Reader, chunks
from mltrack_tui.sources.sqlite.tables import Run
from mltrack_tui.sources.sqlite.value_tables import LatestMetric

_TOLD_AT_ONCE = 500  # candidates, of which the keys of system metrics are read
_KEYS_AT_ONCE = 50
_FIRST_HISTORIES, _MOST_HISTORIES = 20, 1000
_PART = 0.1
"""Seconds that a part of the candidates should take."""
_BEHIND_SYSTEM = SYSTEM[:-1] + chr(ord(SYSTEM[-1]) + 1)

Values = dict[str, float | None]
"""What is known by candidate; None where there is nothing to be known."""


@dataclass(slots=True)
class _Machine:
    """What a candidate logged of its machine, as far as it is read; it ends with its last point where it runs."""

    start: int | None = None
    end: int | None = None
    metrics: list[str] = field(default_factory=list)
    aggregates: dict[Column, float] = field(default_factory=dict)

    @property
    def logged(self) -> Logged:
        return Logged(self.metrics, length(self.start, self.end), self.aggregates)


def totals(
    reader: Reader,
    name: str,
    runs: Sequence[str],
    gpu_hour: float | None,
    work_out: Callable[[Reader, Column, Sequence[str]], Values],
) -> Iterator[Values]:
    """One of `query.USAGE_NAMES` of some candidates after the other, in their order.

    ``work_out`` knows what a metric's histories come to.
    """
    keys = _system_keys(reader)
    most = _FIRST_HISTORIES
    for some in chunks(runs, _TOLD_AT_ONCE):
        machines = _machines(reader, some, keys)
        left = list(some)
        while left:
            began = monotonic()
            few = _with_histories(name, left, machines, most)
            left = left[len(few) :]
            lacking: dict[Column, list[str]] = {}
            for run in few:
                for column in histories_of(name, machines[run].metrics):
                    lacking.setdefault(column, []).append(run)
            for column, owners in lacking.items():
                for run, value in work_out(reader, column, owners).items():
                    if value is not None:
                        machines[run].aggregates[column] = value
            yield {run: usage(name, machines[run].logged, gpu_hour) for run in few}
            most = min(max(int(most * _PART / max(monotonic() - began, _PART / 4)), 1), _MOST_HISTORIES)


def _system_keys(reader: Reader) -> list[str]:
    """The system metrics of a store, found by hopping from each to the next in the primary key: one seek a key."""
    key = col(LatestMetric.key)
    found: list[str] = []
    after = key >= SYSTEM
    while rows := reader.rows(select(key).where(after, key < _BEHIND_SYSTEM).order_by(key).limit(1)):
        found.append(rows[0][0])
        after = key > found[-1]
    return found


def _machines(reader: Reader, runs: Sequence[str], keys: Sequence[str]) -> dict[str, _Machine]:
    """What some candidates logged, without their histories; those with nothing of a machine have no metrics."""
    machines = {run: _Machine() for run in runs}
    if not keys:
        return machines
    times = select(col(Run.run_uuid), col(Run.start_time), col(Run.end_time)).where(col(Run.run_uuid).in_(runs))
    for run, start, end in reader.rows(times):
        machines[run].start, machines[run].end = start, end
    owner, key = col(LatestMetric.run_uuid), col(LatestMetric.key)
    for some in chunks(keys, _KEYS_AT_ONCE):
        for run, metric in reader.rows(select(owner, key).where(owner.in_(runs), key.in_(some))):
            machines[run].metrics.append(metric)
    running = [run for run, machine in machines.items() if machine.end is None and machine.metrics]
    latest = select(owner, func.max(col(LatestMetric.timestamp))).where(owner.in_(running)).group_by(owner)
    for run, at in reader.rows(latest) if running else ():
        machines[run].end = at
    return machines


def _with_histories(name: str, runs: Sequence[str], machines: dict[str, _Machine], most: int) -> list[str]:
    """The first candidates, as many as have about so many histories to be read."""
    histories = 0
    for place, run in enumerate(runs, 1):
        histories += len(histories_of(name, machines[run].metrics))
        if histories >= most:
            return list(runs[:place])
    return list(runs)
