"""Runs of a GitLab's project: searched for, or read one by one where that is refused; and what GraphQL tells."""

import json

import pytest

from server_client import (
    BadRequestError,
    ForbiddenError,
    Metric,
    NotFoundError,
    RoleTooLowError,
    Run,
    ScopeTooSmallError,
)
from server_client.gitlab.client import GitLabClient, ProjectClient
from server_client.gitlab.values import CiJob
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import BEGIN, MINUTE, many_candidates, small_world
from tests.gitlab.server import GitLabStub
from tests.gitlab.things import GUEST, Candidate, Experiment
from tests.gitlab.world import World
from tests.server_client.gitlab.asking import client_of, counted
from tests.server_client.gitlab.test_experiments import WHO


def segments(stub: GitLabStub) -> Experiment:
    found = stub.world.find_project("group/vision").experiment_named("segmentation")
    assert found is not None
    return found


def newest_first(experiment: Experiment) -> list[str]:
    return [one.eid for one in reversed(experiment.candidates)]


async def ids_of(tracker: ProjectClient, experiment: Experiment, page_size: int = 250) -> list[str]:
    return [run.run_id async for run in tracker.runs.search([str(experiment.iid)], page_size=page_size).all()]


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize(("who", "scope"), WHO)
async def test_the_runs_of_an_experiment_come_newest_first_and_whole_to_everybody(
    gitlab: StartGitLab, profile: Profile, who: str, scope: str
) -> None:
    stub = gitlab(profile, small_world(profile))
    async with client_of(stub, who, scope) as client:
        tracker = client.in_project("group/vision")
        pager = tracker.runs.search([str(segments(stub).iid)], "params.lr = '1'", page_size=3)
        runs = [run async for run in pager.all()]
        assert [run.run_id for run in runs] == newest_first(segments(stub))
        last = runs[-1]
        assert (last.run_name, last.status, last.user_id) == ("run 0", "FINISHED", "ann")
        assert (last.start_time, last.end_time) == (BEGIN, BEGIN + 5 * MINUTE)
        assert last.params == {"lr": "0.1", "optimizer": "sgd", "seed": "0"}
        assert set(last.metrics) == {
            Metric("loss", 0.1, BEGIN + 9000, 9),
            Metric("val/accuracy", 0.5, BEGIN + 20_000, 0),
        }
        assert await tracker.runs.get(last.run_id) == last
        with counted(stub) as asked:
            assert [run async for run in tracker.runs.search(["1"], view="DELETED_ONLY").all()] == []
        assert asked == []


@pytest.mark.parametrize(
    ("who", "scope", "reason", "asking"),
    [
        ("dan", "read_api", ScopeTooSmallError, []),
        ("gus", "api", RoleTooLowError, ["GET /user"]),
        ("gus", "read_api", ScopeTooSmallError, []),
    ],
)
async def test_who_may_not_search_reads_one_by_one_and_does_not_try_again(
    gitlab: StartGitLab, who: str, scope: str, reason: type[Exception], asking: list[str]
) -> None:
    stub = gitlab(Profile.NEW, small_world())
    experiment = segments(stub)
    async with client_of(stub, who, scope) as client:
        tracker = client.in_project("group/vision")
        with counted(stub) as asked:
            assert await ids_of(tracker, experiment) == newest_first(experiment)
        singly = ["GraphQL mlExperiment", *["GET runs/get"] * 5]
        assert asked == ["POST runs/search", *asking, "GraphQL project", *singly]
        assert isinstance(tracker.runs.read_singly, reason)
        with counted(stub) as asked:
            assert await ids_of(tracker, experiment) == newest_first(experiment)
        assert asked == singly
        with counted(stub) as asked, pytest.raises(BadRequestError, match="sorts"):
            await tracker.runs.search([str(experiment.iid)], order_by=["metrics.loss DESC"]).__anext__()
        assert asked == []


async def test_the_refusals_say_which_scope_and_which_role_is_missing(gitlab: StartGitLab) -> None:
    stub = gitlab(Profile.NEW, small_world())
    async with client_of(stub, "dan", "read_api") as client:
        tracker = client.in_project("group/vision")
        await ids_of(tracker, segments(stub))
        refusal = tracker.runs.read_singly
        assert isinstance(refusal, ScopeTooSmallError)
        assert (refusal.status, refusal.scope, refusal.error_code) == (403, "api", "insufficient_scope")
        assert "higher privileges" in refusal.message
    async with client_of(stub, "gus") as client:
        tracker = client.in_project("group/vision")
        await ids_of(tracker, segments(stub))
        assert tracker.runs.read_singly is not None
        assert (tracker.runs.read_singly.status, "Developer" in str(tracker.runs.read_singly)) == (401, True)


async def test_reading_one_by_one_goes_by_batches_of_any_size(gitlab: StartGitLab) -> None:
    world = World()
    project = world.project("a/b", owner=world.user("ann"))
    experiment = world.experiment(project, "many")
    many_candidates(world, project, experiment, 250)
    world.add_member(world.user("gus"), project, GUEST)
    stub = gitlab(Profile.MID, world)
    async with client_of(stub, "gus") as client:
        tracker = client.in_project("a/b")
        pager = tracker.runs.search([str(experiment.iid)], page_size=30)
        first = await pager.__anext__()
        assert (len(first.items), first.more) == (30, True)
        pager.page_size = 130  # more than a page of GraphQL has
        sizes = [len(batch.items) async for batch in pager]
        assert sizes == [130, 90]
        with counted(stub) as asked:
            assert await ids_of(tracker, experiment, page_size=1000) == newest_first(experiment)
        assert asked.count("GraphQL mlExperiment") == 3
        assert asked.count("GET runs/get") == len(asked) - 3 == 250


@pytest.mark.parametrize("profile", Profile)
async def test_a_search_goes_by_pages_of_a_thousand_at_most(gitlab: StartGitLab, profile: Profile) -> None:
    world = World()
    project = world.project("a/b", owner=world.user("ann"))
    experiment = world.experiment(project, "many")
    many_candidates(world, project, experiment, 1250, metrics=1, params=1)
    stub = gitlab(profile, world)
    async with client_of(stub, "ann") as client:
        tracker = client.in_project("a/b")
        with counted(stub) as asked:
            assert await ids_of(tracker, experiment, page_size=5000) == newest_first(experiment)
        assert asked == ["POST runs/search"] * 2
        assert len(await ids_of(tracker, experiment, page_size=500)) == 1250


@pytest.mark.parametrize("profile", Profile)
async def test_the_servers_order_by_a_metric_leaves_out_who_has_it_not(gitlab: StartGitLab, profile: Profile) -> None:
    stub = gitlab(profile, small_world(profile))
    experiment = segments(stub)
    without = stub.world.candidate(stub.world.find_project("group/vision"), experiment, "without", at=BEGIN)
    async with client_of(stub, "dan") as client:
        tracker = client.in_project("group/vision")
        say = tracker.dialect.metric_order
        assert say is not None
        for descending in (True, False):
            order = say("val/accuracy", descending)
            assert order is not None
            pager = tracker.runs.search([str(experiment.iid)], order_by=[order], page_size=2)
            runs = [run async for run in pager.all()]
            values = [point.value for run in runs for point in run.metrics if point.key == "val/accuracy"]
            assert values == sorted(values, reverse=descending)
            assert len(runs) == 5
            assert without.eid not in {run.run_id for run in runs}


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize(("who", "scope"), WHO)
async def test_some_runs_are_had_by_their_ids_without_those_that_are_gone(
    gitlab: StartGitLab, profile: Profile, who: str, scope: str
) -> None:
    stub = gitlab(profile, small_world(profile))
    other = stub.world.find_project("ann/digits").candidates
    ids = newest_first(segments(stub))
    wanted = [ids[3], "00000000-0000-4000-8000-000000000000", ids[0], *other, ids[3]]
    async with client_of(stub, who, scope) as client:
        with counted(stub) as asked:
            found = await client.in_project("group/vision").runs.some(wanted, ["1"])
        assert [run.run_id for run in found] == [ids[3], ids[0]]
        assert asked == ["GET runs/get"] * 4
        with pytest.raises(NotFoundError):
            await client.in_project("group/plain").runs.some(wanted)


def odd_world() -> tuple[World, Candidate]:
    """A candidate of which hardly anything is known, and its times are in seconds."""
    world = World()
    project = world.project("a/b", owner=world.user("ann"))
    experiment = world.experiment(project, "odd")
    made = world.candidate(project, experiment, None, None, at=BEGIN, end_time=BEGIN // 1000)
    world.metric(made, "m", 3.0, step=None, timestamp=None)
    world.metric(made, "s", 2.0, step=5, timestamp=BEGIN // 1000)
    return world, made


@pytest.mark.parametrize("profile", Profile)
async def test_what_a_run_lacks_is_missing_and_seconds_are_seconds(gitlab: StartGitLab, profile: Profile) -> None:
    world, made = odd_world()
    async with client_of(gitlab(profile, world), "ann", "read_api") as client:
        tracker = client.in_project("a/b")
        run = await tracker.runs.get(made.eid)
        assert (run.run_name, run.start_time, run.end_time, run.user_id) == ("", None, BEGIN, "")
        assert set(run.metrics) == {Metric("m", 3.0, 0, 0), Metric("s", 2.0, BEGIN, 5)}
        made.tags["mlflow.user"], made.user = "ada", world.user_named("ann")
        assert (await tracker.runs.get(made.eid)).user_id == "ada"


async def test_the_latest_of_all_rows_is_the_one_that_mlflow_takes(gitlab: StartGitLab) -> None:
    world, made = odd_world()
    rows = [(5, 20, 1.0), (7, 10, 2.0), (7, 30, -1.0), (7, 30, 4.0), (7, 30, 3.0), (6, 99, 9.0)]
    for step, timestamp, value in rows:
        world.metric(made, "loss", value, step=step, timestamp=timestamp)
    async with client_of(gitlab(Profile.OLD, world), "ann") as client:
        run = await client.in_project("a/b").runs.get(made.eid)
        assert [point for point in run.metrics if point.key == "loss"] == [Metric("loss", 4.0, 30, 7)]


@pytest.mark.parametrize("profile", Profile)
async def test_what_we_log_is_what_we_read(gitlab: StartGitLab, profile: Profile) -> None:
    world = World()
    world.project("a/b", owner=world.user("ann"))
    async with client_of(gitlab(profile, world), "ann") as client:
        tracker = client.in_project("a/b")
        experiment = await tracker.experiments.create("e")
        run = await tracker.runs.create(experiment, name="r", start_time=BEGIN, tags={"mlflow.user": "ada"})
        points = [Metric("loss", 1 / (step + 1), BEGIN + step, step) for step in range(5)]
        await tracker.runs.log_batch(run.run_id, metrics=points, params={"lr": "0.1"}, tags={"t": "1"})
        await tracker.runs.update(run.run_id, status="FINISHED", end_time=BEGIN + 9)
        read = await tracker.runs.get(run.run_id)
        assert read == Run(
            run_id=run.run_id,
            run_name="r",
            experiment_id=experiment,
            status="FINISHED",
            start_time=BEGIN,
            end_time=BEGIN + 9,
            user_id="ada",
            artifact_uri=read.artifact_uri,
            metrics=(points[-1],),
            params={"lr": "0.1"},
            tags={"mlflow.user": "ada", "t": "1"},
        )
        for change in (tracker.runs.restore(run.run_id), tracker.runs.delete_tag(run.run_id, "t")):
            with pytest.raises(NotFoundError, match="404 Not Found"):
                await change
        await tracker.runs.delete(run.run_id)
        with pytest.raises(NotFoundError, match="RESOURCE_DOES_NOT_EXIST"):
            await tracker.runs.get(run.run_id)


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("scope", ["api", "read_api"])
async def test_a_candidate_tells_its_page_and_the_job_that_logged_it(
    gitlab: StartGitLab, profile: Profile, scope: str
) -> None:
    stub = gitlab(profile, small_world(profile), root="/gitlab/root")
    experiment = segments(stub)
    pages = f"{stub.uri}/group/vision/-"
    async with client_of(stub, "dan", scope) as client:
        runs = client.in_project("group/vision").runs
        with counted(stub) as asked:
            nodes = [node async for node in runs.nodes(str(experiment.iid), page_size=2).all()]
        assert asked == ["GraphQL project", *["GraphQL mlExperiment"] * 3]
        assert [node.run_id for node in nodes] == newest_first(experiment)
        assert [node.before for node in nodes] == ["", *[node.cursor for node in nodes[:-1]]]
        first = nodes[-1]
        assert (first.creator, first.creation_time) == ("ann", BEGIN)
        assert first.page == f"{pages}/ml/candidates/{experiment.candidates[0].iid}"
        job = experiment.candidates[0].ci_job
        assert job is not None
        assert first.ci == CiJob(
            name="train 0",
            url=f"{pages}/jobs/{job.id}",
            pipeline=str(job.pipeline_id),
            pipeline_url=f"{pages}/pipelines/{job.pipeline_id}",
            merge_request=f"!{job.merge_request_iid}",
            merge_request_title="Tune the rate (0)",
            merge_request_url=f"{pages}/merge_requests/{job.merge_request_iid}",
            user="dan",
        )
        third = nodes[-3].ci
        assert third is not None
        assert (third.merge_request, third.merge_request_title, third.merge_request_url) == (None, None, None)
        assert nodes[0].ci is None
        again = [node async for node in runs.nodes(str(experiment.iid), after=nodes[2].before, page_size=2).all()]
        assert again == nodes[2:]


async def test_a_guest_sees_no_job(gitlab: StartGitLab) -> None:
    stub = gitlab(Profile.NEW, small_world())
    async with client_of(stub, "gus") as client:
        pager = client.in_project("group/vision").runs.nodes(str(segments(stub).iid))
        assert {node.ci async for node in pager.all()} == {None}


async def test_one_node_is_found_on_the_way_that_was_not_gone_yet(gitlab: StartGitLab) -> None:
    world = World()
    project = world.project("a/b", owner=world.user("ann"))
    experiment = world.experiment(project, "many")
    many_candidates(world, project, experiment, 450, metrics=1, params=1)
    stub = gitlab(Profile.NEW, world)
    where, page = str(experiment.iid), "GraphQL mlExperiment"
    ids = newest_first(experiment)
    async with client_of(stub, "ann") as client:
        tracker = client.in_project("a/b")
        await tracker.experiments.gid(where)

        async def asked_for(run_id: str) -> int:
            with counted(stub) as asked:
                node = await tracker.runs.node(where, run_id)
            assert node is None or node.run_id == run_id
            assert set(asked) <= {page}
            return len(asked)

        assert await asked_for(ids[50]) == 1
        assert await asked_for(ids[99]) == 0  # passed already
        assert await asked_for(ids[150]) == 1  # from where the last search ended
        new = world.candidate(project, experiment, "new", at=BEGIN + 1000 * MINUTE)
        assert await asked_for(new.eid) == 2  # one page more, of no use, and one of what may be new
        assert await asked_for(ids[449]) == 3  # 300 to 449 are two pages, and between them is a look at what may be new
        assert await asked_for("none") == 2  # the new ones, and after the last
        assert await tracker.runs.node(where, "none") is None
        await tracker.runs.delete(ids[0])  # the first that was passed; its cursor is no one's
        newer = world.candidate(project, experiment, "newer", at=BEGIN + 2000 * MINUTE)
        assert await asked_for("none") == 2
        assert await asked_for(newer.eid) == 0
        tracker.forget()
        assert await asked_for(ids[1]) == 1


async def test_a_list_goes_on_the_way_that_it_began(gitlab: StartGitLab) -> None:
    stub = gitlab(Profile.NEW, small_world())
    experiment = segments(stub)
    async with client_of(stub, "dan") as client:
        tracker = client.in_project("group/vision")
        begun = tracker.runs.search([str(experiment.iid)], page_size=2)
        first = await begun.__anext__()
        stub.refuse = lambda asked: (403, {}, b"{}") if asked.path.endswith("runs/search") else None
        assert await ids_of(tracker, experiment) == newest_first(experiment)
        assert type(tracker.runs.read_singly) is ForbiddenError
        with pytest.raises(ForbiddenError):  # it cannot go on otherwise: its place is one of the search's
            await begun.__anext__()
        stub.refuse = None
        rest = [run.run_id async for run in begun.all()]
        assert [*[run.run_id for run in first.items], *rest] == newest_first(experiment)


async def test_what_refuses_graphql_too_gives_the_first_reason(gitlab: StartGitLab) -> None:
    stub = gitlab(Profile.NEW, small_world())
    stub.refuse = lambda asked: (200, {}, b'{"errors":[{"message":"No"}]}') if asked.operation else None
    async with client_of(stub, "dan", "read_api") as client:
        tracker = client.in_project("group/vision")
        with pytest.raises(ScopeTooSmallError):
            await ids_of(tracker, segments(stub))


def test_there_is_a_client_for_each_project() -> None:
    client = GitLabClient("http://h")
    assert client.in_project("a/b").runs is not client.in_project("a/b").runs


async def test_a_page_that_is_too_large_to_read_is_asked_for_in_smaller_ones(
    gitlab: StartGitLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub = gitlab(Profile.OLD, small_world(Profile.OLD))
    monkeypatch.setattr("server_client.answers.LARGEST_ANSWER", 5_000)  # bytes: three of these runs
    async with client_of(stub, "ann", "api") as client:
        assert await ids_of(client.in_project("group/vision"), segments(stub)) == newest_first(segments(stub))
    sizes = [json.loads(asked.body)["max_results"] for asked in stub.asked if asked.path.endswith("runs/search")]
    assert sizes[:4] == [250, 31, 3, 3]
