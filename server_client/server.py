"""The server itself."""

import asyncio
import re
from typing import TypeVar

from server_client.channel import AJAX_API, API, API_3, Channel
from server_client.decode import Json, flag, text, within
from server_client.errors import BadRequestError, ForbiddenError, NotFoundError, RefusedError
from server_client.together import together
from server_client.values import ServerInfo

T = TypeVar("T")

_VERSION = re.compile(r"\d+\.\d+[\w.+-]*")
_INTERVAL = f"{AJAX_API}/metrics/get-history-bulk-interval"


class ServerResource:
    """What can be asked about the server itself. Every call raises TrackingError."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._info: ServerInfo | None = None
        self._asking = asyncio.Lock()

    async def info(self) -> ServerInfo:
        """What the server is and can do, asked once and kept.

        Three questions at once: GET /api/3.0/mlflow/server-info (MLflow 3.10 or so; without authentication), GET
        /version, and whether the interval endpoint is there: asked without its parameters it refuses with 400.
        """
        async with self._asking:
            if self._info is None:
                self._info = await self._asked()
            return self._info

    async def _asked(self) -> ServerInfo:
        about, version, bulk = await together(self._about(), self._version(), self._has_interval())
        return ServerInfo(version, *about, bulk)

    async def health(self) -> bool:
        """Whether ``/health`` answers as MLflow's does; asked once, not repeated. Some that are compatible have none.

        Raises UnreachableError where nothing answers.
        """
        try:
            return (await self._channel.text("/health", repeatable=False)).strip() == "OK"
        except NotFoundError:
            return False

    async def user(self) -> str | None:
        """Who the server takes us for: GET users/current, which servers with users have (MLflow 3.13 or so).

        None where the server has no users, or does not tell.
        """
        try:
            return await self._channel.about_server(f"{API}/users/current", within("user", _username))
        except NotFoundError:
            return None

    async def _about(self) -> tuple[str | None, bool]:
        def decode(answer: Json) -> tuple[str | None, bool]:
            return text(answer, "store_type") or None, flag(answer, "workspaces_enabled")

        try:
            return await self._channel.about_server(f"{API_3}/server-info", decode)
        except NotFoundError:
            return None, False

    async def _version(self) -> str | None:
        try:
            said = (await self._channel.text("/version")).strip()
        except NotFoundError:
            return None
        return said if _VERSION.fullmatch(said) else None

    async def _has_interval(self) -> bool:
        try:
            await self._channel.about_server(_INTERVAL, lambda _: None)
        except (BadRequestError, ForbiddenError):
            return True
        except RefusedError as error:
            if error.status in (404, 405, 500, 501):
                return False
            raise
        return True


def _username(user: Json) -> str | None:
    return text(user, "username") or None
