"""Candidates of a GitLab: as many as are wanted, filtered here, merged where they are of several experiments."""

from collections.abc import Callable

import pytest

from mltrack_tui.domain.query import Column, Columns, Query
from mltrack_tui.search.parse import parse_filter
from mltrack_tui.search.vocabulary import CandidateVocabulary
from mltrack_tui.sources.pages import final
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.server import GitLabStub
from tests.gitlab.things import Candidate
from tests.sources.remote.gitlab.conftest import PROJECT, Open, ids, newest_first, populated, project_of, questions

VOCABULARY = CandidateVocabulary(Columns(), {}, 0)
ONE = Query(PROJECT, ("1",))


def filtered(text: str, *experiments: str) -> Query:
    return Query(PROJECT, experiments or ("1",), parse_filter(text, VOCABULARY))


@pytest.fixture
def stub(gitlab: StartGitLab) -> GitLabStub:
    """With 330 candidates in an experiment."""
    return gitlab(world=populated(330))


async def test_a_screen_of_candidates_comes_first_and_nothing_more_is_asked_until_it_is_wanted(
    stub: GitLabStub, opened: Open
) -> None:
    source, expected = opened(stub, at=PROJECT), newest_first(stub, 1)
    pages = source.candidates(ONE)
    page = await anext(pages)
    assert [one.candidate_id for one in page.items] == expected[:60]
    assert (page.loaded, page.total, page.complete, page.on_demand) == (60, None, False, True)
    assert questions(stub) == {"GET experiments/list": 1, "POST runs/search": 1}
    assert len(await source.read(page.items)) == 60
    assert not questions(stub)
    page = await anext(pages)
    assert [one.candidate_id for one in page.items] == expected[:310]
    assert questions(stub)["POST runs/search"] >= 1
    page = await anext(pages)
    assert [one.candidate_id for one in page.items] == expected
    assert (page.loaded, page.total, page.complete, page.on_demand) == (330, 330, True, False)
    assert await anext(pages, None) is None


async def test_what_came_once_is_not_asked_again(stub: GitLabStub, opened: Open) -> None:
    source = opened(stub, at=PROJECT)
    assert len(await ids(source, ONE)) == 330
    assert questions(stub) == {"GET experiments/list": 1, "POST runs/search": 3}
    assert len(await ids(source, ONE)) == 330
    assert len(await ids(source, filtered("params.param0 > 50"))) > 0
    assert not questions(stub)


def _metric(one: Candidate) -> float:
    return one.latest()["metric0"].value


FILTERS: list[tuple[str, Callable[[Candidate], bool]]] = [
    (
        "metrics.metric0 > 0.5 AND (params.param1 < 30 OR NOT tags.stage = 'prod')",
        lambda one: _metric(one) > 0.5 and (float(one.params["param1"]) < 30 or one.tags["stage"] != "prod"),
    ),
    (
        "user IN ('user3', 'user4') OR name LIKE 'trial-0000%'",
        lambda one: one.tags["mlflow.user"] in {"user3", "user4"} or (one.name or "").startswith("trial-0000"),
    ),
    ("NOT (metrics.metric0 < 0.9 OR metrics.never IS NOT NULL)", lambda one: _metric(one) >= 0.9),
    ("params.param0 = 'nothing like it'", lambda _: False),
]


@pytest.mark.parametrize(("text", "admits"), FILTERS)
async def test_a_filter_that_gitlab_does_not_know_is_finished_here_and_says_how_many_were_looked_at(
    stub: GitLabStub, opened: Open, text: str, admits: Callable[[Candidate], bool]
) -> None:
    source = opened(stub, at=PROJECT)
    pages = [page async for page in source.candidates(filtered(text))]
    assert [(page.loaded, page.total, page.complete) for page in pages] == [
        (60, None, False),
        (310, None, False),
        (330, 330, True),
    ]
    told = {one.eid for one in project_of(stub).experiments[1].candidates if admits(one)}
    right = [each for each in newest_first(stub, 1) if each in told]
    for page in pages:
        assert [one.candidate_id for one in page.items] == right[: len(page.items)]
    assert len(pages[-1].items) == len(right)


async def test_the_values_of_a_column_are_those_of_the_candidates_in_their_order(
    stub: GitLabStub, opened: Open
) -> None:
    source = opened(stub, at=PROJECT)
    first = await anext(source.values(ONE, Column.parse("metrics.metric1")))
    assert (len(first.items), first.on_demand) == (60, True)
    assert questions(stub)["POST runs/search"] == 1
    page = await final(source.values(ONE, Column.parse("metrics.metric1")))
    by_id = {one.eid: one.latest()["metric1"].value for one in project_of(stub).experiments[1].candidates}
    assert list(page.items) == [by_id[each] for each in newest_first(stub, 1)]


# Several experiments, each of which takes a search


async def test_three_experiments_take_a_search_each_and_come_in_one_order(gitlab: StartGitLab, opened: Open) -> None:
    stub = gitlab(world=populated(40, 30, 50))
    source = opened(stub, at=PROJECT)
    (page,) = [page async for page in source.candidates(Query(PROJECT, ("1", "2", "3")))]
    assert [one.candidate_id for one in page.items] == newest_first(stub, 1, 2, 3)
    assert (page.total, page.complete) == (120, True)
    assert questions(stub) == {"GET experiments/list": 1, "POST runs/search": 3}


async def test_of_large_experiments_that_begin_at_the_same_time_the_first_rows_are_the_right_ones(
    gitlab: StartGitLab, opened: Open
) -> None:
    stub = gitlab(world=populated(200, 200, 200))
    source, expected = opened(stub, at=PROJECT), newest_first(stub, 1, 2, 3)
    pages = source.candidates(Query(PROJECT, ("1", "2", "3")))
    page = await anext(pages)
    assert questions(stub)["POST runs/search"] == 3
    assert len(page.items) >= 170
    told = [one.candidate_id for one in page.items]
    assert told == expected[: len(told)]
    async for page in pages:
        told = [one.candidate_id for one in page.items]
        assert told == expected[: len(told)]
    assert (page.total, page.complete) == (600, True)


async def test_of_thirty_experiments_the_first_rows_are_there_before_all_were_asked(
    gitlab: StartGitLab, opened: Open
) -> None:
    stub = gitlab(world=populated(*[5] * 30))
    source = opened(stub, at=PROJECT)
    numbers = range(1, 31)
    pages = source.candidates(Query(PROJECT, tuple(map(str, numbers))))
    page = await anext(pages)
    asked = questions(stub)["POST runs/search"]
    assert 0 < asked < 30
    assert len(page.items) == 5 * asked
    assert (page.complete, page.on_demand) == (False, True)
    starts = {one.eid: one.start_time for one in project_of(stub).candidates.values()}
    told = [starts[each.candidate_id] or 0 for each in page.items]
    assert told == sorted(told, reverse=True)
    page = await final(pages)
    assert [one.candidate_id for one in page.items] == newest_first(stub, *numbers)
    assert questions(stub)["POST runs/search"] + asked == 30


async def test_a_filter_over_all_experiments_is_finished_here(gitlab: StartGitLab, opened: Open) -> None:
    stub = gitlab(world=populated(100, 5, 90))
    source = opened(stub, at=PROJECT)
    pages = [page async for page in source.candidates(filtered("params.param0 < 20", "1", "2", "3"))]
    told = {one.eid for one in project_of(stub).candidates.values() if float(one.params["param0"]) < 20}
    assert [one.candidate_id for one in pages[-1].items] == [
        each for each in newest_first(stub, 1, 2, 3) if each in told
    ]
    assert pages[-1].total == 195
    assert [page.loaded for page in pages] == sorted(page.loaded for page in pages)


# What changes meanwhile


async def test_an_experiment_that_is_deleted_has_no_candidates_any_more(gitlab: StartGitLab, opened: Open) -> None:
    stub = gitlab(world=populated(5, 5))
    source = opened(stub, at=PROJECT)
    assert len(await ids(source, Query(PROJECT, ("1", "2")))) == 10
    with stub.world.lock:
        gone = project_of(stub).experiments.pop(1)
        for each in gone.candidates:
            del project_of(stub).candidates[each.eid]
    source.forget()
    assert await ids(source, ONE) == []
    assert await ids(source, Query(PROJECT, ("1", "2"))) == newest_first(stub, 2)
