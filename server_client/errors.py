"""How a tracking server fails to answer.

    TrackingError                     anything below: method, path, and a text of one plain line
    ├── AccessError                   what we were given to connect with cannot be used; nothing was sent
    ├── UnreachableError              no answer came
    │   ├── NameNotResolvedError
    │   ├── ConnectionRefusedByHostError
    │   ├── TlsError
    │   ├── TimedOutError
    │   ├── ProxyError
    │   └── ConnectionLostError       also in the middle of an answer
    ├── RefusedError                  an answer came, and it is a refusal: status, error_code, message
    │   ├── BadRequestError           400
    │   ├── UnauthorizedError         401
    │   ├── ForbiddenError            403
    │   │   ├── ScopeTooSmallError    the token is good, and not for this: scope
    │   │   └── RoleTooLowError       the token is good, and our role where we ask is too low
    │   ├── NotFoundError             404
    │   ├── ConflictError             409
    │   ├── TooManyRequestsError      429
    │   ├── ServerError               5xx
    │   └── WorkspacesDisabledError   503 or 500: this server has no workspaces
    ├── ChangedError                  a file is not the one any more that was begun
    └── UnexpectedAnswerError         an answer came that is not a tracking server's: hint

None of them holds a credential: not in its text, not in its attributes, not in the errors that it was raised from.
"""

import re
from enum import StrEnum

_LONGEST_MESSAGE = 500  # characters
_NOT_FOR_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


def one_line(text: str, limit: int = _LONGEST_MESSAGE) -> str:
    """Somebody else's words as one line of at most ``limit`` characters, without control codes."""
    line = " ".join(_NOT_FOR_ONE_LINE.sub(" ", text[: 4 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


class TrackingError(Exception):
    """Something asked of a tracking server was not answered.

    Attributes:
        method: of the request, such as ``GET``; empty where nothing was sent.
        path: of the request: without host, credentials and query; empty where nothing was sent.
        reason: the text without method and path.
    """

    def __init__(self, reason: str, *, method: str = "", path: str = "") -> None:
        self.reason, self.method, self.path = one_line(reason, 2 * _LONGEST_MESSAGE), method, path
        super().__init__(f"{method} {path}: {self.reason}" if method else self.reason)


class AccessError(TrackingError):
    """The address, the credentials or the certificates cannot be used as they are. Nothing was sent."""


class UnreachableError(TrackingError):
    """No answer came, or only part of one."""


class NameNotResolvedError(UnreachableError):
    """There is no such host, as far as this machine can tell."""


class ConnectionRefusedByHostError(UnreachableError):
    """The host is there, and nothing listens on the port; or the way to the host is not known."""


class TlsError(UnreachableError):
    """No secure connection: the certificate is not trusted, is for another name, or there is no TLS at all.

    Attributes:
        certificate: the server's certificate was the trouble.
    """

    def __init__(self, reason: str, *, method: str = "", path: str = "", certificate: bool = False) -> None:
        super().__init__(reason, method=method, path=path)
        self.certificate = certificate


class TimedOutError(UnreachableError):
    """The host did not answer in time."""


class ProxyError(UnreachableError):
    """The proxy that the environment names did not let us through, or is not there."""


class ConnectionLostError(UnreachableError):
    """The connection ended before the whole answer had come."""


class RefusedError(TrackingError):
    """The server answered, and refuses.

    Attributes:
        status: the HTTP status.
        error_code: MLflow's name of the error, such as ``RESOURCE_DOES_NOT_EXIST``, or OAuth's (RFC 6750, 3.1), such
            as ``invalid_token``; None where the answer has neither (a proxy's page, or one of the refusals that MLflow
            writes as plain text).
        message: the server's own words: at most 500 characters, one line; empty where there are none.
        retry_after: what the server says in the header of that name: seconds or a date.
        of_gitlab: the answer has the header that GitLab puts on all of its own.
    """

    of_gitlab = False

    def __init__(
        self,
        status: int,
        *,
        method: str = "",
        path: str = "",
        error_code: str | None = None,
        message: str = "",
        retry_after: str | None = None,
    ) -> None:
        self.status, self.error_code, self.retry_after = status, error_code, retry_after
        self.message = one_line(message)
        words = [str(status), error_code or ""]
        super().__init__(
            " ".join(filter(None, words)) + (f": {self.message}" if self.message else ""), method=method, path=path
        )


class BadRequestError(RefusedError):
    """400: a filter, an order or a value that the server does not understand, or a name that is taken."""


class UnauthorizedError(RefusedError):
    """401: the server does not know us."""


class ForbiddenError(RefusedError):
    """403: the server knows us and does not let us, or does not answer to this host name."""


class ScopeTooSmallError(ForbiddenError):
    """403 in OAuth's words (RFC 6750, 3.1): the token is good, and does not reach this far.

    Attributes:
        scope: the one that is needed, such as ``api``; empty where the server does not say.
    """

    scope = ""


class RoleTooLowError(ForbiddenError):
    """The token is good, and our role in the project is too low for this. GitLab says it with a 401."""


class NotFoundError(RefusedError):
    """404: there is no such thing, or no such endpoint."""


class ConflictError(RefusedError):
    """409: somebody else changed the same thing."""


class TooManyRequestsError(RefusedError):
    """429: later."""


class ServerError(RefusedError):
    """5xx: the server's own trouble, or of a proxy before it; MLflow also uses 500 for ordinary refusals."""


class WorkspacesDisabledError(ServerError):
    """This server has no workspaces: they were asked for, or one was named."""


class ChangedError(TrackingError):
    """A file is not the one any more that was begun, or nobody can tell whether it is."""


class Hint(StrEnum):
    """Why an answer is not a tracking server's."""

    HTML = "a web page"
    LOGIN = "a login page"
    NOT_JSON = "not JSON"
    TRUNCATED = "cut off"
    MALFORMED = "not what MLflow answers"
    STUCK_TOKEN = "a list that does not go on"  # noqa: S105 - no password
    REDIRECT = "a redirect elsewhere"
    TOO_LARGE = "too large"


class UnexpectedAnswerError(TrackingError):
    """The answer is not one that a tracking server gives.

    Attributes:
        hint: what it is instead.
        location: of a redirect: the scheme, host and port it leads to, such as ``https://login.example``.
    """

    def __init__(
        self, hint: Hint, detail: str = "", *, method: str = "", path: str = "", location: str | None = None
    ) -> None:
        super().__init__(
            f"the answer is {hint.value}" + (f": {one_line(detail)}" if detail else ""), method=method, path=path
        )
        self.hint, self.location = hint, location


_BY_STATUS: dict[int, type[RefusedError]] = {
    400: BadRequestError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    429: TooManyRequestsError,
}


def refusal_class(status: int) -> type[RefusedError]:
    """Which error a status is."""
    return _BY_STATUS.get(status, ServerError if status >= 500 else RefusedError)
