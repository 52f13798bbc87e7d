"""Answers that are kept for a while."""

import asyncio

import pytest

from server_client.gitlab.kept import Kept
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import small_world
from tests.server_client.gitlab.asking import client_of, counted


class Finding:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self) -> int:
        self.asked += 1
        await asyncio.sleep(0)
        return self.asked


async def test_many_who_ask_at_once_ask_once() -> None:
    kept, find = Kept[str, int](2), Finding()
    assert await asyncio.gather(*[kept.get("a", find) for _ in range(20)]) == [1] * 20
    assert await kept.get("a", find) == 1


async def test_an_answer_that_is_old_or_forgotten_is_asked_for_again() -> None:
    kept, find = Kept[str, int](2, seconds=-1), Finding()
    assert [await kept.get("a", find), await kept.get("a", find)] == [1, 2]
    kept = Kept[str, int](2)
    assert await kept.get("a", find) == 3
    kept.clear()
    assert await kept.get("a", find) == 4


async def test_only_the_last_are_kept() -> None:
    kept, find = Kept[str, int](2), Finding()
    for key in ("a", "b", "a", "c"):
        await kept.get(key, find)
    assert find.asked == 3
    assert await kept.get("a", find) == 1
    assert await kept.get("b", find) == 4


async def test_a_failure_is_not_kept_and_who_gives_up_leaves_it_to_the_next() -> None:
    kept, find = Kept[str, int](2), Finding()

    async def fail() -> int:
        raise LookupError

    with pytest.raises(LookupError):
        await kept.get("a", fail)
    begun = asyncio.Event()

    async def hang() -> int:
        begun.set()
        await asyncio.Event().wait()
        return 0

    first = asyncio.ensure_future(kept.get("a", hang))
    await begun.wait()
    second = asyncio.ensure_future(kept.get("a", find))
    first.cancel()
    assert await second == 1


async def test_twenty_metrics_of_a_candidate_at_once_are_one_walk(gitlab: StartGitLab) -> None:
    stub = gitlab(Profile.MID, small_world())
    vision = stub.world.find_project("group/vision")
    run = next(iter(vision.candidates))
    async with client_of(stub, "gus", "read_api") as client:
        tracker = client.in_project("group/vision")
        await tracker.metrics.history(run, "loss").__anext__()
        other = list(vision.candidates)[1]
        with counted(stub) as asked:
            await asyncio.gather(*[tracker.metrics.history(other, f"m{n}").__anext__() for n in range(20)])
            await asyncio.gather(*[tracker.artifacts.list(run, "model") for _ in range(20)])
        assert sorted(asked) == [
            "GET mlflow-artifacts/artifacts",
            "GET runs/get",
            "GET runs/get",
            "GraphQL mlExperiment",
        ]
