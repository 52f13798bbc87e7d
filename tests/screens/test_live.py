"""What changes in a source appears by itself, quietly; and a source that is gone is told, quietly."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from textual.app import App

from mltrack_tui.config.live import LiveSetting
from mltrack_tui.config.settings import Config
from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.times import MINUTE
from mltrack_tui.screens.live import watcher
from mltrack_tui.sources.base import Capabilities, Capability, UnreachableError
from tests.screens.given import HeldSource, workshop
from tests.screens.harness import NOW, Explorer, explore

WATCHES = Capabilities(watch=Capability())


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked at twice a second is looked at a hundred times."""
    monkeypatch.setattr(watcher, "OFTEN", 0.01)
    monkeypatch.setattr(watcher, "LONGEST_PAUSE", 0.1)


@asynccontextmanager
async def digits(source: HeldSource, now: Callable[[], int] = lambda: NOW) -> AsyncIterator[Explorer]:
    """The candidates of an experiment, open and followed."""
    async with explore(source, now=now) as explorer:
        await explorer.shows("digits")
        await explorer.enter("adam-wide", "0.9794")
        await explorer.until(lambda: source.looks > 1)
        yield explorer


async def looked(explorer: Explorer, source: HeldSource, times: int = 3) -> None:
    """Wait until the source was asked so often for changes."""
    until = source.looks + times
    await explorer.until(lambda: source.looks >= until)


async def test_nothing_is_painted_where_nothing_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[object] = []
    source = workshop(capabilities=WATCHES)
    async with digits(source) as explorer:
        await explorer.settle()
        monkeypatch.setattr(App, "_display", lambda _app, _screen, painting: painted.append(painting))
        source.happened.extend([Changes(1), Changes(2, metrics={"nobody's": frozenset({"loss"})})])
        await looked(explorer, source, 10)
        assert not painted
        await explorer.press("j")
        await explorer.until(lambda: bool(painted))


async def test_a_source_that_is_gone_leaves_what_is_shown_and_says_how_old_it_is() -> None:
    source, passed = workshop(capabilities=WATCHES), 0
    async with digits(source, lambda: NOW + passed) as explorer:
        source.happened.extend([UnreachableError("The store is gone.")] * 9)
        await explorer.tells("The store is gone.")
        assert "as of a moment ago · 7 candidates" in explorer.path
        await explorer.press("j")
        assert "gone" not in explorer.status
        passed = 3 * MINUTE
        await explorer.shows("as of 3m ago", "adam-wide")
        await explorer.enter("Overview")
        assert "as of 3m ago" in explorer.path
        await explorer.until(lambda: not source.happened)
        await explorer.lacks("as of")


async def test_the_interval_is_chosen_and_what_is_off_is_asked_no_more() -> None:
    source = workshop(capabilities=WATCHES)
    async with digits(source) as explorer:
        await explorer.press("R")
        await explorer.shows("Look for changes", "as soon as something changes   · now")
        await explorer.type("off")
        await explorer.press("enter")
        await explorer.tells("not looked for any more")
        looks = source.looks
        await explorer.press("j", "k", "j")
        assert source.looks == looks
        await explorer.press("R")
        await explorer.type("10 min")
        await explorer.press("enter")
        await explorer.tells("every 10 min")
        await explorer.until(lambda: source.looks == looks + 1)


async def test_a_source_that_does_not_notice_changes_is_asked_as_often_as_the_user_has_it() -> None:
    source = workshop()
    async with explore(source, config=Config(live=LiveSetting(0.02))) as explorer:
        await explorer.shows("digits")
        await looked(explorer, source)
