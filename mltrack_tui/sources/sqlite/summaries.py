"""Each metric of a candidate in a line."""

from dataclasses import dataclass
from math import nan

from sqlalchemy import func, select
from sqlmodel import col

from mltrack_tui.domain.history import MetricSummary
from mltrack_tui.domain.page import Page
from mltrack_tui.sources.sqlite.points import number, windows
from mltrack_tui.sources.sqlite.reader import Reader
from mltrack_tui.sources.sqlite.tables import rowid_of
from mltrack_tui.sources.sqlite.value_tables import LatestMetric, Metric
from mltrack_tui.sources.sqlite.values import metric_value

_WINDOWS_AT_ONCE = 10  # a page every quarter of a second


@dataclass(slots=True)
class _Tally:
    points: int = 0
    minimum: float | None = None
    maximum: float | None = None

    def add(self, points: int, minimum: float | None, maximum: float | None) -> None:
        self.points += points
        if minimum is not None:
            self.minimum = minimum if self.minimum is None else min(self.minimum, minimum)
        if maximum is not None:
            self.maximum = maximum if self.maximum is None else max(self.maximum, maximum)


class Summaries:
    """The summaries of a candidate's metrics, counted in steps of some 100,000 points."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._after: int | None = None
        self._tallies: dict[str, _Tally] = {}
        self.complete = False

    def advance(self, reader: Reader) -> Page[MetricSummary]:
        """Count on, and say what is known by now."""
        self.complete = True
        for count, (after, upto) in enumerate(windows(reader, self._run, self._after)):
            if count == _WINDOWS_AT_ONCE:
                self.complete = False
                break
            self._add(reader, after, upto)
            self._after = upto
        return self._page(reader)

    def _add(self, reader: Reader, after: int, upto: int) -> None:
        statement = (
            select(col(Metric.key), func.count(), func.min(number), func.max(number))
            .where(col(Metric.run_uuid) == self._run, rowid_of(Metric) > after, rowid_of(Metric) <= upto)
            .group_by(col(Metric.key))
        )
        if reader.schema.points_by_run:
            statement = statement.with_hint(Metric, f"INDEXED BY {reader.schema.points_by_run}", "sqlite")
        for key, points, minimum, maximum in reader.rows(statement):
            self._tallies.setdefault(key, _Tally()).add(points, minimum, maximum)

    def _page(self, reader: Reader) -> Page[MetricSummary]:
        statement = select(col(LatestMetric.key), col(LatestMetric.value), col(LatestMetric.is_nan)).where(
            col(LatestMetric.run_uuid) == self._run
        )
        latest = {key: metric_value(value, is_nan) for key, value, is_nan in reader.rows(statement)}
        items = [
            MetricSummary(key, latest.get(key, nan), _or_nan(tally.minimum), _or_nan(tally.maximum), tally.points)
            for key, tally in sorted(self._tallies.items())
        ]
        return Page(items, len(items), max(len(latest), len(items)), self.complete)


def _or_nan(value: float | None) -> float:
    return nan if value is None else metric_value(value, 0)
