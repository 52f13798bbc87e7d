"""The GitLab itself, as MLflow's server is asked."""

from collections.abc import Awaitable, Callable

from server_client.channel import Channel
from server_client.gitlab.tokens import TokenResource
from server_client.server import ServerResource
from server_client.values import ServerInfo


class GitLabServer(ServerResource):
    """What can be asked about the GitLab of a project. Every call raises TrackingError."""

    def __init__(self, channel: Channel, version: Callable[[], Awaitable[str | None]], token: TokenResource) -> None:
        super().__init__(channel)
        self._gitlabs_version, self._token = version, token

    async def info(self) -> ServerInfo:
        """GitLab's version, asked once and kept; it has nothing of what differs between MLflow's servers."""
        return ServerInfo(version=await self._gitlabs_version())

    async def user(self) -> str | None:
        """Our user name. Raises UnauthorizedError."""
        return (await self._token.user()).username
