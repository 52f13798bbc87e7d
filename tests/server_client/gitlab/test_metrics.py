"""The histories of metrics, by whichever way a GitLab has."""

from collections.abc import Sequence

import pytest

from server_client import Metric, NotFoundError, ServerError, UnauthorizedError
from server_client.gitlab.client import ProjectClient
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import BEGIN, many_candidates
from tests.gitlab.server import Asked, GitLabStub
from tests.gitlab.things import GUEST, Candidate
from tests.gitlab.world import World
from tests.server_client.gitlab.asking import client_of, counted

WHO = [("ann", "api"), ("ann", "read_api"), ("gus", "api")]


def world_of(points: Sequence[tuple[str, int, int, float]]) -> tuple[World, Candidate]:
    """A candidate that these were logged of, in this order: metric, step, timestamp and value."""
    world = World()
    project = world.project("a/b", owner=world.user("ann"))
    world.add_member(world.user("gus"), project, GUEST)
    experiment = world.experiment(project, "e")
    many_candidates(world, project, experiment, 3)
    made = world.candidate(project, experiment, "r", at=BEGIN)
    for key, step, timestamp, value in points:
        world.metric(made, key, value, step=step, timestamp=timestamp)
    many_candidates(world, project, experiment, 2)
    return world, made


def curve(number: int) -> list[tuple[str, int, int, float]]:
    """A loss logged from the middle on, then from the beginning; and a metric of one point."""
    steps = [*range(number // 2, number), *range(number // 2)]
    return [("loss", step, BEGIN + at, 1 / (step + 1)) for at, step in enumerate(steps)] + [("best", 3, BEGIN + 7, 0.5)]


async def history(tracker: ProjectClient, run: Candidate, key: str, page_size: int = 1000) -> list[Metric]:
    return [point async for point in tracker.metrics.history(run.eid, key, page_size).all()]


def steps_and_values(points: Sequence[Metric]) -> list[tuple[int, float]]:
    return [(point.step, point.value) for point in points]


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize(("who", "scope"), WHO)
async def test_a_history_is_whole_on_every_gitlab_and_for_everybody(
    gitlab: StartGitLab, profile: Profile, who: str, scope: str
) -> None:
    world, run = world_of(curve(230))
    async with client_of(gitlab(profile, world), who, scope) as client:
        tracker = client.in_project("a/b")
        points = await history(tracker, run, "loss")
        assert steps_and_values(points) == [(step, 1 / (step + 1)) for step in range(230)]
        assert await history(tracker, run, "best") == [Metric("best", 0.5, 0 if profile == "gl-mid" else BEGIN + 7, 3)]
        assert await history(tracker, run, "never") == []
        assert tracker.metrics.all_told
        assert tracker.metrics.times_told == (profile is not Profile.MID)
        assert {point.timestamp > 0 for point in points} == {tracker.metrics.times_told}
        with pytest.raises(NotFoundError, match="RESOURCE_DOES_NOT_EXIST"):
            await tracker.metrics.history("none", "loss").__anext__()
        with pytest.raises(NotFoundError):
            await tracker.metrics.interval([run.eid], "loss")


async def test_a_new_gitlab_pages_histories(gitlab: StartGitLab) -> None:
    world, run = world_of(curve(2300))
    stub = gitlab(Profile.NEW, world)
    async with client_of(stub, "gus", "read_api") as client:
        with counted(stub) as asked:
            assert len(await history(client.in_project("a/b"), run, "loss", 25_000)) == 2300
        assert asked == ["GET metrics/get-history"] * 3


async def test_an_old_gitlab_tells_all_metrics_with_the_run(gitlab: StartGitLab) -> None:
    world, run = world_of(curve(2300))
    stub = gitlab(Profile.OLD, world)
    async with client_of(stub, "gus", "read_api") as client:
        tracker = client.in_project("a/b")
        with counted(stub) as asked:
            assert len(await history(tracker, run, "loss")) == 2300
            assert len(await history(tracker, run, "best")) == 1
        assert asked == ["GET metrics/get-history", "GET runs/get"]
        first = run.experiment.candidates[0]  # whose metrics have a point each: what this GitLab does is known now
        with counted(stub) as asked:
            assert (await history(client.in_project("a/b"), first, "metric0"))[0].timestamp == BEGIN
        assert asked == ["GET runs/get"]


async def test_in_between_graphql_tells_the_rows_once_for_all_metrics(gitlab: StartGitLab) -> None:
    world, run = world_of(curve(230))
    stub = gitlab(Profile.MID, world)
    async with client_of(stub, "gus", "read_api") as client:
        tracker = client.in_project("a/b")
        with counted(stub) as asked:
            assert len(await history(tracker, run, "loss")) == 230
            assert len(await history(tracker, run, "best")) == 1
        walk, rows = ["GraphQL project", "GraphQL mlExperiment"], ["GraphQL mlExperiment"] * 3
        assert asked == ["GET metrics/get-history", "GET runs/get", *walk, *rows]
        world.metric(run, "loss", 9.0, step=500, timestamp=BEGIN)
        assert len(await history(tracker, run, "loss")) == 230  # kept
        tracker.forget()
        assert (await history(tracker, run, "loss"))[-1] == Metric("loss", 9.0, 0, 500)


async def test_one_point_of_each_metric_keeps_its_time(gitlab: StartGitLab) -> None:
    world, run = world_of([("best", 3, BEGIN + 7, 0.5), ("loss", 4, BEGIN + 8, 0.25)])
    async with client_of(gitlab(Profile.MID, world), "gus") as client:
        tracker = client.in_project("a/b")
        assert await history(tracker, run, "best") == [Metric("best", 0.5, BEGIN + 7, 3)]
        assert tracker.metrics.times_told


async def test_the_rows_of_a_step_stay_as_they_were_logged(gitlab: StartGitLab) -> None:
    logged = [("m", 2, BEGIN, 5.0), ("m", 1, BEGIN, 9.0), ("m", 2, BEGIN, 4.0), ("m", -1, BEGIN, 3.0)]
    world, run = world_of([*logged, ("m", 2, BEGIN, 6.0)])
    async with client_of(gitlab(Profile.MID, world), "gus") as client:
        points = await history(client.in_project("a/b"), run, "m")
        assert steps_and_values(points) == [(-1, 3.0), (1, 9.0), (2, 5.0), (2, 4.0), (2, 6.0)]


async def test_a_place_that_is_gone_is_looked_for_anew(gitlab: StartGitLab) -> None:
    world, run = world_of(curve(20))
    async with client_of(gitlab(Profile.MID, world), "ann") as client:
        tracker = client.in_project("a/b")
        where = str(run.experiment.iid)
        node = await tracker.runs.node(where, run.eid)
        assert node is not None
        nodes = [each async for each in tracker.runs.nodes(where).all()]
        before = next(each for each in nodes if each.cursor == node.before)
        await tracker.runs.delete(before.run_id)
        assert len(await history(tracker, run, "loss")) == 20


async def test_where_graphql_refuses_there_is_the_latest_point(gitlab: StartGitLab) -> None:
    world, run = world_of(curve(20))
    stub = gitlab(Profile.MID, world)
    stub.refuse = lambda asked: (200, {}, b'{"errors":[{"message":"No"}]}') if asked.operation else None
    async with client_of(stub, "gus") as client:
        tracker = client.in_project("a/b")
        assert await history(tracker, run, "best") == [Metric("best", 0.5, BEGIN + 7, 3)]
        assert len(await history(tracker, run, "loss")) == 1
        assert (tracker.metrics.all_told, tracker.metrics.times_told) == (False, True)


async def test_a_gitlab_in_trouble_is_no_gitlab_without_histories(gitlab: StartGitLab) -> None:
    world, run = world_of(curve(20))
    stub = gitlab(Profile.MID, world)
    stub.refuse = lambda asked: (500, {}, b'{"message":"500"}') if asked.operation else None
    async with client_of(stub, "gus") as client:
        tracker = client.in_project("a/b")
        with pytest.raises(ServerError):
            await history(tracker, run, "loss")
        stub.refuse = None
        assert len(await history(tracker, run, "loss")) == 20


async def test_a_project_without_experiments_tells_nothing_of_the_gitlab(gitlab: StartGitLab) -> None:
    world, run = world_of(curve(20))
    world.project("a/off", owner=world.user_named("ann"), model_experiments="disabled")
    stub = gitlab(Profile.NEW, world)
    async with client_of(stub, "ann") as client:
        with pytest.raises(NotFoundError):
            await history(client.in_project("a/off"), run, "loss")
        with counted(stub) as asked:
            assert len(await history(client.in_project("a/b"), run, "loss")) == 20
        assert asked == ["GET metrics/get-history"]


async def test_a_bad_token_is_a_bad_token(gitlab: StartGitLab) -> None:
    world, run = world_of(curve(20))
    stub = gitlab(Profile.MID, world)

    def only_graphql(asked: Asked) -> tuple[int, dict[str, str], bytes] | None:
        return (401, {}, b'{"errors":[{"message":"Invalid token"}]}') if asked.operation else None

    async with client_of(stub, "gus") as client:
        tracker = client.in_project("a/b")
        stub.refuse = only_graphql
        with pytest.raises(UnauthorizedError, match="Invalid token"):
            await client.projects.counts("a/b")
        assert len(await history(tracker, run, "loss")) == 1
        _revoke(stub)
        with pytest.raises(UnauthorizedError, match="invalid_token: Token was revoked"):
            await history(client.in_project("a/b"), run, "loss")


def _revoke(stub: GitLabStub) -> None:
    for token in stub.world.tokens.values():
        token.revoked = True
