"""What every candidate has, as columns to select from ``runs``."""

from typing import Any

from sqlalchemy import SQLColumnExpression, String, cast, func, select
from sqlmodel import col

from mltrack_tui.domain.query import Lifecycle
from mltrack_tui.sources.sqlite.tables import Experiment, Run
from mltrack_tui.sources.sqlite.value_tables import Tag
from mltrack_tui.sources.sqlite.values import NAME_TAG

LOGGED_NAME = "logged name"
"""The name that mlflow's ``order_by`` sorts by."""

_TAGGED = (
    select(func.nullif(col(Tag.value), ""))
    .where(col(Tag.key) == NAME_TAG, col(Tag.run_uuid) == col(Run.run_uuid))
    .correlate(Run)
    .scalar_subquery()
)

ATTRIBUTES: dict[str, SQLColumnExpression[Any]] = {
    # mlflow before 1.30 wrote a candidate's name into a tag only
    "name": func.coalesce(func.nullif(col(Run.name), ""), _TAGGED),
    "status": col(Run.status),
    "created": col(Run.start_time),
    "ended": col(Run.end_time),
    "duration": col(Run.end_time) - col(Run.start_time),
    "user": col(Run.user_id),
    "id": col(Run.run_uuid),
    "lifecycle": func.coalesce(col(Run.lifecycle_stage), Lifecycle.ACTIVE.value),
    "experiment": select(col(Experiment.name))
    .where(col(Experiment.experiment_id) == col(Run.experiment_id))
    .correlate(Run)
    .scalar_subquery(),
    "experiment_id": cast(col(Run.experiment_id), String),
    "artifact_uri": col(Run.artifact_uri),
    LOGGED_NAME: col(Run.name),
}
"""Each of `domain.query.ATTRIBUTES`, and one more; NULL where a candidate has none."""
