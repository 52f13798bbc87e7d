"""Help, the palette, copying, full values: what every place can do."""

from collections.abc import Collection

import pytest
from textual import events
from textual.widgets import Input, OptionList

from mltrack_tui.commands import (
    ARTIFACTS,
    CANDIDATE,
    COLUMNS,
    EVERYWHERE,
    FILTERS,
    GRID,
    GROUPS,
    LIST,
    LOADING,
    LOOKS,
    MARKS,
    MODELS,
    NESTING,
    OF_CANDIDATES,
    OF_MODELS,
    READING,
    ROWS,
    Group,
)
from tests.memory import MemorySource, candidate
from tests.screens.given import several_projects, workshop
from tests.screens.harness import Explorer, explore


def told(*groups: Group, without: Collection[str] = ()) -> set[str]:
    return {command.help for group in groups for command in group.commands if command.id not in without}


async def help_of(explorer: Explorer) -> set[str]:
    """What the help says, on a screen that has room for all of it."""
    await explorer.press("?")
    await explorer.shows("Keys", "esc closes")
    lines = explorer.lines
    found = {text for text in told(*GROUPS) if any(text in line for line in lines)}
    await explorer.press("escape")
    await explorer.lacks("esc closes")
    return found


async def test_help_lists_exactly_the_keys_that_work_in_each_place() -> None:
    async with explore(several_projects(), size=(120, 90)) as explorer:
        everywhere, lists = told(EVERYWHERE), told(GRID, LIST)
        await explorer.shows("3 projects")
        assert await help_of(explorer) == everywhere | told(GRID, LIST, without={"deleted"})
        await explorer.press("G")
        await explorer.enter("3 experiments")
        assert await help_of(explorer) == everywhere | lists | told(MODELS)
        await explorer.press("tab")
        await explorer.shows("0 models")
        assert await help_of(explorer) == everywhere | told(GRID, LIST, OF_MODELS, without={"deleted"})
        await explorer.press("tab")
        await explorer.enter("7 candidates")
        of_table = told(FILTERS, LOADING, MARKS, COLUMNS, NESTING, OF_CANDIDATES)
        assert await help_of(explorer) == everywhere | lists | of_table
        await explorer.enter("started")
        of_candidate = told(CANDIDATE, OF_CANDIDATES, LOADING)
        assert await help_of(explorer) == told(EVERYWHERE, READING, without={"enlarge"}) | of_candidate
        for tab in "234":
            await explorer.press(tab)
            looks = told(LOOKS) if tab == "3" else set()
            assert await help_of(explorer) == told(EVERYWHERE, GRID) | of_candidate | looks
        await explorer.press("5")
        await explorer.shows("config.yaml")
        assert await help_of(explorer) == told(EVERYWHERE, ROWS, MARKS, ARTIFACTS) | of_candidate


async def test_help_of_the_first_screen_offers_nothing_that_needs_a_source() -> None:
    async with explore(None, size=(120, 60)) as explorer:
        await explorer.shows("No MLflow store here.")
        nothing = {"up", "refresh", "refresh-interval", "running", "downloads", "enlarge", "copy", "open-web", "export"}
        assert await help_of(explorer) == told(EVERYWHERE, without=nothing)


async def test_help_that_is_longer_than_the_screen_is_scrolled_by_the_keys_of_lists() -> None:
    async with explore(workshop(), size=(80, 24)) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press("?")
        await explorer.shows("Show the keys that work here")
        await explorer.press("G")
        await explorer.shows("Show deleted ones too, or hide them")
        await explorer.press("g")
        await explorer.shows("Show the keys that work here")
        await explorer.press("?")
        await explorer.lacks("esc closes")


@pytest.mark.parametrize("key", ["ctrl+p", ":"])
async def test_the_palette_finds_a_command_by_its_words_and_runs_it(key: str) -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("7 candidates", "adam-wide")
        await explorer.press(key)
        await explorer.shows("Commands", "type to narrow")
        await explorer.type("deleted")
        await explorer.shows("Show deleted ones too, or hide them   .")
        await explorer.press("enter")
        await explorer.shows("8 candidates", "thrown away")


async def test_the_palette_offers_every_command_of_the_place_with_its_key() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("7 candidates", "adam-wide")
        await explorer.press(":")
        await explorer.shows("Commands")
        offered = explorer.app.screen.query_one(OptionList)
        labels = [str(offered.get_option_at_index(index).prompt) for index in range(offered.option_count)]
        groups = (EVERYWHERE, GRID, LIST, LOADING, FILTERS, OF_CANDIDATES, MARKS, COLUMNS, NESTING)
        wanted = [f"{each.help}   {each.shown_key}" for group in groups for each in group.commands]
        assert sorted(labels) == sorted([*wanted, "Choose the colours"])


async def test_other_colours_are_chosen_from_the_palette() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press(":")
        await explorer.shows("Commands")
        await explorer.type("colours")
        await explorer.press("enter")
        await explorer.shows("mltrack-light")
        await explorer.type("mltrack-light")
        await explorer.press("enter")
        await explorer.until(lambda: explorer.app.theme == "mltrack-light")


async def test_y_copies_the_full_value() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("7 candidates", "0.9794")
        explorer.grid.move(0, [column.title for column in explorer.grid.columns].index("accuracy"))
        await explorer.press("y", "y")
        await explorer.shows("Copied metrics.accuracy, 14 characters.  0.979412345678")
        assert explorer.app.clipboard == "0.979412345678"
        await explorer.press("j")
        await explorer.tells("0.981234567891")


async def test_y_copies_all_of_a_long_parameter_and_z_shows_all_that_fits_and_says_what_is_left_out() -> None:
    value = "start " + "x" * 30_000
    source = MemorySource.of({"one": [candidate("01" * 16, "run", params={"text": value})]})
    async with explore(source, size=(120, 24)) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("1 candidate", "run")
        await explorer.press("$", "y", "enter")
        await explorer.shows("Copied params.text, 30,006 characters.")
        assert explorer.app.clipboard == value
        await explorer.press("z")
        await explorer.shows("params.text", "xxxx")
        await explorer.press("G")
        await explorer.shows("10,006 more characters; y copies all 30,006.")
        await explorer.press("q")
        await explorer.lacks("more characters")


async def test_z_shows_a_value_with_its_lines() -> None:
    source = MemorySource.of({"one": [candidate("01" * 16, "run", params={"text": "first\nsecond\n\tthird"})]})
    async with explore(source) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("1 candidate", "first second  third")
        await explorer.press("$", "z")
        await explorer.until(lambda: any(line.strip("│ ").startswith("second") for line in explorer.lines))


async def test_y_in_the_overview_copies_the_candidates_id() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("adam-wide")
        await explorer.enter("started")
        await explorer.press("y", "enter")
        await explorer.shows("Copied candidate id, 32 characters.")
        assert explorer.app.clipboard == "01" * 16


async def test_ctrl_q_quits_from_anywhere_even_from_a_text_box() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press("/", "x", "ctrl+q")
        await explorer.until(lambda: not explorer.app.is_running)
        assert explorer.app.return_code == 0


async def test_a_theme_can_be_chosen_and_the_places_follow() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        explorer.app.theme = "mltrack-light"
        await explorer.settle()
        await explorer.enter("7 candidates", "adam-wide")
        assert explorer.place.styles.background.hex.lower() == explorer.app.current_theme.background


async def test_a_text_box_does_what_keys_say_in_the_order_in_which_they_come_at_once() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("digits")
        await explorer.press(":")
        await explorer.shows("type to narrow")
        box = explorer.app.screen.query_one(Input)
        for key in ("a", "b", "c", "backspace", "backspace", "x", "left", "y"):
            explorer.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await explorer.until(lambda: "y" in box.value and len(box.value) == 3)
        assert box.value == "ayx"
