"""What a GitLab is asked through."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from server_client.channel import Channel
from server_client.decode import Json
from server_client.errors import ForbiddenError, RefusedError, RoleTooLowError, UnauthorizedError
from server_client.gitlab.tokens import TokenResource
from server_client.transport import Transport

T = TypeVar("T")


class ProjectChannel(Channel):
    """Questions about one project.

    What changes something, and MLflow's searches, which are sent by POST, ask for the role Developer. To whoever has
    less GitLab says 401, as to whoever has no token that it knows: only asking who we are tells the two apart.
    """

    def __init__(self, transport: Transport, prefix: str, token: TokenResource) -> None:
        super().__init__(transport, None, prefix)
        self._token = token

    async def search(self, path: str, body: Mapping[str, object], token: str | None, decode: Callable[[Json], T]) -> T:
        """As `Channel.search`. Raises RoleTooLowError where that is what a 401 means."""
        try:
            return await super().search(path, body, token, decode)
        except UnauthorizedError as error:
            refusal = await self._meant(error)
        raise refusal

    async def make(self, method: str, path: str, body: Mapping[str, object], decode: Callable[[Json], T]) -> T:
        """As `Channel.make`. Raises RoleTooLowError where that is what a 401 means."""
        try:
            return await super().make(method, path, body, decode)
        except UnauthorizedError as error:
            refusal = await self._meant(error)
        raise refusal

    async def _meant(self, error: UnauthorizedError) -> RefusedError:
        if error.error_code is not None:  # OAuth's invalid_token: that is plain
            return error
        try:
            await self._token.user()
        except UnauthorizedError:
            return error
        except ForbiddenError:  # a token that may not even ask that is a good one too
            pass
        words = "the token is good, but this needs the role Developer in the project, or a higher one"
        return RoleTooLowError(error.status, method=error.method, path=error.path, message=words)
