"""Our own small database, in the user's state directory."""

from sqlalchemy import MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class StateTable(SQLModel, registry=registry()):
    """A table of what we remember."""


class ViewRow(StateTable, table=True):
    """A view of some experiments; the one without a name is how they were looked at last."""

    __tablename__ = "views"

    source: str = Field(primary_key=True)
    project: str = Field(primary_key=True)
    experiments: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    view: str


class FilterRow(StateTable, table=True):
    """A filter that was used; the latest has the greatest id."""

    __tablename__ = "filters"

    id: int | None = Field(default=None, primary_key=True)
    text: str = Field(unique=True)


class PlaceRow(StateTable, table=True):
    """Where somebody was in a source when the connection dropped."""

    __tablename__ = "places"

    source: str = Field(primary_key=True)
    project: str
    experiments: str
    candidate: str | None


class ProjectRow(StateTable, table=True):
    """What was known of a project of a server that may have thousands. Since version 2."""

    __tablename__ = "projects"

    source: str = Field(primary_key=True)
    project: str = Field(primary_key=True)
    experiments: int | None
    models: int | None
    last_activity: int | None
    counted_at: int | None
    opened_at: int | None


def metadata() -> MetaData:
    """These tables and no others."""
    return StateTable.metadata
