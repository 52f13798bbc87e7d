"""The tables of registered models; aliases since mlflow 2.3, workspaces since 3.10."""

from sqlmodel import Field

from mltrack_tui.sources.sqlite.tables import StoreTable


class ModelRow(StoreTable, table=True):
    """A registered model, or a prompt."""

    __tablename__ = "registered_models"

    name: str = Field(primary_key=True)
    workspace: str | None
    creation_time: int | None
    last_updated_time: int | None
    description: str | None


class ModelTag(StoreTable, table=True):
    """A tag of a registered model."""

    __tablename__ = "registered_model_tags"

    key: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    workspace: str | None
    value: str | None


class VersionRow(StoreTable, table=True):
    """A version of a registered model. The table has no index but the primary key's."""

    __tablename__ = "model_versions"

    name: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    workspace: str | None
    creation_time: int | None
    description: str | None
    user_id: str | None
    current_stage: str | None
    run_id: str | None
    status: str | None


class AliasRow(StoreTable, table=True):
    """A name that points to a version."""

    __tablename__ = "registered_model_aliases"

    alias: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    workspace: str | None
    version: int
