"""Some runs by their ids: a hundred a question, or one by one."""

import asyncio
import json
import re
from collections.abc import Callable

import httpx
import pytest

from server_client import NotFoundError, RefusedError, Run, TrackingClient

THERE = [f"{number:032x}" for number in range(250)]


def run_told(run_id: str) -> dict[str, object]:
    return {"info": {"run_id": run_id, "experiment_id": "1"}}


def answering(
    heard: list[httpx.Request], *, lists: bool = True, unknown: dict[str, str] | None = None
) -> Callable[[httpx.Request], httpx.Response]:
    """A server that has the runs that are there; without lists, one before MLflow 2.0."""

    def answer(request: httpx.Request) -> httpx.Response:
        heard.append(request)
        if request.method == "POST":
            if not lists:
                return httpx.Response(400, json={"error_code": "INVALID_PARAMETER_VALUE", "message": "no IN"})
            asked = json.loads(request.content)
            assert asked["run_view_type"] == "ALL"
            assert asked["experiment_ids"] == ["1", "2"]
            found = [each for each in re.findall(r"'([^']*)'", asked["filter"]) if each in THERE]
            return httpx.Response(200, json={"runs": [run_told(each) for each in reversed(found)]})
        run_id = request.url.params["run_id"]
        if run_id not in THERE:
            return httpx.Response(404, json=unknown or {"error_code": "RESOURCE_DOES_NOT_EXIST"})
        return httpx.Response(200, json={"run": run_told(run_id)})

    return answer


def ids(runs: list[Run]) -> list[str]:
    return [run.run_id for run in runs]


async def test_a_hundred_a_question_where_the_experiments_are_named() -> None:
    heard = list[httpx.Request]()
    wanted = [*reversed(THERE), "gone", "what needs ' quoting", THERE[7]]
    async with TrackingClient("http://h", transport=httpx.MockTransport(answering(heard))) as client:
        assert ids(await client.runs.some(wanted, ["1", "2"])) == [*reversed(THERE)]
        assert [request.method for request in heard] == ["POST"] * 3
        assert await client.runs.some([], ["1", "2"]) == []
        assert len(heard) == 3


async def test_one_by_one_where_no_experiment_is_named() -> None:
    heard = list[httpx.Request]()
    async with TrackingClient("http://h", transport=httpx.MockTransport(answering(heard))) as client:
        assert ids(await client.runs.some([THERE[5], "gone", THERE[3], THERE[5]])) == [THERE[5], THERE[3]]
    assert [request.method for request in heard] == ["GET"] * 3


async def test_a_server_without_lists_in_filters_is_asked_for_one_once() -> None:
    heard = list[httpx.Request]()
    async with TrackingClient("http://h", transport=httpx.MockTransport(answering(heard, lists=False))) as client:
        for _ in range(2):
            assert ids(await client.runs.some(THERE[:3], ["1", "2"])) == THERE[:3]
    assert [request.method for request in heard] == ["POST", *["GET"] * 6]


async def test_a_server_that_does_not_know_the_question_is_not_without_runs() -> None:
    answer = answering([], unknown={"message": "404 Not Found"})
    async with TrackingClient("http://h", transport=httpx.MockTransport(answer)) as client:
        with pytest.raises(NotFoundError):
            await client.runs.some(["gone"])


async def test_four_are_asked_at_once_and_the_first_failure_ends_the_others() -> None:
    heard, now = list[str](), 0
    four = asyncio.Event()

    async def answer(request: httpx.Request) -> httpx.Response:
        nonlocal now
        heard.append(request.url.params["run_id"])
        now += 1
        assert now <= 4
        if now == 4:
            for _ in range(50):  # whoever else could ask, asks now
                await asyncio.sleep(0)
            four.set()
        await four.wait()
        now -= 1
        if len(heard) >= 20:
            return httpx.Response(403, text="no")
        return httpx.Response(200, json={"run": run_told(heard[-1])})

    async with TrackingClient("http://h", transport=httpx.MockTransport(answer)) as client:
        with pytest.raises(RefusedError):
            async with asyncio.timeout(10):
                await client.runs.some(THERE)
    assert four.is_set()
    assert 20 <= len(heard) < 30


@pytest.mark.parametrize(("path", "readable"), [("a/b.txt", True), ("100%.txt", True), ("100%25.txt", False)])
async def test_mlflow_takes_a_percent_sign_for_a_code(path: str, readable: bool) -> None:
    reason = TrackingClient("http://h").artifacts.readable(path)
    assert (reason is None) == readable
    assert readable or "percent" in str(reason)
