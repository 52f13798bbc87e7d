"""The client: one tracking server, and what can be asked of it."""

from types import TracebackType
from typing import TYPE_CHECKING, Self

import httpx

from server_client.access import Access
from server_client.address import checked_workspace, parsed
from server_client.artifacts import ArtifactsResource
from server_client.channel import Channel
from server_client.decode import Json
from server_client.dialect import Dialect
from server_client.errors import RefusedError, ScopeTooSmallError, UnexpectedAnswerError
from server_client.experiments import ExperimentsResource
from server_client.metrics import MetricsResource
from server_client.models import ModelsResource
from server_client.question import Question
from server_client.runs import RunsResource
from server_client.server import ServerResource
from server_client.transport import Timeouts, Transport
from server_client.workspaces import WorkspacesResource

if TYPE_CHECKING:
    from server_client.gitlab.client import GitLabClient


class TrackingClient:
    """Asks one MLflow tracking server, or what is compatible with it.

        async with TrackingClient("https://mlflow.example/prefix", Access.from_environment()) as client:
            async for batch in client.runs.search(["1"], order_by=["metrics.accuracy DESC"]):
                ...

    Nothing is sent before the first question. A client belongs to the event loop that asks first. Every question
    raises `TrackingError`. Questions that only read are repeated where that may help (`server_client.retry`); what
    writes is sent once.

    Attributes:
        uri: the server's address without user and password, and without a slash at the end.
        dialect: MLflow's own.
        workspace: the workspace (MLflow 3.10 and later) that is asked in; None is the server's default.
        experiments, runs, metrics, artifacts, models, workspaces, server: what can be asked.
    """

    dialect = Dialect()

    def __init__(
        self,
        tracking_uri: str,
        access: Access | None = None,
        *,
        workspace: str | None = None,
        timeouts: Timeouts | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Connect to nothing yet.

        Args:
            tracking_uri: ``http://`` or ``https://``, maybe with ``user:password@`` and a path before the API's.
            access: credentials and certificates; none where it is left out.
            workspace: else what ``access`` says.
            timeouts: how long to wait.
            transport: instead of the network: for tests, or an httpx transport with its own settings.

        Raises:
            AccessError: the URI is not a server's address, or the workspace cannot be a name.
        """
        access = access or Access()
        address = parsed(tracking_uri)
        self.uri = address.uri
        connections = Transport(address, access, timeouts or Timeouts(), transport)
        self.server = ServerResource(Channel(connections, None))
        self._ask_in(connections, checked_workspace(workspace or access.workspace))

    def _ask_in(self, transport: Transport, workspace: str | None) -> None:
        self._transport, self.workspace = transport, workspace
        channel = Channel(transport, workspace)
        self.experiments = ExperimentsResource(channel)
        self.runs = RunsResource(channel)
        self.metrics = MetricsResource(channel)
        self.artifacts = ArtifactsResource(channel)
        self.models = ModelsResource(channel)
        self.workspaces = WorkspacesResource(channel)

    def in_workspace(self, name: str | None) -> "TrackingClient":
        """The same server over the same connections, asked in another workspace; None is the server's default.

        Closing either closes both. Raises AccessError where the name can be none.
        """
        other = object.__new__(TrackingClient)
        other.uri = self.uri
        other.server = self.server
        other._ask_in(self._transport, checked_workspace(name))
        return other

    async def is_gitlab(self) -> bool:
        """Whether a GitLab is at this address: one GET /api/v4/version, which MLflow's servers do not have.

        A GitLab is also known by how it refuses, as it does without a token that it knows. Raises UnreachableError
        where nothing answers.
        """
        try:
            return await self._transport.ask(Question("GET", "/api/v4/version"), _is_gitlabs)
        except UnexpectedAnswerError:
            return False
        except RefusedError as error:
            oauth = error.error_code == "invalid_token" or isinstance(error, ScopeTooSmallError)
            return error.of_gitlab or oauth or (error.status == 401 and error.message == "401 Unauthorized")

    def as_gitlab(self) -> "GitLabClient":
        """The GitLab at this address, over the same connections. Closing either closes both."""
        from server_client.gitlab.client import GitLabClient

        return GitLabClient.over(self._transport)

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
        inside = f", workspace={self.workspace!r}" if self.workspace else ""
        return f"TrackingClient({self.uri!r}{inside})"


def _is_gitlabs(version: Json) -> bool:
    return isinstance(version.get("version"), str) and "revision" in version
