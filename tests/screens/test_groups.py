"""Candidates in groups."""

import asyncio
import json
from pathlib import Path

import pytest

from mltrack_tui.domain.query import Column
from mltrack_tui.domain.view import Nesting, View
from mltrack_tui.state.places import Scope
from mltrack_tui.state.state import State
from tests.memory import candidate
from tests.screens.harness import Explorer, explore
from tests.screens.nested import CHILD_B, nested

SIZE = (110, 24)
OPTIMIZER = Column.parse("params.optimizer")


def rows(explorer: Explorer) -> list[list[str]]:
    """The table's rows, as words."""
    grid = explorer.grid
    lines = explorer.lines[grid.region.y + 1 : grid.region.y + 1 + len(grid.rows)]
    return [line.replace("│", " ").split() for line in lines]


async def grouped(explorer: Explorer, by: str = "optimizer") -> None:
    await explorer.shows("1 experiment")
    await explorer.enter("8 candidates", "ring b")
    await explorer.press("#")
    await explorer.shows("▸")
    await explorer.press("#")
    await explorer.shows("Group by")
    await explorer.type(by)
    await explorer.press("enter")
    await explorer.shows(f"› digits › by {by}", "of 8 candidates")


async def read(explorer: Explorer) -> None:
    """Wait for the last metric."""
    await explorer.until(lambda: all(row and "·" not in row for row in rows(explorer)))


async def test_groups_stand_in_natural_order_with_what_their_metrics_come_to() -> None:
    async with explore(nested(), size=SIZE) as explorer:
        await grouped(explorer)
        await read(explorer)
        assert "4 groups of 8 candidates" in explorer.path
        assert rows(explorer) == [
            ["adam", "3", "0.9800", "±", "0.0141", "☆0.9900", "4.0000", "±", "1.0000"],
            ["rmsprop", "2", "0.5000", "0.5000", "7.5000", "±", "0.7071"],
            ["sgd", "2", "0.9300", "±", "0.0283", "0.9500", "4.0000", "±", "2.8284"],
            ["missing", "1", "–", "–", "1.0000"],
        ]
        await explorer.press("l", "l")
        await explorer.tells("metrics.accuracy  mean 0.98, sd 0.014142136 (n-1), best 0.99, n 2, 1 NaN")
        await explorer.press("G")
        await explorer.tells("n 0, 1 missing")


async def test_the_direction_that_was_told_has_a_full_star_and_the_aggregate_is_the_one_shown() -> None:
    source = nested()
    source.points[CHILD_B, "accuracy"] = [(0, 0, 0.2), (1, 0, 0.99)]
    async with explore(source, size=SIZE) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("8 candidates", "☆0.9900")
        explorer.grid.move(0, [column.title for column in explorer.grid.columns].index("accuracy"))
        await explorer.press("t")
        await explorer.shows("smaller is better")
        await explorer.press("g", "k", "enter")
        await explorer.shows("◎accuracy")
        await explorer.press("a", "a")
        await explorer.shows("◎min accuracy")
        await explorer.press("#", "#")
        await explorer.shows("Group by")
        await explorer.type("optimizer")
        await explorer.press("enter")
        await explorer.shows("◎min accuracy", "0.5850 ± 0.5445", "★")


async def test_metrics_come_one_after_the_other_and_say_until_then_that_they_are_read() -> None:
    source = nested()
    async with explore(source, size=SIZE) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("8 candidates", "ring b")
        await explorer.press("#")
        await explorer.shows("▸")
        await explorer.press("#")
        await explorer.shows("Group by")
        await explorer.type("optimizer")
        source.slow = Column.parse("metrics.steps")
        await explorer.press("enter")
        await explorer.shows("0.9800 ± 0.0141")
        assert rows(explorer)[0][-1] == "·"
        await explorer.press("x")
        await explorer.tells("still being read")
        await explorer.press("j", "l", "escape")
        await explorer.shows("ring b")


async def test_groups_are_sorted_by_any_column_and_narrowed_by_words_of_their_value() -> None:
    async with explore(nested(), size=SIZE) as explorer:
        await grouped(explorer)
        await read(explorer)
        await explorer.press("l", "l", "[")
        await explorer.until(lambda: [row[0] for row in rows(explorer)] == ["rmsprop", "sgd", "adam", "missing"])
        await explorer.press("s")
        await explorer.shows("best metrics.accuracy  descending")
        await explorer.type("best accuracy desc")
        await explorer.press("enter")
        await explorer.lacks("Sort by")
        await explorer.until(lambda: [row[0] for row in rows(explorer)] == ["adam", "sgd", "rmsprop", "missing"])
        assert "▼ best metrics.accuracy" in explorer.path
        await explorer.press("/")
        await explorer.type("D")
        await explorer.press("enter")
        await explorer.until(lambda: [row[0] for row in rows(explorer)] == ["adam", "sgd"])
        assert "2 of 4 groups of 8 candidates" in explorer.path
        await explorer.press("escape")
        await explorer.shows("4 groups of 8 candidates")


async def test_enter_opens_a_group_within_the_filter_and_escape_comes_back_to_it() -> None:
    async with explore(nested(), size=SIZE) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("8 candidates", "ring b")
        await explorer.press("/")
        await explorer.type("steps > 3 or name = 'alone'")
        await explorer.press("enter")
        await explorer.shows("6 of 8 candidates")
        await explorer.press("#", "#")
        await explorer.shows("Group by")
        await explorer.type("optimizer")
        await explorer.press("enter")
        await explorer.shows("3 groups of 6 candidates")
        await explorer.press("G")
        await explorer.cursor_on("sgd")
        await explorer.press("enter")
        await explorer.shows("by optimizer › sgd", "2 of 8 candidates", "alone", "orphan")
        assert "(steps > 3 or name = 'alone') and params.optimizer = 'sgd'" in explorer.text
        await explorer.press("j", "space")
        await explorer.shows("1 marked")
        await explorer.press("/")
        await explorer.type(" and name = 'alone'")
        await explorer.press("enter")
        await explorer.shows("1 of 8 candidates")
        await explorer.press("escape")
        await explorer.shows("by optimizer › sgd", "2 of 8 candidates")
        await explorer.press("escape")
        await explorer.shows("3 groups of 6 candidates")
        await explorer.cursor_on("sgd")
        await explorer.press("escape")
        await explorer.shows("6 of 8 candidates", "grandchild", "1 marked")


async def test_the_group_of_those_without_the_value_can_be_opened_too() -> None:
    async with explore(nested(), size=SIZE) as explorer:
        await grouped(explorer)
        await explorer.press("G")
        await explorer.cursor_on("missing")
        await explorer.enter("params.optimizer is missing", "1 of 8 candidates", "sweep")


async def test_groups_are_left_by_the_key_that_leads_to_them_and_the_table_is_flat() -> None:
    async with explore(nested(), size=SIZE) as explorer:
        await grouped(explorer)
        await explorer.press("#")
        await explorer.shows("8 candidates", "grandchild")
        await explorer.lacks("▸")


async def test_the_picker_offers_the_column_of_the_cursor_first_and_nothing_that_is_the_same_for_all() -> None:
    source = nested()
    for member in list(source.all_candidates):
        member.params["seed"] = "42"  # type: ignore[index]
    async with explore(source, size=SIZE) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("8 candidates", "seed=42")
        explorer.grid.move(0, [column.title for column in explorer.grid.columns].index("optimizer"))
        await explorer.press("#", "#")
        await explorer.shows("Group by", "params.lr", "tags.mlflow.parentRunId", "user")
        assert "params.seed" not in explorer.text
        await explorer.press("enter")
        await explorer.shows("by optimizer")


async def test_a_group_is_grouped_again_by_something_else() -> None:
    async with explore(nested(), size=SIZE) as explorer:
        await grouped(explorer)
        await explorer.enter("by optimizer › adam", "3 of 8 candidates")
        await explorer.press("#", "#")
        await explorer.shows("Group by")
        await explorer.type("user")
        await explorer.press("enter")
        await explorer.shows("by optimizer › adam › by user", "2 groups of 3 candidates", "ada", "bob")


async def test_a_refresh_counts_what_came_since() -> None:
    source = nested()
    async with explore(source, size=SIZE) as explorer:
        await grouped(explorer)
        source.add(source.all_experiments[0], [candidate("99" * 16, "new", params={"optimizer": "lion"})])
        await explorer.press("j", "r")
        await explorer.shows("5 groups of 9 candidates", "lion")
        await explorer.cursor_on("rmsprop")


async def test_metrics_belong_to_their_candidates_though_the_store_has_grown_meanwhile() -> None:
    source = nested()
    async with explore(source, size=SIZE) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("8 candidates", "ring b")
        await explorer.press("#", "#")
        await explorer.shows("Group by")
        await explorer.type("optimizer")
        source.slow = Column.parse("metrics.accuracy")
        await explorer.press("enter")
        await explorer.until(source.asked.is_set)
        await explorer.shows("4 groups of 8 candidates")
        new = candidate("99" * 16, "new", start_time=2_000_000_000_000, metrics={"accuracy": 0.1, "steps": 99.0})
        source.add(source.all_experiments[0], [new])
        source.answer.set()
        await read(explorer)
        assert "4 groups of 8 candidates" in explorer.path
        assert rows(explorer)[0][:6] == ["adam", "3", "0.9800", "±", "0.0141", "☆0.9900"]


async def test_groups_are_exported_exactly_and_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "digits-by-optimizer.json"
    async with explore(nested(), size=SIZE) as explorer:
        await grouped(explorer)
        await read(explorer)
        await explorer.press("y", "y")
        await explorer.shows("Copied params.optimizer")
        assert explorer.app.clipboard == "adam"
        await explorer.press("x", "j", "enter")
        await explorer.tells("Wrote 4 rows")
    found = json.loads(await asyncio.to_thread(file.read_text))
    assert found[0]["params.optimizer"] == "adam"
    assert found[0]["metrics.accuracy mean"] == 0.98
    assert (found[0]["metrics.accuracy n"], found[0]["metrics.accuracy NaN"]) == (2, 1)
    assert found[3]["metrics.accuracy best"] is None


async def test_a_view_that_was_left_in_groups_opens_them_and_a_group_keeps_nothing(tmp_path: Path) -> None:
    state, scope = State(tmp_path / "state.db"), Scope(nested().location, "default", ("1",))
    async with explore(nested(), size=SIZE, state=state) as explorer:
        await grouped(explorer)
        await explorer.enter("by optimizer › adam", "3 of 8 candidates")
        await explorer.press("ctrl+q")
        await explorer.until(lambda: not explorer.app.is_running)
    assert state.last_view(scope) == View(nesting=Nesting(by=OPTIMIZER))
    async with explore(nested(), size=SIZE, state=state) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("by optimizer", "4 groups of 8 candidates")
        await read(explorer)
        await explorer.press("escape")
        await explorer.shows("8 candidates", "grandchild")
        await explorer.press("escape")
        await explorer.shows("1 experiment")
        await explorer.until(lambda: state.last_view(scope) == View())


async def test_a_named_view_with_groups_opens_them(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    state.save_view(Scope(nested().location, "default", ("1",)), "by optimizer", View(nesting=Nesting(by=OPTIMIZER)))
    async with explore(nested(), size=SIZE, state=state) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("8 candidates", "ring b")
        await explorer.press("V")
        await explorer.shows("by optimizer")
        await explorer.press("enter")
        await explorer.shows("4 groups of 8 candidates")
