"""The source in memory does as it is told: the screens' tests rely on it."""

import asyncio
from dataclasses import replace

import pytest

from mltrack_tui.domain.entities import Experiment
from mltrack_tui.domain.query import Lifecycle, Order, Query
from mltrack_tui.sources.base import Capabilities, Capability, SourceBusy, SourceError
from mltrack_tui.sources.pages import at_hand, final, listed
from tests.lazy import LazySource
from tests.memory import MemorySource, candidate

QUERY = Query("default", ("1",))


def source(capabilities: Capabilities | None = None) -> MemorySource:
    members = [candidate(f"c{number}", start_time=number, metrics={"loss": number / 10}) for number in range(5)]
    return MemorySource.of({"digits": members}, capabilities=capabilities)


async def test_a_slow_source_answers_when_its_gate_opens() -> None:
    slow = source()
    slow.gate = asyncio.Event()
    asking = asyncio.create_task(final(slow.candidates(QUERY)))
    await asyncio.sleep(0)
    assert slow.calls == ["candidates"]
    assert not asking.done()
    slow.gate.set()
    assert len((await asking).items) == 5


async def test_a_cancelled_call_is_remembered() -> None:
    slow = source()
    slow.gate = asyncio.Event()
    asking = asyncio.create_task(final(slow.columns("default", ("1",))))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert slow.cancelled == ["columns"]


async def test_a_paged_source_grows_to_the_whole() -> None:
    paged = source()
    paged.page_size = 2
    pages = [page async for page in paged.candidates(QUERY)]
    assert [(page.loaded, page.total, page.complete) for page in pages] == [
        (2, None, False),
        (4, None, False),
        (5, 5, True),
    ]
    assert [one.candidate_id for one in pages[0].items] == ["c4", "c3"]


async def test_a_failing_source_fails_as_often_as_told_and_then_answers() -> None:
    failing = source()
    failing.fail(SourceBusy("busy"), SourceError("no"))
    with pytest.raises(SourceBusy):
        await final(failing.projects())
    with pytest.raises(SourceError, match="no"):
        await final(failing.candidates(QUERY))
    assert len((await final(failing.candidates(QUERY))).items) == 5


async def test_an_incapable_source_gives_its_reason() -> None:
    never = Capability("This source cannot.")
    incapable = source(Capabilities(deleted=never, order=never, history=never, artifacts=never))
    one = (await final(incapable.candidates(QUERY))).items[0]
    for refused in (
        final(incapable.candidates(Query("default", ("1",), order=(Order.parse("name"),)))),
        final(incapable.candidates(Query("default", ("1",), lifecycle=Lifecycle.ALL))),
        final(incapable.history(one, "loss")),
        incapable.artifacts(one),
    ):
        with pytest.raises(SourceError, match=r"This source cannot\."):
            await refused


def lazy() -> LazySource:
    server = LazySource()
    server.page_size = 2
    members = [
        candidate(f"c{number}", start_time=number, metrics={f"loss{number}": number / 10}) for number in range(5)
    ]
    server.add(Experiment("1", "digits", "default", "active"), members)
    return server


async def test_a_lazy_source_asks_for_a_page_when_it_is_wanted_and_begins_with_what_it_has() -> None:
    server = lazy()
    asking = server.candidates(QUERY)
    first = await anext(asking)
    assert (len(first.items), first.loaded, first.total, first.on_demand, server.requests) == (2, 2, None, True, 1)
    assert len((await anext(asking)).items) == 4
    again = await anext(server.candidates(QUERY))
    assert (again.loaded, server.requests) == (4, 2)
    whole = await final(server.candidates(QUERY))
    assert (whole.loaded, whole.total, whole.on_demand, server.requests) == (5, 5, False, 3)
    server.forget()
    assert (await anext(server.candidates(QUERY))).loaded == 2


async def test_a_lazy_source_finishes_what_its_server_cannot_do_over_what_is_loaded() -> None:
    query = replace(QUERY, order=(Order.parse("created"),))
    finished_here, by_server = lazy(), lazy()
    by_server.sorts = True
    pages = [await anext(server.candidates(query)) for server in (finished_here, by_server)]
    assert [[one.candidate_id for one in page.items] for page in pages] == [["c3", "c4"], ["c0", "c1"]]
    assert [page.appends for page in pages] == [False, True]


async def test_a_lazy_source_knows_the_columns_of_what_is_loaded() -> None:
    server = lazy()
    assert not (await final(server.columns("default", ("1",)))).metrics
    await anext(server.candidates(QUERY))
    columns = await final(server.columns("default", ("1",)))
    assert (columns.metrics, columns.complete) == (("loss3", "loss4"), False)
    await final(server.candidates(QUERY))
    columns = await final(server.columns("default", ("1",)))
    assert (len(columns.metrics), columns.complete) == (5, True)


async def test_a_lazy_source_lists_experiments_before_it_counts_them() -> None:
    server = lazy()
    server.counts_to = 3
    pages = [page async for page in server.experiments("default")]
    assert [(page.items[0].candidates, page.items[0].counted, page.complete) for page in pages] == [
        (0, False, False),
        (3, False, True),
    ]


async def test_at_hand_is_what_costs_no_server_a_further_request() -> None:
    server = lazy()
    assert (await at_hand(server.candidates(QUERY))).loaded == 2
    assert (await at_hand(server.candidates(QUERY), 3)).loaded == 4
    assert server.requests == 2
    paged = source()
    paged.page_size = 2
    assert (await at_hand(paged.candidates(QUERY))).complete
    assert len((await listed(server.experiments("default"))).items) == 1
    assert "count" not in server.calls
