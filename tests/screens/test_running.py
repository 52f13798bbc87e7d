"""What runs, over all experiments, as it runs; and being told when it ends or crosses a threshold."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from math import nan

import pytest

from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.entities import Candidate
from mltrack_tui.domain.times import HOUR, MINUTE, SECOND
from mltrack_tui.screens.live import rhythm, running, watcher
from mltrack_tui.sources.base import Capabilities, Capability
from tests.memory import MemorySource, candidate
from tests.screens.harness import NOW, Explorer, explore

FAST, SLOW, DONE = ("fa" * 16, "50" * 16, "d0" * 16)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watcher, "OFTEN", 0.01)
    monkeypatch.setattr(rhythm, "REST", 0.02)
    monkeypatch.setattr(running, "AGE", 0.02)


def _run(id_: str, name: str, **known: object) -> Candidate:
    base = candidate(id_, name, status="RUNNING", start_time=NOW - HOUR, params={"max_steps": "200"})
    return replace(base, metrics={"val/loss": 0.5}, **known)  # type: ignore[arg-type]


def training() -> MemorySource:
    """Two candidates that run, in two experiments of two projects, and one that has ended."""
    source = MemorySource.of(
        {"digits": [_run(FAST, "fast one"), _run(DONE, "done", status="FINISHED")]},
        capabilities=Capabilities(watch=Capability()),
    )
    other = MemorySource.of({"speech": [_run(SLOW, "slow one")]}, project="audio")
    source.all_experiments += [replace(each, experiment_id="7") for each in other.all_experiments]
    source.all_candidates += [replace(each, id=each.id._replace(experiment_id="7")) for each in other.all_candidates]
    source.points[FAST, "val/loss"] = [(step, NOW - (100 - step) * SECOND, 10.0 - step / 20) for step in range(101)]
    source.points[SLOW, "val/loss"] = [(step, NOW - 20 * MINUTE + step * SECOND, 1.0) for step in range(5)]
    return source


@asynccontextmanager
async def looking() -> AsyncIterator[tuple[Explorer, MemorySource]]:
    """The list of what runs, read to its end."""
    source = training()
    async with explore(source, (130, 24)) as explorer:
        await explorer.until(lambda: source.looks > 1)
        await explorer.press("W")
        await explorer.shows("2 running", "100")
        await explorer.lacks("reading")
        yield explorer, source


def line(explorer: Explorer, text: str) -> str:
    """The line that has a text."""
    return next((line for line in explorer.lines if text in line), "")


def becomes(source: MemorySource, id_: str, **known: object) -> None:
    """A candidate becomes another, and the source says so."""
    place = next(place for place, each in enumerate(source.all_candidates) if each.id.candidate_id == id_)
    source.all_candidates[place] = replace(source.all_candidates[place], **known)  # type: ignore[arg-type]
    metrics = {id_: frozenset({"val/loss"})} if "metrics" in known else {}
    source.happened.append(Changes(1, candidates=frozenset() if metrics else frozenset({id_}), metrics=metrics))


async def test_all_that_run_are_listed_with_how_they_get_on_and_opened_with_enter() -> None:
    async with looking() as (explorer, _):
        fast, slow = line(explorer, "fast one"), line(explorer, "slow one")
        assert fast.split() == ["◐", "fast", "one", "50%", "██", "1", "now", "in", "1m40s", "digits", "100"]
        assert slow.split() == ["◐!", "slow", "one", "2%", "▏", "1", "19m", "ago", "–", "silent", "speech", "4"]
        assert explorer.text.find("fast one") < explorer.text.find("slow one")
        assert "done" not in explorer.text
        await explorer.press("j")
        await explorer.enter("Overview", "slow one", "2 of 2")
        await explorer.press("escape")
        await explorer.cursor_on("slow one")


async def test_points_appear_rows_stay_and_what_ends_is_still_there_until_the_user_reads_anew() -> None:
    async with looking() as (explorer, source):
        source.points[SLOW, "val/loss"] += [(step, NOW - SECOND, nan) for step in (5, 6)]
        becomes(source, SLOW, metrics={"val/loss": nan})
        await explorer.until(lambda: "NaN val/loss" in line(explorer, "slow one"))
        assert explorer.text.find("fast one") < explorer.text.find("slow one")
        becomes(source, FAST, status="FINISHED", end_time=NOW)
        await explorer.shows("1 running · 1 ended")
        await explorer.cursor_on("●   fast one")
        await explorer.press("r")
        await explorer.lacks("fast one")
        await explorer.shows("1 running")


async def test_a_candidate_that_begins_comes_below_and_where_nothing_runs_that_is_said() -> None:
    async with looking() as (explorer, source):
        new = replace(source.all_candidates[0], name="newer", id=source.all_candidates[0].id._replace(candidate_id="1"))
        source.all_candidates.append(new)
        source.happened.append(Changes(1, began=frozenset({"1"})))
        await explorer.shows("newer", "3 running")
        assert explorer.text.find("slow one") < explorer.text.find("newer")
    async with explore(MemorySource.of({"digits": [candidate("1")]})) as explorer:
        await explorer.shows("digits")
        await explorer.press("W")
        await explorer.shows("No candidate is running.", "appears here by itself")


async def test_the_overview_of_one_that_runs_says_how_it_gets_on_and_follows_it_to_its_end() -> None:
    async with looking() as (explorer, source):
        await explorer.enter("◐ running", "50% of 200 steps, at step 100", "1 steps a second", "in 1m40s")
        source.points[FAST, "val/loss"].append((150, NOW, nan))
        becomes(source, FAST, metrics={"val/loss": nan})
        await explorer.shows("75% of 200 steps, at step 150", "val/loss is NaN since step 150")
        becomes(source, FAST, status="FINISHED", end_time=NOW)
        await explorer.shows("● finished")
        await explorer.lacks("75% of")


async def test_one_that_a_store_has_no_longer_is_not_listed_and_called_gone_where_it_is_open() -> None:
    async with looking() as (explorer, source):
        await explorer.enter("Overview", "progress")
        source.all_candidates = [each for each in source.all_candidates if each.id.candidate_id != FAST]
        source.happened.append(Changes(1, anything=True))
        await explorer.shows("fast one (gone)", "progress")
        assert "fast one no longer" in explorer.status
        await explorer.press("escape")
        await explorer.shows("1 running", "slow one")
        assert "fast one" not in explorer.text


async def test_how_many_steps_there_will_be_is_what_the_user_says_or_else_a_parameter() -> None:
    async with looking() as (explorer, source):
        await explorer.press("t")
        await explorer.shows("Steps of fast one", "empty: 200, as its parameters say")
        for wrong, words in (("1.5", "Write a whole number"), ("100", "It is at step 100 already.")):
            await explorer.type(wrong)
            await explorer.press("enter")
            await explorer.shows(words)
            await explorer.press(*["backspace"] * len(wrong))
        await explorer.type("1,000")
        await explorer.press("enter")
        await explorer.tells("fast one will take 1,000 steps.")
        await explorer.until(lambda: " 10% " in line(explorer, "fast one") and "in 15m" in line(explorer, "fast one"))
        await explorer.enter("10% of 1,000 steps, at step 100", "in 15m")
        await explorer.press("escape", "t", *["backspace"] * 4, "enter")
        await explorer.tells("How many steps fast one will take is left to its parameters.")
        await explorer.until(lambda: " 50% " in line(explorer, "fast one"))
        becomes(source, FAST, status="FINISHED", end_time=NOW)
        await explorer.shows("1 ended")
        await explorer.press("t")
        await explorer.tells("fast one has ended")


async def test_a_watched_candidate_is_told_with_the_bell_when_its_condition_comes_true_wherever_the_user_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rung: list[bool] = []
    async with looking() as (explorer, source):
        monkeypatch.setattr(explorer.app, "bell", lambda: rung.append(True))
        await explorer.press("w")
        await explorer.shows("Watch fast one")
        await explorer.type("val/loss < 0.9")
        await explorer.press("enter")
        await explorer.shows("That is true already.")
        await explorer.press("backspace")
        await explorer.type("9 and nobody = 3")
        await explorer.press("enter")
        await explorer.shows("nobody")
        await explorer.press(*["backspace"] * 20)
        await explorer.type("< 0.1")
        await explorer.press("enter")
        await explorer.tells("The bell rings for fast one when val/loss < 0.1, or when it ends.")
        await explorer.until(lambda: "watched" in line(explorer, "50%"))
        await explorer.press("escape", "S")
        becomes(source, FAST, metrics={"val/loss": 0.2})
        await explorer.until(lambda: not source.happened)
        assert not rung
        becomes(source, FAST, metrics={"val/loss": 0.05})
        await explorer.tells("fast one: val/loss < 0.1")
        assert rung == [True]
        becomes(source, FAST, metrics={"val/loss": 0.04})
        await explorer.until(lambda: not source.happened)
        assert rung == [True]


async def test_the_end_of_a_watched_candidate_is_told_and_the_same_key_watches_no_longer() -> None:
    async with looking() as (explorer, source):
        for _ in range(2):
            await explorer.press("w")
            await explorer.shows("Watch fast one")
            await explorer.press("enter")
            await explorer.tells("The bell rings for fast one when it ends.")
            await explorer.press("w")
            await explorer.tells("fast one is watched no longer.")
        await explorer.press("w", "enter")
        await explorer.until(lambda: "watched" in line(explorer, "50%"))
        becomes(source, FAST, status="FAILED", end_time=NOW)
        await explorer.tells("fast one has failed.")
        await explorer.until(lambda: "watched" not in line(explorer, "50%"))
        await explorer.press("w")
        await explorer.tells("has ended already")
