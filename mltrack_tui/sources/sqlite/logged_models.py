"""The models that candidates logged (mlflow 3.0 and later), which have artifact folders of their own."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlmodel import Field, col

from mltrack_tui.sources.sqlite.dataset_tables import Input
from mltrack_tui.sources.sqlite.reader import Reader
from mltrack_tui.sources.sqlite.tables import StoreTable

_STATUS = {1: "pending", 2: "ready", 3: "upload failed"}
"""What mlflow's ``LoggedModelStatus`` means by its numbers."""


class LoggedModelRow(StoreTable, table=True):
    """A logged model."""

    __tablename__ = "logged_models"

    model_id: str = Field(primary_key=True)
    name: str | None
    artifact_location: str | None
    creation_timestamp_ms: int | None
    status: int | None
    lifecycle_stage: str | None
    source_run_id: str | None


@dataclass(frozen=True, slots=True)
class LoggedModel:
    """A logged model.

    Attributes:
        model_id: ``m-`` and hexadecimal digits.
        name: as it was logged.
        status: in a word or two; '' where mlflow does not say.
        location: the URI of its artifacts.
    """

    model_id: str
    name: str
    status: str
    location: str


def logged_models(reader: Reader, candidate_id: str) -> list[LoggedModel]:
    """What a candidate logged, in the order of logging: its outputs, and what names it as its source.

    mlflow notes an output where a model is logged in a run, and the source alone where one was made by itself
    (``create_external_model``, ``initialize_logged_model``). Deleted models are left out.
    """
    if not reader.schema.has_logged_models:
        return []
    outputs = select(col(Input.destination_id)).where(
        col(Input.source_type) == "RUN_OUTPUT",
        col(Input.source_id) == candidate_id,
        col(Input.destination_type) == "MODEL_OUTPUT",
    )
    model = LoggedModelRow
    statement = (
        select(col(model.model_id), col(model.name), col(model.status), col(model.artifact_location))
        .where(or_(col(model.model_id).in_(outputs), col(model.source_run_id) == candidate_id))
        .where(or_(col(model.lifecycle_stage).is_(None), col(model.lifecycle_stage) != "deleted"))
        .order_by(col(model.creation_timestamp_ms), col(model.model_id))
    )
    return [
        LoggedModel(model_id, name or "", _STATUS.get(status or 0, ""), location or "")
        for model_id, name, status, location in reader.rows(statement)
    ]
