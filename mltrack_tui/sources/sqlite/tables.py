"""MLflow's tables, as far as we read them.

The names of these columns are the same from mlflow 1.30 to 3.18; what came later or may be missing, `schema` finds
out. Nothing is ever created from these classes: they have a registry of their own and serve to select columns.
SQLModel takes milliseconds to make such a class, so those that the first rows do not need are in `value_tables` and
`dataset_tables`.
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
    last_update_time: int | None
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
