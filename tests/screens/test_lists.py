"""Filter, order, deleted ones, marks: what lists can do, and the cursor through all of it."""

from dataclasses import replace

from mltrack_tui.domain.entities import Candidate, Experiment
from mltrack_tui.screens.overviews import ExperimentsPlace
from mltrack_tui.sources.base import SourceError
from mltrack_tui.widgets.grid import Grid
from tests.memory import candidate
from tests.screens.given import HeldSource, digits, many, several_projects, workshop
from tests.screens.harness import NOW, Explorer, explore

NAMES = ["adam-wide", "sgd-small", "diverged", "cosine", "killed early", "sgd-large", "nothing logged"]


def names(explorer: Explorer) -> list[str]:
    """The names in the candidate table, from the top."""
    return [name for name in (line[5:22].partition("│")[0].strip() for line in explorer.lines[3:-2]) if name]


async def opened(explorer: Explorer) -> None:
    """Go to the candidates of the first experiment."""
    await explorer.until(lambda: "experiment" in explorer.path)
    await explorer.press("enter")
    await explorer.until(lambda: "candidate" in explorer.path and "loaded" not in explorer.path)
    await explorer.until(lambda: isinstance(explorer.app.focused, Grid))


async def go_to_column(explorer: Explorer, title: str) -> None:
    titles = [column.title for column in explorer.grid.columns]
    explorer.grid.move(explorer.grid.cursor_row, titles.index(title))
    await explorer.settle()


async def test_candidates_begin_with_the_latest_and_say_how_many_there_are() -> None:
    async with explore(workshop()) as explorer:
        await opened(explorer)
        await explorer.shows(*NAMES)
        assert names(explorer) == NAMES
        assert explorer.path.endswith("7 candidates")


async def test_a_filter_narrows_while_it_is_typed_in_any_case_and_order_of_words() -> None:
    async with explore(workshop()) as explorer:
        await opened(explorer)
        await explorer.press("/")
        await explorer.type("L")
        await explorer.shows("4 of 7 candidates")
        await explorer.type(" Sgd")
        await explorer.shows("2 of 7 candidates")
        assert names(explorer)[-2:] == ["sgd-small", "sgd-large"]


async def test_enter_keeps_the_filter_and_escape_clears_it_before_it_leaves_the_place() -> None:
    async with explore(workshop()) as explorer:
        await opened(explorer)
        await explorer.press("/")
        await explorer.type("sgd")
        await explorer.press("enter")
        await explorer.shows("2 of 7 candidates")
        await explorer.press("j")
        await explorer.cursor_on("sgd-large")
        await explorer.press("escape")
        await explorer.shows("  7 candidates", "adam-wide")
        await explorer.cursor_on("sgd-large")
        await explorer.press("escape")
        await explorer.shows("3 experiments")


async def test_escape_in_the_filters_box_clears_it_and_leads_back_to_the_table() -> None:
    async with explore(workshop()) as explorer:
        await opened(explorer)
        await explorer.press("/")
        await explorer.type("sgd")
        await explorer.press("escape")
        await explorer.shows("  7 candidates", "adam-wide")
        await explorer.press("G")
        await explorer.cursor_on("nothing logged")


async def test_keys_that_mean_something_elsewhere_are_text_in_the_filters_box() -> None:
    async with explore(workshop()) as explorer:
        await opened(explorer)
        await explorer.press("/")
        await explorer.type("q?[:.r")
        await explorer.shows("q?[:.r", "no match yet")
        assert explorer.app.is_running


async def test_brackets_sort_by_the_cursors_column_and_the_title_bears_a_mark() -> None:
    async with explore(workshop()) as explorer:
        await opened(explorer)
        await go_to_column(explorer, "accuracy")
        await explorer.press("]")
        await explorer.shows("▼accuracy")
        descending = ["sgd-small", "adam-wide", "cosine", "killed early", "sgd-large", "diverged", "nothing logged"]
        assert names(explorer) == descending
        await explorer.press("[")
        await explorer.shows("▲accuracy")
        ascending = ["sgd-large", "killed early", "cosine", "adam-wide", "sgd-small", "diverged", "nothing logged"]
        assert names(explorer) == ascending


async def test_parameters_sort_as_numbers() -> None:
    async with explore(workshop()) as explorer:
        await opened(explorer)
        await go_to_column(explorer, "lr")
        await explorer.press("[")
        await explorer.shows("▲lr")
        assert names(explorer)[:3] == ["adam-wide", "cosine", "sgd-small"]


async def test_the_sort_picker_finds_a_column_by_its_name() -> None:
    async with explore(workshop()) as explorer:
        await opened(explorer)
        await explorer.press("s")
        await explorer.shows("Sort by", "metrics.accuracy  ascending", "params.lr  descending")
        await explorer.type("loss desc")
        await explorer.lacks("params.lr")
        await explorer.press("enter")
        await explorer.shows("▼loss")
        assert names(explorer)[:2] == ["diverged", "cosine"]


async def test_the_sort_picker_is_left_without_a_choice() -> None:
    async with explore(workshop()) as explorer:
        await opened(explorer)
        await explorer.press("s")
        await explorer.shows("Sort by")
        await explorer.type("no such column")
        await explorer.press("enter", "down", "escape")
        await explorer.lacks("Sort by")
        assert names(explorer) == NAMES


async def test_the_sort_pickers_arrows_choose() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press("s")
        await explorer.shows("Sort by", "experiment  ascending")
        await explorer.press("down", "enter")
        await explorer.shows("▼experiment")
        assert [line.split()[0] for line in explorer.column(0, 30)] == ["All", "empty", "digits", "churn"]


async def test_the_picker_narrows_what_can_be_chosen_with_arrows_past_the_ends() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press("s")
        await explorer.type("experiment")
        await explorer.press("up", "up", "down", "enter")
        await explorer.shows("▼experiment")


async def test_projects_are_sorted_by_what_they_hold() -> None:
    async with explore(several_projects()) as explorer:
        await explorer.shows("3 projects")
        await explorer.press("l", "]")
        await explorer.shows("▼experiments")
        assert explorer.column(0, 40)[0].startswith("vision")


async def test_a_dot_shows_deleted_candidates_too_marked_and_hides_them_again() -> None:
    async with explore(workshop()) as explorer:
        await opened(explorer)
        await explorer.press(".")
        await explorer.shows("8 candidates", "thrown away")
        assert any("⊘" in line and "thrown away" in line for line in explorer.lines)
        await explorer.press(".")
        await explorer.shows("7 candidates")
        assert "thrown away" not in explorer.text


async def test_a_dot_shows_deleted_experiments_too() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press(".")
        await explorer.shows("4 experiments", "⊘ old things")
        await explorer.press(".")
        await explorer.shows("3 experiments")
        await explorer.lacks("old things")


async def test_the_cursor_stays_on_its_candidate_through_order_filter_deleted_ones_and_refresh() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.press("j", "j", "j")
        await explorer.cursor_on("cosine")
        await go_to_column(explorer, "accuracy")
        await explorer.press("]")
        await explorer.shows("▼accuracy")
        await explorer.cursor_on("cosine")
        await explorer.press(".")
        await explorer.shows("thrown away")
        await explorer.cursor_on("cosine")
        await explorer.press("/")
        await explorer.type("co")
        await explorer.shows("1 of 8 candidates")
        await explorer.press("enter", "escape")
        await explorer.shows("  8 candidates")
        await explorer.cursor_on("cosine")
        source.add(source.all_experiments[0], [candidate("aa" * 16, "brand new", start_time=NOW)])
        await explorer.press("r")
        await explorer.shows("9 candidates", "brand new")
        await explorer.cursor_on("cosine")


async def test_a_refresh_shows_new_values_new_columns_and_keeps_order_and_marks() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.press("space")
        await go_to_column(explorer, "loss")
        await explorer.press("[")
        await explorer.shows("▲loss", "1 marked")
        source.all_candidates[1] = replace(
            source.all_candidates[1], metrics={"accuracy": 0.1234, "loss": 0.5}, params={"a new one": "7", "lr": "0.01"}
        )
        await explorer.press("r")
        await explorer.shows("0.1234", "a new one", "▲loss", "1 marked")
        assert explorer.grid.columns[explorer.grid.cursor_column].title == "loss"


async def test_a_refresh_that_fails_leaves_what_was_shown_usable() -> None:
    source = HeldSource()
    source.add(Experiment("1", "one", "default", "active"), many(100))
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.shows("run 1")
        source.hold("candidates")
        await explorer.press("r")
        await explorer.until(lambda: "candidates" in source.waiting)
        source.fail(SourceError("The disk is on fire."))
        source.release()
        await explorer.shows("The disk is on fire.")
        await explorer.press("G")
        await explorer.cursor_on("run 100")
        await explorer.until(lambda: explorer.cursor_line.endswith("100"))


async def test_marks_are_set_one_after_the_other_counted_and_taken_away() -> None:
    async with explore(workshop()) as explorer:
        await opened(explorer)
        await explorer.press("space", "space")
        await explorer.shows("3/7   2 marked")
        assert [line[:2].strip() for line in explorer.lines[3:6]] == ["✓", "✓", ""]
        await explorer.press("k", "space")
        await explorer.shows("1 marked")
        await explorer.press("u")
        await explorer.lacks("marked")


async def test_marks_follow_their_candidates_through_another_order() -> None:
    async with explore(workshop()) as explorer:
        await opened(explorer)
        await explorer.press("j", "space")
        await explorer.press("h", "l", "]")
        await explorer.shows("▼name")
        assert [line[5:20].strip() for line in explorer.lines if line.startswith(" ✓")] == ["sgd-small"]


async def test_a_source_that_answers_in_pages_is_counted_while_it_grows_and_the_cursor_stays() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        source.page_size = 2
        source.hold("candidates", after=2)
        await explorer.press("enter")
        await explorer.shows("4 shown · 4 loaded …")
        await explorer.press("j", "j")
        await explorer.cursor_on("diverged")
        source.release()
        await explorer.shows("7 candidates")
        await explorer.cursor_on("diverged")
        assert names(explorer) == NAMES


async def test_the_cursors_column_and_full_value_are_told_below_the_table() -> None:
    async with explore(workshop()) as explorer:
        await opened(explorer)
        await go_to_column(explorer, "accuracy")
        await explorer.tells("metrics.accuracy  0.979412345678")
        assert explorer.status.startswith("1/7")
        await explorer.press("j", "j")
        await explorer.tells("metrics.accuracy  NaN")
        await explorer.press("l")
        await explorer.tells("metrics.loss  +inf")
        await explorer.press("G")
        await explorer.tells("metrics.loss  missing")


async def test_missing_nan_and_the_infinities_look_different() -> None:
    async with explore(workshop(), size=(120, 24)) as explorer:
        await opened(explorer)
        await explorer.shows("accuracy", "loss", "0.9655", "☆0.9812", "☆-inf")
        shown = {line[5:22].partition("│")[0].strip(): line.split()[-2:] for line in explorer.lines[3:10]}
        assert shown["diverged"] == ["NaN", "+inf"]
        assert shown["sgd-large"] == ["0.5000", "☆-inf"]
        assert shown["killed early"] == ["0.9610", "–"]
        assert shown["nothing logged"] == ["–", "–"]


def test_the_fixtures_names_are_those_that_are_expected() -> None:
    members: list[Candidate] = digits()
    assert [member.name for member in members if member.lifecycle_stage == "active"] == NAMES


async def test_who_moves_the_cursor_before_the_row_comes_that_it_begins_on_is_not_taken_there() -> None:
    source = workshop()
    source.page_size = 1
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        source.hold("experiments", after=2)
        await explorer.app.push_screen(ExperimentsPlace(explorer.place.session, "default", start_at="empty one"))
        await explorer.until(lambda: "experiments" in source.waiting)
        await explorer.press("j")
        await explorer.cursor_on("digits")
        source.release()
        await explorer.shows("3 experiments")
        await explorer.lacks("counting …")
        assert "digits" in explorer.cursor_line
