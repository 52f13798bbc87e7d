"""A server's JSON, made values.

MLflow omits what is empty (`MessageToJson` of protobuf), writes NaN as the string ``"NaN"`` and elsewhere as a bare
NaN, and what is compatible with it may write 64-bit integers as text and leave out a zero. All of these are read;
what is of another shape raises `Malformed`.
"""

from collections.abc import Callable, Iterator, Mapping
from math import inf, nan
from sys import intern
from typing import TypeVar

from server_client.paging import Listing
from server_client.values import (
    Alias,
    Dataset,
    Experiment,
    FileInfo,
    LoggedModel,
    Metric,
    ModelVersion,
    RegisteredModel,
    Run,
    Workspace,
)

T = TypeVar("T")

Json = Mapping[str, object]

_GREATEST = 1.7976931348623157e308  # MLflow's infinity (sanitize_metric_value in its SqlAlchemyStore)
_CONTEXT_TAG = "mlflow.data.context"
_NAME_TAG = "mlflow.runName"


class Malformed(ValueError):  # noqa: N818 - it says what the answer is
    """JSON, but not of the shape that was asked for. The text says where."""


def listing(name: str, decode: Callable[[Json], T]) -> Callable[[Json], Listing[T]]:
    """Decodes a page: the list of that name, which is left out where it is empty, and the next page's token."""

    def page(answer: Json) -> Listing[T]:
        return Listing(tuple(decode(item) for item in members(answer, name)), text(answer, "next_page_token") or None)

    return page


def within(name: str, decode: Callable[[Json], T]) -> Callable[[Json], T]:
    """Decodes the object of that name."""

    def inner(answer: Json) -> T:
        if name not in answer:
            raise Malformed(f"there is no {name}")
        return decode(member(answer, name))

    return inner


def identifier(name: str) -> Callable[[Json], str]:
    """Decodes an id, which must be there."""
    return lambda answer: required(answer, name)


def by_run(name: str) -> Callable[[Json], dict[str, tuple[Metric, ...]]]:
    """Decodes points that say their run."""

    def runs(answer: Json) -> dict[str, tuple[Metric, ...]]:
        points: dict[str, list[Metric]] = {}
        for item in members(answer, name):
            points.setdefault(required(item, "run_id"), []).append(metric(item))
        return {run_id: tuple(found) for run_id, found in points.items()}

    return runs


def experiment(item: Json) -> Experiment:
    """An experiment."""
    return Experiment(
        experiment_id=required(item, "experiment_id"),
        name=text(item, "name"),
        lifecycle_stage=text(item, "lifecycle_stage") or "active",
        artifact_location=text(item, "artifact_location"),
        creation_time=integer(item, "creation_time"),
        last_update_time=integer(item, "last_update_time"),
        tags=_pairs(item, "tags"),
        workspace=text(item, "workspace") or None,
    )


def run(item: Json) -> Run:
    """A run. Servers of MLflow 1 know its name from a tag only."""
    info, data = member(item, "info"), member(item, "data")
    tags = _pairs(data, "tags")
    return Run(
        run_id=text(info, "run_id") or required(info, "run_uuid"),
        run_name=text(info, "run_name") or tags.get(_NAME_TAG, ""),
        experiment_id=text(info, "experiment_id"),
        status=text(info, "status"),
        start_time=integer(info, "start_time"),
        end_time=integer(info, "end_time"),
        user_id=text(info, "user_id"),
        artifact_uri=text(info, "artifact_uri"),
        lifecycle_stage=text(info, "lifecycle_stage") or "active",
        metrics=tuple(metric(value) for value in members(data, "metrics")),
        params=_pairs(data, "params"),
        tags=tags,
        datasets=tuple(_dataset(value) for value in members(member(item, "inputs"), "dataset_inputs")),
        model_ids=tuple(required(value, "model_id") for value in members(member(item, "outputs"), "model_outputs")),
    )


def metric(item: Json) -> Metric:
    """A metric's value; what is left out is 0, as in protobuf's JSON.

    The common types are looked at here: most of a page is metrics, and calls would double its time.
    """
    get = item.get
    key, value, timestamp, step = get("key"), get("value", 0.0), get("timestamp"), get("step")
    if type(value) is not float:
        value = _number(value)
    if not -_GREATEST < value < _GREATEST and value == value:  # noqa: PLR0124 - not NaN
        value = inf if value > 0 else -inf
    if type(timestamp) is not int:
        timestamp = integer(item, "timestamp") or 0
    if type(step) is not int:
        step = integer(item, "step") or 0
    return Metric(intern(key if type(key) is str else text(item, "key")), value, timestamp, step)


def file_info(item: Json) -> FileInfo:
    """A file or a folder."""
    is_dir = flag(item, "is_dir")
    return FileInfo(required(item, "path"), is_dir, None if is_dir else size(item, "file_size"))


def logged_model(item: Json) -> LoggedModel:
    """A logged model."""
    info = member(item, "info")
    return LoggedModel(
        model_id=required(info, "model_id"),
        name=text(info, "name"),
        status=text(info, "status").removeprefix("LOGGED_MODEL_"),
        artifact_uri=text(info, "artifact_uri"),
    )


def workspace(item: Json) -> Workspace:
    """A workspace."""
    return Workspace(required(item, "name"), text(item, "description"))


def registered_model(item: Json) -> RegisteredModel:
    """A registered model."""
    return RegisteredModel(
        name=required(item, "name"),
        creation_timestamp=integer(item, "creation_timestamp"),
        last_updated_timestamp=integer(item, "last_updated_timestamp"),
        user_id=text(item, "user_id"),
        description=text(item, "description"),
        latest_versions=tuple(model_version(version) for version in members(item, "latest_versions")),
        tags=_pairs(item, "tags"),
        aliases=tuple(Alias(text(pair, "alias"), text(pair, "version")) for pair in members(item, "aliases")),
    )


def model_version(item: Json) -> ModelVersion:
    """A version of a registered model."""
    aliases = item.get("aliases") or []
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise Malformed("aliases is no list of text")
    return ModelVersion(
        name=required(item, "name"),
        version=required(item, "version"),
        creation_timestamp=integer(item, "creation_timestamp"),
        last_updated_timestamp=integer(item, "last_updated_timestamp"),
        user_id=text(item, "user_id"),
        current_stage=text(item, "current_stage"),
        description=text(item, "description"),
        source=text(item, "source"),
        run_id=text(item, "run_id"),
        run_link=text(item, "run_link"),
        status=text(item, "status"),
        status_message=text(item, "status_message"),
        tags=_pairs(item, "tags"),
        aliases=tuple(aliases),
    )


def text(item: Json, name: str) -> str:
    """Text, empty where it is missing; a number is written out, as ids may be."""
    value = item.get(name)
    if type(value) is str:
        return value
    if value is None:
        return ""
    if type(value) is int:
        return str(value)
    raise Malformed(f"{name} is no text")


def flag(item: Json, name: str) -> bool:
    """True or false; false where it is missing."""
    value = item.get(name)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise Malformed(f"{name} is neither true nor false")


def _dataset(item: Json) -> Dataset:
    dataset = member(item, "dataset")
    return Dataset(
        name=text(dataset, "name"),
        digest=text(dataset, "digest"),
        context=_pairs(item, "tags").get(_CONTEXT_TAG, ""),
        source_type=text(dataset, "source_type"),
        source=text(dataset, "source"),
        schema=text(dataset, "schema"),
        profile=text(dataset, "profile"),
    )


def required(item: Json, name: str) -> str:
    """Text that must be there."""
    value = text(item, name)
    if not value:
        raise Malformed(f"there is no {name}")
    return value


def integer(item: Json, name: str) -> int | None:
    """A whole number, None where it is missing; maybe written as text."""
    value = item.get(name)
    if type(value) is int or value is None:
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and len(value) <= 20:
        try:
            return int(value)
        except ValueError:
            pass
    raise Malformed(f"{name} is no whole number")


def size(item: Json, name: str) -> int | None:
    """Bytes; None where they are missing, or fewer than none."""
    told = integer(item, name)
    return told if told is None or told >= 0 else None


def _number(value: object) -> float:
    if value is None:  # what many JSON writers make of NaN
        return nan
    if isinstance(value, int | float) or (isinstance(value, str) and len(value) <= 400):
        try:
            return float(value)  # "NaN", "Infinity" and "-Infinity" too
        except OverflowError:
            return inf if int(value) > 0 else -inf
        except ValueError:
            pass
    raise Malformed("a metric's value is no number")


def _pairs(item: Json, name: str) -> dict[str, str]:
    found = {}
    for pair in members(item, name):
        key, value = pair.get("key"), pair.get("value")
        if type(key) is not str or type(value) is not str:  # the rest of a page is pairs: see metric
            key, value = text(pair, "key"), text(pair, "value")
        found[intern(key)] = value
    return found


def member(item: Json, name: str) -> Json:
    """An object in another; an empty one where it is missing."""
    value = item.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Malformed(f"{name} is no object")
    return value


def members(item: Json, name: str) -> Iterator[Json]:
    """The objects of a list; none where it is missing."""
    values = item.get(name)
    if values is None:
        return
    if not isinstance(values, list):
        raise Malformed(f"{name} is no list")
    for value in values:
        if not isinstance(value, dict):
            raise Malformed(f"{name} holds something that is no object")
        yield value
