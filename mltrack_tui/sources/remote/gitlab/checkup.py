"""Examining a GitLab: which it is, what the token may, what the user may in the project, what can be read there."""

from typing import TYPE_CHECKING

from mltrack_tui.sources.checks import Check, fine, skipped
from mltrack_tui.sources.remote.gitlab.projects import role
from mltrack_tui.sources.remote.steps import failure, in_time
from server_client import Experiment, TrackingError
from server_client.gitlab.client import GitLabClient, ProjectClient
from server_client.gitlab.values import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

_WRITING_ROLE = 30
_ONE_BY_ONE = "Candidates are read one by one, as GitLab lets only"


class GitLabExamination:
    """The steps inside a GitLab, of one project where the address names one."""

    def __init__(self, gitlab: GitLabClient, project: str | None, host: str) -> None:
        self._gitlab, self._project, self._host = gitlab, project, host
        self._client: ProjectClient | None = gitlab.in_project(project) if project is not None else None
        self._experiments: Sequence[Experiment] = ()

    async def mlflow(self) -> Check:
        """Which GitLab it is. It tells nobody whom it does not know."""
        try:
            version = await in_time(self._gitlab.version())
        except TrackingError:
            return fine("MLflow", "a GitLab, which answers as MLflow does")
        return fine("MLflow", f"GitLab {version or 'of some version'}, which answers as MLflow does")

    async def login(self) -> Check:
        """We are let in, as whom, and what the token may."""
        try:
            user = await in_time(self._gitlab.token.user())
            token = await in_time(self._gitlab.token.itself())
        except TrackingError as error:
            return failure("login", error, self._host)
        scopes = f", token {token.name} with scope {', '.join(token.scopes)}" if token is not None else ""
        advice = f"{_ONE_BY_ONE} a token with the scope api search: make one." if _reads_only(token) else ""
        return fine("login", f"as {user.username}{scopes}", advice)

    async def experiments(self) -> Check:
        """The project can be read, and in which role; without one, projects can be listed."""
        try:
            if self._client is None:
                page = await in_time(self._gitlab.projects.page())
                number = page.total if page.total is not None else len(page.projects)
                further = "To look further, name a project by its tracking URI: …/api/v4/projects/ID/ml/mlflow."
                return fine("experiments", f"in {number:,} projects", further if number else "")
            project = await in_time(self._gitlab.projects.get(self._project or ""))
            pager = self._client.experiments.search()
            self._experiments = (await in_time(anext(pager))).items
        except TrackingError as error:
            return failure("experiments", error, self._host)
        except StopAsyncIteration:
            pass
        low = project.access_level is not None and project.access_level < _WRITING_ROLE
        advice = f"{_ONE_BY_ONE} the role Developer search." if low else ""
        said = f"{len(self._experiments)} in {project.path}"
        return fine("experiments", f"{said}, as {role(project.access_level) or 'nobody of it'}", advice)

    async def artifacts(self) -> Check:
        """The artifacts of a candidate can be listed."""
        if self._client is None or not self._experiments:
            return skipped("artifacts", "there is no candidate to look at")
        try:
            for experiment in self._experiments[:3]:
                batch = await in_time(anext(self._client.runs.search([experiment.experiment_id], page_size=1)))
                if batch.items:
                    run = batch.items[0]
                    found = await in_time(self._client.artifacts.list(run.run_id))
                    return fine("artifacts", f"{len(found.files)} of {run.run_name or run.run_id}")
        except TrackingError as error:
            return failure("artifacts", error, self._host)
        return skipped("artifacts", "there is no candidate in the first experiments")


def _reads_only(token: Token | None) -> bool:
    return token is not None and "api" not in token.scopes
