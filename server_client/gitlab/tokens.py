"""Whose token it is that we send, and what it may."""

from server_client.channel import Channel
from server_client.errors import BadRequestError, ForbiddenError, NotFoundError, UnauthorizedError
from server_client.gitlab import decode
from server_client.gitlab.values import Token, User


class TokenResource:
    """What can be asked about our own token. Every call raises TrackingError."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def user(self) -> User:
        """Who the GitLab takes us for: GET user. Raises UnauthorizedError: the token is not known, or no longer."""
        return await self._channel.get("/api/v4/user", (), decode.user)

    async def itself(self) -> Token | None:
        """The token: GET personal_access_tokens/self (GitLab 15.5 and later).

        None where GitLab does not tell it: it is older, or this is no personal, project or group access token.
        Raises UnauthorizedError as `user` does.
        """
        try:
            return await self._channel.get("/api/v4/personal_access_tokens/self", (), decode.token)
        except (NotFoundError, BadRequestError, ForbiddenError):
            return None
        except UnauthorizedError as error:
            refused = error
        try:
            await self.user()
        except UnauthorizedError:
            raise refused from None
        return None
