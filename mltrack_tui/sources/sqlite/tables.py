"""MLflow's tables, as far as we read them.

The names of these columns are the same from mlflow 1.30 to 3.18; what came later or may be missing, `schema` finds
out. Nothing is ever created from these classes: they have a registry of their own and serve to select columns.
"""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Table, inspect, literal_column
from sqlalchemy.orm import Mapper, registry
from sqlmodel import Field, SQLModel


class StoreTable(SQLModel, registry=registry()):
    """A table of MLflow's store."""


class Experiment(StoreTable, table=True):
    """An experiment; ``workspace`` since mlflow 3.10."""

    __tablename__ = "experiments"

    experiment_id: int = Field(primary_key=True)
    name: str
    artifact_location: str | None
    lifecycle_stage: str | None
    creation_time: int | None
    workspace: str | None


class ExperimentTag(StoreTable, table=True):
    """A tag of an experiment."""

    __tablename__ = "experiment_tags"

    key: str = Field(primary_key=True)
    experiment_id: int = Field(primary_key=True)
    value: str | None


class Run(StoreTable, table=True):
    """A candidate. The table has no index but the primary key's."""

    __tablename__ = "runs"

    run_uuid: str = Field(primary_key=True)
    name: str | None
    user_id: str | None
    status: str | None
    start_time: int | None
    end_time: int | None
    lifecycle_stage: str | None
    artifact_uri: str | None
    experiment_id: int | None


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


class DatasetRow(StoreTable, table=True):
    """A dataset (mlflow 2.4 and later)."""

    __tablename__ = "datasets"

    dataset_uuid: str = Field(primary_key=True)
    name: str
    digest: str
    dataset_source_type: str | None
    dataset_source: str | None
    dataset_schema: str | None
    dataset_profile: str | None


class Input(StoreTable, table=True):
    """That a candidate used a dataset (mlflow 2.4 and later)."""

    __tablename__ = "inputs"

    input_uuid: str = Field(primary_key=True)
    source_type: str
    source_id: str
    destination_type: str
    destination_id: str


class InputTag(StoreTable, table=True):
    """What a dataset was used for, and the like."""

    __tablename__ = "input_tags"

    input_uuid: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: str


REQUIRED = (Experiment, ExperimentTag, Run, Metric, LatestMetric, Param, Tag)
"""Without these it is no store of MLflow's."""

DATASETS = (DatasetRow, Input, InputTag)


def table_of(model: type[StoreTable]) -> Table:
    """The table behind a class."""
    mapper: Mapper[Any] = inspect(model)  # SQLAlchemy types it by the instance, which we never have
    table = mapper.local_table
    if not isinstance(table, Table):
        raise TypeError(model)
    return table


def rowid_of(model: type[StoreTable]) -> ColumnElement[int]:
    """SQLite's own number of a row, in the order of writing as long as nobody vacuums."""
    return literal_column(f"{table_of(model).name}.rowid", Integer)
