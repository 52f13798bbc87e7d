"""The stub as a server on real ports of this machine."""

import asyncio
import json
import socket
import threading
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl, quote

import uvicorn

from tests.gitlab import graphql_api, routes
from tests.gitlab.calls import Answer, Call
from tests.gitlab.errors import Refusal
from tests.gitlab.files import stored_elsewhere
from tests.gitlab.profiles import Profile
from tests.gitlab.world import World

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


@dataclass(frozen=True)
class Asked:
    """A request and how it was answered. The path is as it was sent, percent-encoded."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    body: bytes
    status: int
    operation: str
    """The top-level fields of a GraphQL operation, else empty."""

    @property
    def host(self) -> str:
        """Host and port that were asked: those of the GitLab or of its object storage."""
        return self.headers.get("host", "")


Refuse = Callable[[Asked], tuple[int, dict[str, str], bytes] | None]


class GitLabStub:
    """A GitLab of some profile that holds a world. A context manager: inside it, it answers."""

    def __init__(
        self,
        profile: Profile = Profile.NEW,
        world: World | None = None,
        *,
        root: str = "",
        redirect_files: bool = True,
    ) -> None:
        self.profile = profile
        self.world = world or World()
        self.root = root
        self.redirect_files = redirect_files
        self.asked: list[Asked] = []
        self.refuse: Refuse | None = None
        """May answer a request otherwise, as (status, headers, body): it is asked with the status 0."""
        self.violations: list[str] = []
        """Answers of the stub itself that GitLab's schemas forbid, or that it failed to give: errors of the stub."""

        self._seen_valid: set[object] = set()

    def __enter__(self) -> Self:
        self._sockets = [_listening(), _listening()]
        here, there = (f"http://127.0.0.1:{one.getsockname()[1]}" for one in self._sockets)
        self.uri = here + self.root
        """Where this GitLab is."""
        self.elsewhere = there
        """Where its object storage is."""
        config = uvicorn.Config(
            self._answer,
            interface="asgi3",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._thread = threading.Thread(target=self._run, name="GitLab", daemon=True)
        self._thread.start()
        self._server.ready.wait()
        return self

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=self._sockets))

    def __exit__(self, kind: object, *_: object) -> None:
        self._server.end()
        self._thread.join()
        for one in self._sockets:
            one.close()
        if kind is None:
            self.check()

    def check(self) -> None:
        """Fails if the stub itself went wrong; leaving it does so too."""
        assert not self.violations, self.violations

    def tracking_uri(self, project: str | int) -> str:
        """The MLflow tracking URI of a project, by its id or its path."""
        return f"{self.uri}/api/v4/projects/{quote(str(project), safe='')}/ml/mlflow"

    async def _answer(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        body = await _body(receive)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        raw_path = scope["raw_path"].decode("latin-1")
        query = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
        asked = Asked(scope["method"], raw_path, query, headers, body, 0, graphql_api.operation(raw_path, body))
        answer = self._refusal(asked)
        if answer is None:
            with self.world.lock:
                answer = self._answered(asked, scope["server"][1])
        self.asked.append(Asked(**{**vars(asked), "status": answer.status}))
        told = dict(answer.headers)
        told.setdefault("Content-Length", str(len(answer.body)))
        named = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in told.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": named})
        await send({"type": "http.response.body", "body": b"" if asked.method == "HEAD" else answer.body})

    def _refusal(self, asked: Asked) -> Answer | None:
        refused = self.refuse(asked) if self.refuse else None
        return Answer(refused[2], refused[0], refused[1]) if refused else None

    def _answered(self, asked: Asked, port: int) -> Answer:
        stored = self.elsewhere.endswith(f":{port}")
        root = "" if stored else self.root
        call = Call(
            self.world,
            self.profile,
            self.uri,
            self.elsewhere if self.redirect_files else None,
            asked.method,
            asked.path.removeprefix(root) if asked.path.startswith(root) else "",
            asked.query,
            asked.headers,
            asked.body,
            self._seen_valid,
        )
        if stored:
            return stored_elsewhere(call)
        try:
            answer = routes.answer(call)
        except Refusal as refusal:
            answer = Answer(refusal.body, refusal.status, {"Content-Type": "application/json", **refusal.headers})
        except Exception as error:  # noqa: BLE001 - told to the test, which else hears of a 500 only
            self.violations.append(f"{asked.method} {asked.path}: {error!r}")
            answer = Answer(b'{"message":"500 Internal Server Error"}', 500, {"Content-Type": "application/json"})
        return Answer(answer.body, answer.status, {**answer.headers, **self._limits()})

    def _limits(self) -> dict[str, str]:
        observed = len(self.asked) + 1
        limits = {"Limit": 2000, "Observed": observed, "Remaining": max(0, 2000 - observed), "Reset": 1_900_000_000}
        meta = json.dumps({"correlation_id": uuid.uuid4().hex, "version": "1"})
        return {"X-Gitlab-Meta": meta} | {f"RateLimit-{name}": str(value) for name, value in limits.items()}


class _Server(uvicorn.Server):
    """Ends at once when it is told to, where uvicorn looks ten times a second whether it should."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def main_loop(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        self.ready.set()
        await self._ended.wait()

    def end(self) -> None:
        """From any thread."""
        self._loop.call_soon_threadsafe(self._ended.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)


def _listening() -> socket.socket:
    """A socket on a free port, which takes connections from now on: no client comes too early."""
    # With the protocol told, asyncio switches the delay off that would cost every answer 40 milliseconds.
    one = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    one.bind(("127.0.0.1", 0))
    one.listen(64)
    return one


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
