"""A GitLab's JSON, made values. What is of another shape raises `Malformed`."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from server_client.decode import (
    Json,
    Malformed,
    flag,
    integer,
    member,
    members,
    metric,
    model_version,
    registered_model,
    required,
    run,
    text,
)
from server_client.gitlab.values import Project, Token, User
from server_client.values import Metric, ModelVersion, RegisteredModel, Run

_SECONDS = range(10**8, 10**11)  # from 1973 to 5138; the same numbers as milliseconds end in March 1973
_USER_TAG = "mlflow.user"
_SEMANTIC = re.compile(r"\d+\.\d+\.\d+(?:[-+][\w.+-]+)?")


def milliseconds(time: int | None) -> int | None:
    """A time that may be in seconds, as GitLab's registry tells them and as anybody may log them."""
    return time * 1000 if time is not None and time in _SECONDS else time


def time_of(item: Json, name: str) -> int | None:
    """Milliseconds of a time as ISO 8601 writes it."""
    written = text(item, name)
    try:
        return round(datetime.fromisoformat(written).timestamp() * 1000) if written else None
    except ValueError:
        raise Malformed(f"{name} is no time") from None


def project(item: Json) -> Project:
    """A project, as GET projects tells it."""
    permissions = member(item, "permissions")
    levels = [integer(member(permissions, name), "access_level") for name in ("project_access", "group_access")]
    return Project(
        project_id=number(item, "id"),
        path=required(item, "path_with_namespace"),
        name=text(item, "name"),
        description=text(item, "description"),
        web_url=text(item, "web_url"),
        last_activity=time_of(item, "last_activity_at"),
        archived=flag(item, "archived"),
        visibility=text(item, "visibility"),
        access_level=max((level for level in levels if level is not None), default=None),
        experiments_enabled=_enabled(item, "model_experiments_access_level"),
        models_enabled=_enabled(item, "model_registry_access_level"),
    )


def _enabled(item: Json, name: str) -> bool | None:
    level = text(item, name)
    return level != "disabled" if level else None


def user(item: Json) -> User:
    """Who we are."""
    return User(number(item, "id"), required(item, "username"), text(item, "name"))


def token(item: Json) -> Token:
    """A token."""
    scopes = item.get("scopes") or []
    if not isinstance(scopes, list) or not all(isinstance(scope, str) for scope in scopes):
        raise Malformed("scopes is no list of text")
    return Token(text(item, "name"), tuple(scopes), text(item, "expires_at") or None, flag(item, "active"))


def number(item: Json, name: str) -> int:
    """A whole number that must be there."""
    value = integer(item, name)
    if value is None:
        raise Malformed(f"there is no {name}")
    return value


def point(item: Json) -> Metric:
    """A metric's value."""
    found = metric(item)
    return found._replace(timestamp=found.timestamp * 1000) if found.timestamp in _SECONDS else found


def latest(points: Iterable[Metric]) -> tuple[Metric, ...]:
    """The one of each metric that MLflow calls its latest: by step, timestamp and value."""
    found: dict[str, Metric] = {}
    for each in points:
        held = found.get(each.key)
        if held is None or (each.step, each.timestamp, each.value) > (held.step, held.timestamp, held.value):
            found[each.key] = each
    return tuple(found.values())


def run_and_rows(item: Json) -> tuple[Run, tuple[Metric, ...]]:
    """A run, and all the metric values that it comes with: before GitLab 17.10 every one that was ever logged.

    A start of 0 is none, and the user is whom the MLflow client logged: GitLab tells a number.
    """
    data = member(item, "data")
    rows = tuple(point(each) for each in members(data, "metrics"))
    found = run({**item, "data": {**data, "metrics": None}})
    found = replace(
        found,
        start_time=milliseconds(found.start_time or None),
        end_time=milliseconds(found.end_time),
        user_id=found.tags.get(_USER_TAG, ""),
        metrics=latest(rows),
    )
    return found, rows


def model(item: Json) -> RegisteredModel:
    """A model with all its versions, the highest first. GitLab may list null where there is none."""
    told = item.get("latest_versions")
    some = [each for each in told if each is not None] if isinstance(told, list) else told
    found = registered_model({**item, "latest_versions": some})
    versions = sorted((_semantic(each) for each in found.latest_versions), key=_precedence, reverse=True)
    return replace(
        found,
        creation_timestamp=milliseconds(found.creation_timestamp),
        last_updated_timestamp=milliseconds(found.last_updated_timestamp),
        user_id="",
        latest_versions=tuple(versions),
    )


def version(item: Json) -> ModelVersion:
    """A model's version. Its stage is no fact: GitLab has none."""
    return _semantic(model_version(item))


def version_id(item: Json) -> str:
    """The number by which GitLab keeps a version's files: its ``version``, or where that is semantic, of its page."""
    version, page = text(item, "version"), text(item, "source")
    return version if version.isdigit() else page.rstrip("/").rpartition("/")[2]


def _semantic(found: ModelVersion) -> ModelVersion:
    named = next((alias for alias in found.aliases if _SEMANTIC.fullmatch(alias)), found.version)
    return replace(
        found,
        version=named,
        creation_timestamp=milliseconds(found.creation_timestamp),
        last_updated_timestamp=milliseconds(found.last_updated_timestamp),
        user_id="",
        current_stage="",
        aliases=tuple(alias for alias in found.aliases if alias != named),
    )


def _precedence(version: ModelVersion) -> tuple[tuple[int, ...], bool, str]:
    """Where a version stands among others, near enough to Semantic Versioning: a release after what led to it."""
    release, _, before = version.version.partition("-")
    return tuple(int(part) for part in re.findall(r"\d+", release)[:3]), not before, before
