"""What a tracking server tells: frozen values, named as MLflow names them.

Times are milliseconds since 1970 (UTC). Text that is missing is empty; a time that is missing is None.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment.

    Attributes:
        lifecycle_stage: ``active`` or ``deleted``.
        artifact_location: the URI below which its runs keep their artifacts.
        creation_time: milliseconds; None on servers before 1.29.
        last_update_time: milliseconds of its last change (not of its runs').
        workspace: None on servers without workspaces.
    """

    experiment_id: str
    name: str
    lifecycle_stage: str = "active"
    artifact_location: str = ""
    creation_time: int | None = None
    last_update_time: int | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    workspace: str | None = None


class Metric(NamedTuple):
    """A metric's value at one step.

    NaN and the infinities are themselves: MLflow's SQL store keeps ±inf as ±1.7976931348623157e308, and so they come.
    ``timestamp`` is in milliseconds; a step may be negative.
    """

    key: str
    value: float
    timestamp: int
    step: int


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset that a run used.

    Attributes:
        context: what for, such as ``training``; empty where nobody said.
        schema, profile: JSON as it was logged, or empty.
    """

    name: str
    digest: str
    context: str = ""
    source_type: str = ""
    source: str = ""
    schema: str = ""
    profile: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A run with all its values.

    Attributes:
        status: ``RUNNING``, ``SCHEDULED``, ``FINISHED``, ``FAILED``, ``KILLED``; empty where unknown.
        start_time, end_time: milliseconds.
        lifecycle_stage: ``active`` or ``deleted``.
        metrics: the latest value of each.
        params, tags: the keys are interned.
        model_ids: the logged models that came of it (MLflow 3).
    """

    run_id: str
    run_name: str
    experiment_id: str
    status: str = ""
    start_time: int | None = None
    end_time: int | None = None
    user_id: str = ""
    artifact_uri: str = ""
    lifecycle_stage: str = "active"
    metrics: tuple[Metric, ...] = ()
    params: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    datasets: tuple[Dataset, ...] = ()
    model_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileInfo:
    """A file or a folder among a run's artifacts.

    Attributes:
        path: from the run's root, ``/`` between its parts. A server's word: check it before it becomes a local path.
        file_size: bytes; None of folders, where the server does not know, and of empty files: MLflow leaves out a 0.
    """

    path: str
    is_dir: bool
    file_size: int | None = None


@dataclass(frozen=True, slots=True)
class Artifacts:
    """A folder of a run's artifacts.

    Attributes:
        root_uri: where all of the run's artifacts lie, such as ``mlflow-artifacts:/1/…/artifacts`` or ``s3://…``.
        files: what lies directly in the folder; none where there is no such folder, or it is a file.
        cut: the server has more of them than are read.
    """

    root_uri: str
    files: tuple[FileInfo, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class LoggedModel:
    """A logged model (MLflow 3), which keeps files of its own.

    Attributes:
        status: ``PENDING``, ``READY``, ``UPLOAD_FAILED``; empty where unknown.
        artifact_uri: the root of its files.
    """

    model_id: str
    name: str = ""
    status: str = ""
    artifact_uri: str = ""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace (MLflow 3.10 and later, where it is enabled)."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """A name that points to one version of a registered model."""

    alias: str
    version: str


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A version of a registered model.

    Attributes:
        version: a number, as text.
        creation_timestamp, last_updated_timestamp: milliseconds.
        current_stage: ``None``, ``Staging``, ``Production`` or ``Archived`` (MLflow's words).
        source: the URI of its artifacts.
        status: ``READY``, ``PENDING_REGISTRATION`` or ``FAILED_REGISTRATION``.
        aliases: the names that point to it.
    """

    name: str
    version: str
    creation_timestamp: int | None = None
    last_updated_timestamp: int | None = None
    user_id: str = ""
    current_stage: str = ""
    description: str = ""
    source: str = ""
    run_id: str = ""
    run_link: str = ""
    status: str = ""
    status_message: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisteredModel:
    """A registered model.

    Attributes:
        creation_timestamp, last_updated_timestamp: milliseconds.
        latest_versions: the newest version of each stage; not all versions.
    """

    name: str
    creation_timestamp: int | None = None
    last_updated_timestamp: int | None = None
    user_id: str = ""
    description: str = ""
    latest_versions: tuple[ModelVersion, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[Alias, ...] = ()


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What a server is and can do.

    Attributes:
        version: MLflow's, such as ``3.17.2``; None where the server does not say.
        store_type: ``SqlStore`` or ``FileStore``; None on servers before 3.10 or so.
        workspaces: they are enabled.
        bulk_interval: `Metrics.interval` can be asked.
    """

    version: str | None = None
    store_type: str | None = None
    workspaces: bool = False
    bulk_interval: bool = False
