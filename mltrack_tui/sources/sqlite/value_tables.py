"""The tables that hold what candidates logged."""

from sqlmodel import Field

from mltrack_tui.sources.sqlite.tables import StoreTable


class Metric(StoreTable, table=True):
    """A point of a metric. ``is_nan`` is 0 or 1, and NaN has the value 0."""

    __tablename__ = "metrics"

    key: str = Field(primary_key=True)
    timestamp: int = Field(primary_key=True)
    step: int = Field(primary_key=True)
    run_uuid: str = Field(primary_key=True)
    value: float = Field(primary_key=True)
    is_nan: int = Field(primary_key=True)


class LatestMetric(StoreTable, table=True):
    """The point of a metric with the greatest (step, timestamp, value)."""

    __tablename__ = "latest_metrics"

    key: str = Field(primary_key=True)
    run_uuid: str = Field(primary_key=True)
    value: float
    timestamp: int
    is_nan: int


class Param(StoreTable, table=True):
    """A parameter of a candidate."""

    __tablename__ = "params"

    key: str = Field(primary_key=True)
    run_uuid: str = Field(primary_key=True)
    value: str


class Tag(StoreTable, table=True):
    """A tag of a candidate."""

    __tablename__ = "tags"

    key: str = Field(primary_key=True)
    run_uuid: str = Field(primary_key=True)
    value: str | None
