"""What a GitLab holds.

Times are milliseconds since 1970, sizes are bytes; an ``id`` is the database's, an ``iid`` counts within a project.
"""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

GUEST, PLANNER, REPORTER, DEVELOPER, MAINTAINER, OWNER = 10, 15, 20, 30, 40, 50
Access = Literal["enabled", "private", "disabled"]


@dataclass(eq=False)
class User:
    id: int
    username: str
    name: str


@dataclass(eq=False)
class Token:
    id: int
    value: str = field(repr=False)
    user: User
    scopes: frozenset[str]
    revoked: bool = False
    expired: bool = False
    expires_at: str | None = "2030-01-01"


@dataclass(eq=False)
class CiJob:
    """A CI job with its pipeline, who started that, and the merge request it was for."""

    id: int
    name: str
    pipeline_id: int
    user: User
    merge_request_id: int | None = None
    merge_request_iid: int | None = None
    merge_request_title: str = ""


class MetricRow(NamedTuple):
    """A value as it was logged; ids grow with the order of logging."""

    id: int
    key: str
    value: float
    timestamp: int | None
    step: int | None


@dataclass(eq=False)
class PackageFile:
    id: int
    name: str
    """As stored: of ``folder/file`` it is ``folder%2Ffile``."""
    content: bytes = field(repr=False)
    created_at: int


@dataclass(eq=False)
class Package:
    id: int
    name: str
    version: str
    type: Literal["ml_model", "generic"]
    created_at: int
    files: dict[str, PackageFile] = field(default_factory=dict)


@dataclass(eq=False)
class Candidate:
    """A run."""

    id: int
    iid: int
    eid: str
    experiment: "Experiment" = field(repr=False)
    user: User | None
    name: str | None
    created_at: int
    start_time: int | None = None
    end_time: int | None = None
    status: str = "RUNNING"
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    metrics: list[MetricRow] = field(default_factory=list, repr=False)
    """In the order logged."""
    ci_job: CiJob | None = None
    package: Package | None = None
    model_version: "ModelVersion | None" = field(default=None, repr=False)
    told: dict[Any, Any] = field(default_factory=dict, repr=False)
    """What it was last told as, and what it then was made of: the server's own."""

    def latest(self) -> dict[str, MetricRow]:
        """The row of each metric that was logged last."""
        return {row.key: row for row in self.metrics}


@dataclass(eq=False)
class Experiment:
    id: int
    iid: int
    name: str
    user: User | None
    created_at: int
    updated_at: int
    tags: dict[str, str] = field(default_factory=dict)
    candidates: list[Candidate] = field(default_factory=list, repr=False)
    model: "Model | None" = field(default=None, repr=False)


@dataclass(eq=False)
class ModelVersion:
    id: int
    version: str
    """The semantic version: ``1.0.0``."""
    model: "Model" = field(repr=False)
    user: User | None
    created_at: int
    updated_at: int
    candidate: Candidate
    description: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    package: Package | None = None

    @property
    def order(self) -> tuple[int, ...]:
        """By which the latest version is found."""
        return tuple(int(part) for part in self.version.split("-")[0].split("."))


@dataclass(eq=False)
class Model:
    id: int
    name: str
    user: User | None
    created_at: int
    updated_at: int
    experiment: Experiment
    description: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    versions: list[ModelVersion] = field(default_factory=list, repr=False)

    @property
    def latest(self) -> ModelVersion | None:
        """The highest version."""
        return max(self.versions, key=lambda version: version.order, default=None)


@dataclass(eq=False)
class Project:
    id: int
    path_with_namespace: str
    name: str
    created_at: int
    last_activity_at: int
    visibility: Literal["private", "internal", "public"] = "private"
    model_experiments: Access = "enabled"
    model_registry: Access = "enabled"
    archived: bool = False
    description: str = ""
    default_branch: str = "main"
    members: dict[int, int] = field(default_factory=dict, repr=False)
    """The access level of users of the project, by their id."""
    group_members: dict[int, int] = field(default_factory=dict, repr=False)
    """The same of those who are members of its group."""
    experiments: dict[int, Experiment] = field(default_factory=dict, repr=False)
    candidates: dict[str, Candidate] = field(default_factory=dict, repr=False)
    models: dict[str, Model] = field(default_factory=dict, repr=False)
    packages: dict[int, Package] = field(default_factory=dict, repr=False)
    last_iid: dict[str, int] = field(default_factory=dict, repr=False)

    def next_iid(self, kind: str) -> int:
        """The next of the numbers of a project's experiments or candidates; none is given twice."""
        self.last_iid[kind] = self.last_iid.get(kind, 0) + 1
        return self.last_iid[kind]

    @property
    def path(self) -> str:
        return self.path_with_namespace.rpartition("/")[2]

    @property
    def namespace(self) -> str:
        return self.path_with_namespace.rpartition("/")[0]

    def level(self, user: User | None) -> int:
        """A user's access level; 0 of whoever is no member."""
        return max(self.members.get(user.id, 0), self.group_members.get(user.id, 0)) if user else 0

    def seen_by(self, user: User | None) -> bool:
        """Whether a user may know of it."""
        return self.visibility == "public" or bool(
            user and (self.visibility == "internal" or self.level(user) >= GUEST)
        )

    def experiment_named(self, name: str) -> Experiment | None:
        return next((one for one in self.experiments.values() if one.name == name), None)

    def candidate_of(self, iid: int) -> Candidate | None:
        return next((one for one in self.candidates.values() if one.iid == iid), None)

    def version_of(self, version_id: int) -> ModelVersion | None:
        return next((one for model in self.models.values() for one in model.versions if one.id == version_id), None)
