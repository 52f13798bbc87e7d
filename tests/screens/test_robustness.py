"""Any size, any keys: nothing breaks the screens."""

import asyncio
import random
from functools import partial
from pathlib import Path

import pytest

from mltrack_tui.screens.live.trouble import quiet_answer
from tests.memory import MemorySource
from tests.screens.given import many, workshop
from tests.screens.harness import Explorer, explore

SIZES = [(40, 10), (20, 5), (5, 2), (200, 60), (80, 24)]
KEYS = (
    *("j", "k", "h", "l", "down", "up", "left", "right", "g", "G", "home", "end", "^", "$", "ctrl+d", "ctrl+u"),
    *("pagedown", "pageup", "enter", "enter", "escape", "/", "s", "[", "]", ".", "space", "u", "r", "y", "z", "?", ":"),
    *("1", "2", "3", "4", "5", "tab", "shift+tab", "d", "a", "x", "A", "i", "T", "backspace"),
)


async def at_candidates(explorer: Explorer) -> None:
    await explorer.shows("3 experiments")
    await explorer.enter("7 candidates", "adam-wide")


async def at_candidate(explorer: Explorer) -> None:
    await at_candidates(explorer)
    await explorer.enter("started")


async def resized(explorer: Explorer) -> None:
    for width, height in SIZES:
        await explorer.resize(width, height)
        assert explorer.app.is_running
        assert len(explorer.lines) == height


async def test_the_lists_fit_any_size_and_the_cursor_stays() -> None:
    async with explore(workshop(), size=(80, 24)) as explorer:
        await explorer.shows("3 experiments")
        await resized(explorer)
        await explorer.shows("3 experiments", "digits")
        await explorer.enter("7 candidates", "adam-wide")
        await explorer.press("$", "G")
        await resized(explorer)
        await explorer.cursor_on("nothing logged")
        await explorer.shows("loss")


@pytest.mark.parametrize("tab", "12345")
async def test_each_tab_fits_any_size(tab: str) -> None:
    async with explore(workshop(), size=(80, 24)) as explorer:
        await at_candidate(explorer)
        await explorer.press(tab)
        before = [line.rstrip() for line in explorer.lines[:2]]
        await resized(explorer)
        await explorer.until(lambda: [line.rstrip() for line in explorer.lines[:2]] == before)


@pytest.mark.parametrize("key", ["?", "s", "z", ":", "/"])
async def test_what_opens_above_the_table_fits_any_size(key: str) -> None:
    async with explore(workshop(), size=(80, 24)) as explorer:
        await at_candidates(explorer)
        await explorer.press(key)
        await resized(explorer)
        await explorer.press("escape")
        await explorer.shows("7 candidates", "adam-wide")


async def test_the_first_screen_and_the_download_fit_any_size() -> None:
    async with explore(None, size=(80, 24)) as explorer:
        await resized(explorer)
        await explorer.shows("No MLflow store here.")
    async with explore(workshop(), size=(80, 24)) as explorer:
        await at_candidate(explorer)
        await explorer.press("5")
        await explorer.shows("config.yaml")
        await explorer.press("d")
        await resized(explorer)
        await explorer.shows("Download model")


async def test_the_cursors_cell_is_on_screen_at_any_size() -> None:
    async with explore(MemorySource.of({"one": many(500)}), size=(80, 24)) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("run 1")
        explorer.grid.move(250, 6)
        await explorer.shows("run 251")
        for width, height in [(40, 10), (30, 7), (120, 40)]:
            await explorer.resize(width, height)
            await explorer.cursor_on("run 251")
            assert explorer.cursor_line.endswith("251")


@pytest.mark.parametrize("seed", range(6))
async def test_no_storm_of_keys_ends_the_program(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a place that the seed chooses, and wherever the keys lead."""
    monkeypatch.chdir(tmp_path)  # a storm may download something
    chance = random.Random(seed)
    source = workshop()
    source.page_size = chance.choice([None, 2])
    async with explore(source, size=chance.choice([(80, 24), (160, 48), (40, 10)])) as explorer:
        await [at_candidates, at_candidate][seed % 2](explorer)
        for _ in range(250):
            key = chance.choice(KEYS)
            await explorer.press(key)
            if chance.random() < 0.02:
                await explorer.resize(*chance.choice(SIZES))
            assert explorer.app.is_running, key
        await explorer.resize(80, 24)
        await explorer.press(*["escape"] * 8)
        await explorer.shows("1 project")


@pytest.mark.parametrize("quiet", [False, True])
async def test_an_answer_that_comes_once_its_place_was_left_is_for_nobody(*, quiet: bool) -> None:
    source = workshop()
    async with explore(source) as explorer:
        await at_candidates(explorer)
        place = explorer.place
        ask = partial(quiet_answer, place) if quiet else place.answer
        assert await ask(partial(source.locate, "c1" * 16)) is not None
        source.hold("locate")
        asked = asyncio.create_task(ask(partial(source.locate, "c1" * 16)))
        await explorer.until(lambda: "locate" in source.waiting)
        await explorer.press("escape")
        await explorer.shows("3 experiments")
        source.release()
        assert await asked is None
