"""A server with thousands of projects: what is seen is asked for and counted, what was learned is remembered."""

import csv
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from mltrack_tui.app.application import MltrackApp
from mltrack_tui.domain.times import HOUR
from mltrack_tui.screens.projects import counting, searching
from mltrack_tui.screens.projects.place import ProjectsPlace
from mltrack_tui.sources.base import UnreachableError
from mltrack_tui.sources.opening import first_answer
from mltrack_tui.state.state import State
from tests.lazy import LazySource
from tests.screens.given import shelf
from tests.screens.harness import NOW, Explorer, explore, hold_pauses

GONE = UnreachableError("git.example did not answer: is it up?")
ASKED = "count project"


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state.db")


async def opened(explorer: Explorer) -> None:
    await explorer.shows("of 2,000 projects loaded", "speech/project-0001")


async def counted(explorer: Explorer) -> None:
    """Wait until what is on screen is counted, and that is remembered."""
    await explorer.until(lambda: "…" not in explorer.text)
    await explorer.until(lambda: not any(worker.group in {"count", "keep"} for worker in explorer.app.workers))


def names(explorer: Explorer) -> list[str]:
    """The projects on screen, from the top."""
    return [line.split()[0] for line in explorer.lines[2:-2] if "/" in line]


def sought(explorer: Explorer) -> str:
    """The words that the server is asked for next."""
    assert isinstance(explorer.place, ProjectsPlace)
    return explorer.place._loading.search.text


def requests(source: LazySource, call: str = "projects") -> int:
    return source.calls.count(call)


# The list


async def test_the_first_page_is_shown_before_anything_is_counted() -> None:
    source = shelf()
    source.hold(ASKED)
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.shows("100 of 2,000 projects loaded", "7m ago", "Reporter")
        assert "models" not in explorer.text
        await explorer.until(lambda: source.waiting == [ASKED])
        assert source.calls == ["projects"]


async def test_scrolling_near_the_end_loads_the_next_page_and_no_more() -> None:
    source = shelf()
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.press("G")
        await explorer.shows("200 of 2,000 projects loaded")
        await explorer.cursor_on("project-0100")
        await explorer.press("ctrl+d", "ctrl+d", "ctrl+d", "ctrl+d")
        await explorer.shows("300 of 2,000 projects loaded")
        await counted(explorer)
        assert requests(source) == 3


async def test_while_nobody_moves_beyond_what_is_counted_nothing_is_asked() -> None:
    source = shelf()
    async with explore(source) as explorer:
        await opened(explorer)
        await counted(explorer)
        calls = list(source.calls)
        await explorer.press("j", "j", "G", "g", "l", "k")
        await explorer.until(lambda: not any(worker.group == "count" for worker in explorer.app.workers))
        assert [call for call in source.calls[len(calls) :] if call != ASKED] == ["projects"]
        await counted(explorer)
        calls = list(source.calls)
        await explorer.press("j", "j", "k", "l", "h")
        await explorer.resize(90, 20)
        await counted(explorer)
        assert source.calls == calls


async def test_all_are_loaded_where_that_is_asked_for() -> None:
    source = shelf()
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.press("M")
        await explorer.shows("  2,000 projects")
        assert requests(source) == 20
        await explorer.press("M")
        await explorer.tells("There is no more: 2,000 projects.")
        await explorer.press("G")
        await explorer.cursor_on("project-2000")


async def test_escape_ends_the_loading_of_all_and_leaves_the_place_afterwards() -> None:
    source = shelf()
    source.hold("projects", after=5)
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.press("M")
        await explorer.shows("500 of 2,000 projects loaded · loading all, esc stops")
        await explorer.press("escape")
        await explorer.lacks("esc stops")
        source.release()
        await explorer.shows("600 of 2,000 projects loaded")
        await counted(explorer)
        assert requests(source) == 6


async def test_a_page_that_fails_leaves_what_is_loaded_and_is_asked_for_again() -> None:
    source = shelf()
    async with explore(source) as explorer:
        await opened(explorer)
        source.fail_at("projects", GONE)
        await explorer.press("G")
        await explorer.tells("Stopped at 100, M goes on: git.example did not answer")
        source.mend()
        await explorer.press("k")
        await explorer.shows("200 of 2,000 projects loaded")
        await explorer.cursor_on("project-0099")


async def test_a_column_sorts_what_is_loaded_and_says_so() -> None:
    async with explore(shelf()) as explorer:
        await opened(explorer)
        await explorer.press("]")
        await explorer.shows("100 of 2,000 projects loaded   ▼ project of these", "vision/project-0100")
        assert names(explorer)[0] == "vision/project-0100"


async def test_where_all_come_at_once_there_is_nothing_to_load() -> None:
    source = shelf(30)
    async with explore(source) as explorer:
        await explorer.shows("  30 projects")
        await counted(explorer)
        await explorer.press("M", "?")
        await explorer.shows("Keys")
        assert "load-all" not in explorer.text
        assert requests(source) == 1


# Numbers


async def test_only_what_is_on_screen_is_counted_once_somebody_rests_there(monkeypatch: pytest.MonkeyPatch) -> None:
    source, rested = shelf(), hold_pauses(monkeypatch, counting)
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.press("ctrl+d", "ctrl+d")
        rested.set()
        await counted(explorer)
        seen = names(explorer)
        assert len(seen) == 20
        assert source.counted == seen
        await explorer.shows("models")


async def test_scrolling_on_ends_the_counting_of_what_is_out_of_sight() -> None:
    source = shelf()
    source.hold(ASKED, after=2)
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.until(lambda: source.waiting == [ASKED])
        await explorer.press("ctrl+d")
        await explorer.until(lambda: source.cancelled == [ASKED])
        source.release()
        await counted(explorer)
        assert source.counted == ["speech/project-0001", "platform/training/project-0002", *names(explorer)]


async def test_counting_rests_while_somebody_is_in_a_project_and_goes_on_afterwards() -> None:
    source = shelf()
    source.hold(ASKED, after=2)
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.until(lambda: source.waiting == [ASKED])
        await explorer.enter("No experiments here yet.")
        await explorer.until(lambda: source.cancelled == [ASKED])
        source.release()
        await explorer.press("escape")
        await counted(explorer)
        assert source.counted == names(explorer)


async def test_columns_stay_what_they_are_when_one_comes_between_them() -> None:
    source = shelf()
    source.hold(ASKED)
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.press("l", "l", "]")
        await explorer.shows("▼last activity")
        await explorer.tells("last activity  2025-")
        source.release()
        await counted(explorer)
        await explorer.shows("models")
        await explorer.tells("last activity  2025-")
        await explorer.shows("▼last activity")


async def test_a_sort_by_experiments_is_one_of_what_was_counted_then_too() -> None:
    source = shelf()
    async with explore(source, size=(100, 15)) as explorer:
        await opened(explorer)
        await counted(explorer)
        await explorer.press("l", "]", "g")
        await explorer.shows("▼experiments")
        assert names(explorer)[:3] == ["vision/project-0010", "vision/project-0005", "speech/project-0001"]
        await explorer.press("G")
        await explorer.until(lambda: "vision/project-0100" in source.counted)
        await counted(explorer)
        await explorer.press("g")
        assert names(explorer)[0] == "vision/project-0100"


async def test_what_cannot_be_counted_stays_open_and_is_not_asked_for_again() -> None:
    source = shelf()
    source.uncountable = {"speech/project-0001"}
    async with explore(source, size=(100, 15)) as explorer:
        await opened(explorer)
        await explorer.until(lambda: "speech/project-0011" in source.counted)
        await explorer.press("l")
        await explorer.tells("experiments  not counted")
        await explorer.press("ctrl+d")
        await counted(explorer)
        await explorer.press("g")
        await explorer.cursor_on("speech/project-0001")
        assert explorer.cursor_line.split()[1:3] == ["…", "…"]
        await explorer.until(lambda: not any(worker.group == "count" for worker in explorer.app.workers))
        assert source.counted.count("speech/project-0001") == 1


async def test_a_count_that_fails_says_why_once() -> None:
    source = shelf()
    source.fail_at(ASKED, GONE)
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.tells("Not all could be counted: git.example did not answer: is it up?")
        await explorer.press("ctrl+d")
        await explorer.until(lambda: requests(source, ASKED) == 2)
        await explorer.until(lambda: not any(worker.group == "count" for worker in explorer.app.workers))
        assert "Not all" not in explorer.status
        assert explorer.cursor_line.split()[1] == "…"
        source.mend()
        await explorer.press("r")
        await counted(explorer)


# What is remembered


async def test_numbers_are_there_at_the_next_visit_and_counted_anew_once_they_are_old(state: State) -> None:
    async with explore(shelf(), state=state) as explorer:
        await opened(explorer)
        await counted(explorer)
    source = shelf()
    async with explore(source, state=state) as explorer:
        await opened(explorer)
        await counted(explorer)
        assert names(explorer)[:4] == [f"vision/project-{number:04d}" for number in (5, 10, 15, 20)]
        assert not source.counted
    known = state.projects(source.location)
    state.keep_counts(source.location, {name: replace(each, counted_at=NOW - 3 * HOUR) for name, each in known.items()})
    source.hold(ASKED)
    async with explore(source, state=state) as explorer:
        await opened(explorer)
        await explorer.cursor_on("3h · 1 ")
        await explorer.press("l")
        await explorer.tells("experiments  1, counted 3h ago")
        await explorer.until(lambda: source.waiting == [ASKED])
        source.release()
        await explorer.lacks("3h · ")
        await explorer.tells("experiments  1")


async def test_a_refresh_counts_what_is_on_screen_anew() -> None:
    source = shelf()
    async with explore(source) as explorer:
        await opened(explorer)
        await counted(explorer)
        source.shelf[0] = replace(source.shelf[0], experiments=77)
        source.counted.clear()
        await explorer.press("r")
        await explorer.shows(" 77 ")
        await explorer.until(lambda: len(source.counted) == 20)


async def test_a_project_that_was_opened_comes_first_though_it_is_far_down_the_list(state: State) -> None:
    source = shelf()
    async with explore(source, state=state) as explorer:
        await opened(explorer)
        await counted(explorer)
        await explorer.press("/")
        await explorer.type("1500")
        await explorer.shows("vision/project-1500", "server asked")
        await explorer.press("enter")
        await counted(explorer)
        await explorer.enter("2 experiments")
        await explorer.until(lambda: bool(state.projects(source.location)))
    source = shelf()
    source.hold("project")
    async with explore(source, state=state) as explorer:
        await opened(explorer)
        await explorer.shows("101 of 2,000 projects loaded")
        assert names(explorer)[:2] == ["vision/project-1500", "vision/project-0005"]
        await explorer.until(lambda: source.waiting == ["project"])
        source.release()
        await counted(explorer)
        await explorer.cursor_on("7d ago")
        assert requests(source) == requests(source, "project") == 1


async def test_a_remembered_project_that_is_gone_goes(state: State) -> None:
    source = shelf()
    state.keep_opened(source.location, "vision/gone", NOW)
    async with explore(source, state=state) as explorer:
        await explorer.shows("vision/gone")
        await explorer.lacks("vision/gone")
        await explorer.shows("100 of 2,000 projects loaded")
        await counted(explorer)
    assert "vision/gone" not in state.projects(source.location)


async def test_who_comes_from_a_project_finds_it_under_the_cursor(state: State) -> None:
    source = shelf()
    app = MltrackApp(source, partial(first_answer, source, "vision/project-1500"), now=lambda: NOW, state=state)
    async with app.run_test(size=(100, 24)) as pilot:
        explorer = Explorer(app, pilot)
        await explorer.shows("2 experiments", "git.example › vision/project-1500")
        assert requests(source) == 0
        await explorer.press("escape")
        await explorer.shows("101 of 2,000 projects loaded")
        await explorer.cursor_on("vision/project-1500")
        await counted(explorer)
        await explorer.cursor_on("7d ago")
    assert state.projects(source.location)["vision/project-1500"].opened_at == NOW


# Words


async def test_what_is_typed_filters_what_is_loaded_and_is_asked_of_the_server_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source, rested = shelf(), hold_pauses(monkeypatch, searching)
    source.hold("search")
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.press("/")
        await explorer.type("vision 015")
        await explorer.shows("1 of 100 loaded · asking …", "vision/project-0015")
        await explorer.until(lambda: sought(explorer) == "vision 015")
        rested.set()
        await explorer.until(lambda: source.waiting == ["search"])
        source.release()
        await explorer.shows("4 of 2,000 · server asked", "vision/project-1015", "vision/project-0015")
        await explorer.press("enter")
        await counted(explorer)
        assert source.searches == ["vision 015"]
        assert requests(source) == 1


async def test_more_letters_end_the_question_for_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    source, rested = shelf(), hold_pauses(monkeypatch, searching)
    source.hold("search")
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.press("/")
        await explorer.type("vision/project-15")
        await explorer.until(lambda: sought(explorer) == "vision/project-15")
        rested.set()
        await explorer.until(lambda: source.waiting == ["search"])
        rested.clear()
        await explorer.type("05")
        await explorer.until(lambda: source.cancelled[-1:] == ["search"])
        await explorer.until(lambda: sought(explorer) == "vision/project-1505")
        rested.set()
        await explorer.until(lambda: source.waiting == ["search"])
        source.release()
        await explorer.shows("1 of 2,000 · server asked", "vision/project-1505")
        assert source.searches == ["vision/project-15", "vision/project-1505"]


async def test_a_search_that_finds_much_goes_on_when_somebody_scrolls() -> None:
    source = shelf()
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.press("/")
        await explorer.type("vision")
        await explorer.shows("100 of 400 found loaded")
        await explorer.press("enter", "G")
        await explorer.shows("200 of 400 found loaded")
        await explorer.press("M")
        await explorer.shows("400 of 2,000 · server asked")
        assert requests(source, "search") == 4
        await explorer.press("g", "escape")
        await explorer.shows("100 of 2,000 projects loaded")


async def test_a_search_that_finds_nothing_says_so_and_one_that_fails_too() -> None:
    source = shelf()
    source.hold("search")
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.press("/")
        await explorer.type("no such")
        await explorer.press("enter")
        await explorer.shows("Asking git.example for projects with “no such” …")
        source.release()
        await explorer.shows(
            "0 of 2,000 · server asked", "No project's name has “no such”.", "esc shows all 2,000 again."
        )
        source.fail_at("search", GONE)
        await explorer.press("/")
        await explorer.type("!")
        await explorer.press("enter")
        await explorer.shows("No project that is loaded has “no such!” in its name.", "0 of 100 loaded")
        await explorer.tells("git.example did not answer")
        source.mend()
        await explorer.press("r")
        await explorer.shows("0 of 2,000 · server asked")
        await explorer.press("escape")
        await opened(explorer)


async def test_once_all_are_loaded_nothing_is_asked_for_a_filter() -> None:
    source = shelf()
    async with explore(source) as explorer:
        await opened(explorer)
        await explorer.press("M")
        await explorer.shows("  2,000 projects")
        await explorer.press("/")
        await explorer.type("1500")
        await explorer.shows("1 of 2,000 projects")
        await explorer.press("enter")
        await counted(explorer)
        assert not source.searches


async def test_what_is_exported_says_that_it_is_not_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with explore(shelf()) as explorer:
        await opened(explorer)
        await counted(explorer)
        await explorer.press("x")
        await explorer.shows("100 of 2,000 projects loaded.")
        await explorer.press("c", "enter")
        await explorer.tells("Wrote 100 rows")
    rows = list(csv.DictReader((tmp_path / "projects.csv").read_text("utf-8").splitlines()))
    assert [rows[place]["experiments"] for place in (0, 4, 99)] == ["0", "1", ""]
    assert rows[4]["access"] == "Reporter"


# A project's experiments


async def test_experiments_say_who_made_them_and_which_are_models() -> None:
    async with explore(shelf(10)) as explorer:
        await explorer.shows("  10 projects")
        await explorer.press("j", "j", "j", "j")
        await explorer.enter("2 experiments", "creator", "Ada Lovelace", "fraud-net  model")
        assert "[model]" not in explorer.text
        await explorer.press("j")
        await explorer.tells("experiment  [model]fraud-net")
