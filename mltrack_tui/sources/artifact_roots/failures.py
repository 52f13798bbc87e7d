"""What kept a storage from answering, in a sentence for the user: what happened, to what, and what to do now."""

import re

from mltrack_tui.domain.text import clean
from mltrack_tui.sources.artifact_roots.backends import Backend
from mltrack_tui.sources.base import NotFoundError, RefusedError, SourceError, UnreachableError

_LONGEST_WORDS = 160
_NO_CREDENTIALS = ("NoCredentials", "PartialCredentials", "CredentialRetrieval", "DefaultCredentials", "NoAuthToken")
_REFUSED = (
    "Forbidden",
    "Unauthorized",
    "AuthenticationException",
    "ClientAuthentication",
    "PasswordRequired",
    "Refresh",
)
_UNREACHABLE = (
    "Connect",
    "Timeout",
    "ServiceRequest",
    "ServiceResponse",
    "Transport",
    "gaierror",
    "NoValidConnections",
)
_ABSENT = ("NoSuchKey", "NoSuchBucket", "ResourceNotFound")
_WORDS_OF_REFUSAL = (
    "credential",
    "access key",
    "anonymous caller",
    "signature",
    "must provide either",
    "access denied",
)


_NOISE = re.compile(r"\?[^\s\"']+|\[Errno [^]]*\] ")


class UnopenedError(Exception):
    """The library that opens such a storage is not installed."""


def explained(error: Exception, place: str, backend: Backend) -> SourceError:
    """The error of ours for one of a library's, which is known by its class's name: none of them is imported here."""
    name, words = type(error).__name__, _words(error)
    chain = [name, *(type(each).__name__ for each in (error.__cause__, error.__context__) if each is not None)]
    if _any(chain, _NO_CREDENTIALS):
        return RefusedError(f"No credentials for {place} were found: set {backend.credentials}.")
    if isinstance(error, TimeoutError) and not words:
        known = f"check the network, the address, and whether credentials are found ({backend.credentials})"
        return UnreachableError(f"{place} does not answer: {known}.")
    if isinstance(error, (TimeoutError, ConnectionError, EOFError)) or _any(chain, _UNREACHABLE):
        return UnreachableError(f"{place} does not answer{_in_brackets(words)}: check the network and the address.")
    if isinstance(error, PermissionError) or _any([name], _REFUSED) or _speaks_of_refusal(words):
        return RefusedError(f"{place} does not let us read{_in_brackets(words)}: check {backend.credentials}.")
    if _any([name], _ABSENT):
        return NotFoundError(f"There is no such thing at {place}.")
    return SourceError(f"{place} cannot be read{_in_brackets(words or name)}.")


def _words(error: Exception) -> str:
    """What a library says, without numbers, and without what follows a URL's question mark: it may be a secret."""
    return clean(_NOISE.sub("", str(error)), _LONGEST_WORDS).strip().rstrip(".")


def _any(names: list[str], beginnings: tuple[str, ...]) -> bool:
    return any(each in name for name in names for each in beginnings)


def _speaks_of_refusal(words: str) -> bool:
    return any(each in words.lower() for each in _WORDS_OF_REFUSAL)


def _in_brackets(words: str) -> str:
    return f" ({words})" if words else ""
