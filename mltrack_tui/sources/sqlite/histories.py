"""A metric over its steps: all of it, or a sample at once and then what a plot of so many columns needs."""

from typing import Any

from sqlalchemy import Integer, case, func, literal, select, union_all
from sqlmodel import col

from mltrack_tui.analysis.points import Points
from mltrack_tui.analysis.reduce import parts, reduce
from mltrack_tui.domain.history import History
from mltrack_tui.sources.sqlite.points import POINT, finite, points_of, read_points
from mltrack_tui.sources.sqlite.reader import Reader
from mltrack_tui.sources.sqlite.tables import rowid_of
from mltrack_tui.sources.sqlite.value_tables import Metric

_READ_WHOLE = 20_000
_COUNTED_IN = 16  # parts, so that counting a million points keeps no writer waiting


def read_history(reader: Reader, run: str, metric: str) -> History:
    """Every point."""
    return read_points(reader, run, metric).history(metric)


def first_history(reader: Reader, run: str, metric: str, buckets: int) -> History:
    """A history for a plot: exact where that is quick or where the store has no index for a sample, else a sample."""
    steps = _steps(reader, run, metric)
    if steps is None:
        return reduce(read_history(reader, run, metric), buckets)
    return _sample(reader, run, metric, steps, buckets)


def exact_history(reader: Reader, run: str, metric: str, buckets: int) -> History:
    """What `reduce` makes of every point, found without reading them all into memory."""
    steps = _steps(reader, run, metric)
    if steps is None:  # points were deleted since the sample
        return reduce(read_history(reader, run, metric), buckets)
    total = 0
    kept = set(_ends(reader, run, metric, steps))
    for low, high in parts(*steps, buckets):
        count, telling = _bucket(reader, run, metric, low, high)
        total += count
        kept |= telling
    points = Points()
    points.extend(kept)
    return points.history(metric, total=total)


def _steps(reader: Reader, run: str, metric: str) -> tuple[int, int] | None:
    """The first and the last step of a metric that is worth a sample, else None."""
    if not reader.schema.points_by_step:
        return None
    some = points_of(reader, run, metric, literal(1)).limit(_READ_WHOLE + 1).subquery()
    if reader.rows(select(func.count()).select_from(some))[0][0] <= _READ_WHOLE:
        return None
    first, last = (points_of(reader, run, metric, end(col(Metric.step))) for end in (func.min, func.max))
    (steps,) = reader.rows(select(first.scalar_subquery(), last.scalar_subquery()))
    return (steps[0], steps[1]) if steps[0] < steps[1] else None


def _sample(reader: Reader, run: str, metric: str, steps: tuple[int, int], buckets: int) -> History:
    """The first point at or after each of so many equal strides: one seek each, in one statement."""
    total = sum(
        reader.rows(_between(reader, run, metric, low, high, func.count()))[0][0]
        for low, high in parts(*steps, _COUNTED_IN)
    )
    starts = [low for low, _ in parts(*steps, 2 * buckets)]
    stride = max((steps[1] - steps[0]) // len(starts), 1)
    marks = select(literal(steps[0], Integer).label("step")).cte("marks", recursive=True)
    marks = marks.union_all(select(marks.c.step + stride).where(marks.c.step <= steps[1] - stride))
    nearest = points_of(reader, run, metric, rowid_of(Metric)).where(col(Metric.step) >= marks.c.step)
    nearest = nearest.order_by(col(Metric.step)).limit(1).correlate(marks)
    places = select(nearest.scalar_subquery().label("place")).select_from(marks).subquery()
    sampled = reader.rows(select(*POINT).where(rowid_of(Metric).in_(select(places.c.place))))
    points = Points()
    points.extend({tuple(row) for row in sampled} | set(_ends(reader, run, metric, steps)))
    return points.history(metric, total=total, exact=False)


def _between(reader: Reader, run: str, metric: str, low: int, high: int, *columns: Any) -> Any:
    """A query about the points of steps from low to before high."""
    return points_of(reader, run, metric, *columns).where(col(Metric.step) >= low, col(Metric.step) < high)


def _ends(reader: Reader, run: str, metric: str, steps: tuple[int, int]) -> list[tuple[Any, ...]]:
    """The first and the last point."""
    first = points_of(reader, run, metric, *POINT).where(col(Metric.step) == steps[0]).order_by(*POINT[1:])
    last = points_of(reader, run, metric, *POINT).where(col(Metric.step) == steps[1])
    last = last.order_by(*(column.desc() for column in POINT[1:]))
    return [tuple(row) for statement in (first, last) for row in reader.rows(statement.limit(1))]


def _bucket(reader: Reader, run: str, metric: str, low: int, high: int) -> tuple[int, set[tuple[Any, ...]]]:
    """How many points lie in a range of steps, and those that `reduce` keeps of them.

    Beside a lone min() or max(), SQLite takes the other columns from the row that has it
    (https://sqlite.org/lang_select.html#bareagg).
    """
    counts = (func.count().label("count"), func.count(finite).label("finite"))
    smallest, largest = (
        _between(reader, run, metric, low, high, *counts, end(finite).label("extreme"), *POINT)
        for end in (func.min, func.max)
    )
    rows = reader.rows(union_all(smallest, largest))
    count, finite_count = rows[0][:2]
    telling = {tuple(row[3:]) for row in rows} if finite_count else set()
    if finite_count < count:
        telling |= _not_finite(reader, run, metric, low, high, alone=not finite_count)
    return count, telling


def _not_finite(reader: Reader, run: str, metric: str, low: int, high: int, *, alone: bool) -> set[tuple[Any, ...]]:
    """The first of each infinity in a range of steps; where there is nothing but NaN, the first of these."""
    kind = case((col(Metric.is_nan) == 1, 0), else_=case((col(Metric.value) > 0, 1), else_=-1))
    statement = _between(reader, run, metric, low, high, kind, func.min(col(Metric.step)), *POINT)
    rows = reader.rows(statement.where(finite.is_(None)).group_by(kind))
    infinities = {tuple(row[2:]) for row in rows if row[0]}
    return infinities or ({tuple(row[2:]) for row in rows} if alone else set())
