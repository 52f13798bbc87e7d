"""The whole of what a stub holds, and how tests put it there."""

import secrets
import time
import uuid
from collections.abc import Mapping
from threading import RLock
from typing import Literal
from urllib.parse import quote

from tests.gitlab.things import (
    OWNER,
    Access,
    Candidate,
    CiJob,
    Experiment,
    MetricRow,
    Model,
    ModelVersion,
    Package,
    PackageFile,
    Project,
    Token,
    User,
)


class World:
    """Users, tokens and projects.

    A running server reads it under ``lock``. So should whoever changes it meanwhile; who holds it and asks waits for
    ever.
    """

    def __init__(self) -> None:
        self.lock = RLock()
        self.users: dict[int, User] = {}
        self.tokens: dict[str, Token] = {}
        self.projects: dict[int, Project] = {}
        self.files: dict[int, PackageFile] = {}
        self.jobs: dict[str, CiJob] = {}
        # Each kind has its own numbers, so that one taken for another is not found by accident.
        self._last = {"user": 100, "token": 300, "project": 40, "experiment": 1000, "candidate": 50_000}
        self._last |= {"row": 700_000, "model": 2000, "version": 3000, "package": 6000, "file": 9000}
        self._last |= {"job": 81_000, "pipeline": 82_000, "request": 83_000}

    def number(self, kind: str) -> int:
        """The next id of a kind."""
        self._last[kind] += 1
        return self._last[kind]

    def skip_numbers(self, kind: str, number: int) -> None:
        """Leave so many ids of a kind out: they were given without asking."""
        self._last[kind] += number

    def user(self, username: str, name: str | None = None) -> User:
        user = User(self.number("user"), username, name or username.title())
        self.users[user.id] = user
        return user

    def user_named(self, username: str) -> User:
        """The user of a name. Raises `StopIteration` if there is none."""
        return next(one for one in self.users.values() if one.username == username)

    def token(self, user: User, *scopes: str) -> str:
        """A new personal access token of a user, with the scope ``api`` if none is named."""
        value = f"glpat-{secrets.token_hex(10)}"
        self.tokens[value] = Token(self.number("token"), value, user, frozenset(scopes or ("api",)))
        return value

    def project(
        self,
        path: str,
        *,
        name: str | None = None,
        owner: User | None = None,
        visibility: Literal["private", "internal", "public"] = "private",
        model_experiments: Access = "enabled",
        model_registry: Access = "enabled",
        archived: bool = False,
        description: str = "",
        last_activity_at: int | None = None,
    ) -> Project:
        """A new project at ``group/name``; times count up from a day in 2023 unless they are told."""
        number = self.number("project")
        at = 1_690_000_000_000 + number * 1000
        project = Project(
            number,
            path,
            name or path.rpartition("/")[2],
            created_at=at,
            last_activity_at=at if last_activity_at is None else last_activity_at,
            visibility=visibility,
            model_experiments=model_experiments,
            model_registry=model_registry,
            archived=archived,
            description=description,
        )
        self.projects[number] = project
        if owner:
            self.add_member(owner, project, OWNER)
        return project

    def add_member(self, user: User, project: Project, level: int, *, of_group: bool = False) -> None:
        """Let a user in at an access level: 10 is a guest, 50 an owner."""
        (project.group_members if of_group else project.members)[user.id] = level

    def find_project(self, path: str) -> Project:
        """The project at a path. Raises `StopIteration` if there is none."""
        return next(one for one in self.projects.values() if one.path_with_namespace == path)

    def experiment(
        self,
        project: Project,
        name: str,
        user: User | None = None,
        tags: Mapping[str, str] | None = None,
        *,
        at: int | None = None,
    ) -> Experiment:
        """A new experiment, made ``at`` a time or just now."""
        at = now() if at is None else at
        iid = project.next_iid("experiment")
        made = Experiment(self.number("experiment"), iid, name, user, at, at, dict(tags or {}))
        project.experiments[iid] = made
        return made

    def candidate(
        self,
        project: Project,
        experiment: Experiment,
        name: str | None = None,
        user: User | None = None,
        *,
        at: int | None = None,
        start_time: int | None = None,
        end_time: int | None = None,
        status: str = "RUNNING",
        params: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
        ci_job: CiJob | None = None,
        eid: str | None = None,
    ) -> Candidate:
        """A new candidate, made ``at`` a time or just now."""
        made = Candidate(
            self.number("candidate"),
            project.next_iid("candidate"),
            eid
            or str(uuid.uuid4()),  # mlflow's client remembers where a run's artifacts are, of all servers of a process
            experiment,
            user,
            name,
            created_at=now() if at is None else at,
            start_time=start_time,
            end_time=end_time,
            status=status,
            params=dict(params or {}),
            tags=dict(tags or {}),
            ci_job=ci_job,
        )
        project.candidates[made.eid] = made
        experiment.candidates.append(made)
        return made

    def metric(
        self, candidate: Candidate, key: str, value: float, *, step: int | None = 0, timestamp: int | None = None
    ) -> MetricRow:
        """Log a value."""
        row = MetricRow(self.number("row"), key, value, timestamp, step)
        candidate.metrics.append(row)
        return row

    def ci_job(self, name: str, user: User, *, merge_request: str | None = None) -> CiJob:
        """A job in a pipeline of its own; for a merge request of a title, if one is told."""
        job = CiJob(self.number("job"), name, self.number("pipeline"), user)
        if merge_request is not None:
            job.merge_request_id = self.number("request")
            job.merge_request_iid = job.merge_request_id % 1000
            job.merge_request_title = merge_request
        self.jobs[str(job.id)] = job
        return job

    def package(
        self, project: Project, name: str, version: str, kind: Literal["ml_model", "generic"] = "ml_model"
    ) -> Package:
        package = Package(self.number("package"), name, version, kind, now())
        project.packages[package.id] = package
        return package

    def artifact(self, project: Project, owner: Candidate | ModelVersion, path: str, content: bytes) -> PackageFile:
        """Keep a file of a candidate or a model version, in the package that it has or gets."""
        package = owner.package
        if package is None:
            name, version = package_of(owner)
            package = owner.package = self.package(project, name, version)
        return self.package_file(package, path, content)

    def package_file(self, package: Package, path: str, content: bytes) -> PackageFile:
        """Keep a file at a path with plain slashes."""
        stored = PackageFile(self.number("file"), quote(path, safe=""), content, now())
        package.files[stored.name] = stored
        self.files[stored.id] = stored
        return stored

    def model(self, project: Project, name: str, user: User | None = None, *, description: str = "") -> Model:
        """A new model, with the experiment ``[model]name`` that GitLab makes for it."""
        experiment = self.experiment(project, f"[model]{name}", user)
        made = Model(self.number("model"), name, user, now(), now(), experiment, description)
        experiment.model = made
        project.models[name] = made
        return made

    def model_version(
        self,
        project: Project,
        model: Model,
        version: str,
        user: User | None = None,
        *,
        candidate: Candidate | None = None,
        description: str = "",
    ) -> ModelVersion:
        """A new version, of a candidate of the model or of one made for it."""
        candidate = candidate or self.candidate(project, model.experiment, version, user)
        made = ModelVersion(self.number("version"), version, model, user, now(), now(), candidate, description)
        candidate.model_version = made
        model.versions.append(made)
        return made


def package_of(owner: Candidate | ModelVersion) -> tuple[str, str]:
    """The name and version of the package that holds the files of a candidate or a model version."""
    if isinstance(owner, ModelVersion):
        return owner.model.name, owner.version
    model = owner.experiment.model
    return (model.name if model else f"ml_experiment_{owner.experiment.iid}"), f"candidate_{owner.iid}"


def now() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000
