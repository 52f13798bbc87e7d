"""Filters from what the cursor is on: the cell's value, the values of its column, its bins."""

from dataclasses import replace

import pytest

from tests.memory import MemorySource, candidate
from tests.screens.given import many, workshop
from tests.screens.harness import Explorer, explore
from tests.screens.test_lists import go_to_column


async def at(explorer: Explorer, row: str, column: str) -> None:
    """On a cell of the candidates of the first experiment, all columns shown."""
    await explorer.shows("3 experiments")
    await explorer.enter("7 candidates", "adam-wide")
    await explorer.press("=")
    rows = [line for line in explorer.lines if any(mark in line for mark in "●✗◐○")]
    for _ in range(next(place for place, line in enumerate(rows) if row in line)):
        await explorer.press("j")
    await go_to_column(explorer, column)
    await explorer.cursor_on(row)


@pytest.mark.parametrize(
    ("row", "column", "text", "count"),
    [
        ("sgd-small", "optimizer", "params.optimizer = 'sgd'", 2),
        ("sgd-small", "name", "name = 'sgd-small'", 1),
        ("diverged", "accuracy", "metrics.accuracy is nan", 1),
        ("diverged", "loss", "metrics.loss = inf", 1),
        ("sgd-large", "loss", "metrics.loss = -inf", 1),
        ("killed early", "loss", "metrics.loss is missing", 2),
        ("diverged", "", "status = 'FAILED'", 1),
        ("cosine", "duration", "duration is missing", 2),
        ("cosine", "created", "created = 2025-11-16", 7),
    ],
)
async def test_f_filters_by_the_cell_and_again_no_longer(row: str, column: str, text: str, count: int) -> None:
    async with explore(workshop(), size=(160, 24)) as explorer:
        await at(explorer, row, column or "name")
        if not column:
            await explorer.press("h")
        await explorer.press("f")
        of = f"{count} of 7 candidates" if count < 7 else "  7 candidates"
        await explorer.shows(f"╱ {text}", of, row)
        await explorer.press("f")
        await explorer.lacks("╱")
        await explorer.shows("  7 candidates")


async def test_f_adds_to_a_filter_and_takes_only_its_own_clause_away() -> None:
    async with explore(workshop(), size=(160, 24)) as explorer:
        await at(explorer, "sgd-small", "optimizer")
        await explorer.press("/")
        await explorer.type("loss < 1 or accuracy > 0.9")
        await explorer.shows("5 of 7 candidates")
        await explorer.press("enter", "f")
        await explorer.shows("╱ (loss < 1 or accuracy > 0.9) and params.optimizer = 'sgd'", "2 of 7 candidates")
        await explorer.press("f")
        await explorer.shows("╱ loss < 1 or accuracy > 0.9", "5 of 7 candidates")


async def test_the_values_of_a_column_are_counted_among_the_candidates_shown_and_several_are_chosen() -> None:
    async with explore(workshop(), size=(160, 30)) as explorer:
        await at(explorer, "sgd-small", "optimizer")
        await explorer.press("F")
        await explorer.shows("params.optimizer", "7 candidates shown", "6 lines")
        await explorer.cursor_on("sgd")
        assert explorer.cursor_line.split()[:2] == ["sgd", "2"]
        await explorer.press("space")
        await explorer.shows("1 marked: 2 of 7 candidates")
        await explorer.press("G", "space")
        await explorer.shows("2 marked: 3 of 7 candidates")
        await explorer.press("enter")
        await explorer.shows("╱ (params.optimizer = 'sgd' or params.optimizer is missing)", "3 of 7 candidates")
        await explorer.press("F")
        await explorer.shows("3 candidates shown")
        await explorer.press("escape")
        await explorer.lacks("candidates shown")


async def test_marked_texts_become_a_list() -> None:
    async with explore(workshop(), size=(160, 30)) as explorer:
        await at(explorer, "sgd-small", "optimizer")
        await explorer.press("F")
        await explorer.shows("6 lines")
        await explorer.press("space", "space", "enter")
        await explorer.shows("╱ params.optimizer in ('sgd', 'adam')", "3 of 7 candidates")


async def test_many_numbers_are_bins_and_neighbouring_ones_become_one_range() -> None:
    source = MemorySource.of({"one": many(100)})
    source.all_candidates[0] = replace(source.all_candidates[0], metrics={})
    source.all_candidates[1] = replace(source.all_candidates[1], metrics={"m": float("nan")})
    async with explore(source, size=(100, 34)) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("run 1")
        await go_to_column(explorer, "m")
        await explorer.press("F")
        await explorer.shows("metrics.m", "100 candidates shown", "0 – < 10", "missing", "NaN")
        assert "10 – < 20" in explorer.text
        await explorer.press("j", "space", "space", "enter")
        await explorer.shows("╱ metrics.m >= 10 and metrics.m < 30", "20 of 100 candidates")


async def test_a_range_to_the_greatest_number_holds_it() -> None:
    source = MemorySource.of({"one": many(100)})
    async with explore(source, size=(100, 34)) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("run 1")
        await go_to_column(explorer, "m")
        await explorer.press("F")
        await explorer.shows("90 – 100")
        await explorer.press("G", "enter")
        await explorer.shows("╱ metrics.m between 90 and 100", "11 of 100 candidates")


async def test_counting_tells_how_far_it_is_and_is_given_up_with_escape() -> None:
    source = workshop()
    async with explore(source, size=(160, 30)) as explorer:
        await at(explorer, "sgd-small", "optimizer")
        source.page_size = 2
        source.hold("candidates", after=1)
        await explorer.press("F")
        await explorer.shows("counting … 2")
        await explorer.press("escape")
        await explorer.until(lambda: source.waiting == [])
        source.release()
        await explorer.press("j")
        await explorer.cursor_on("diverged")


async def test_the_column_of_marks_has_nothing_to_filter_by() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("7 candidates", "adam-wide")
        await explorer.press("^", "f")
        await explorer.tells("nothing to filter by")


async def test_values_that_a_terminal_would_obey_are_shown_harmless_and_found() -> None:
    evil = "a\x1b[31m'\"b"
    source = MemorySource.of({"one": [candidate("a" * 32, "only", params={"p": evil}), candidate("b" * 32, "other")]})
    async with explore(source, size=(120, 24)) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("only")
        await go_to_column(explorer, "p")
        await explorer.press("F")
        await explorer.shows("a·[31m'\"b")
        await explorer.press("G" if "missing" in explorer.cursor_line else "g", "enter")
        await explorer.shows("1 of 2 candidates")
        assert "\x1b" not in explorer.text
