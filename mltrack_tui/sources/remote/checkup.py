"""Examining a server, step by step: the way to it, what it is, whether it lets us in, what we may read."""

import asyncio
import os
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from ssl import SSLObject, cert_time_to_seconds
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from mltrack_tui.config.source import SourceSetting
from mltrack_tui.sources.checks import Check, examination, failed, fine, skipped
from mltrack_tui.sources.remote.kinds import access_of
from mltrack_tui.sources.remote.steps import PATIENCE, failure, in_time
from server_client import (
    Access,
    Experiment,
    ForbiddenError,
    Hint,
    NotFoundError,
    RefusedError,
    Timeouts,
    TrackingClient,
    TrackingError,
    UnauthorizedError,
    UnexpectedAnswerError,
    UnreachableError,
)
from server_client.failures import failures
from server_client.gitlab.address import split
from server_client.question import Question
from server_client.transport import certificates

STEPS = ("address", "name", "TCP", "TLS", "HTTP", "MLflow", "login", "experiments", "artifacts")
_TIMEOUTS = Timeouts(connect=5.0, read=10.0)
_LOOKED_THROUGH = 100
"""Experiments among which a candidate is looked for."""


def examine_server(uri: str, setting: SourceSetting | None = None) -> AsyncGenerator[Check, None]:
    """All `STEPS`, as the user's setting has it."""
    return examination(STEPS, _steps(uri, setting))


async def _steps(uri: str, setting: SourceSetting | None) -> AsyncGenerator[Check, None]:
    try:
        access = access_of(setting)
        client = TrackingClient(uri, access, workspace=setting.workspace if setting else None, timeouts=_TIMEOUTS)
    except TrackingError as error:
        yield failure("address", error, "The server")
        return
    async with client, AsyncExitStack() as opened:
        examination = _Examination(client, access)
        for step in (examination.address, examination.name, examination.tcp, examination.tls, examination.http):
            yield await step()
        inside = await examination.inside(opened)
        for step in (inside.mlflow, inside.login, inside.experiments, inside.artifacts):
            yield await step()


class _Inside(Protocol):
    """The steps that depend on the kind of server."""

    async def mlflow(self) -> Check: ...
    async def login(self) -> Check: ...
    async def experiments(self) -> Check: ...
    async def artifacts(self) -> Check: ...


class _Examination:
    """What one step finds and the next needs."""

    def __init__(self, client: TrackingClient, access: Access) -> None:
        self._client, self._access = client, access
        parts = urlsplit(client.uri)
        self._host = parts.netloc
        self._hostname = parts.hostname or ""
        self._is_tls = parts.scheme == "https"
        self._port = parts.port or (443 if self._is_tls else 80)
        self._proxy = _proxy(parts.scheme, self._hostname)
        self._experiments: Sequence[Experiment] = ()

    async def address(self) -> Check:
        """The URI reads."""
        inside = f", workspace {self._client.workspace}" if self._client.workspace else ""
        return fine("address", f"{self._client.uri}, port {self._port}{inside}")

    async def name(self) -> Check:
        """The host's name resolves."""
        if self._proxy:
            return skipped("name", f"the proxy {self._proxy} looks it up")
        try:
            async with asyncio.timeout(PATIENCE):
                found = await asyncio.get_running_loop().getaddrinfo(self._hostname, self._port)
        except (OSError, UnicodeError) as error:  # TimeoutError is an OSError
            said = getattr(error, "strerror", None) or "no answer in time"
            return failed(
                "name",
                f"there is no host {self._hostname} ({said})",
                "Check the name, and whether a VPN or a tunnel is needed.",
            )
        addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
        return fine("name", f"{self._hostname} is {', '.join(addresses[:4])}")

    async def tcp(self) -> Check:
        """Something listens."""
        if self._proxy:
            return skipped("TCP", f"the proxy {self._proxy} connects")
        try:
            async with asyncio.timeout(_TIMEOUTS.connect):
                _, writer = await asyncio.open_connection(self._hostname, self._port)
        except TimeoutError:
            said = f"no connection to {self._host} in {_TIMEOUTS.connect:g} s"
            return failed("TCP", said, "A firewall drops what is sent, or the host is down: try from another network.")
        except OSError as error:
            advice = "Check the port; start the server, or the tunnel to it."
            return failed("TCP", f"nothing answers at {self._host} ({_system(error)})", advice)
        peer = writer.get_extra_info("peername")
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        return fine("TCP", f"connected to {peer[0]}, port {peer[1]}")

    async def tls(self) -> Check:
        """The certificate is one to trust."""
        if not self._is_tls:
            return skipped("TLS", "http has none: what is sent can be read on the way")
        try:
            await in_time(self._client.server.health())
        except UnreachableError as error:
            return failure("TLS", error, self._host)
        except TrackingError:
            pass  # an answer, and all that this step wants to know
        if self._access.verify is False:
            return fine("TLS", "any certificate is trusted, as you wanted")
        return fine("TLS", await self._certificate() or "the certificate is trusted")

    async def _certificate(self) -> str:
        """Who issued the server's certificate, and until when it is good."""
        if self._proxy:
            return ""
        context = await asyncio.to_thread(certificates, self._access)
        try:
            async with asyncio.timeout(_TIMEOUTS.connect):
                _, writer = await asyncio.open_connection(self._hostname, self._port, ssl=context)
        except OSError:
            return ""
        connection = writer.get_extra_info("ssl_object")
        found = (connection.getpeercert() if isinstance(connection, SSLObject) else None) or {}
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        return _issued(found)

    async def http(self) -> Check:
        """Something speaks HTTP; asked without any credentials."""
        question = Question("GET", "/version")
        context = await asyncio.to_thread(certificates, self._access)
        try:
            async with httpx.AsyncClient(verify=context, timeout=PATIENCE) as client:
                with failures(question, self._client.uri):
                    response = await client.send(question.request(self._client.uri, httpx.Timeout(PATIENCE)))
        except TrackingError as error:
            return failure("HTTP", error, self._host)
        server = response.headers.get("server", "")
        sent_on = f", which sends us on to {_origin(response)}" if response.has_redirect_location else ""
        return fine("HTTP", f"status {response.status_code}{f' from {server[:40]}' if server else ''}{sent_on}")

    async def inside(self, opened: AsyncExitStack) -> "_Inside":
        """Who goes on: what is left to look at depends on the kind of server."""
        parts = split(self._client.uri)
        try:
            if parts is None and not await in_time(self._client.is_gitlab()):
                return self
        except TrackingError:
            return self  # the next step says what is wrong
        from mltrack_tui.sources.remote.gitlab.checkup import GitLabExamination
        from server_client.gitlab.client import GitLabClient

        uri, project = parts or (self._client.uri, None)
        gitlab = await opened.enter_async_context(GitLabClient(uri, self._access, timeouts=_TIMEOUTS))
        return GitLabExamination(gitlab, project, self._host)

    async def mlflow(self) -> Check:
        """It is MLflow, or speaks as it does; which version."""
        try:
            info = await in_time(self._client.server.info())
        except TrackingError as error:
            if (isinstance(error, UnauthorizedError | ForbiddenError) and not _is_host(error)) or _is_login(error):
                return fine("MLflow", "it tells nothing before it knows us")
            return failure("MLflow", error, self._host)
        if info.version is not None:
            details = [f"MLflow {info.version}", info.store_type or "", "workspaces" if info.workspaces else ""]
            return fine("MLflow", ", ".join(filter(None, details)))
        return await self._unnamed()

    async def _unnamed(self) -> Check:
        """Some servers tell no version: what counts is whether they answer."""
        try:
            await self._first_experiments()
        except (UnexpectedAnswerError, NotFoundError) as error:
            if not _is_login(error):
                return failure("MLflow", error, self._host)
        except TrackingError:
            pass  # the next steps tell
        return fine("MLflow", "it tells no version")

    async def login(self) -> Check:
        """We are let in, and as whom."""
        try:
            await self._first_experiments()
        except TrackingError as error:
            return failure("login", error, self._host)
        user = None
        with suppress(TrackingError):  # it let us in, and that is what counts
            user = await in_time(self._client.server.user())
        if user is not None:
            return fine("login", f"as {user}")
        return fine("login", "the credentials are taken" if self._access.auth else "without credentials")

    async def _first_experiments(self) -> None:
        if not self._experiments:
            pager = self._client.experiments.search(page_size=_LOOKED_THROUGH)
            self._experiments = (await in_time(anext(pager))).items

    async def experiments(self) -> Check:
        """Experiments can be listed."""
        number = len(self._experiments)
        if not number:
            return fine("experiments", "none that we may see")
        return fine("experiments", f"{number} or more" if number == _LOOKED_THROUGH else f"{number}")

    async def artifacts(self) -> Check:
        """The artifacts of the latest candidate can be listed."""
        ids = [each.experiment_id for each in self._experiments]
        try:
            runs = (await in_time(anext(self._client.runs.search(ids, page_size=1)))).items if ids else ()
            if not runs:
                return skipped("artifacts", "there is no candidate yet")
            found = await in_time(self._client.artifacts.list(runs[0].run_id))
        except TrackingError as error:
            return failure("artifacts", error, self._host)
        return fine("artifacts", f"{len(found.files)} at {found.root_uri} of {runs[0].run_name or runs[0].run_id}")


def _issued(certificate: Mapping[str, Any]) -> str:
    """By whom and until when, of what Python tells of a certificate (`ssl.SSLSocket.getpeercert`)."""
    issuer = {key: value for part in certificate.get("issuer", ()) for key, value in part}
    said = [f"issued by {issuer.get('organizationName') or issuer.get('commonName') or 'nobody named'}"]
    if "notAfter" in certificate:
        until = datetime.fromtimestamp(cert_time_to_seconds(certificate["notAfter"]), UTC)
        said.append(f"good until {until:%Y-%m-%d}")
    return ", ".join(said)


def _system(error: OSError) -> str:
    """The operating system's words; asyncio has its own."""
    return os.strerror(error.errno).lower() if error.errno else "at none of its addresses"


def _is_login(error: TrackingError) -> bool:
    return isinstance(error, UnexpectedAnswerError) and error.hint in {Hint.LOGIN, Hint.REDIRECT}


def _is_host(error: RefusedError) -> bool:
    """Whether the server does not answer to this name of it (MLflow's protection against DNS rebinding)."""
    return "host header" in error.message.lower()


def _origin(response: httpx.Response) -> str:
    """Scheme and host of a redirect's target, which may hold secrets in its query."""
    target = response.url.join(response.headers["location"])
    return f"{target.scheme}://{target.netloc.decode('ascii', 'replace').rpartition('@')[2]}"


def _proxy(scheme: str, hostname: str) -> str | None:
    """The proxy that the environment names for a host, without user and password."""
    proxies = getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if not proxy or proxy_bypass(hostname):
        return None
    return proxy.rpartition("@")[2].rpartition("//")[2]
