"""Where in CI the candidates of a GitLab ran: asked by the hundred, and only when it is wanted."""

import pytest

from mltrack_tui.domain.entities import CandidateId, Link
from mltrack_tui.domain.filter import Compare, Comparison
from mltrack_tui.domain.query import Column, Kind, Order, Query
from mltrack_tui.sources.base import SourceBusy
from mltrack_tui.sources.pages import final
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.limits import RateLimit
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import small_world
from tests.gitlab.server import GitLabStub
from tests.sources.remote.gitlab.conftest import (
    PROJECT,
    Open,
    impatient,
    newest_first,
    populated,
    project_of,
    questions,
)

USER, PIPELINE = Column(Kind.CI, "user"), Column(Kind.CI, "pipeline")
COLUMNS = [Column(Kind.CI, name) for name in ("pipeline", "merge_request", "user")]
OF_DAN = Compare(USER, Comparison.EQUAL, "dan")
GRAPHQL = "GraphQL mlExperiment"


@pytest.fixture
def stub(gitlab: StartGitLab) -> GitLabStub:
    """With 250 candidates, each fifth of which a pipeline of dan's logged, and each seventh one of ann's."""
    world = populated(250)
    dan, ann = world.user_named("dan"), world.user_named("ann")
    for number, one in enumerate(world.find_project(PROJECT).experiments[1].candidates):
        if number % 5 == 0 or number % 7 == 0:
            one.ci_job = world.ci_job(f"job {number}", ann if number % 5 else dan)
    return gitlab(world=world)


async def test_reading_columns_of_ci_asks_one_page_for_each_hundred(stub: GitLabStub, opened: Open) -> None:
    source = opened(stub, at=PROJECT)
    page = await final(source.candidates(Query(PROJECT, ("1",))))
    assert not questions(stub)[GRAPHQL]
    await source.read(page.items[:40], COLUMNS)
    assert questions(stub) == {"GraphQL project": 1, GRAPHQL: 1}
    found = await source.read(page.items, [*COLUMNS, Column(Kind.ATTRIBUTE, "name")])
    assert questions(stub) == {GRAPHQL: 2}
    by_id = {one.eid: one.ci_job for one in project_of(stub).experiments[1].candidates}
    for one in found:
        job = by_id[one.id.candidate_id]
        assert one.ci == ({"pipeline": str(job.pipeline_id), "user": job.user.username} if job else {})
    assert await source.read(page.items, COLUMNS)
    assert not questions(stub)


async def test_a_filter_by_who_triggered_it_looks_at_all_and_grows(stub: GitLabStub, opened: Open) -> None:
    source = opened(stub, at=PROJECT)
    pages = [page async for page in source.candidates(Query(PROJECT, ("1",), OF_DAN))]
    jobs = {one.eid: one.ci_job for one in project_of(stub).experiments[1].candidates}
    expected = [each for each in newest_first(stub, 1) if (job := jobs[each]) and job.user.username == "dan"]
    assert len(expected) == 50
    assert [one.candidate_id for one in pages[-1].items] == expected
    assert (pages[-1].loaded, pages[-1].total, pages[-1].complete) == (250, 250, True)
    lengths = [len(page.items) for page in pages]
    assert lengths == sorted(lengths)
    assert len(set(lengths)) >= 3
    assert not any(page.complete for page in pages[:-1])
    assert questions(stub)[GRAPHQL] == 3


async def test_an_order_by_the_pipeline_is_right(stub: GitLabStub, opened: Open) -> None:
    query = Query(PROJECT, ("1",), OF_DAN, order=(Order(PIPELINE, descending=True),))
    source = opened(stub, at=PROJECT)
    page = await final(source.candidates(query))
    found = [int(one.ci["pipeline"]) for one in await source.read(page.items, [PIPELINE])]
    assert found == sorted(found, reverse=True)
    assert len(found) == 50


async def test_the_values_of_ci_come_a_hundred_candidates_at_a_time(stub: GitLabStub, opened: Open) -> None:
    source = opened(stub, at=PROJECT)
    page = await final(source.values(Query(PROJECT, ("1",)), USER))
    assert (list(page.items).count("dan"), list(page.items).count("ann")) == (50, 28)


async def test_links_of_the_origin_are_whole_below_a_relative_root(gitlab: StartGitLab, opened: Open) -> None:
    stub = gitlab(Profile.NEW, small_world(), root="/git/lab")
    source = opened(stub, at=PROJECT)
    candidates = project_of(stub).experiments[1].candidates
    told = await source.detail(CandidateId(source.location, PROJECT, "1", candidates[1].eid))
    job = candidates[1].ci_job
    assert job is not None
    page = f"{stub.uri}/{PROJECT}/-"
    assert "/git/lab/" in page
    assert told.origin == (
        Link("CI job", "train 1", f"{page}/jobs/{job.id}"),
        Link("pipeline", str(job.pipeline_id), f"{page}/pipelines/{job.pipeline_id}"),
        Link(
            "merge request",
            f"!{job.merge_request_iid} Tune the rate (1)",
            f"{page}/merge_requests/{job.merge_request_iid}",
        ),
        Link("triggered by", "dan"),
    )
    without = await source.detail(CandidateId(source.location, PROJECT, "1", candidates[4].eid))
    assert without.origin == ()


async def test_a_candidate_far_down_is_found_by_one_page_for_each_hundred_before_it(
    stub: GitLabStub, opened: Open
) -> None:
    source = opened(stub, at=PROJECT)
    place = CandidateId(source.location, PROJECT, "1", project_of(stub).experiments[1].candidates[0].eid)
    assert [link.label for link in (await source.detail(place)).origin] == ["CI job", "pipeline", "triggered by"]
    assert questions(stub)[GRAPHQL] == 3


async def test_a_guest_sees_nothing_of_ci(small_stubs: dict[Profile, GitLabStub], opened: Open) -> None:
    stub = small_stubs[Profile.NEW]
    source = opened(stub, "gus", at=PROJECT)
    page = await final(source.candidates(Query(PROJECT, ("1",))))
    assert len(page.items) == 5
    assert {len(one.ci) for one in await source.read(page.items, COLUMNS)} == {0}
    assert [(await source.detail(each)).origin for each in page.items] == [()] * 5
    assert (await final(source.candidates(Query(PROJECT, ("1",), OF_DAN)))).items == []


async def test_a_job_of_somebody_without_a_merge_request_has_none(
    small_stubs: dict[Profile, GitLabStub], opened: Open
) -> None:
    source = opened(small_stubs[Profile.OLD], at=PROJECT)
    page = await final(source.candidates(Query(PROJECT, ("1",))))
    found = await source.read(page.items, COLUMNS)
    assert [sorted(one.ci) for one in reversed(found)] == [
        *[["merge_request", "pipeline", "user"]] * 2,
        ["pipeline", "user"],
        *[[]] * 2,
    ]
    assert {one.ci.get("user") for one in found} == {"dan", None}


async def test_trouble_that_passes_is_told_and_not_taken_for_no_ci(stub: GitLabStub) -> None:
    """Nothing that is known to be missing is shown as missing: who asks again gets it."""
    source = impatient(stub, stub.world.token(stub.world.user_named("ann")))
    try:
        page = await final(source.candidates(Query(PROJECT, ("1",))))
        stub.refuse = RateLimit(100, path="graphql", retry_after=0)
        with pytest.raises(SourceBusy):
            await source.read(page.items, COLUMNS)
        with pytest.raises(SourceBusy):
            await final(source.candidates(Query(PROJECT, ("1",), OF_DAN)))
        assert (await source.detail(page.items[0])).origin == ()
        stub.refuse = None
        found = await source.read(page.items, COLUMNS)
        assert sum(bool(one.ci) for one in found) == 78
    finally:
        await source.aclose()
