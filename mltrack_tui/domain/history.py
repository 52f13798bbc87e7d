"""The values of one metric over its steps."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from array import array  # at run time it takes no [int] before Python 3.12


@dataclass(frozen=True, slots=True)
class History:
    """Points of a metric in order of step, timestamp, value: three arrays of one length.

    Attributes:
        steps: whole numbers (`array('q')`), repeated and negative ones included.
        timestamps: milliseconds since the epoch (`array('q')`).
        values: floats (`array('d')`), NaN and the infinities included.
        total: how many points the source holds, more than ``len(steps)`` where the history was reduced; None of a
            sample, where they were not counted.
        exact: whether no point was left out, or only such as lie between the smallest and the largest of
            their bucket; false for a sample, after which an exact answer follows.
        on_demand: whether that answer costs a server many requests, and is asked for when somebody wants it.
    """

    metric: str
    steps: "array[int]"
    timestamps: "array[int]"
    values: "array[float]"
    total: int | None
    exact: bool = True
    on_demand: bool = False

    def __len__(self) -> int:
        return len(self.steps)


@dataclass(frozen=True, slots=True)
class MetricSummary:
    """One metric of a candidate in a line: NaN stays out of ``minimum`` and ``maximum`` unless there is nothing else.

    ``last`` is of the greatest (step, timestamp, value); ``points`` counts all that was logged. The others are None as
    long as the history, from which they follow, was not read.
    """

    metric: str
    last: float
    minimum: float | None = None
    maximum: float | None = None
    points: int | None = None
