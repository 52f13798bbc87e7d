"""A proxy on this machine before a real server, with or without TLS: it notes what it is asked, and fails on demand.

It has a thread for itself and one for each connection, so that tests with and without an event loop may use it.
"""

import os
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came in; header names are in small letters."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Exchange:
    """One request, and the ways to answer it."""

    def __init__(self, asked: Asked, proxy: "FaultyProxy", handler: BaseHTTPRequestHandler) -> None:
        self.asked = asked
        self._proxy = proxy
        self._handler = handler

    def forwarded(self) -> Answer:
        """What the server behind the proxy answers."""
        asked = self.asked
        connection = HTTPConnection(urlsplit(self._proxy.upstream).netloc, timeout=60)
        try:
            headers = {name: value for name, value in asked.headers.items() if name not in HOP_BY_HOP}
            connection.request(asked.method, asked.target, asked.body or None, headers)
            response = connection.getresponse()
            kept = {name: value for name, value in response.getheaders() if name.lower() not in HOP_BY_HOP}
            return Answer(response.status, response.read(), kept)
        except (OSError, HTTPException):
            return Answer(502, b"The server behind is not there.", {"Content-Type": "text/plain"})
        finally:
            connection.close()

    def send(self, answer: Answer, *, length: int | None = None) -> None:
        """Answer; ``length`` is announced instead of the body's own."""
        self._handler.send_response(answer.status)
        for name, value in answer.headers.items():
            self._handler.send_header(name, value)
        self._handler.send_header("Content-Length", str(len(answer.body) if length is None else length))
        self._handler.end_headers()
        if self.asked.method != "HEAD":
            self._handler.wfile.write(answer.body)
        self._handler.wfile.flush()

    def send_raw(self, data: bytes) -> None:
        """Write bytes, whatever they mean, and hang up."""
        self._handler.wfile.write(data)
        self._handler.wfile.flush()
        self._handler.close_connection = True

    def hang_up(self) -> None:
        """Close the connection as after an answer."""
        self._handler.close_connection = True

    def reset(self) -> None:
        """Break the connection off, with what is under way on it."""
        _reset(self._handler.connection)
        self._handler.close_connection = True

    def wait(self, seconds: float) -> None:
        """Do nothing for so long, or until the proxy is closed."""
        self._proxy.closing.wait(seconds)


Fault = Callable[[Exchange], None]
"""Answers a request in its own way: see `tests.servers.faults`."""


@dataclass(slots=True)
class _Planned:
    fault: Fault
    path: str
    times: int | None


class FaultyProxy:
    """Passes everything to ``upstream`` unless a fault is planned, and keeps what it was asked in ``asked``."""

    def __init__(self, upstream: str, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self.upstream = upstream
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self._tls = tls
        self._host = host
        self._planned: list[_Planned] = []
        self._lock = threading.Lock()
        self._port = 0
        self.open()

    @property
    def uri(self) -> str:
        """Where it listens, or listened before it was closed."""
        return f"{'https' if self._tls else 'http'}://{self._host}:{self._port}"

    def plan(self, fault: Fault, *, path: str = "", times: int | None = None) -> None:
        """Answer the next so many requests (all: None) whose path contains ``path`` with a fault."""
        with self._lock:
            self._planned.append(_Planned(fault, path, times))

    def behave(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._planned.clear()

    def paths(self, containing: str = "") -> list[str]:
        """Which paths were asked for, in order."""
        return [asked.path for asked in self.asked if containing in asked.path]

    def close(self) -> None:
        """Refuse new connections, and break off those that there are: the server died."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def open(self) -> None:
        """Listen; again on the same port after `close`."""
        self.closing.clear()
        self._server = _Listener((self._host, self._port), self)
        self._port = self._server.server_port
        if self._tls:
            # The handshake is the connection's own business: a bad one must not keep others from being accepted.
            self._server.socket = self._tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def answer(self, exchange: Exchange) -> None:
        """Answer a request as planned."""
        self.asked.append(exchange.asked)
        fault = self._next_fault(exchange.asked)
        if fault:
            fault(exchange)
        else:
            exchange.send(exchange.forwarded())

    def _next_fault(self, asked: Asked) -> Fault | None:
        with self._lock:
            for planned in self._planned:
                if planned.path in asked.path and planned.times != 0:
                    planned.times = planned.times and planned.times - 1
                    return planned.fault
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self.closing.is_set():
            self.close()


class _Listener(ThreadingHTTPServer):
    """Knows its connections, to break them off when it is closed."""

    daemon_threads = False
    request_queue_size = 50

    def __init__(self, address: tuple[str, int], proxy: FaultyProxy) -> None:
        self.proxy = proxy
        self._connections: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def finish_request(self, request: Any, client_address: Any) -> None:
        if isinstance(request, ssl.SSLSocket):
            try:
                request.do_handshake()
            except OSError:
                _read_out(request)
                raise
        super().finish_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        for connection in list(self._connections):
            _reset(connection)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up or did not trust us is what is being tested."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listener

    def _answer(self) -> None:
        asked = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        proxy = self.server.proxy
        assert self.command
        proxy.answer(Exchange(Asked(self.command, asked.path, asked.query, headers, body), proxy, self))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _answer  # noqa: N815 - the base class's names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """`FaultyProxy.asked` is the log."""


def _read_out(connection: socket.socket) -> None:
    """Take what still comes: else the system breaks the connection off, and our last words may be lost with it."""
    with suppress(OSError):
        connection.settimeout(0.2)
        while socket.socket.recv(connection, 65536):
            pass


def _reset(connection: socket.socket) -> None:
    """Let the other end see a reset instead of an end."""
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RD)  # wakes the thread that reads from it
    with suppress(OSError):
        os.close(connection.detach())  # at once: close() would wait for the files made of it, and say goodbye first
