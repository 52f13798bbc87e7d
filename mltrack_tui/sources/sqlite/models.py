"""Registered models and their versions, as mlflow keeps them (`SqlRegisteredModel` and others in its `dbmodels`)."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Select, select
from sqlmodel import col

from mltrack_tui.domain.entities import CandidateId, Model, ModelVersion, is_prompt, newest_first
from mltrack_tui.sources.sqlite.model_tables import AliasRow, ModelRow, ModelTag, VersionRow
from mltrack_tui.sources.sqlite.reader import Reader
from mltrack_tui.sources.sqlite.tables import rowid_of
from mltrack_tui.sources.sqlite.values import DEFAULT_PROJECT

_NO_STAGE = "None"
_DELETED = "Deleted_Internal"
"""What mlflow writes over the stage of a version that was deleted: its row stays (`delete_model_version`)."""
_VERSIONS_AT_ONCE = 20_000

_Statement: TypeAlias = Select[*tuple[Any, ...]]
_Aliases: TypeAlias = Mapping[tuple[str, int], Sequence[str]]
"""The names that point to each version, by its model and number."""


def read_models(reader: Reader, project: str) -> list[Model]:
    """A project's models with all of their versions, by name."""
    tags, aliases = _tags(reader, project), _aliases(reader, project)
    statement = select(
        col(ModelRow.name),
        reader.schema.optional(ModelRow.workspace),
        col(ModelRow.creation_time),
        col(ModelRow.last_updated_time),
        col(ModelRow.description),
    ).order_by(col(ModelRow.name))
    versions: dict[str, list[ModelVersion]] = {}
    for low, high in reader.ranges(VersionRow, _VERSIONS_AT_ONCE):
        some = _statement(reader).where(rowid_of(VersionRow).between(low, high))
        for version in _versions(reader, project, some, aliases):
            versions.setdefault(version.model, []).append(version)
    return [
        Model(
            name=name,
            project=project,
            creation_time=created,
            last_update_time=updated,
            description=description or "",
            tags=tags.get(name, {}),
            versions=newest_first(versions.get(name, ())),
        )
        for name, workspace, created, updated, description in reader.rows(statement)
        if (workspace or DEFAULT_PROJECT) == project and not is_prompt(tags.get(name, {}))
    ]


def versions_of(reader: Reader, candidate: CandidateId) -> tuple[ModelVersion, ...]:
    """The model versions that were made of a candidate, by model, the newest first."""
    statement = _statement(reader).where(col(VersionRow.run_id) == candidate.candidate_id)
    found = _versions(reader, candidate.project, statement, _aliases(reader, candidate.project))
    if not found:
        return ()
    tags = _tags(reader, candidate.project)
    kept = (version for version in newest_first(found) if not is_prompt(tags.get(version.model, {})))
    return tuple(sorted(kept, key=lambda version: version.model))


def _statement(reader: Reader) -> _Statement:
    return select(
        reader.schema.optional(VersionRow.workspace),
        col(VersionRow.name),
        col(VersionRow.version),
        col(VersionRow.run_id),
        col(VersionRow.creation_time),
        col(VersionRow.description),
        col(VersionRow.current_stage),
        col(VersionRow.status),
        col(VersionRow.user_id),
    )


def _versions(reader: Reader, project: str, statement: _Statement, aliases: _Aliases) -> list[ModelVersion]:
    return [
        ModelVersion(
            model=name,
            version=str(number),
            candidate_id=run or None,
            creation_time=created,
            description=description or "",
            stage=None if stage == _NO_STAGE else stage or None,
            status=status or None,
            user=user or None,
            aliases=tuple(aliases.get((name, number), ())),
        )
        for workspace, name, number, run, created, description, stage, status, user in reader.rows(statement)
        if (workspace or DEFAULT_PROJECT) == project and stage != _DELETED
    ]


def _aliases(reader: Reader, project: str) -> _Aliases:
    found: dict[tuple[str, int], list[str]] = {}
    if not reader.schema.has_aliases:
        return found
    workspace = reader.schema.optional(AliasRow.workspace)
    statement = select(workspace, col(AliasRow.name), col(AliasRow.version), col(AliasRow.alias))
    for place, name, version, alias in reader.rows(statement.order_by(col(AliasRow.alias))):
        if (place or DEFAULT_PROJECT) == project:
            found.setdefault((name, version), []).append(alias)
    return found


def _tags(reader: Reader, project: str) -> dict[str, dict[str, str]]:
    """The tags of each model."""
    found: dict[str, dict[str, str]] = {}
    workspace = reader.schema.optional(ModelTag.workspace)
    statement = select(workspace, col(ModelTag.name), col(ModelTag.key), col(ModelTag.value))
    for place, name, key, value in reader.rows(statement):
        if (place or DEFAULT_PROJECT) == project:
            found.setdefault(name, {})[key] = value or ""
    return found
