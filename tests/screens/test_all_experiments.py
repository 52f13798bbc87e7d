"""The row that stands for all experiments, and the table that it opens."""

from tests.memory import MemorySource
from tests.screens.given import workshop
from tests.screens.harness import explore


async def test_all_experiments_come_first_with_their_sum_and_are_not_counted_among_them() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        assert explorer.lines[2].split()[:3] == ["All", "experiments", "8"]
        await explorer.cursor_on("digits")


async def test_they_open_one_table_with_a_column_that_says_whose_each_candidate_is() -> None:
    async with explore(workshop(), size=(140, 24)) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press("g")
        await explorer.cursor_on("All experiments")
        await explorer.enter("all experiments", "8 candidates", "baseline", "adam-wide")
        await explorer.shows("experiment", "churn model", "digits")
        await explorer.press("/")
        await explorer.type("experiment ~ churn")
        await explorer.shows("1 of 8 candidates", "baseline")


async def test_they_stay_first_in_every_order_and_the_cursor_stays_on_them() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press("g", "]")
        await explorer.shows("▼experiment")
        await explorer.cursor_on("All experiments")
        await explorer.press("[")
        await explorer.shows("▲experiment")
        await explorer.cursor_on("All experiments")
        assert "All experiments" in explorer.lines[2]


async def test_a_filter_narrows_what_is_meant_by_all() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press("/")
        await explorer.type("candidates < 5")
        await explorer.shows("2 of 3 experiments")
        await explorer.press("enter", "g")
        await explorer.cursor_on("All experiments")
        await explorer.enter("2 experiments", "1 candidate", "baseline")


async def test_where_there_are_no_experiments_there_is_no_row_for_all() -> None:
    async with explore(MemorySource()) as explorer:
        await explorer.shows("No experiments here yet.")
        assert "All experiments" not in explorer.text
