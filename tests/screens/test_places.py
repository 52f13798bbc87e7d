"""From place to place and back."""

from tests.memory import MemorySource
from tests.screens.given import many, several_projects, workshop
from tests.screens.harness import explore


async def test_a_source_of_one_project_opens_on_its_experiments() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("digits", "churn model", "empty one")
        assert explorer.path.startswith("memory › default ")
        assert explorer.path.endswith("3 experiments")


async def test_escape_at_the_experiments_leads_up_to_the_project_that_they_are_of() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("digits")
        await explorer.press("escape")
        await explorer.shows("1 project")
        assert explorer.path.startswith("memory ")
        await explorer.cursor_on("default")
        await explorer.enter("churn model")
        await explorer.press("escape")
        await explorer.shows("1 project")


async def test_several_projects_are_chosen_from_first() -> None:
    async with explore(several_projects()) as explorer:
        await explorer.shows("3 projects")
        assert [line.split()[0] for line in explorer.column(0, 40)] == ["default", "sales", "vision"]
        await explorer.press("j")
        await explorer.enter("forecast", "memory › sales", "1 experiment")
        await explorer.press("escape")
        await explorer.shows("3 projects")
        await explorer.cursor_on("sales")


async def test_the_path_names_each_place_and_escape_leads_back_with_the_cursor_where_it_was() -> None:
    async with explore(several_projects()) as explorer:
        await explorer.shows("3 projects")
        await explorer.press("G")
        await explorer.enter("memory › vision", "digits", "churn model")
        await explorer.enter("memory › vision › digits ", "adam-wide")
        await explorer.press("j")
        await explorer.enter("memory › vision › digits › sgd-small", "Overview")
        await explorer.press("escape")
        await explorer.shows("7 candidates")
        await explorer.cursor_on("sgd-small")
        await explorer.press("escape")
        await explorer.shows("3 experiments")
        await explorer.cursor_on("digits")
        await explorer.press("escape")
        await explorer.shows("3 projects")
        await explorer.cursor_on("vision")


async def test_q_goes_back_place_by_place_and_quits_at_the_top_with_status_0() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("digits")
        await explorer.enter("adam-wide")
        await explorer.enter("Overview")
        await explorer.press("q")
        await explorer.shows("7 candidates")
        await explorer.press("q")
        await explorer.shows("3 experiments")
        await explorer.press("q")
        await explorer.shows("1 project")
        await explorer.press("q")
        await explorer.until(lambda: not explorer.app.is_running)
        assert explorer.app.return_code == 0


async def test_escape_at_the_top_stays_there() -> None:
    async with explore(several_projects()) as explorer:
        await explorer.shows("3 projects")
        await explorer.press("escape", "escape")
        assert "3 projects" in explorer.path
        assert explorer.app.is_running


async def test_two_quick_enters_open_one_place() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("digits")
        explorer.grid.action_open()
        explorer.grid.action_open()
        await explorer.shows("adam-wide")
        await explorer.press("escape")
        await explorer.shows("3 experiments")


async def test_brackets_in_a_candidate_go_to_its_neighbours_and_the_table_has_its_cursor_on_the_last() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("digits")
        await explorer.enter("adam-wide")
        await explorer.enter("› adam-wide", "1 of 7")
        await explorer.press("[")
        await explorer.shows("This is the first candidate.")
        await explorer.press("]", "]")
        await explorer.shows("› diverged", "3 of 7")
        assert "This is the first candidate." not in explorer.text
        await explorer.press("[")
        await explorer.shows("› sgd-small", "2 of 7")
        await explorer.press("escape")
        await explorer.shows("7 candidates")
        await explorer.cursor_on("sgd-small")


async def test_the_last_candidate_has_no_next_and_the_table_follows_far() -> None:
    async with explore(MemorySource.of({"one": many(200)})) as explorer:
        await explorer.shows("one")
        await explorer.enter("run 1")
        await explorer.press("G")
        await explorer.enter("› run 200", "200 of 200")
        await explorer.press("]")
        await explorer.shows("This is the last candidate.")
        await explorer.press("[", "escape")
        await explorer.shows("200 candidates")
        await explorer.cursor_on("run 199")
