"""A look at a source: how it is, in a word, whatever it does."""

import asyncio
import time
from collections.abc import Callable

import pytest

from mltrack_tui.sources.base import NotFoundError, RefusedError, Source, SourceBusy, SourceError, UnreachableError
from mltrack_tui.sources.known import Known, State, look
from tests.memory import MemorySource
from tests.screens.given import several_projects


def known(open_: Callable[[], Source]) -> Known:
    return Known("lab", "https://lab", "server", "https://lab", open_)


async def test_a_source_that_answers_is_reachable_with_its_projects_and_its_latency() -> None:
    source = several_projects()
    begin = time.monotonic()
    standing = await look(known(lambda: source))
    assert (standing.state, standing.finding) == (State.REACHABLE, "")
    assert sorted(standing.projects or ()) == ["default", "sales", "vision"]
    assert standing.latency is not None
    assert 0 < standing.latency <= (time.monotonic() - begin) * 1000
    assert source.closed


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (RefusedError("Who are you?"), State.REFUSED),
        (UnreachableError("Nobody there."), State.UNREACHABLE),
        (SourceBusy("Later."), State.BUSY),
        (NotFoundError("No such thing."), State.FAILED),
    ],
)
async def test_a_source_that_fails_has_a_word_for_it_and_a_sentence(error: SourceError, state: State) -> None:
    source = several_projects()
    source.fail(error)
    standing = await look(known(lambda: source))
    assert (standing.state, standing.finding, standing.projects) == (state, str(error), None)
    assert source.closed


async def test_a_source_that_cannot_be_opened_says_why() -> None:
    def fail() -> Source:
        raise SourceError("There is no file a.db.")

    standing = await look(known(fail))
    assert (standing.state, standing.finding) == (State.FAILED, "There is no file a.db.")


async def test_a_source_that_says_nothing_is_asleep_and_asked_no_longer() -> None:
    source = MemorySource()
    source.gate = asyncio.Event()
    standing = await look(known(lambda: source), patience=0.05)
    assert standing.state is State.ASLEEP
    assert "No answer within 0.05 s" in standing.finding
    assert source.cancelled == ["projects"]
    assert source.closed


async def test_a_source_that_does_not_close_keeps_nobody_waiting() -> None:
    class Clinging(MemorySource):
        async def aclose(self) -> None:
            await asyncio.Event().wait()

    async with asyncio.timeout(10):
        assert (await look(known(Clinging))).state is State.REACHABLE
