"""A tiny HTTP server on a loopback port, which answers what a test says, byte by byte."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from server_client import Timeouts

QUICK = Timeouts(connect=5, read=5, first_pause=0.001)


@dataclass
class Heard:
    """A request."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> object:
        """Its body."""
        return json.loads(self.body)


Answer = Callable[[Heard, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Loopback:
    """A server that is up, and what it heard so far."""

    port: int
    scheme: str
    heard: list[Heard] = field(default_factory=list)

    @property
    def uri(self) -> str:
        """Its address."""
        return f"{self.scheme}://127.0.0.1:{self.port}"


@asynccontextmanager
async def serving(answer: Answer, context: ssl.SSLContext | None = None) -> AsyncIterator[Loopback]:
    """Answers every request on a port of its own."""
    handlers: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        handlers.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError):
            while not writer.is_closing():
                heard = await _request(reader)
                loopback.heard.append(heard)
                await answer(heard, writer)
                await writer.drain()
        writer.close()
        with suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()
        handlers.discard(task)

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)
    loopback = Loopback(server.sockets[0].getsockname()[1], "https" if context else "http")
    try:
        yield loopback
    finally:
        server.close()
        for task in list(handlers):
            task.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)


async def _request(reader: asyncio.StreamReader) -> Heard:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    method, target, _ = first.split(" ")
    return Heard(method, target, headers, body)


def reply(
    writer: asyncio.StreamWriter, body: bytes | object, status: str = "200 OK", **headers: str | int | None
) -> None:
    """Writes an answer; ``retry_after=1`` is a header, and None leaves one out."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    kept = {"content_length": len(content), "content_type": "application/json", **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in kept.items() if value is not None]
    writer.write("\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + content)


def reset(writer: asyncio.StreamWriter) -> None:
    """Breaks the connection without a farewell."""
    writer.transport.abort()
