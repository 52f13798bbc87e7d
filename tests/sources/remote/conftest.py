"""Sources over real servers, behind a proxy that counts what they are asked; and experiments to write into."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.query import Query
from mltrack_tui.sources.remote import RemoteSource, open_server
from server_client import Metric, TrackingClient
from tests.servers.fixtures import AuthServer
from tests.servers.proxy import FaultyProxy

Open = Callable[..., RemoteSource]
_NUMBERS = count(1)


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    """Opens sources, and closes them after the test."""
    sources: list[RemoteSource] = []

    def open_one(uri: str, page_size: int = 250) -> RemoteSource:
        sources.append(open_server(uri, page_size=page_size))
        return sources[-1]

    yield open_one
    for source in sources:
        await source.aclose()


@dataclass
class Own:
    """An experiment of this test, on a server behind a proxy."""

    client: TrackingClient
    proxy: FaultyProxy
    uri: str
    experiment: str

    @property
    def query(self) -> Query:
        return Query("default", (self.experiment,))

    def place(self, source: RemoteSource, run: str) -> CandidateId:
        return CandidateId(source.location, "default", self.experiment, run)

    async def run(
        self, number: int, *, status: str = "FINISHED", points: int = 1, params: Mapping[str, str] | None = None
    ) -> str:
        """Log a candidate that began at ``number`` seconds, with that many points of the metric loss."""
        run = await self.client.runs.create(self.experiment, name=f"run {number}", start_time=1000 * number)
        every = {"number": str(number), **(params or {})}
        for start in range(0, max(points, 1), 990):
            steps = range(start, min(start + 990, points))
            metrics = [Metric("loss", number - step / 7, step, step) for step in steps]
            await self.client.runs.log_batch(run.run_id, metrics=metrics, params=every)
        if status != "RUNNING":
            await self.client.runs.update(run.run_id, status=status, end_time=1000 * number + 500)
        return run.run_id

    async def runs(self, number: int) -> list[str]:
        """Log so many; the latest comes first."""
        return await asyncio.gather(*(self.run(each) for each in range(number, 0, -1)))

    async def asked(self, path: str, *, times: int) -> None:
        """Wait until the server was asked for something so often."""
        while len(self.proxy.paths(path)) < times:  # noqa: ASYNC110 - the proxy's threads know no event loop
            await asyncio.sleep(0.01)

    def searches(self) -> list[dict[str, Any]]:
        """What was asked about runs, since the last time that somebody wanted to know."""
        asked = [json.loads(each.body) for each in self.proxy.asked if each.path.endswith("runs/search")]
        self.proxy.asked.clear()
        return asked


@pytest.fixture
async def own(auth_server: AuthServer, proxies: Callable[..., FaultyProxy]) -> AsyncIterator[Own]:
    """An experiment to write into."""
    proxy = proxies(auth_server.uri)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(TrackingClient(auth_server.uri_of(auth_server.admin)))
        experiment = await client.experiments.create(f"own {next(_NUMBERS)}")
        credentials = auth_server.uri_of(auth_server.admin).partition("//")[2].rpartition("@")[0]
        yield Own(client, proxy, proxy.uri.replace("//", f"//{credentials}@"), experiment)


def ids(items: Sequence[CandidateId]) -> list[str]:
    return [each.candidate_id for each in items]
