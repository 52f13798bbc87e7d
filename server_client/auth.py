"""Credentials on requests. No secret is in a repr, in an error's text, or in a variable of a frame that raises."""

import asyncio
import base64
import re
import shlex
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Self

import httpx

from server_client.errors import AccessError

COMMAND_SECONDS = 30.0
"""How long a command may take to print a token: it may ask somebody to touch a key."""
_LONGEST_TOKEN = 65_536  # bytes
_TOKEN = re.compile(r"[\x21-\x7e]+")

FindToken = Callable[[], Awaitable[str]]


class BasicAuth(httpx.Auth):
    """User and password, in UTF-8 as mlflow sends them."""

    def __init__(self, username: str, password: str) -> None:
        self._header = "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Send the credentials with every request."""
        request.headers["Authorization"] = self._header
        yield request


class TokenAuth(httpx.Auth):
    """A Bearer token that is found when it is first needed, and once more when the server refuses it.

    ``find`` raises AccessError where there is none.
    """

    def __init__(self, find: FindToken | None, token: str | None = None) -> None:
        self._find, self._token = find, token
        self._finding = asyncio.Lock()

    @classmethod
    def known(cls, token: str, *, called: str) -> Self:
        """A token that is there already, in a variable ``called`` so. Raises AccessError where it can be none."""
        usable = _usable(token)
        if usable is None:
            raise AccessError(f"{called} holds something that cannot be a token: spaces, or letters beyond ASCII")
        return cls(None, usable)

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Send the token with every request; after a 401, ask for a new one and repeat the request once."""
        sent = await self._other_than(None)
        request.headers["Authorization"] = f"Bearer {sent}"
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED and self._find is not None:
            request.headers["Authorization"] = f"Bearer {await self._other_than(sent)}"
            yield request

    async def _other_than(self, refused: str | None) -> str:
        async with self._finding:  # many requests, one question
            if self._find is not None and self._token in (None, refused):
                self._token = await self._find()
            return self._token or ""


def command_token(command: str) -> FindToken:
    """The token that a command prints. It is run without a shell, and has `COMMAND_SECONDS`."""
    try:
        words = shlex.split(command)
    except ValueError:
        words = []
    if not words:
        raise AccessError("the command for the token is empty, or a quotation mark in it is not closed")

    async def find() -> str:
        output = await _output(words)
        usable = _usable(output)
        if usable is None:
            output = ""
            raise AccessError(f"the command for the token, {words[0]}, printed something that is not one token")
        return usable

    return find


async def _output(words: list[str]) -> str:
    program = shutil.which(words[0])
    if program is None:
        raise AccessError(f"there is no command {words[0]}, which should print the token")
    quiet, pipe = asyncio.subprocess.DEVNULL, asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(program, *words[1:], stdin=quiet, stdout=pipe, stderr=quiet)
    except OSError as error:
        raise AccessError(f"the command for the token, {words[0]}, did not start: {error.strerror}") from None
    try:
        async with asyncio.timeout(COMMAND_SECONDS):
            output = await _bounded(process, words[0])
            status = await process.wait()
    except TimeoutError:
        raise AccessError(f"the command for the token, {words[0]}, took longer than {COMMAND_SECONDS:.0f} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if status != 0:
        output = b""
        raise AccessError(f"the command for the token, {words[0]}, failed with status {status}")
    return output.decode("utf-8", "replace")


async def _bounded(process: asyncio.subprocess.Process, name: str) -> bytes:
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    try:
        await process.stdout.readexactly(_LONGEST_TOKEN)
    except asyncio.IncompleteReadError as ended:
        return ended.partial
    raise AccessError(f"the command for the token, {name}, printed something that is not one token")


def keyring_token(service: str) -> FindToken:
    """The password that the system's keyring holds for a service: of the user ``token``, else of any user."""

    def look_up() -> str:
        import keyring  # an optional extra, and slow to import
        from keyring.errors import KeyringError

        try:
            found: str | None = keyring.get_password(service, "token")
            if found is None:
                credential = keyring.get_credential(service, None)
                found = credential.password if credential is not None else None
        except (KeyringError, OSError):
            return ""
        return found or ""

    async def find() -> str:
        try:
            usable = _usable(await asyncio.to_thread(look_up))
        except ImportError:
            raise AccessError("the keyring cannot be asked: the package keyring is not installed") from None
        if usable is None:
            raise AccessError(f"the keyring holds no token for the service {service}, or is locked")
        return usable

    return find


def _usable(token: str) -> str | None:
    token = token.strip()
    return token if _TOKEN.fullmatch(token) else None
