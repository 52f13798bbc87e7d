"""Sends questions to one server: connections, limits, redirects, repetitions."""

import asyncio
import random
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import TypeVar

import httpx

from server_client.access import Access
from server_client.address import Address
from server_client.answers import body, decoded, refusal
from server_client.decode import Json
from server_client.errors import (
    AccessError,
    ConnectionLostError,
    Hint,
    RefusedError,
    TrackingError,
    UnexpectedAnswerError,
)
from server_client.failures import failures
from server_client.question import Answer, Question
from server_client.redirects import MOST_REDIRECTS, elsewhere, next_request, origin
from server_client.retry import FIRST_PAUSE, pause

T = TypeVar("T")

MOST_AT_ONCE = 4
"""Questions to a server at once."""
MOST_FILES = 10
"""Files that are read of it at once beside them: eight that are downloaded, two that the user looks at meanwhile."""
_KEPT_ALIVE = 60.0  # seconds of an idle connection; one that the server closed meanwhile is noticed before it is used


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait, in seconds.

    Attributes:
        connect: for a connection.
        read: for the next bytes of an answer: a server may take long to sort.
        first_pause: before a question is repeated for the first time (`server_client.retry`).
    """

    connect: float = 5.0
    read: float = 60.0
    first_pause: float = FIRST_PAUSE


class Transport:
    """One server's connections, made in the event loop that asks first.

    ``transport`` replaces the network. Close it with `aclose`.
    """

    def __init__(
        self, address: Address, access: Access, timeouts: Timeouts, transport: httpx.AsyncBaseTransport | None
    ) -> None:
        self.uri, self._host = address.uri, httpx.URL(address.uri).host
        self._access, self._transport = access, transport
        self._timeout = httpx.Timeout(timeouts.read, connect=timeouts.connect, pool=None)
        self._first_pause = timeouts.first_pause
        self._auth = address.auth or access.auth
        self._clients: dict[bool, httpx.AsyncClient] = {}  # for https, and for http
        self._opening = asyncio.Lock()
        self._questions, self._files = asyncio.Semaphore(MOST_AT_ONCE), asyncio.Semaphore(MOST_FILES)
        self._closed = False

    async def ask(self, question: Question, decode: Callable[[Json], T]) -> T:
        """What the server's JSON says. Raises TrackingError."""

        async def once() -> T:
            async with self._questions, self._answer(question) as answer:
                return await decoded(question, answer, decode)

        return await self._repeated(question, once)

    async def page(self, question: Question, decode: Callable[[Json], T]) -> tuple[T, Mapping[str, str]]:
        """What the server's JSON says, and the headers, which tell of the pages of a list. Raises TrackingError."""

        async def once() -> tuple[T, Mapping[str, str]]:
            async with self._questions, self._answer(question) as answer:
                return await decoded(question, answer, decode), answer.response.headers

        return await self._repeated(question, once)

    async def text(self, question: Question) -> str:
        """An answer of plain text. Raises TrackingError."""

        async def once() -> str:
            async with self._questions, self._answer(question) as answer:
                return (await body(question, answer)).decode("utf-8", "replace")

        return await self._repeated(question, once)

    @asynccontextmanager
    async def content(self, question: Question) -> AsyncIterator[Answer]:
        """An answer whose body may be long and is read by the caller. Raises TrackingError, while reading too."""
        async with self._files, AsyncExitStack() as held:

            async def once() -> Answer:
                return await held.enter_async_context(self._answer(question))

            yield await self._repeated(question, once)

    async def aclose(self) -> None:
        """Close the connections."""
        self._closed = True
        async with self._opening:  # one that is being opened is closed too
            for client in self._clients.values():
                await client.aclose()

    async def _repeated(self, question: Question, once: Callable[[], Awaitable[T]]) -> T:
        attempt = 0
        while True:
            try:
                return await once()
            except TrackingError as error:
                after = error.retry_after if isinstance(error, RefusedError) else None
                chance = random.random()  # noqa: S311 - no secret
                wait = pause(attempt, error, chance, after, first=self._first_pause)
                if wait is None or not question.repeatable or self._closed:
                    raise
            attempt += 1
            await asyncio.sleep(wait)

    @asynccontextmanager
    async def _answer(self, question: Question) -> AsyncIterator[Answer]:
        """What comes back, after redirects; refusals are raised."""
        with failures(question, self.uri):
            request = question.request(self.uri, self._timeout)
            away = origin(request.url) if question.url else None
            for _ in range(MOST_REDIRECTS + 1):
                client = await self._opened(request.url.scheme == "https")
                try:
                    response = await client.send(request, auth=None if away else self._auth, stream=True)
                except httpx.TransportError:
                    if away and request.url.host != self._host:  # whose trouble must not be taken for this one's
                        raise elsewhere(question, request.url) from None
                    raise
                try:
                    following = next_request(question, response)
                    if following is None:
                        yield await _accepted(question, Answer(response, away))
                        return
                finally:
                    await response.aclose()
                if origin(following.url) != origin(request.url):
                    away = origin(following.url)
                request = following
            raise elsewhere(question, request.url)

    async def _opened(self, secure: bool) -> httpx.AsyncClient:
        async with self._opening:
            if self._closed:
                raise ConnectionLostError("the client is closed")
            if secure not in self._clients:
                self._clients[secure] = await asyncio.to_thread(self._open, secure)
            return self._clients[secure]

    def _open(self, secure: bool) -> httpx.AsyncClient:
        # Reading the certificates takes 60 ms, which only https needs: what is opened for http never speaks TLS.
        # HTTP/1.1 only: MLflow's servers, uvicorn and gunicorn, speak no HTTP/2, and pages are few and large.
        # httpx takes proxies from the environment, and in no case credentials from ~/.netrc.
        try:
            return httpx.AsyncClient(
                verify=certificates(self._access) if secure else False,
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # none are kept, so none can go astray
                limits=httpx.Limits(max_connections=MOST_AT_ONCE + MOST_FILES, keepalive_expiry=_KEPT_ALIVE),
                follow_redirects=False,
                transport=self._transport,
            )
        except (ValueError, ImportError, httpx.InvalidURL):
            problem = "a proxy that the environment names has no address of a kind that is supported"
        raise AccessError(problem)


async def _accepted(question: Question, answer: Answer) -> Answer:
    if answer.status >= 400:
        raise await refusal(question, answer)
    if answer.status >= 300:
        raise UnexpectedAnswerError(
            Hint.MALFORMED, f"status {answer.status}", method=question.method, path=question.path
        )
    return answer


def certificates(access: Access) -> ssl.SSLContext:
    """Which servers are trusted, and who we are; reading them takes 60 ms. Raises AccessError."""
    named = access.verify if isinstance(access.verify, str) else None
    try:
        if named is not None:
            folder = Path(named).is_dir()
            context = ssl.create_default_context(capath=named) if folder else ssl.create_default_context(cafile=named)
        else:
            context = httpx.create_ssl_context(verify=access.verify)
        if access.client_cert:
            named = access.client_cert
            context.load_cert_chain(named, password=str)  # an empty one: OpenSSL would ask on the terminal
    except OSError as error:
        reason = error.strerror if not isinstance(error, ssl.SSLError) else "it holds no usable certificate or key"
        raise AccessError(f"the certificates in {named} cannot be used: {reason}") from None
    return context
