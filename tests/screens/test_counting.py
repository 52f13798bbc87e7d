"""Experiments that a server counts one after the other: the list is of use at once."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from mltrack_tui.domain.entities import Experiment
from mltrack_tui.sources.base import UnreachableError
from tests.screens.given import Server, many
from tests.screens.harness import NOW, Explorer, explore


def counting() -> Server:
    """Four experiments of 150, 3, 20 and no candidates."""
    source = Server()
    for number, (name, count) in enumerate({"alpha": 150, "beta": 3, "gamma": 20, "delta": 0}.items(), start=1):
        runs = [replace(run, start_time=NOW - (5 - number) * 10**7) for run in many(count, name)]
        runs = [replace(run, id=run.id._replace(candidate_id=f"{name}{run.id.candidate_id}")) for run in runs]
        source.add(Experiment(str(number), name, "default", "active"), runs)
    return source


async def first_page(explorer: Explorer) -> None:
    await explorer.shows("4 experiments · counting …", "alpha", "beta", "gamma", "delta")


async def test_experiments_are_listed_before_they_are_counted() -> None:
    source = counting()
    source.hold("count", after=1)
    async with explore(source) as explorer:
        await first_page(explorer)
        await explorer.until(lambda: source.waiting == ["count"])
        await explorer.shows("100+", "…")
        assert [line.split()[1:2] for line in explorer.lines if line.strip().startswith(("beta", "delta"))] == [
            ["…"]
        ] * 2
        assert next(line for line in explorer.lines if "All experiments" in line).split()[2] == "100+"
        source.release()
        await explorer.shows("4 experiments", "123+")
        await explorer.lacks("counting")
        assert [line.split()[:2] for line in explorer.lines[3:7]] == [
            ["gamma", "20"],
            ["beta", "3"],
            ["alpha", "100+"],
            ["delta", "0"],
        ]


async def test_the_cursor_stays_on_its_experiment_while_they_are_counted() -> None:
    source = counting()
    source.hold("count")
    async with explore(source) as explorer:
        await first_page(explorer)
        await explorer.press("j")
        await explorer.cursor_on("beta")
        source.release()
        await explorer.lacks("counting")
        await explorer.cursor_on("beta")
        await explorer.tells("3/5")


async def test_a_cursor_that_nobody_moved_stays_at_the_latest() -> None:
    source = counting()
    source.hold("count")
    async with explore(source) as explorer:
        await first_page(explorer)
        await explorer.cursor_on("alpha")
        source.release()
        await explorer.lacks("counting")
        await explorer.cursor_on("gamma")
        await explorer.tells("2/5")


async def test_what_was_not_counted_is_told_and_exported_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with explore(counting()) as explorer:
        await explorer.shows("123+")
        await explorer.press("l")
        await explorer.press("g", "j", "j", "j")
        await explorer.cursor_on("alpha")
        await explorer.tells("candidates  100, perhaps more: not all were counted")
        await explorer.press("x", "c", "enter")
        await explorer.tells("Wrote 4 rows")
    written = csv.DictReader((tmp_path / "experiments.csv").read_text("utf-8").splitlines())
    rows = {row["name"]: row["candidates"] for row in written}
    assert rows == {"alpha": "", "beta": "3", "gamma": "20", "delta": "0"}


async def test_counting_stops_while_somebody_looks_at_candidates_and_goes_on_afterwards() -> None:
    source = counting()
    source.hold("count", after=1)
    async with explore(source) as explorer:
        await first_page(explorer)
        await explorer.until(lambda: source.waiting == ["count"])
        await explorer.press("enter")
        await explorer.shows("alpha 1 ")
        assert source.cancelled == ["count"]
        source.release()
        await explorer.press("escape")
        await explorer.shows("4 experiments", "123+")
        await explorer.lacks("counting")


async def test_a_count_that_fails_leaves_what_is_known() -> None:
    source = counting()
    source.hold("count", after=1)
    async with explore(source) as explorer:
        await first_page(explorer)
        await explorer.until(lambda: source.waiting == ["count"])
        source.fail_at("count", UnreachableError("memory did not answer: is it up?"))
        source.release()
        await explorer.tells("memory did not answer: is it up?")
        await explorer.shows("4 experiments", "100+")
        await explorer.lacks("counting")
        source.mend()
        await explorer.press("r")
        await explorer.shows("123+")
