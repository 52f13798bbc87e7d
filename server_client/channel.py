"""What the resources ask through: one server, one workspace."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from server_client.decode import Json
from server_client.question import Answer, Question
from server_client.transport import Transport

T = TypeVar("T")

API = "/api/2.0/mlflow"
AJAX_API = "/ajax-api/2.0/mlflow"
API_3 = "/api/3.0/mlflow"
_WORKSPACE = "X-MLFLOW-WORKSPACE"

Params = Iterable[tuple[str, str | int]]


class Channel:
    """Questions to one server in one workspace.

    The workspace goes along in a header, but not to the endpoints about the server itself and about workspaces: a
    server without them refuses it. ``prefix`` is what lies between the server's address and the paths that are asked.
    """

    def __init__(self, transport: Transport, workspace: str | None, prefix: str = "") -> None:
        self._transport, self._prefix = transport, prefix
        self._headers = {_WORKSPACE: workspace} if workspace else {}

    @property
    def uri(self) -> str:
        """The server's address."""
        return self._transport.uri + self._prefix

    async def get(self, path: str, params: Params, decode: Callable[[Json], T]) -> T:
        """The answer to a GET, repeated where that may help."""
        question = Question("GET", self._prefix + path, tuple(params), headers=self._headers)
        return await self._transport.ask(question, decode)

    async def search(self, path: str, body: Mapping[str, object], token: str | None, decode: Callable[[Json], T]) -> T:
        """The page that a token stands for, else the first, of what a POST asks; repeated where that may help."""
        body = {**body, "page_token": token} if token else body
        question = Question("POST", self._prefix + path, body=body, headers=self._headers)
        return await self._transport.ask(question, decode)

    async def rows(
        self, name: str, path: str, params: Params, decode: Callable[[Json], T]
    ) -> tuple[T, Mapping[str, str]]:
        """The answer to a GET of a bare list, decoded as an object that has it by that name; and the headers."""
        question = Question("GET", self._prefix + path, tuple(params), headers=self._headers, rows=name)
        return await self._transport.page(question, decode)

    async def write(self, method: str, path: str, body: Mapping[str, object]) -> None:
        """Change something: sent once, whatever happens."""
        await self.make(method, path, body, lambda _: None)

    async def make(self, method: str, path: str, body: Mapping[str, object], decode: Callable[[Json], T]) -> T:
        """Change something and decode what came of it: sent once, whatever happens."""
        question = Question(method, self._prefix + path, body=body, headers=self._headers, repeatable=False)
        return await self._transport.ask(question, decode)

    async def about_server(self, path: str, decode: Callable[[Json], T]) -> T:
        """The answer to a GET that has nothing to do with workspaces."""
        return await self._transport.ask(Question("GET", self._prefix + path), decode)

    async def text(self, path: str, *, repeatable: bool = True) -> str:
        """A short answer of plain text."""
        return await self._transport.text(Question("GET", self._prefix + path, repeatable=repeatable))

    def content(self, path: str, params: Params, headers: Mapping[str, str]) -> AbstractAsyncContextManager[Answer]:
        """A file as it comes."""
        headers = {**self._headers, **headers}
        return self._transport.content(Question("GET", self._prefix + path, tuple(params), headers=headers))

    def content_elsewhere(
        self, url: str, headers: Mapping[str, str], *, called: str
    ) -> AbstractAsyncContextManager[Answer]:
        """A file from an address that holds its own permission: it gets no credential of ours, and no workspace.

        ``called`` is the path that errors tell instead of it.
        """
        return self._transport.content(Question("GET", called, headers=headers, url=url))
