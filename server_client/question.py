"""A question to a server, and what comes back."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httpx

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "User-Agent": f"python-httpx/{httpx.__version__}",
}


@dataclass(frozen=True, slots=True)
class Question:
    """One request, as far as it does not depend on the server.

    Attributes:
        path: after the server's address, percent-encoded.
        params: the query; a name may occur often.
        body: sent as JSON; None sends none.
        repeatable: it only reads, and may be sent again.
        url: asked instead, wherever it leads: it holds its own permission, so that it gets none of ours, and no
            error tells it. ``path`` is then what errors call it.
        rows: the answer is a list, to be decoded as the object that has it by this name. Empty: it is an object.
    """

    method: str
    path: str
    params: tuple[tuple[str, str | int], ...] = ()
    body: Mapping[str, object] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True
    rows: str = ""
    url: str = field(default="", repr=False)

    def request(self, uri: str, timeout: httpx.Timeout) -> httpx.Request:
        """The request to the server at ``uri``."""
        # Lone surrogates, as a file name or an argument may hold, are sent as "?" or as JSON's escape.
        query = f"?{urlencode(self.params, errors='replace')}" if self.params else ""
        headers = {**_HEADERS, **self.headers}
        content = None
        if self.body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(self.body, allow_nan=False).encode("ascii")
        return httpx.Request(
            self.method,
            self.url or f"{uri}{self.path}{query}",
            headers=headers,
            content=content,
            extensions={"timeout": timeout.as_dict()},
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose body is still to come.

    Attributes:
        away: the origin that answered, where a redirect led to another one than was asked.
    """

    response: httpx.Response
    away: str | None = None

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status_code

    def header(self, name: str) -> str | None:
        """A header's value."""
        value: str | None = self.response.headers.get(name)
        return value

    def raw(self) -> AsyncIterator[bytes]:
        """The body as it was sent, not decoded."""
        return self.response.aiter_raw()
