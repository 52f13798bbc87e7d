"""What a GitLab tells beyond MLflow's values. Times are milliseconds since 1970 (UTC); missing text is empty."""

from dataclasses import dataclass
from typing import NamedTuple


class Project(NamedTuple):
    """A project.

    Attributes:
        path: with its groups: ``group/name``.
        last_activity: milliseconds.
        visibility: ``private``, ``internal`` or ``public``.
        access_level: ours: 10 Guest, 15 Planner, 20 Reporter, 30 Developer, 40 Maintainer, 50 Owner; the higher of
            what the project and its group grant. None where we are no member, or GitLab does not say.
        experiments_enabled, models_enabled: model experiments and the model registry are not switched off; None where
            GitLab does not say.
    """

    project_id: int
    path: str
    name: str
    description: str = ""
    web_url: str = ""
    last_activity: int | None = None
    archived: bool = False
    visibility: str = ""
    access_level: int | None = None
    experiments_enabled: bool | None = None
    models_enabled: bool | None = None


class ProjectPage(NamedTuple):
    """A page of projects; the number of the next, or None at the end; how many there are, where GitLab says it."""

    projects: tuple[Project, ...]
    next: int | None
    total: int | None


class Counts(NamedTuple):
    """How many experiments and models a project has; None where we may not see them. GitLab counts to 1000 or so."""

    experiments: int | None
    models: int | None


@dataclass(frozen=True, slots=True)
class User:
    """Who a GitLab takes us for: somebody, or the bot of a project's or group's token."""

    user_id: int
    username: str
    name: str


@dataclass(frozen=True, slots=True)
class Token:
    """A personal, project or group access token, without itself.

    Attributes:
        scopes: such as ``api`` or ``read_api``.
        expires_at: a day, such as ``2027-01-31``; None where it does not expire.
    """

    name: str
    scopes: tuple[str, ...]
    expires_at: str | None
    active: bool


class ExperimentNode(NamedTuple):
    """What GraphQL tells of an experiment beyond MLflow's values.

    Attributes:
        experiment_id: MLflow's: a number of the project.
        gid: GraphQL's, such as ``gid://gitlab/Ml::Experiment/17``.
        creation_time, last_update_time: milliseconds.
        candidates: how many.
        creator: a user name.
        model_id: of the model that it belongs to.
    """

    experiment_id: str
    gid: str
    name: str
    creation_time: int | None
    last_update_time: int | None
    candidates: int | None
    creator: str | None
    model_id: str | None


class CiJob(NamedTuple):
    """The CI job that logged a candidate. URLs are absolute.

    Attributes:
        pipeline: its number, such as ``4711``.
        merge_request: such as ``!12``; None where the pipeline was for none.
        user: the user name of who started the pipeline.
    """

    name: str
    url: str
    pipeline: str
    pipeline_url: str | None
    merge_request: str | None
    merge_request_title: str | None
    merge_request_url: str | None
    user: str | None


class CandidateNode(NamedTuple):
    """What GraphQL tells of a candidate beyond MLflow's values.

    Attributes:
        run_id: MLflow's.
        iid: its number in the project.
        gid: GraphQL's.
        cursor: its own place in the experiment's list.
        before: the place before it, after which one asks to have it first; empty for the first.
        creation_time: milliseconds.
        creator: a user name.
        page: the URL of its page in a browser.
        ci: None where no job is linked, or we may not see it.
    """

    run_id: str
    iid: int
    gid: str
    cursor: str
    before: str
    creation_time: int | None
    creator: str | None
    page: str
    ci: CiJob | None
