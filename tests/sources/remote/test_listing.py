"""A server is asked for what somebody wants to see, once, and for a little of it when something may have changed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from mltrack_tui.domain.filter import Compare, Comparison, Missing, Or
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Kind, Lifecycle, Order, Query
from mltrack_tui.search.parse import parse_filter
from mltrack_tui.sources.base import T, UnreachableError
from mltrack_tui.sources.pages import final
from tests.search.vocabularies import VOCABULARY
from tests.servers import faults
from tests.servers.proxy import Exchange
from tests.sources.facts import STORES, Facts, read_facts
from tests.sources.remote.conftest import Open, Own, ids

NUMBER = Column(Kind.PARAM, "number")
LOSS = Column(Kind.METRIC, "loss")


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read_facts(STORES / "mlflow-3.17.2.json")


async def some(answers: AsyncIterator[Page[T]], count: int = 1) -> list[Page[T]]:
    """The first pages."""
    pages = []
    async for page in answers:
        pages.append(page)
        if len(pages) == count:
            break
    return pages


def filtered(own: Own, text: str, *order: str) -> Query:
    orders = tuple(Order.parse(each) for each in order)
    return Query("default", (own.experiment,), parse_filter(text, VOCABULARY), order=orders)


async def test_the_first_rows_their_columns_and_cells_cost_one_search(own: Own, opened: Open) -> None:
    runs = await own.runs(5)
    source = opened(own.uri, page_size=3)
    (page,) = await some(source.candidates(own.query))
    assert (ids(page.items), page.loaded, page.total, page.complete, page.on_demand) == (runs[:3], 3, None, False, True)
    assert [each.params["number"] for each in await source.read(page.items)] == ["5", "4", "3"]
    assert (await some(source.values(own.query, NUMBER)))[0].items == ["5", "4", "3"]
    columns = await final(source.columns("default", (own.experiment,)))
    assert (columns.params, columns.metrics, columns.complete) == (("number",), ("loss",), False)
    assert len(own.searches()) == 1


async def test_each_page_is_asked_for_when_it_is_wanted_and_then_kept(own: Own, opened: Open) -> None:
    runs = await own.runs(7)
    source = opened(own.uri, page_size=3)
    pages = [page async for page in source.candidates(own.query)]
    assert [len(page.items) for page in pages] == [3, 6, 7]
    assert [page.on_demand for page in pages] == [True, True, False]
    assert (ids(pages[-1].items), pages[-1].total) == (runs, 7)
    assert len(own.searches()) == 3
    assert ids((await final(source.candidates(own.query))).items) == runs
    assert own.searches() == []


async def test_what_is_all_here_is_filtered_and_sorted_here(own: Own, opened: Open) -> None:
    runs = await own.runs(4)
    source = opened(own.uri)
    await final(source.candidates(own.query))
    own.searches()
    (page,) = [page async for page in source.candidates(filtered(own, "params.number > 1", "params.number"))]
    assert (ids(page.items), page.loaded, page.total) == (runs[2::-1], 4, 4)
    assert own.searches() == []


async def test_who_asks_together_waits_for_the_same_page(own: Own, opened: Open) -> None:
    await own.runs(4)
    source = opened(own.uri, page_size=2)
    await source.experiments("default").__anext__()
    pages = await asyncio.gather(*(some(source.candidates(own.query)) for _ in range(3)))
    assert [len(page.items) for (page,) in pages] == [2, 2, 2]
    assert len(own.searches()) == 1


async def test_a_page_that_was_cancelled_is_asked_for_again(own: Own, opened: Open) -> None:
    runs = await own.runs(6)
    source = opened(own.uri, page_size=2)
    await some(source.candidates(own.query))
    own.proxy.plan(faults.silent, path="runs/search", times=1)
    reading = asyncio.ensure_future(final(source.candidates(own.query)))
    await own.asked("runs/search", times=2)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert ids((await final(source.candidates(own.query))).items) == runs


async def test_one_who_goes_does_not_take_the_page_from_one_who_waits(own: Own, opened: Open) -> None:
    runs = await own.runs(2)
    source = opened(own.uri)
    await source.experiments("default").__anext__()
    own.proxy.plan(faults.late(0.3), path="runs/search")
    going, staying = (asyncio.ensure_future(final(source.candidates(own.query))) for _ in range(2))
    await own.asked("runs/search", times=1)
    going.cancel()
    assert ids((await staying).items) == runs
    assert len(own.searches()) == 1


async def test_a_filter_shows_what_is_here_and_then_asks_the_server(own: Own, opened: Open) -> None:
    runs = await own.runs(9)
    source = opened(own.uri, page_size=3)
    await some(source.candidates(own.query))
    own.searches()
    query = filtered(own, "metrics.loss < 8.5 and (params.number = 2 or params.number = 7 or params.number = 8)")
    pages = [page async for page in source.candidates(query)]
    assert [(ids(page.items), page.complete, page.on_demand) for page in pages[:2]] == [
        (runs[1:3], False, False),
        (runs[1:3], False, True),
    ]
    assert ids(pages[-1].items) == [runs[1], runs[2], runs[7]]
    assert (pages[-1].loaded, pages[-1].total, pages[-1].complete) == (8, None, True)
    assert {each["filter"] for each in own.searches()} == {"metrics.`loss` < 8.5"}


async def test_whoever_types_on_asks_the_server_nothing(own: Own, opened: Open) -> None:
    await own.runs(3)
    source = opened(own.uri, page_size=2)
    await some(source.candidates(own.query))
    own.searches()
    for text in ("r", "ru", "run"):
        await some(source.candidates(filtered(own, text)))
    assert own.searches() == []


async def test_an_order_of_the_servers_comes_from_there(own: Own, opened: Open) -> None:
    runs = await own.runs(7)
    source = opened(own.uri, page_size=3)
    query = filtered(own, "", "metrics.loss")
    await some(source.candidates(own.query))
    own.searches()
    pages = [page async for page in source.candidates(query)]
    assert ids(pages[0].items) == runs[2::-1]
    assert ids(pages[1].items) == runs[:3:-1]
    assert (ids(pages[-1].items), pages[-1].total) == (runs[::-1], 7)
    assert {tuple(each["order_by"]) for each in own.searches()} == {("metrics.`loss` ASC",)}
    assert ids((await final(source.candidates(own.query))).items) == runs
    assert own.searches() == []


async def test_an_order_that_the_server_does_not_know_is_made_here_of_what_came(own: Own, opened: Open) -> None:
    runs = await own.runs(5)
    pages = [page async for page in opened(own.uri, page_size=3).candidates(filtered(own, "", "params.number"))]
    assert ids(pages[0].items) == runs[2::-1]
    assert ids(pages[-1].items) == runs[::-1]


def without_absence(exchange: Exchange) -> None:
    """A server before 3.12, which knows no IS NULL."""
    if b"NULL" in exchange.asked.body:
        faults.refused(400, "INVALID_PARAMETER_VALUE", "Invalid clause(s) in filter string")(exchange)
    else:
        exchange.send(exchange.forwarded())


async def test_a_filter_that_the_server_refuses_is_answered_all_the_same(own: Own, opened: Open) -> None:
    runs = [await own.run(number, params={"odd": "x"} if number % 2 else None) for number in range(6, 0, -1)]
    own.proxy.plan(without_absence, path="runs/search")
    query = filtered(own, "params.odd is missing and metrics.loss < 5")
    source = opened(own.uri, page_size=2)
    assert ids((await final(source.candidates(query))).items) == [runs[2], runs[4]]
    asked = dict.fromkeys(each["filter"] for each in own.searches() if each["filter"])
    assert list(asked) == ["params.`odd` IS NULL AND metrics.`loss` < 5.0", "metrics.`loss` < 5.0"]
    await final(source.candidates(replace(query, order=(Order(LOSS),))))
    assert [each["filter"] for each in own.searches()].count("params.`odd` IS NULL AND metrics.`loss` < 5.0") == 1


async def test_the_deleted_are_asked_for_when_they_are_wanted(own: Own, opened: Open) -> None:
    runs = await own.runs(8)
    for run in runs[1::3]:
        await own.client.runs.delete(run)
    source = opened(own.uri, page_size=2)
    active = await final(source.candidates(own.query))
    assert ids(active.items) == [each for each in runs if each not in runs[1::3]]
    assert {each["run_view_type"] for each in own.searches()} == {"ACTIVE_ONLY"}
    every = Query("default", (own.experiment,), lifecycle=Lifecycle.ALL)
    pages = [page async for page in source.candidates(every)]
    assert ids(pages[-1].items) == runs
    assert all(ids(page.items) == runs[: len(page.items)] for page in pages)
    assert {each["run_view_type"] for each in own.searches()} == {"DELETED_ONLY"}


async def test_several_experiments_that_are_known_need_no_question(own: Own, opened: Open) -> None:
    runs = await own.runs(2)
    source = opened(own.uri)
    experiments = [each.experiment_id for each in (await final(source.experiments("default"))).items]
    own.searches()
    found = ids((await final(source.candidates(Query("default", tuple(experiments))))).items)
    assert set(runs) < set(found)
    assert own.searches() == []


async def test_a_refresh_sees_what_came_went_and_ended_for_two_searches(own: Own, opened: Open) -> None:
    running = await own.run(1, status="RUNNING")
    runs = [*[await own.run(number) for number in range(6, 1, -1)], running]
    source = opened(own.uri, page_size=3)
    await final(source.candidates(own.query))
    own.searches()

    new = await own.run(9)
    await own.client.runs.delete(runs[1])
    await own.client.runs.update(running, status="FAILED")
    source.forget()
    page = await final(source.candidates(own.query))
    assert ids(page.items) == [new, runs[0], *runs[2:]]
    (last,) = await source.read(page.items[-1:])
    assert last.status == "FAILED"
    assert [bool(each["filter"]) for each in own.searches()] == [False, True]


async def test_a_refresh_in_the_middle_loses_nothing(own: Own, opened: Open) -> None:
    runs = await own.runs(9)
    source = opened(own.uri, page_size=3)
    await some(source.candidates(own.query), 2)
    for run in runs[:2]:
        await own.client.runs.delete(run)
    source.forget()
    assert ids((await final(source.candidates(own.query))).items) == runs[2:]


async def test_a_refresh_after_everything_changed_begins_anew(own: Own, opened: Open) -> None:
    await own.runs(4)
    source = opened(own.uri, page_size=3)
    await final(source.candidates(own.query))
    new = [await own.run(number) for number in (24, 23, 22, 21)]
    source.forget()
    pages = [page async for page in source.candidates(own.query)]
    assert ids(pages[0].items) == new[:3]
    assert len(pages[-1].items) == 8


async def test_a_server_that_comes_back_is_asked_on(own: Own, opened: Open) -> None:
    runs = await own.runs(5)
    source = opened(own.uri, page_size=2)
    await some(source.candidates(own.query))
    own.proxy.plan(faults.bad_gateway, path="runs/search")
    with pytest.raises(UnreachableError, match="does not answer"):
        await final(source.candidates(own.query))
    own.proxy.behave()
    assert ids((await final(source.candidates(own.query))).items) == runs


async def test_candidates_that_were_never_listed_are_read_a_hundred_at_once(own: Own, opened: Open) -> None:
    runs = await own.runs(4)
    source = opened(own.uri)
    wanted = [own.place(source, run) for run in [*runs[::-1], "0" * 32, "it's no id"]]
    assert [each.id for each in await source.read(wanted)] == wanted[:4]
    assert len(own.searches()) == 1
    await source.read(wanted[:4])
    assert own.searches() == []


async def test_a_filter_by_what_no_server_can_say_goes_through_what_comes(own: Own, opened: Open) -> None:
    runs = await own.runs(5)
    where = Or((Compare(NUMBER, Comparison.EQUAL, 1.0), Missing(LOSS)))
    source = opened(own.uri, page_size=2)
    pages = [page async for page in source.candidates(Query("default", (own.experiment,), where))]
    assert [(len(page.items), page.loaded, page.on_demand) for page in pages] == [
        (0, 2, True),
        (0, 4, True),
        (1, 5, False),
    ]
    assert ids(pages[-1].items) == runs[-1:]
