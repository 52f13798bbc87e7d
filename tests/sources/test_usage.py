"""What candidates used of their machines is the same in a store, on a server, on GitLab and in memory."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mltrack_tui.domain.query import USAGE_NAMES, Column, Columns, Kind, Order, Query
from mltrack_tui.search.parse import parse_filter
from mltrack_tui.search.vocabulary import CandidateVocabulary
from mltrack_tui.sources.base import Source
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.remote import open_server
from mltrack_tui.sources.sqlite import open_store
from server_client import Access, Metric, TrackingClient
from server_client.auth import TokenAuth
from tests.memory import MemorySource, candidate
from tests.sources.remote.gitlab.conftest import PROJECT, populated
from tests.sources.stores import change

if TYPE_CHECKING:
    from tests.gitlab.server import GitLabStub
    from tests.servers.fixtures import AuthServer

_NUMBERS = count(1)
HOUR = 3_600_000
RATE = 2.0
COLUMNS = [Column(Kind.USAGE, name) for name in USAGE_NAMES]
GPU = "system/gpu_{}_utilization_percentage"
GPU_MEMORY = "system/gpu_{}_memory_usage_megabytes"
CPU, MEMORY = "system/cpu_utilization_percentage", "system/system_memory_usage_megabytes"
LOGGED: Mapping[str, tuple[float | None, Mapping[str, Sequence[float]]]] = {
    "two gpus": (1, {GPU.format(0): (80, 100), GPU.format(1): (90, 90), GPU_MEMORY.format(1): (11_200, 900)}),
    "idle gpu": (3, {GPU.format(0): (10, 20), GPU_MEMORY.format(0): (500, 400), "loss": (1, 0.5)}),
    "no gpu": (2, {CPU: (60, 40), MEMORY: (4000, 5000)}),
    "plain": (2, {"loss": (1, 0.5)}),
    "running": (None, {GPU.format(0): (50, 60, 70), CPU: (5, 7)}),
}
"""Hours until the end, and the values of each metric, one every half hour."""


SERVER = pytest.param("server", marks=pytest.mark.servers("auth_server"))


@pytest.fixture(params=["1.30.1", "3.17.2", SERVER, "memory", "gitlab"])
async def held(
    request: pytest.FixtureRequest, copied: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Source, Query]]:
    """A source, and the question for all candidates of the experiment in it."""
    source: Source
    project = "default"
    if request.param == "memory":
        source, experiment = _remembered(), "1"
    elif request.param == "gitlab":
        stub: GitLabStub = request.getfixturevalue("gitlab")(world=populated())
        token = stub.world.token(stub.world.user_named("ann"))
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", token)
        project, uri = PROJECT, stub.tracking_uri(PROJECT)
        experiment = await _log(uri, Access(auth=TokenAuth(None, token)))
        source = open_server(uri, page_size=2, gpu_hour=lambda: RATE)
    elif request.param == "server":
        server: AuthServer = request.getfixturevalue("auth_server")
        uri = server.uri_of(server.admin)
        experiment = await _log(uri)
        source = open_server(uri, page_size=2, gpu_hour=lambda: RATE)
    else:
        path, experiment = copied(request.param), "90"
        change(path, *_written())
        source = open_store(path, gpu_hour=lambda: RATE)
    yield source, Query(project, (experiment,))
    await source.aclose()


def _ends(hours: float | None) -> int | None:
    return None if hours is None else HOUR + int(hours * HOUR)


async def _log(uri: str, access: Access | None = None) -> str:
    async with TrackingClient(uri, access) as client:
        experiment = await client.experiments.create(f"usage {next(_NUMBERS)}")
        for name, (hours, metrics) in LOGGED.items():
            run = (await client.runs.create(experiment, name=name, start_time=HOUR)).run_id
            points = [
                Metric(key, value, at, step) for key, values in metrics.items() for step, at, value in _at(values)
            ]
            await client.runs.log_batch(run, metrics=points)
            if hours is not None:
                await client.runs.update(run, status="FINISHED", end_time=_ends(hours))
        return experiment


def _written() -> Iterator[str]:
    yield "insert into experiments (experiment_id, name, lifecycle_stage) values (90, 'usage', 'active')"
    for name, (hours, metrics) in LOGGED.items():
        end = _ends(hours) or "null"
        row = f"('{name}', '{name}', {HOUR}, {end}, 90)"
        yield f"insert into runs (run_uuid, name, start_time, end_time, experiment_id) values {row}"
        for key, values in metrics.items():
            points = [f"('{key}', {value}, {at}, {step}, 0, '{name}')" for step, at, value in _at(values)]
            yield f"insert into metrics (key, value, timestamp, step, is_nan, run_uuid) values {', '.join(points)}"
            yield f"insert into latest_metrics (key, value, timestamp, step, is_nan, run_uuid) values {points[-1]}"


def _remembered() -> MemorySource:
    members = []
    for name, (hours, metrics) in LOGGED.items():
        last = {key: float(values[-1]) for key, values in metrics.items()}
        members.append(candidate(name, name, start_time=HOUR, end_time=_ends(hours), metrics=last))
    source = MemorySource.of({"usage": members})
    source.gpu_hour = RATE
    for name, (_, metrics) in LOGGED.items():
        source.points.update({(name, key): list(_at(values)) for key, values in metrics.items()})
    return source


def _at(values: Sequence[float]) -> list[tuple[int, int, float]]:
    return [(step, HOUR + step * HOUR // 2, value) for step, value in enumerate(values)]


async def names(source: Source, query: Query) -> list[str | None]:
    found = (await final(source.candidates(query))).items
    return [each.name for each in await source.read(found, [])]


async def test_each_total_is_told_of_those_that_logged_what_it_follows_from(held: tuple[Source, Query]) -> None:
    source, everyone = held
    ids = (await final(source.candidates(everyone))).items
    told = {each.name: dict(each.usage) for each in await source.read(ids, COLUMNS)}
    assert told == {
        "two gpus": {"gpu_hours": 2, "cost": 4, "gpus": 2, "mean_gpu": 90, "peak_gpu_memory": 11_200},
        "idle gpu": {"gpu_hours": 3, "cost": 6, "gpus": 1, "mean_gpu": 15, "peak_gpu_memory": 500},
        "no gpu": {"mean_cpu": 50, "peak_memory": 5000},
        "plain": {},
        "running": {"gpu_hours": 1, "cost": 2, "gpus": 1, "mean_gpu": 60, "mean_cpu": 6},
    }
    assert all(not each.usage and not each.aggregates for each in await source.read(ids))


async def test_they_are_filtered_by(held: tuple[Source, Query]) -> None:
    source, everyone = held
    vocabulary = CandidateVocabulary(Columns(), {}, 0, no_cost=None)
    for text, expected in {
        "usage.gpu_hours >= 2 and usage.mean_gpu < 50": {"idle gpu"},
        "usage.cost > 2": {"two gpus", "idle gpu"},
        "usage.mean_gpu is missing": {"no gpu", "plain"},
        "not usage.peak_gpu_memory > 600 and attributes.name != plain": {"idle gpu", "no gpu", "running"},
        "usage.mean_cpu between 5 and 10 or usage.gpus in (2, 8)": {"running", "two gpus"},
    }.items():
        where = parse_filter(text, vocabulary)
        assert set(await names(source, replace(everyone, where=where))) == expected, text


async def test_they_are_sorted_by_with_what_is_missing_last(held: tuple[Source, Query]) -> None:
    source, everyone = held
    order = (Order.parse("-usage.cost"), Order.parse("usage.mean_cpu"))
    found = await names(source, replace(everyone, order=order))
    assert found == ["idle gpu", "two gpus", "running", "no gpu", "plain"]
    values = await final(source.values(replace(everyone, order=order), Column.parse("usage.gpu_hours")))
    assert list(values.items) == [3, 2, 1, None, None]


async def test_a_source_without_a_rate_says_that_one_is_to_be_set(tmp_path: Path) -> None:
    assert "[cost] gpu_hour" in (open_store(tmp_path / "mlflow.db").capabilities.cost.reason or "")
    assert open_store(tmp_path / "mlflow.db", gpu_hour=lambda: 0.0).capabilities.cost
    assert not open_server("http://nowhere.example").capabilities.cost
    assert open_server("http://nowhere.example", gpu_hour=lambda: 1.0).capabilities.cost
