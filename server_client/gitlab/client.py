"""The client of a GitLab, and of one project of it."""

from contextlib import suppress
from types import TracebackType
from typing import Self

import httpx

from server_client.access import Access
from server_client.address import parsed
from server_client.channel import Channel
from server_client.decode import Json, text
from server_client.dialect import Dialect
from server_client.errors import ForbiddenError, NotFoundError
from server_client.gitlab.address import project_root
from server_client.gitlab.artifacts import GitLabArtifacts
from server_client.gitlab.channel import ProjectChannel
from server_client.gitlab.experiments import GitLabExperiments
from server_client.gitlab.kept import Known
from server_client.gitlab.metrics import GitLabMetrics
from server_client.gitlab.models import GitLabModels
from server_client.gitlab.packages import Packages
from server_client.gitlab.projects import ProjectsResource
from server_client.gitlab.runs import GitLabRuns, metric_order
from server_client.gitlab.server import GitLabServer
from server_client.gitlab.tokens import TokenResource
from server_client.transport import Timeouts, Transport

_GITLABS = Dialect(
    filters=False,
    several_experiments=False,
    keeps_deleted=False,
    metric_order=metric_order,
    keeps_models_and_datasets=False,
    search_tells_versions=True,
)


class GitLabClient:
    """Asks one GitLab.

        async with GitLabClient("https://gitlab.example", Access.from_environment()) as gitlab:
            page = await gitlab.projects.page()
            runs = gitlab.in_project(page.projects[0].path).runs

    As with `TrackingClient`, nothing is sent before the first question, and every question raises `TrackingError`.

    Attributes:
        uri: the GitLab's address without user and password, and without a slash at the end.
        projects, token: what can be asked.
    """

    def __init__(
        self,
        uri: str,
        access: Access | None = None,
        *,
        timeouts: Timeouts | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Connect to nothing yet. The arguments are `TrackingClient`'s; ``uri`` is the GitLab's, maybe with a path.

        Raises AccessError where it is no address.
        """
        self._ask_over(Transport(parsed(uri), access or Access(), timeouts or Timeouts(), transport))

    @classmethod
    def over(cls, transport: Transport) -> Self:
        """A client over connections that there are. Closing either closes both."""
        client = object.__new__(cls)
        client._ask_over(transport)
        return client

    def _ask_over(self, transport: Transport) -> None:
        self.uri, self._transport, self._known = transport.uri, transport, Known()
        self._channel = Channel(transport, None)
        self.projects = ProjectsResource(self._channel)
        self.token = TokenResource(self._channel)

    async def version(self) -> str | None:
        """GitLab's version, such as ``18.7.0-ee``; None where it does not say. Asked once and kept."""

        def decode(answer: Json) -> str | None:
            return text(answer, "version") or None

        async with self._known.finding_version:  # many that want to know, one question
            if not self._known.version_asked:
                with suppress(NotFoundError, ForbiddenError):
                    self._known.version = await self._channel.get("/api/v4/version", (), decode)
                self._known.version_asked = True
        return self._known.version

    def in_project(self, project: str) -> "ProjectClient":
        """A client of one project, by its path or its number, over the same connections; each keeps its own answers."""
        return ProjectClient(self, self._transport, self._known, project)

    async def aclose(self) -> None:
        """Close the connections. What is still being asked fails with ConnectionLostError."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"GitLabClient({self.uri!r})"


class ProjectClient:
    """Asks one project of a GitLab as an MLflow server is asked: a `server_client.dialect.Tracker`.

    Attributes:
        uri: the tracking URI, without user and password.
        path: of the project, or its number, as it was given.
        gitlab: the GitLab that it is in.
        dialect: GitLab's.
        experiments, runs, metrics, artifacts, models, server: what can be asked.
    """

    dialect = _GITLABS

    def __init__(self, gitlab: GitLabClient, transport: Transport, known: Known, project: str) -> None:
        self.gitlab, self.path = gitlab, project
        self._full_path = None if project.isdigit() else project
        instance = Channel(transport, None)
        channel = ProjectChannel(transport, f"{project_root(project)}/ml/mlflow", gitlab.token)
        self.uri = channel.uri
        self.experiments = GitLabExperiments(channel, instance, self.full_path)
        self.runs = GitLabRuns(channel, instance, self.experiments, known)
        self.metrics = GitLabMetrics(channel, instance, self.experiments, self.runs, known)
        packages = Packages(instance, project_root(project))
        self.artifacts = GitLabArtifacts(channel, instance, self.runs, packages)
        self.models = GitLabModels(channel)
        self.server = GitLabServer(channel, gitlab.version, gitlab.token)

    async def full_path(self) -> str:
        """The project's path with its groups, which GraphQL wants; of a project given by its number asked once."""
        if self._full_path is None:
            self._full_path = (await self.gitlab.projects.get(self.path)).path
        return self._full_path

    def forget(self) -> None:
        """Rely no longer on what was kept of candidates, their files and metrics: there may be others by now."""
        self.runs.forget()
        self.metrics.forget()
        self.artifacts.forget()

    def __repr__(self) -> str:
        return f"ProjectClient({self.uri!r})"
