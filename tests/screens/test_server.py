"""Over a source whose next page costs a server a request: what is seen is asked for, `M` asks for all."""

import asyncio
from dataclasses import replace

import pytest

from mltrack_tui.domain.entities import PARENT_TAG, Experiment
from mltrack_tui.domain.query import Column, Kind
from mltrack_tui.domain.view import Look
from mltrack_tui.screens.candidates.place import CandidatesPlace
from mltrack_tui.screens.demand import AHEAD
from mltrack_tui.sources.base import UnreachableError
from tests.memory import candidate
from tests.screens.given import Server, many, server
from tests.screens.harness import NOW, Explorer, explore

GONE = UnreachableError("memory did not answer: is it up?")


async def open_table(explorer: Explorer, *texts: str) -> None:
    await explorer.shows("1 experiment", "digits")
    await explorer.enter("server has more", *texts)


async def rested(explorer: Explorer, source: Server) -> int:
    """How many pages were asked for when nothing more comes by itself."""
    requests = -1
    while requests != source.requests:
        requests = source.requests
        for _ in range(20):
            await explorer.settle()
    return requests


# Pages


async def test_as_much_is_asked_for_as_is_seen_and_a_little_ahead() -> None:
    source = server(1000)
    async with explore(source) as explorer:
        await open_table(explorer, "run 1 ", "150 loaded · server has more")
        assert await rested(explorer, source) == 3 == -(-(20 + AHEAD) // 50)


async def test_scrolling_near_the_end_asks_for_more_and_moves_nothing() -> None:
    source = server(1000)
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        before = explorer.lines[1:]
        await explorer.press("l", "h")
        assert await rested(explorer, source) == 3
        assert explorer.lines[1:-2] == before[:-2]
        for _ in range(3):
            await explorer.press("ctrl+d")
        await explorer.shows("200 loaded")
        await explorer.tells("58/200")
        await explorer.cursor_on("run 58 ")


async def test_to_the_last_row_goes_on_a_page_each_time_to_the_end() -> None:
    source = server(230)
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        await explorer.press("G")
        await explorer.cursor_on("run 150 ")
        await explorer.shows("230 candidates")
        assert "server" not in explorer.path
        await explorer.cursor_on("run 150 ")
        await explorer.press("G")
        await explorer.cursor_on("run 230 ")
        assert source.requests == 5


async def test_marks_stay_where_rows_are_appended() -> None:
    source = server(400)
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        await explorer.press("space", "G", "space")
        await explorer.shows("300 loaded", "2 marked")
        await explorer.press("M")
        await explorer.shows("400 candidates", "2 marked")


async def test_a_sort_that_is_finished_here_puts_what_comes_in_its_place_and_the_cursor_stays_on_its_candidate() -> (
    None
):
    source = server(1000)
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        await explorer.press("$", "]")
        await explorer.shows("150 loaded · server has more   ▼ metrics.m of these")
        await explorer.cursor_on("run 1 ")
        assert await rested(explorer, source) == 3
        await explorer.press("g")
        await explorer.cursor_on("run 150 ")
        await explorer.press("M")
        await explorer.shows("1,000 candidates")
        await explorer.cursor_on("run 150 ")
        assert "of these" not in explorer.text
        await explorer.press("g")
        await explorer.cursor_on("run 1000 ")


async def test_a_sort_that_the_server_does_is_one_of_all() -> None:
    source = server(1000)
    source.sorts = True
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        await explorer.press("$", "]", "g")
        await explorer.cursor_on("run 1000 ")
        await explorer.shows("150 loaded · server has more   ▼ metrics.m")
        assert "of these" not in explorer.text


async def test_a_sort_that_is_finished_here_loads_a_page_where_somebody_wants_to_see_more_than_the_last_row() -> None:
    source = server(5000)
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        await explorer.press("$", "]", "G")
        assert await rested(explorer, source) == 4
        await explorer.cursor_on("run 1 ")
        await explorer.press("G")
        assert await rested(explorer, source) == 5


# Filters


async def test_a_filter_that_is_finished_here_says_of_how_many_and_fills_the_screen() -> None:
    source = server(1000)
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        await explorer.press("/")
        await explorer.type("7")
        await explorer.press("enter")
        await explorer.shows("24 of 150 loaded · server has more", "run 7 ")
        assert await rested(explorer, source) == 3
        await explorer.press("M")
        await explorer.shows("271 of 1,000 candidates")


async def test_a_filter_that_finds_little_looks_at_so_many_and_then_asks() -> None:
    source = server(1500)
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        await explorer.press("/")
        await explorer.type("1499")
        await explorer.shows("no match yet")
        assert await rested(explorer, source) == 3
        await explorer.press("enter")
        await explorer.shows("0 of 1,150 loaded", "no candidate of the 1,150 loaded; M loads all.")
        assert await rested(explorer, source) == 23
        await explorer.press("M")
        await explorer.shows("1 of 1,500 candidates", "run 1499")


async def test_a_filter_that_the_server_does_tells_how_many_were_found() -> None:
    source = server(1000)
    source.filters = True
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        await explorer.press("/")
        await explorer.type("77")
        await explorer.press("enter")
        await explorer.shows("19 candidates found", "run 777")
        await explorer.press("/")
        await explorer.type("nobody")
        await explorer.press("enter")
        await explorer.shows("0 candidates found", "esc shows all again.")
        await explorer.press("escape")
        await explorer.shows("loaded · server has more")


async def test_a_bare_name_in_a_filter_is_one_of_those_that_are_loaded() -> None:
    source = server(1000)
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        await explorer.press("/")
        await explorer.type("m<4")
        await explorer.press("enter")
        await explorer.shows("3 of 1,000 candidates")


# All


async def test_all_is_loaded_with_progress_the_keys_are_answered_and_escape_stops_it() -> None:
    source = server(1000)
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        source.hold("candidates", after=2)
        await explorer.press("M")
        await explorer.shows("250 loaded · loading all, esc stops")
        await explorer.press("j", "j")
        await explorer.cursor_on("run 3 ")
        await explorer.press("escape")
        await explorer.shows("250 loaded · server has more")
        source.release()
        await explorer.shows("300 loaded · server has more")
        assert await rested(explorer, source) == 6
        await explorer.press("M")
        await explorer.shows("1,000 candidates")
        await explorer.cursor_on("run 3 ")
        await explorer.press("M")
        await explorer.tells("There is no more: 1,000 candidates.")
        await explorer.press("escape")
        await explorer.shows("1 experiment")


async def test_keys_are_answered_between_the_pages_of_all() -> None:
    source = server(3000)
    source.page_size = 20
    async with explore(source) as explorer:
        await open_table(explorer, "loaded · server has more")
        await explorer.press("M")
        await explorer.press("j")
        await explorer.cursor_on("run 2 ")
        assert "loading all, esc stops" in explorer.path
        await explorer.press("escape")
        await explorer.shows("server has more")


async def test_in_a_narrow_terminal_the_path_keeps_its_end() -> None:
    source = server(5000)
    source.all_experiments[0] = replace(source.all_experiments[0], name="digits off pictures")
    async with explore(source, size=(80, 24)) as explorer:
        await explorer.shows("digits off pictures")
        await explorer.enter("150 loaded")
        await explorer.press("$", "]", "/")
        await explorer.type("7")
        await explorer.press("enter")
        await explorer.shows("24 of 150 loaded · server has more   ▼ metrics.m of these")
        assert "digits off" in explorer.path


# Columns and values


async def test_columns_come_with_the_candidates_that_have_them() -> None:
    source = server(200)
    late = [candidate(f"{n:032x}"[::-1], f"old {n}", start_time=n, params={"lr": str(n)}) for n in range(200)]
    source.add(replace(source.all_experiments[0], name="more"), late)
    source.all_experiments.pop()
    async with explore(source, size=(80, 12)) as explorer:
        await open_table(explorer, "150 loaded", "│    m")
        assert " lr" not in explorer.text
        await explorer.press("M")
        await explorer.shows("400 candidates", " lr ")
        await explorer.press("G", "$")
        await explorer.cursor_on("old 0")


async def test_best_values_are_those_of_what_is_loaded_and_follow_it() -> None:
    source = Server()
    runs = [replace(run, metrics={"loss": 1 - int(run.id.candidate_id) / 1000}) for run in many(300)]
    source.add(Experiment("1", "digits", "default", "active"), runs)
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        await explorer.press("G")
        await explorer.shows("250 loaded", "0.8500")
        await explorer.press("G", "G")
        await explorer.shows("300 candidates", "☆0.7000")
        assert source.requests == 6


async def test_the_best_so_far_is_marked_before_all_are_loaded() -> None:
    source = Server()
    runs = [replace(run, metrics={"loss": 1 - int(run.id.candidate_id) / 1000}) for run in many(300)]
    source.add(Experiment("1", "digits", "default", "active"), runs)
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        await explorer.press("G")
        await explorer.shows("250 loaded")
        await explorer.press("$", "[", "g")
        await explorer.shows("☆0.7500")
        assert await rested(explorer, source) == 5


async def test_the_values_of_a_column_are_counted_as_far_as_they_are_loaded() -> None:
    source = server(1000)
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        await explorer.press("$", "F")
        await explorer.shows("150 candidates shown, 15 lines · server has more")
        assert await rested(explorer, source) == 3


async def test_an_export_of_a_part_says_so() -> None:
    source = server(1000)
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        await explorer.press("x")
        await explorer.shows("Export 150 rows", "Candidates of the 150 loaded; M loads all.")
        await explorer.press("escape", "M")
        await explorer.shows("1,000 candidates")
        await explorer.press("x")
        await explorer.shows("Export 1,000 rows")
        assert "loads all" not in explorer.text


async def test_sparklines_take_what_the_server_tells_at_once() -> None:
    source = server(1000)
    for run in source.all_candidates:
        source.points[run.id.candidate_id, "m"] = [(step, step, float(step)) for step in range(100)]
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        place = explorer.place
        assert isinstance(place, CandidatesPlace)
        place.apply_view(replace(place.view, looks={Column(Kind.METRIC, "m"): Look.SPARKLINE}))
        await explorer.shows("▁▂▂▃▃▄▅▆▆▇██")
        await explorer.until(lambda: source.calls.count("history") == 19)
        assert "points" not in source.calls


# Trees and groups


def nested_server() -> Server:
    source = Server()
    runs = [
        replace(run, tags={PARENT_TAG: f"{number - number % 10:032d}"} if number % 10 else {"kind": "sweep"})
        for number, run in enumerate(many(300), start=1)
    ]
    runs = [replace(run, params={"fold": str(number % 3)}) for number, run in enumerate(runs)]
    source.add(Experiment("1", "digits", "default", "active"), runs)
    return source


async def test_a_tree_and_groups_are_of_what_is_loaded_until_all_is() -> None:
    source = nested_server()
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        await explorer.press("#")
        await explorer.tells("A tree of the 150 loaded; M loads all.")
        await explorer.shows("▸ run 10", "150 loaded · server has more")
        assert await rested(explorer, source) == 3
        await explorer.press("#")
        await explorer.shows("Group by")
        await explorer.type("fold")
        await explorer.press("enter")
        await explorer.shows("3 groups of 150 candidates loaded · server has more", "50")
        assert await rested(explorer, source) == 3
        await explorer.press("x")
        await explorer.shows("Groups of the 150 candidates loaded")
        await explorer.press("escape")
        await explorer.lacks("Export")
        await explorer.press("M")
        await explorer.shows("3 groups of 300 candidates", "100")
        assert "server" not in explorer.path
        await explorer.press("escape")
        await explorer.shows("300 candidates")


# Refresh


async def test_refresh_asks_the_server_again_and_finds_the_cursors_candidate_among_as_many_as_before() -> None:
    source = server(1000)
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        await explorer.press("G", "G")
        await explorer.shows("loaded")
        await rested(explorer, source)
        await explorer.press("k")
        line = explorer.cursor_line.split("  ")[1]
        source.calls.clear()
        source.add(replace(source.all_experiments[0], name="x"), [candidate("new", "newest", start_time=NOW)])
        source.all_experiments.pop()
        source.hold("candidates", after=1)
        await explorer.press("r")
        await explorer.until(lambda: source.waiting == ["candidates"])
        assert line in explorer.cursor_line
        source.release()
        await explorer.until(lambda: explorer.status.startswith("300/") or "loaded" in explorer.path)
        await rested(explorer, source)
        assert line in explorer.cursor_line
        assert source.calls[0] == "forget"
        await explorer.press("g")
        await explorer.cursor_on("newest")


async def test_refresh_where_the_cursors_candidate_is_gone_ends_with_as_many_as_before() -> None:
    source = server(1000)
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        source.all_candidates = source.all_candidates[1:]
        source.calls.clear()
        await explorer.press("r")
        await explorer.shows("run 2 ")
        await explorer.lacks("run 1 ")
        assert await rested(explorer, source) == 3


async def test_the_first_question_forgets_nothing() -> None:
    source = server(100)
    async with explore(source) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("100 candidates")
        assert "forget" not in source.calls
        await explorer.press("r", "enter")
        await explorer.shows("started")
        await explorer.press("r", "q", "q")
        await explorer.shows("1 experiment")
        await explorer.press("r")
        assert source.calls.count("forget") == 3


# Failures


async def test_a_server_that_goes_away_leaves_what_is_loaded_and_a_key_goes_on() -> None:
    source = server(1000)
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        source.fail_at("candidates", GONE)
        await explorer.press("M")
        await explorer.tells("Stopped at 150, M goes on: memory did not answer: is it up?")
        await explorer.shows("150 loaded · server has more")
        requests = await rested(explorer, source)
        source.mend()
        assert await rested(explorer, source) == requests
        await explorer.press("M")
        await explorer.shows("1,000 candidates")
        await explorer.lacks("Stopped")
        assert len({line for line in explorer.lines if "run 1 " in line}) == 1


async def test_after_a_failure_scrolling_asks_again() -> None:
    source = server(1000)
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        source.fail_at("candidates", GONE)
        await explorer.press("G")
        await explorer.tells("Stopped at 150")
        source.mend()
        await explorer.press("k", "j")
        await explorer.shows("250 loaded")
        await explorer.cursor_on("run 150 ")


async def test_a_refresh_that_fails_keeps_what_is_shown() -> None:
    source = server(1000)
    async with explore(source) as explorer:
        await open_table(explorer, "150 loaded")
        source.fail_at("candidates", GONE)
        await explorer.press("r")
        await explorer.tells("memory did not answer")
        await explorer.shows("run 1 ")
        source.mend()
        await explorer.press("r")
        await explorer.lacks("did not answer")
        await explorer.shows("150 loaded", "run 1 ")


@pytest.mark.parametrize("keys", [["q"], ["enter", "q", "q"], ["/", "7", "escape", "q"]])
async def test_leaving_while_all_is_loaded_ends_it(keys: list[str]) -> None:
    source = server(3000)
    async with explore(source) as explorer:
        await open_table(explorer, "loaded")
        source.hold("candidates")
        await explorer.press("M")
        await explorer.until(lambda: source.waiting == ["candidates"])
        await explorer.press(*keys)
        await explorer.until(lambda: source.waiting == [])
        await asyncio.sleep(0)
        assert source.requests < 20


# A candidate


async def open_metrics(explorer: Explorer, source: Server, points: int) -> None:
    for metric in ("m", "other"):
        source.points[f"{1:032d}", metric] = [(step, step, float(step)) for step in range(points)]
    source.all_candidates[0] = replace(source.all_candidates[0], metrics={"m": 1.0, "other": 2.0})
    await explorer.shows("1 experiment")
    await explorer.enter("run 1 ")
    await explorer.enter("started")
    await explorer.press("3")


async def test_a_curve_is_a_sample_until_the_whole_history_is_wanted() -> None:
    source = server(10)
    async with explore(source, size=(120, 30)) as explorer:
        await open_metrics(explorer, source, 1000)
        await explorer.shows("20 points, a sample", "–")
        await explorer.press("l", "l")
        await explorer.tells("m min  not read: M reads the whole history")
        assert "histories" not in source.calls
        assert "points" not in source.calls
        source.hold("points", after=1)
        await explorer.press("M")
        await explorer.shows("points · reading on…")
        source.release()
        await explorer.shows(" of 1,000 points", "999")
        await explorer.tells("m min  0.0")
        assert next(line for line in explorer.lines if " other " in line).count("–") == 3
        await explorer.press("M")
        await explorer.tells("The history was read whole: 1,000 points.")


async def test_moving_on_reads_a_history_no_further_and_escape_neither() -> None:
    source = server(10)
    async with explore(source, size=(120, 30)) as explorer:
        await open_metrics(explorer, source, 1000)
        await explorer.shows("20 points, a sample")
        source.hold("points")
        await explorer.press("M")
        await explorer.until(lambda: source.waiting == ["points"])
        await explorer.press("j")
        await explorer.until(lambda: source.cancelled == ["points"])
        await explorer.shows("other   step", "20 points, a sample")
        await explorer.press("M")
        await explorer.until(lambda: source.waiting == ["points"])
        await explorer.press("escape")
        await explorer.until(lambda: source.cancelled == ["points"] * 2)
        await explorer.shows("20 points, a sample")
        await explorer.press("escape")
        await explorer.shows("10 candidates")


async def test_a_history_that_is_short_needs_no_second_look() -> None:
    source = server(10)
    async with explore(source, size=(120, 30)) as explorer:
        await open_metrics(explorer, source, 15)
        await explorer.shows("15 of 15 points")
        await explorer.press("l", "l", "l")
        await explorer.tells("m max  14.0")
