"""What a store has: mlflow's schema differs by version, so we look at tables and columns, never at the version."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, column, func, null, select, table, true
from sqlalchemy.orm import InstrumentedAttribute

from mltrack_tui.sources.base import Capabilities, Capability, SourceError

REQUIRED = {
    "experiments": {"experiment_id", "name", "artifact_location", "lifecycle_stage"},
    "experiment_tags": {"key", "value", "experiment_id"},
    "runs": {
        *("run_uuid", "name", "user_id", "status", "start_time", "end_time", "lifecycle_stage", "artifact_uri"),
        "experiment_id",
    },
    "metrics": {"key", "value", "timestamp", "run_uuid", "step", "is_nan"},
    "latest_metrics": {"key", "value", "run_uuid", "is_nan"},
    "params": {"key", "value", "run_uuid"},
    "tags": {"key", "value", "run_uuid"},
}
"""Without these tables it is no store of MLflow's; without these columns, not one of mlflow 1.30 or later."""

DATASETS = ("datasets", "inputs", "input_tags")
MODELS = ("registered_models", "registered_model_tags", "model_versions")
ALIASES = "registered_model_aliases"  # mlflow 2.3 and later
LOGGED_MODELS = "logged_models"  # mlflow 3.0 and later

_BY_STEP = "index_metrics_run_uuid_key_step"  # mlflow 3.12 and later
_BY_RUN = "index_metrics_run_uuid"


@dataclass(frozen=True, slots=True)
class Schema:
    """The tables we know that are there, with the names of their columns, and the indexes of ``metrics``."""

    columns: dict[str, frozenset[str]]
    indexes: frozenset[str]

    @property
    def points_by_step(self) -> str | None:
        """The index that finds the points of one metric of one candidate in order of step, if there is one."""
        return _BY_STEP if _BY_STEP in self.indexes else None

    @property
    def points_by_run(self) -> str | None:
        """The index that finds all points of one candidate, if there is one."""
        return _BY_RUN if _BY_RUN in self.indexes else None

    @property
    def has_datasets(self) -> bool:
        """Whether candidates may have datasets."""
        return all(name in self.columns for name in DATASETS)

    @property
    def has_models(self) -> bool:
        """Whether there may be registered models: they may as well lie in a store of their own."""
        return all(name in self.columns for name in MODELS)

    @property
    def has_aliases(self) -> bool:
        """Whether the versions of models may have aliases."""
        return ALIASES in self.columns

    @property
    def has_logged_models(self) -> bool:
        """Whether candidates may have logged models, which are noted beside datasets."""
        return LOGGED_MODELS in self.columns and self.has_datasets

    @property
    def capabilities(self) -> Capabilities:
        """What this store can do."""
        no_datasets = "This store was written by an mlflow before 2.4, which logs no datasets."
        no_models = "This store has no tables of registered models."
        return Capabilities(
            datasets=Capability(None if self.has_datasets else no_datasets),
            models=Capability(None if self.has_models else no_models),
            watch=Capability(),
        )

    def optional(self, attribute: Any) -> ColumnElement[Any]:  # SQLModel types attributes as their values
        """A column to select that a store may lack, and which is then NULL."""
        if not isinstance(attribute, InstrumentedAttribute):
            raise TypeError(attribute)
        found: Column[Any] = attribute.property.columns[0]
        return found if found.name in self.columns[found.table.name] else null().label(found.name)


def read_schema(path: Path, connection: Connection) -> Schema:
    """Look at what is there; about a millisecond. Raises SourceError where it is no store of MLflow's."""
    master = table("sqlite_master", column("type"), column("name"), column("tbl_name"))
    info = func.pragma_table_info(master.c.name).table_valued("name")
    found: dict[str, set[str]] = {}
    for name, field in connection.execute(
        select(master.c.name, info.c.name)
        .select_from(master.join(info, true()))
        .where(master.c.type == "table", master.c.name.in_((*REQUIRED, *DATASETS, *MODELS, ALIASES, LOGGED_MODELS)))
    ):
        found.setdefault(name, set()).add(field)
    indexes = connection.execute(
        select(master.c.name).where(master.c.type == "index", master.c.tbl_name == "metrics")
    ).scalars()
    schema = Schema({name: frozenset(fields) for name, fields in found.items()}, frozenset(indexes))
    if any(name not in schema.columns for name in REQUIRED):
        raise SourceError(_not_mlflow(path))
    for name, fields in REQUIRED.items():
        for field in sorted(fields - schema.columns[name]):
            raise SourceError(
                f"{path.name} has no column {name}.{field}, as every mlflow from 1.30 on writes it: "
                "run mlflow db upgrade on a copy, and open that."
            )
    return schema


def _not_mlflow(path: Path) -> str:
    if path.stat().st_size == 0:
        return f"{path.name} is empty (0 bytes): nothing has been logged to it yet."
    return f"{path.name} is an SQLite file, but not an MLflow store: name the one that MLflow writes."
