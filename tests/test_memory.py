"""The source in memory does as it is told: the screens' tests rely on it."""

import asyncio

import pytest

from mltrack_tui.domain.query import Lifecycle, Order, Query
from mltrack_tui.sources.base import Capabilities, Capability, SourceBusy, SourceError, final
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
