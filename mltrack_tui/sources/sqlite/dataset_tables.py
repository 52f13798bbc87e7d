"""The tables of datasets (mlflow 2.4 and later)."""

from sqlmodel import Field

from mltrack_tui.sources.sqlite.tables import StoreTable


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
