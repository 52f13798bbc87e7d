"""What kind of server an address is of: told by the address itself, or by the server when it is first asked."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from mltrack_tui.config.source import SourceSetting
from mltrack_tui.sources.base import Price, no_price
from mltrack_tui.sources.remote.places import Places
from mltrack_tui.sources.remote.shared import Shared
from mltrack_tui.sources.remote.workspaces import Workspaces
from server_client import Access, TrackingClient
from server_client.gitlab.address import split


class _Client(Protocol):
    async def aclose(self) -> None: ...


class Server:
    """A server, and its projects once its kind is known.

    Attributes:
        uri: its address, without user and password.
        known: its projects, after the first question.
        gpu_hour: tells what an hour of a GPU costs.
    """

    def __init__(
        self, uri: str, client: _Client, find: Callable[[], Awaitable[Places]], gpu_hour: Price = no_price
    ) -> None:
        self.uri, self._client, self._find, self.gpu_hour = uri, client, find, gpu_hour
        self.known: Places | None = None
        self._finding = Shared(self._learn)

    async def places(self) -> Places:
        """Its projects. Raises TrackingError where it cannot be asked what it is."""
        if self.known is None:
            await self._finding()
        assert self.known is not None  # noqa: S101 - else it was raised
        return self.known

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _learn(self) -> None:
        self.known = await self._find()


def access_of(setting: SourceSetting | None) -> Access:
    """How the user lets us in; what a setting does not say is taken from mlflow's variables and file.

    Raises:
        AccessError: what is said cannot be used.
    """
    if setting is None:
        return Access.from_environment()
    return Access.from_environment(
        token_env=setting.token_env,
        token_command=setting.token_command,
        keyring=setting.keyring,
        verify=setting.verify,
    )


def server_at(
    uri: str, access: Access, workspace: str | None, called: str, page_size: int, *, gpu_hour: Price = no_price
) -> Server:
    """The server at a tracking URI. Raises AccessError where the address or the workspace cannot be one."""
    if (parts := split(uri)) is not None:
        return _gitlab_project(*parts, access, called, page_size, gpu_hour=gpu_hour)
    return server_of(TrackingClient(uri, access, workspace=workspace), called, page_size, gpu_hour)


def server_of(client: TrackingClient, called: str, page_size: int, gpu_hour: Price = no_price) -> Server:
    """The server that a client asks, of a kind that it will tell itself."""

    async def find() -> Places:
        # What MLflow is asked first goes along: to recognise another kind costs it no time.
        gitlab, _ = await asyncio.gather(client.is_gitlab(), client.server.info(), return_exceptions=True)
        if isinstance(gitlab, BaseException):
            raise gitlab
        if not gitlab:
            return Workspaces(client, called, page_size, gpu_hour)
        from mltrack_tui.sources.remote.gitlab.projects import GitLabProjects  # of such a server alone

        return GitLabProjects(client.as_gitlab(), called, page_size, gpu_hour=gpu_hour)

    return Server(client.uri, client, find, gpu_hour)


def _gitlab_project(uri: str, project: str, access: Access, called: str, page_size: int, *, gpu_hour: Price) -> Server:
    from mltrack_tui.sources.remote.gitlab.projects import GitLabProjects
    from server_client.gitlab.client import GitLabClient

    client = GitLabClient(uri, access)

    async def find() -> Places:
        return GitLabProjects(client, called, page_size, only=project, gpu_hour=gpu_hour)

    return Server(client.in_project(project).uri, client, find, gpu_hour)
