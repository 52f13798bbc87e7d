"""Workspaces."""

from server_client.channel import API_3, Channel
from server_client.decode import listing, workspace
from server_client.errors import NotFoundError, WorkspacesDisabledError
from server_client.values import Workspace

_WORKSPACES = f"{API_3}/workspaces"


class WorkspacesResource:
    """What can be asked about workspaces. Every call raises TrackingError."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def list(self) -> tuple[Workspace, ...]:
        """All workspaces that we may see: GET workspaces (MLflow 3.10 and later).

        Raises:
            WorkspacesDisabledError: the server has none: they are not enabled (503), or it is older (404).
        """
        try:
            found = await self._channel.about_server(_WORKSPACES, listing("workspaces", workspace))
        except NotFoundError as error:
            raise WorkspacesDisabledError(
                error.status, method=error.method, path=error.path, message="this server knows no workspaces"
            ) from None
        return found.items
