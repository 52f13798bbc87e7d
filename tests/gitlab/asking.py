"""How the tests of the stub ask it: as a user, by plain HTTP."""

import ssl
from contextlib import ExitStack
from typing import Any, Self
from urllib.parse import quote

import httpx

from tests.gitlab.server import GitLabStub
from tests.gitlab.things import Project

VISION = "group/vision"


class Asking:
    """Asks a stub, as ``ann`` with an ``api`` token unless told otherwise. A context manager."""

    def __init__(self, stub: GitLabStub) -> None:
        self.stub = stub
        self.world = stub.world
        self._open = ExitStack()
        self._clients: dict[tuple[str, ...], httpx.Client] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def by(self, username: str = "ann", *scopes: str) -> httpx.Client:
        """Who asks as a user, with a token of some scopes."""
        key = (username, *scopes)
        if key not in self._clients:
            token = self.world.token(self.world.user_named(username), *scopes)
            self._clients[key] = self.with_headers({"Authorization": f"Bearer {token}"})
        return self._clients[key]

    def with_headers(self, headers: dict[str, str]) -> httpx.Client:
        """Who asks with whatever says who they are."""
        no_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # the usual one takes longer to make than most tests to run
        client = httpx.Client(base_url=self.stub.uri, headers=headers, verify=no_tls, trust_env=False, timeout=30)
        return self._open.enter_context(client)

    def project(self, path: str = VISION) -> Project:
        return self.world.find_project(path)

    def tracking(
        self, endpoint: str, told: dict[str, Any] | None = None, *, path: str = VISION, who: httpx.Client | None = None
    ) -> httpx.Response:
        """Ask ``VERB endpoint`` of the tracking API of a project."""
        verb, _, rest = endpoint.partition(" ")
        url = f"/api/v4/projects/{quote(path, safe='')}/ml/mlflow/api/2.0/mlflow/{rest}"
        who = who or self.by()
        return who.get(url, params=told) if verb == "GET" else who.request(verb, url, json=told or {})

    def runs(self, told: dict[str, Any] | None = None, *, experiment: int = 1) -> list[dict[str, Any]]:
        """What a search for runs of an experiment of group/vision finds."""
        answer = self.tracking("POST runs/search", {"experiment_ids": [str(experiment)], **(told or {})})
        assert answer.status_code == 200, answer.text
        return list(answer.json()["runs"])

    def graphql(self, query: str, *, who: httpx.Client | None = None, **variables: Any) -> dict[str, Any]:
        """What GraphQL answers."""
        answer = (who or self.by()).post("/api/graphql", json={"query": query, "variables": variables})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def names(runs: list[dict[str, Any]]) -> list[str]:
    """Of which seeds some runs of the small world are, in order: their parameter ``seed``."""
    return [param["value"] for run in runs for param in run["data"]["params"] if param["key"] == "seed"]
