"""What kept a question from being answered, found behind httpx's exceptions."""

import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from server_client.errors import (
    AccessError,
    ConnectionLostError,
    ConnectionRefusedByHostError,
    Hint,
    NameNotResolvedError,
    ProxyError,
    TimedOutError,
    TlsError,
    TrackingError,
    UnexpectedAnswerError,
    UnreachableError,
)
from server_client.question import Question


@contextmanager
def failures(question: Question, uri: str) -> Iterator[None]:
    """Raises TrackingError for what goes wrong on the way to a server and back.

    Without the exception that it comes from: the frames below it hold the request's bytes, credentials among them,
    and some crash reports show every frame's variables (Textual's does).
    """
    try:
        yield
    except AccessError as error:  # of an `httpx.Auth`, whose frames hold what it puts on requests
        failure: TrackingError = AccessError(error.reason)
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:  # ssl.SSLError is an OSError
        failure = _failure(error, question, uri)
    else:
        return
    raise failure from None


def _failure(error: Exception, question: Question, uri: str) -> TrackingError:
    method, path = question.method, question.path
    if isinstance(error, httpx.DecodingError):
        return UnexpectedAnswerError(Hint.TRUNCATED, "its compression", method=method, path=path)
    causes = list(_causes(error))
    ended = () if isinstance(error, httpx.ConnectError) else (ssl.SSLEOFError, ssl.SSLZeroReturnError)
    harmless = (ssl.SSLWantReadError, ssl.SSLWantWriteError, *ended)  # waiting for bytes, whatever came of that
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError) and not isinstance(cause, harmless)), None)
    if tls is not None:
        return _tls_error(tls, method, path)
    kind, reason = _unreachable(error, causes, uri)
    return kind(reason, method=method, path=path)


def _unreachable(error: Exception, causes: list[BaseException], uri: str) -> tuple[type[UnreachableError], str]:
    kind: type[UnreachableError] = ConnectionLostError
    reason = _system(causes) or "the connection ended before the answer did"
    if isinstance(error, httpx.ProxyError):
        kind, reason = ProxyError, f"the proxy refuses: {error}"
    elif isinstance(error, httpx.ConnectError | httpx.ConnectTimeout) and _behind_proxy(uri):
        kind, reason = ProxyError, "the proxy that the environment names cannot be reached"
    elif isinstance(error, httpx.TimeoutException):
        kind = TimedOutError
        reason = "no connection in time" if isinstance(error, httpx.ConnectTimeout) else "no answer in time"
    elif any(isinstance(cause, socket.gaierror) for cause in causes):
        kind, reason = NameNotResolvedError, "the host's name does not resolve"
    elif isinstance(error, httpx.ConnectError):
        kind, reason = ConnectionRefusedByHostError, _system(causes) or "connection refused"
    return kind, reason


def _tls_error(error: ssl.SSLError, method: str, path: str) -> TlsError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return TlsError(
            f"the certificate is not trusted: {error.verify_message}", method=method, path=path, certificate=True
        )
    reason = (error.reason or "no secure connection").replace("_", " ").lower()
    return TlsError(reason, method=method, path=path)


def _system(causes: list[BaseException]) -> str:
    """The operating system's words, such as ``Connection refused``."""
    found = [cause for cause in causes if isinstance(cause, OSError) and not isinstance(cause, ssl.SSLError)]
    # by their number: asyncio's own for a refused connection are "Connect call failed ('127.0.0.1', 5000)"
    said = [os.strerror(cause.errno) for cause in found if cause.errno and cause.errno > 0]
    return said[-1] if said else ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that it came from."""
    waiting, seen = [error], set[int]()
    while waiting:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [inner for inner in (cause.__cause__, cause.__context__) if inner is not None]
        waiting += cause.exceptions if isinstance(cause, BaseExceptionGroup) else ()


def _behind_proxy(uri: str) -> bool:
    parts = urlsplit(uri)
    proxies = getproxies()
    return bool(proxies.get(parts.scheme) or proxies.get("all")) and not proxy_bypass(parts.hostname or "")
