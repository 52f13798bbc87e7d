"""Candidates of a GitLab in order of a metric: the server's where that is right, ending as all is sorted here."""

import asyncio
import json
import os
from collections.abc import Iterator, Sequence
from itertools import count
from typing import NamedTuple
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltrack_tui.domain.query import Order, Query
from mltrack_tui.search.parse import parse_filter
from mltrack_tui.sources.pages import final, taken
from mltrack_tui.sources.remote import open_server
from tests.gitlab.fixtures import StartGitLab
from tests.gitlab.profiles import Profile
from tests.gitlab.seeding import BEGIN
from tests.gitlab.server import GitLabStub
from tests.gitlab.things import Candidate
from tests.sources.remote.gitlab.conftest import PROJECT, Open, ids, newest_first, populated, project_of, questions
from tests.sources.remote.gitlab.test_candidates import VOCABULARY

_NAMES = count(1)


def orders(stub: GitLabStub) -> list[str]:
    """The orders that the server was asked for, since the last time that somebody wanted to know."""
    asked = [json.loads(one.body) for one in stub.asked if one.path.endswith("runs/search")]
    stub.asked.clear()
    return [body["order_by"] for body in asked if "order_by" in body]


def expected(candidates: Sequence[Candidate], metric: str, *, descending: bool) -> list[str]:
    """By the last value; then, and all that lack it, by what there is without any order."""
    standing = sorted(candidates, key=lambda one: (-(one.start_time or 0), one.eid))
    latest = {one.eid: one.latest()[metric].value for one in standing if metric in one.latest()}
    having = sorted((one for one in standing if one.eid in latest), key=lambda one: latest[one.eid], reverse=descending)
    return [one.eid for one in [*having, *(one for one in standing if one.eid not in latest)]]


@pytest.fixture
def stub(gitlab: StartGitLab) -> GitLabStub:
    """With 130 candidates, of which each third lacks the metric that the others have."""
    world = populated(130)
    for number, one in enumerate(world.find_project(PROJECT).experiments[1].candidates):
        if number % 3:
            world.metric(one, "loss", (number * 37 % 130) / 7 - 5)
    return gitlab(world=world)


@pytest.mark.parametrize("order", ["metrics.loss", "-metrics.loss"])
async def test_the_server_sorts_by_a_metric_whose_name_can_be_said(stub: GitLabStub, opened: Open, order: str) -> None:
    source, query = opened(stub, at=PROJECT), Query(PROJECT, ("1",), order=(Order.parse(order),))
    right = expected(project_of(stub).experiments[1].candidates, "loss", descending=order.startswith("-"))
    pages = source.candidates(query)
    page = await anext(pages)
    assert [one.candidate_id for one in page.items] == right[:60]
    assert (page.appends, page.on_demand, page.complete) == (True, True, False)
    asked = questions(stub)
    assert asked == {"GET experiments/list": 1, "POST runs/search": 2}
    sizes = [page.loaded]
    async for page in pages:
        told = [one.candidate_id for one in page.items]
        assert page.complete or told == right[: len(told)]
        sizes.append(page.loaded)
    assert told == right
    assert (page.complete, page.total) == (True, 130)
    assert sizes == sorted(sizes)
    assert questions(stub)["POST runs/search"] <= 3


async def test_the_order_is_said_in_gitlabs_words(stub: GitLabStub, opened: Open) -> None:
    for order, said in (("metrics.loss", "metrics.loss ASC"), ("-metrics.metric1", "metrics.metric1 DESC")):
        await anext(opened(stub, at=PROJECT).candidates(Query(PROJECT, ("1",), order=(Order.parse(order),))))
        assert orders(stub) == [said]


@pytest.mark.parametrize(
    "order",
    [
        *("params.param0", "tags.stage", "name", "-created", "duration", "min(metrics.loss)"),
        *("metrics.val.loss", "metrics.val loss", 'metrics.a"b', "metrics.a`b"),
    ],
)
async def test_what_gitlab_cannot_sort_by_it_is_not_asked_for(stub: GitLabStub, opened: Open, order: str) -> None:
    for one in project_of(stub).experiments[1].candidates[::2]:
        stub.world.metric(one, order.removeprefix("metrics."), one.iid % 7)
    source = opened(stub, at=PROJECT)
    pages = source.candidates(Query(PROJECT, ("1",), order=(Order.parse(order),)))
    assert not (await anext(pages)).appends
    page = await final(pages)
    assert (len(page.items), page.complete) == (130, True)
    assert orders(stub) == []


async def test_what_is_sorted_here_is_right_over_what_is_loaded(stub: GitLabStub, opened: Open) -> None:
    candidates = project_of(stub).experiments[1].candidates
    for one in candidates[::2]:
        stub.world.metric(one, "val.loss", one.iid % 7)
    source = opened(stub, at=PROJECT)
    by_id = {one.eid: one for one in candidates}
    async for page in source.candidates(Query(PROJECT, ("1",), order=(Order.parse("-metrics.val.loss"),))):
        told = [one.candidate_id for one in page.items]
        loaded = [by_id[each] for each in newest_first(stub, 1)[: page.loaded]]
        assert told == expected(loaded, "val.loss", descending=True)
    assert len(told) == 130


async def test_where_few_have_the_metric_those_that_lack_it_follow_as_they_come(
    gitlab: StartGitLab, opened: Open
) -> None:
    world = populated(200)
    for one in world.find_project(PROJECT).experiments[1].candidates[:10]:
        world.metric(one, "loss", -one.iid)
    stub = gitlab(world=world)
    source = opened(stub, at=PROJECT, page_size=60)
    candidates, newest = project_of(stub).experiments[1].candidates, newest_first(stub, 1)
    right = expected(candidates, "loss", descending=False)
    pages = [page async for page in source.candidates(Query(PROJECT, ("1",), order=(Order.parse("metrics.loss"),)))]
    told = [[one.candidate_id for one in page.items] for page in pages]
    assert told[0] == [*right[:10], *newest[:60]]
    assert told == [right[: len(each)] for each in told]
    assert told[-1] == right
    assert [page.appends for page in pages[:-1]] == [True] * (len(pages) - 1)


async def test_two_experiments_are_sorted_here(gitlab: StartGitLab, opened: Open) -> None:
    stub = gitlab(world=populated(70, 70))
    query = Query(PROJECT, ("1", "2"), order=(Order.parse("metrics.metric0"),))
    found = await ids(opened(stub, at=PROJECT), query)
    assert found == expected(list(project_of(stub).candidates.values()), "metric0", descending=False)
    assert orders(stub) == []


async def test_a_filter_goes_with_the_servers_order(stub: GitLabStub, opened: Open) -> None:
    where = parse_filter("tags.stage = 'prod'", VOCABULARY)
    query = Query(PROJECT, ("1",), where, order=(Order.parse("-metrics.loss"),))
    source, candidates = opened(stub, at=PROJECT), project_of(stub).experiments[1].candidates
    right = expected([one for one in candidates if one.tags["stage"] == "prod"], "loss", descending=True)
    pages = source.candidates(query)
    page = await anext(pages)
    assert [one.candidate_id for one in page.items] == right[: len(page.items)]
    assert 0 < len(page.items) < page.loaded == 60
    page = await final(pages)
    assert [one.candidate_id for one in page.items] == right


async def test_where_all_is_loaded_nothing_is_asked_for_an_order(stub: GitLabStub, opened: Open) -> None:
    source = opened(stub, at=PROJECT)
    await ids(source, Query(PROJECT, ("1",)))
    questions(stub)
    found = await ids(source, Query(PROJECT, ("1",), order=(Order.parse("metrics.loss"),)))
    assert found == expected(project_of(stub).experiments[1].candidates, "loss", descending=False)
    assert not questions(stub)


async def test_first_rows_of_what_is_loaded_come_before_the_server_sorted(stub: GitLabStub, opened: Open) -> None:
    source = opened(stub, at=PROJECT)
    await anext(source.candidates(Query(PROJECT, ("1",))))
    pages = source.candidates(Query(PROJECT, ("1",), order=(Order.parse("metrics.loss"),)))
    page = await anext(pages)
    assert (page.loaded, page.appends, orders(stub)) == (60, False, [])
    page = await taken(pages, lambda page: page.appends)
    assert orders(stub) == ["metrics.loss ASC"]


async def test_where_the_server_sorts_by_other_values_than_ours_its_order_is_none(
    gitlab: StartGitLab, opened: Open
) -> None:
    """Before 17.10 the value that was logged last sorts, and of all values that come that of the last step counts."""
    stub = gitlab(Profile.OLD, populated(130))
    candidates = project_of(stub).experiments[1].candidates
    for one in candidates:
        stub.world.metric(one, "loss", -one.iid, step=1)
        stub.world.metric(one, "loss", one.iid, step=0)
    source = opened(stub, at=PROJECT)
    pages = source.candidates(Query(PROJECT, ("1",), order=(Order.parse("metrics.loss"),)))
    assert not (await anext(pages)).appends
    async for page in pages:
        assert not page.appends
    assert [one.candidate_id for one in page.items] == [one.eid for one in reversed(candidates)]


# Whatever the values are


class Row(NamedTuple):
    """A candidate: when it began, in what order it was made, and its values in the order they were logged."""

    start: int
    values: tuple[float, ...]


ROWS = st.lists(
    st.builds(
        Row,
        st.integers(0, 5),
        st.lists(st.sampled_from([-1e300, -1.5, -0.0, 0.0, 0.25, 7.0]), max_size=2).map(tuple),
    ),
    max_size=14,
)


@pytest.fixture(scope="module")
def lab() -> Iterator[GitLabStub]:
    """To be given an experiment more each time."""
    with GitLabStub(Profile.NEW, populated()) as stub:
        yield stub


@settings(max_examples=40, deadline=None, database=None)
@given(
    rows=ROWS,
    metric=st.sampled_from(["loss", "val/loss", "val.loss", "val loss", "größe", "loss.2", "a'b", "DESC"]),
    descending=st.booleans(),
)
def test_it_ends_in_exactly_the_order_that_sorting_all_here_gives(
    lab: GitLabStub, rows: list[Row], metric: str, *, descending: bool
) -> None:
    with lab.world.lock:
        project = project_of(lab)
        experiment = lab.world.experiment(project, f"of hypothesis {next(_NAMES)}")
        for number, row in enumerate(rows):
            at = BEGIN + row.start
            one = lab.world.candidate(project, experiment, str(number), at=BEGIN + number, start_time=at)
            for value in row.values:
                lab.world.metric(one, metric, value)
    sign = "-" if descending else ""
    query = Query(PROJECT, (str(experiment.iid),), order=(Order.parse(f"{sign}metrics.{metric}"),))

    async def ask() -> list[str]:
        source = open_server(lab.tracking_uri(PROJECT), page_size=4)
        try:
            return await ids(source, query)
        finally:
            await source.aclose()

    token = lab.world.token(lab.world.user_named("ann"))
    with mock.patch.dict(os.environ, MLFLOW_TRACKING_TOKEN=token):
        found = asyncio.run(ask())
    assert found == expected(experiment.candidates, metric, descending=descending)
