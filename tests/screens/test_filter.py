"""The filter's box: the search language as it is typed, its mistakes, what is offered, and earlier filters."""

import pytest

from mltrack_tui.widgets.filter_box import FilterInput
from tests.memory import MemorySource, candidate
from tests.screens.given import HeldSource, many, several_projects, workshop
from tests.screens.harness import Explorer, explore


async def typing(explorer: Explorer, text: str = "") -> None:
    """At the candidates of the first experiment, with a text in the box."""
    await explorer.shows("3 experiments")
    await explorer.enter("7 candidates", "adam-wide")
    await explorer.press("/")
    await explorer.type(text)


def box(explorer: Explorer) -> FilterInput:
    return explorer.app.screen.query_one(FilterInput)


def marked(explorer: Explorer) -> str | None:
    """The part of the text that is marked as wrong."""
    part = box(explorer).wrong
    return None if part is None else box(explorer).value[slice(*part)]


async def test_a_filter_of_the_search_language_narrows_while_it_is_typed() -> None:
    async with explore(workshop()) as explorer:
        await typing(explorer, "accuracy > 0.9 and optimizer != cosine")
        await explorer.shows("╱ accuracy > 0.9 and optimizer != cosine", "3 of 7 candidates")
        await explorer.press("enter", "j")
        await explorer.cursor_on("sgd-small")


async def test_every_key_is_echoed_before_the_answer_comes_and_only_the_newest_question_is_left() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await typing(explorer, "metrics.loss > 0")
        await explorer.shows("4 of 7 candidates")
        source.cancelled.clear()
        source.hold("candidates")
        typed = "metrics.loss > 0"
        for letter in ".06 and created > -3h":
            typed += letter
            await explorer.type(letter)
            await explorer.shows(f"╱ {typed}".rstrip())
            if typed.endswith((".06", "-3h")):
                await explorer.until(lambda: source.waiting == ["candidates"])
        await explorer.until(lambda: "candidates" in source.cancelled and source.waiting == ["candidates"])
        assert "4 of 7 candidates" in explorer.text
        source.release()
        await explorer.shows("2 of 7 candidates")


async def test_bare_names_wait_for_the_columns() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        source.hold("columns")
        await explorer.press("enter", "/")
        await explorer.type("lr >= 0.1")
        await explorer.shows("╱ lr >= 0.1")
        assert "candidates" not in source.calls
        source.release()
        await explorer.shows("2 of 7 candidates", "sgd-large")


async def test_a_mistake_is_marked_at_its_place_and_said_and_the_last_good_result_stays() -> None:
    async with explore(workshop()) as explorer:
        await typing(explorer, "accuracy > 0.9 ")
        await explorer.shows("4 of 7 candidates")
        await explorer.press("home")
        await explorer.type("l")
        await explorer.shows("nothing is called laccuracy", "nearest: accuracy")
        assert marked(explorer) == "laccuracy"
        assert box(explorer)._marker.style.underline
        assert "4 of 7 candidates" in explorer.text
        await explorer.press("backspace")
        await explorer.lacks("nearest")
        assert marked(explorer) is None


async def test_at_the_end_of_what_is_being_typed_nothing_is_wrong_until_it_is_entered() -> None:
    async with explore(workshop()) as explorer:
        await typing(explorer, "loss < ")
        await explorer.shows("a value is expected after <")
        assert marked(explorer) is None
        await explorer.press("enter")
        await explorer.until(lambda: marked(explorer) == "<")
        assert explorer.app.focused is box(explorer)
        await explorer.type("0.1")
        await explorer.shows("3 of 7 candidates")
        assert marked(explorer) is None


async def test_names_are_offered_with_what_they_are_then_operators_then_values_then_what_joins() -> None:
    async with explore(workshop()) as explorer:
        await typing(explorer, "opt")
        await explorer.shows("optimizer  parameter")
        await explorer.press("tab")
        await explorer.shows("╱ optimizer", "between")
        await explorer.type("= ")
        await explorer.shows("sgd             2", "'killed early'  1")
        await explorer.type("s")
        await explorer.shows("sgd     2")
        await explorer.press("tab")
        await explorer.shows("╱ optimizer = sgd", "and", "2 of 7 candidates")
        await explorer.press("down", "down", "enter")
        await explorer.shows("╱ optimizer = sgd or", "attribute")


async def test_values_are_asked_for_once_a_column_while_more_is_typed() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await typing(explorer, "accuracy > 5 and optimizer = ")
        await explorer.shows("cosine")
        source.hold("candidates")  # values are counted from them, too
        await explorer.type("co")
        await explorer.shows("cosine  1")
        await explorer.press("backspace", "backspace")
        await explorer.shows("diverged")


async def test_values_that_are_slow_to_come_do_not_keep_the_rest_of_the_list_waiting() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await typing(explorer, "accuracy > 5 and ")
        await explorer.shows("╱ accuracy > 5 and")
        source.hold("candidates")
        await explorer.type("optimizer = c")
        await explorer.until(lambda: "candidates" in source.waiting)
        await explorer.type("o")
        await explorer.press("backspace", "backspace", "backspace", "backspace")
        await explorer.shows("between")
        source.release()
        await explorer.type("= c")
        await explorer.shows("cosine  1")


async def test_letters_that_follow_a_key_at_once_stay_behind_it() -> None:
    async with explore(workshop()) as explorer:
        await typing(explorer)
        for key in ("o", "p", "t", "tab", "=", "s", "g", "d"):
            explorer.app.simulate_key(key)
        await explorer.shows("╱ optimizer =sgd", "2 of 7 candidates")


async def test_escape_closes_the_list_then_clears_and_the_list_comes_back_with_the_next_letter() -> None:
    async with explore(workshop()) as explorer:
        await typing(explorer, "opti")
        await explorer.shows("optimizer  parameter")
        await explorer.press("escape")
        await explorer.lacks("optimizer  parameter")
        await explorer.shows("╱ opti")
        await explorer.type("m")
        await explorer.shows("optimizer  parameter")
        await explorer.press("escape", "escape")
        await explorer.lacks("╱")
        await explorer.cursor_on("adam-wide")


async def test_the_list_moves_nothing_and_says_what_it_has_no_room_for() -> None:
    source = MemorySource.of({"one": [candidate("a" * 32, "only", params={f"layer {n}": "1" for n in range(30)})]})
    async with explore(source, size=(40, 12)) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("only")
        await explorer.press("/")
        below = explorer.lines[2:]  # the box has taken its line
        await explorer.type("lay")
        await explorer.shows("… 24 more", "no match yet")
        assert explorer.lines[-2] == below[-2]
        for _ in range(30):
            await explorer.press("down")
        await explorer.shows("layer 9", "30 in all")
        await explorer.press("enter")
        await explorer.shows('╱ "layer 9"')


async def test_words_that_no_name_has_keep_the_last_result_until_they_are_entered() -> None:
    async with explore(workshop()) as explorer:
        await typing(explorer, "sgd")
        await explorer.shows("2 of 7 candidates")
        await explorer.type("zzz")
        await explorer.shows("no match yet", "2 of 7 candidates", "sgd-large")
        await explorer.press("enter")
        await explorer.shows("No candidate's name has “sgdzzz”", "0 of 7 candidates", "esc shows all 7 again")
        await explorer.press("escape")
        await explorer.shows("  7 candidates", "adam-wide")
        await explorer.press("G")
        await explorer.cursor_on("nothing logged")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("accuracy > 5", ["No candidate fits the filter", "accuracy > 5"]),
        ("metrics.acuracy > 0", ["Nobody logged the metric acuracy here; nearest: accuracy."]),
    ],
)
async def test_a_filter_that_nothing_fits_is_told_with_what_is_probably_wrong(text: str, said: list[str]) -> None:
    async with explore(workshop()) as explorer:
        await typing(explorer, text)
        await explorer.press("enter")
        await explorer.shows(*said, "esc shows all 7 again")


async def test_up_and_down_go_through_earlier_filters_and_back_to_what_was_begun() -> None:
    async with explore(workshop()) as explorer:
        await typing(explorer, "lr < 1")
        await explorer.press("enter", "/", *["backspace"] * 6)
        await explorer.type("sgd")
        await explorer.press("enter", "/", *["backspace"] * 3)
        await explorer.type("adam")
        await explorer.press("up")
        await explorer.shows("╱ sgd", "2 of 7 candidates")
        await explorer.press("up")
        await explorer.shows("╱ lr < 1", "5 of 7 candidates")
        await explorer.press("down", "down")
        await explorer.shows("╱ adam", "1 of 7 candidates")


async def test_a_long_pasted_filter_of_several_lines_is_taken_whole() -> None:
    async with explore(workshop()) as explorer:
        await typing(explorer)
        from textual import events

        ids = ",\n".join(f"'{number:032d}'" for number in range(200))
        explorer.app.post_message(events.Paste(f"run_id in ('{'01' * 16}',\n{ids})\n"))
        await explorer.shows("1 of 7 candidates", "adam-wide")


async def test_experiments_are_filtered_by_the_same_language_and_projects_by_words() -> None:
    async with explore(several_projects()) as explorer:
        await explorer.shows("3 projects")
        await explorer.press("/")
        await explorer.type("ion")
        await explorer.shows("vision", "1 of 3 projects")
        await explorer.type(" > 1")
        await explorer.shows("no match yet", "vision", "1 of 3 projects")
        await explorer.press("escape", "escape", "G")
        await explorer.cursor_on("vision")
        await explorer.enter("3 experiments")
        await explorer.press("/")
        await explorer.type("cand")
        await explorer.shows("candidates  attribute")
        await explorer.type("idates >= 1 and name ~ model")
        await explorer.shows("1 of 3 experiments")
        await explorer.press("enter")
        await explorer.cursor_on("churn model")
        await explorer.press("/")
        await explorer.type("x")
        await explorer.shows("No experiment fits the filter", "0 of 3 experiments")
        await explorer.press("escape")
        await explorer.shows("3 experiments", "digits")


async def test_the_cursor_is_back_on_its_row_though_the_beginning_of_a_filter_hid_it() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press("j", "/")
        await explorer.type("d")
        await explorer.shows("2 of 3 experiments")
        await explorer.press("escape", "escape")
        await explorer.cursor_on("churn model")
        await explorer.press("k")
        await explorer.enter("7 candidates", "adam-wide")
        await explorer.press("j", "/")
        await explorer.type("lo")
        await explorer.shows("1 of 7 candidates")
        await explorer.type("ss < 1")
        await explorer.shows("4 of 7 candidates")
        await explorer.press("enter")
        await explorer.cursor_on("sgd-small")


async def test_a_slow_answer_leaves_every_key_its_echo_over_many_candidates() -> None:
    source = HeldSource()
    source.add(workshop().all_experiments[0], many(300))
    source.page_size = 50
    async with explore(source) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("run 1")
        await explorer.press("/")
        await explorer.type("m > 100 and m <= 150")
        await explorer.shows("50 of 300 candidates")
