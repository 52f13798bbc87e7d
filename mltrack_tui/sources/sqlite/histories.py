"""Metrics over their steps: all of them, or a sample at once and then what a plot of so many columns needs.

What was made of long histories is kept, and what is logged to them later is added to it.
"""

import threading
from collections import OrderedDict
from time import monotonic

from sqlalchemy import func, literal, select
from sqlmodel import col

from mltrack_tui.analysis.reduce import reduce
from mltrack_tui.domain.history import History
from mltrack_tui.sources.sqlite.curve import Curve
from mltrack_tui.sources.sqlite.points import Logged, read_points
from mltrack_tui.sources.sqlite.reader import Reader, Stamp
from mltrack_tui.sources.sqlite.sampling import Reduction, sample
from mltrack_tui.sources.sqlite.value_tables import Metric

_READ_WHOLE = 20_000
_STEP = 0.1
"""Seconds after which another question gets its turn."""
_MOST_NEW = 20_000
"""Rows of a store since a history was made: with more, it is made anew."""
_KEPT = 64
"""Curves: a plot's have some hundred points each, and take some 50 kB; one of a thousand parts takes some 500 kB."""


class HistoryAnswer:
    """A history on its way to its answer.

    Attributes:
        complete: whether the last one was given.
    """

    def __init__(self, kept: "KeptCurves", logged: Logged, buckets: int | None) -> None:
        self.complete = False
        self._kept, self._logged, self._buckets = kept, logged, buckets
        self._ends: tuple[int, int] | None = None
        self._clumped = False
        self._reduction: Reduction | None = None
        self._stamp: Stamp | None = None

    def advance(self, reader: Reader) -> History | None:
        """Go on, and say what is known by now; None where that is no more than before."""
        buckets = self._buckets
        if buckets is None:
            self.complete = True
            return read_points(reader, self._logged).history(self._logged.metric)
        if self._ends is None:
            return self._begin(reader, buckets)
        if self._clumped:
            return self._read(reader, buckets)
        if self._reduction is None:
            self._reduction = Reduction(reader, self._logged, self._ends, buckets)
            self._stamp = reader.stamp  # as of which it will be, whatever is written on the way
        self._reduction.advance(reader, monotonic() + _STEP)
        if self._reduction.curve is None:
            return None
        self.complete = True
        self._kept.keep(self._stamp or reader.stamp, self._logged, buckets, self._reduction.curve)
        return self._reduction.curve.history(self._logged.metric)

    def _begin(self, reader: Reader, buckets: int) -> History:
        """What is kept, or all points where that is quick or the store has no index for a sample; else a sample."""
        if (curve := self._kept.find(reader, self._logged, buckets)) is not None:
            self.complete = True
            return curve.history(self._logged.metric)
        self._ends = _ends_of_long(reader, self._logged)
        if self._ends is None:
            return self._read(reader, buckets)
        sampled = sample(reader, self._logged, self._ends, buckets)
        self._clumped = len(sampled) < buckets // 2  # a part may then hold most of the points: too many at once
        return sampled

    def _read(self, reader: Reader, buckets: int) -> History:
        """All points, reduced here."""
        upto = reader.extent(Metric).stop - 1
        whole = read_points(reader, self._logged, upto).history(self._logged.metric)
        reduced = reduce(whole, buckets)
        if len(reduced) < len(whole) and (curve := Curve.of(reduced, buckets, upto)) is not None:
            self._kept.keep(reader.stamp, self._logged, buckets, curve)
        self.complete = True
        return reduced


class KeptCurves:
    """The curves that were asked for last, each with what was logged since."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Logged, int], tuple[Stamp, Curve]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, reader: Reader, logged: Logged, buckets: int) -> Curve | None:
        """A curve as it is now, if it is kept and little was logged since."""
        with self._lock:
            stamp, curve = self._kept.pop((logged, buckets), (None, None))
        if curve is None or stamp is None or stamp.file != reader.stamp.file:
            return None
        if stamp != reader.stamp:
            curve = _up_to_date(reader, logged, curve, 2 * buckets)
        if curve is not None:
            self.keep(reader.stamp, logged, buckets, curve)
        return curve

    def keep(self, stamp: Stamp, logged: Logged, buckets: int, curve: Curve) -> None:
        """Remember a curve as it was at a time."""
        with self._lock:
            self._kept[logged, buckets] = stamp, curve
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Remember none."""
        with self._lock:
            self._kept.clear()


def _up_to_date(reader: Reader, logged: Logged, curve: Curve, most: int) -> Curve | None:
    upto = reader.extent(Metric).stop - 1
    if not 0 <= upto - curve.upto <= _MOST_NEW:
        return None
    return curve.grown(logged.since(reader, curve.upto, upto), upto, most)


def _ends_of_long(reader: Reader, logged: Logged) -> tuple[int, int] | None:
    """The first and the last step of a metric that is worth a sample, else None."""
    if not reader.schema.points_by_step:
        return None
    some = logged.select(reader, literal(1)).limit(_READ_WHOLE + 1).subquery()
    if reader.rows(select(func.count()).select_from(some))[0][0] <= _READ_WHOLE:
        return None
    first, last = (logged.select(reader, end(col(Metric.step))).scalar_subquery() for end in (func.min, func.max))
    (ends,) = reader.rows(select(first, last))
    return ends if ends[0] < ends[1] else None
