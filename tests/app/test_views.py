"""Views that are kept: the last one comes back by itself, named ones when they are asked for."""

import json
from pathlib import Path
from threading import Event

import pytest

from mltrack_tui.domain.query import Column, Lifecycle, Order
from mltrack_tui.domain.view import View
from mltrack_tui.state.places import Scope
from mltrack_tui.state.state import State
from tests.screens.given import workshop
from tests.screens.harness import PATIENCE, Explorer, explore

SCOPE = Scope("/memory", "default", ("1",))
BY_ACCURACY = (Order(Column.parse("metrics.accuracy"), descending=True),)


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state" / "state.db")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the explorer was started."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


async def to_the_candidates(explorer: Explorer, *texts: str) -> None:
    await explorer.shows("3 experiments")
    await explorer.enter(*(texts or ("7 candidates", "0.9794")))


async def arrange(explorer: Explorer) -> None:
    """Filter and sort."""
    await explorer.press("$", "h", "]")
    await explorer.shows("▼accuracy")
    await explorer.press("/")
    await explorer.type("sgd")
    await explorer.press("enter")
    await explorer.shows("2 of 7 candidates")


async def test_the_last_view_of_an_experiment_is_restored_and_no_other_is_changed(state: State) -> None:
    async with explore(workshop(), state=state) as explorer:
        await to_the_candidates(explorer)
        await arrange(explorer)
        await explorer.press("q")
        await explorer.shows("3 experiments")
        await explorer.press("j")
        await explorer.enter("1 candidate", "baseline")
    assert state.last_view(SCOPE) == View(filter="sgd", order=BY_ACCURACY)
    async with explore(workshop(), state=state) as explorer:
        await to_the_candidates(explorer, "2 of 7 candidates", "▼accuracy")
        assert explorer.cursor_line.startswith("● ")
        await explorer.press("escape")
        await explorer.shows("7 candidates", "▼accuracy")
    assert state.last_view(SCOPE) == View(order=BY_ACCURACY)


async def test_who_changes_nothing_leaves_no_trace(state: State) -> None:
    async with explore(workshop(), state=state) as explorer:
        await to_the_candidates(explorer)
        await explorer.press("j", "l", "enter")
        await explorer.shows("started")
    assert not state.path.exists()


async def test_a_view_is_saved_under_a_name_chosen_again_and_deleted(state: State) -> None:
    async with explore(workshop(), state=state) as explorer:
        await to_the_candidates(explorer)
        await arrange(explorer)
        await explorer.press("V")
        await explorer.shows("Views", "No view was saved here yet")
        await explorer.press("s")
        await explorer.shows("save this view as")
        await explorer.type("best sgd")
        await explorer.press("enter")
        await explorer.shows("Saved as best sgd.")
        await explorer.press("escape", "escape")
        await explorer.shows("7 candidates")
        await explorer.press("V")
        await explorer.shows("best sgd")
        await explorer.press("enter")
        await explorer.shows("2 of 7 candidates", "▼accuracy")
        assert state.view(SCOPE, "best sgd") == View(filter="sgd", order=BY_ACCURACY)
        await explorer.press("V")
        await explorer.shows("best sgd")
        await explorer.press("D")
        await explorer.shows("D again deletes best sgd.")
        await explorer.press("D")
        await explorer.shows("No view was saved here yet")
    assert state.views(SCOPE) == []


async def test_a_view_of_a_name_that_is_taken_is_replaced_only_when_enter_is_pressed_again(state: State) -> None:
    state.save_view(SCOPE, "mine", View(lifecycle=Lifecycle.ALL))
    async with explore(workshop(), state=state) as explorer:
        await to_the_candidates(explorer)
        await explorer.press("V")
        await explorer.shows("mine")
        await explorer.press("s", "enter")
        await explorer.shows("There is a view called mine")
        assert state.view(SCOPE, "mine") == View(lifecycle=Lifecycle.ALL)
        await explorer.press("enter")
        await explorer.shows("Saved as mine.")
        assert state.view(SCOPE, "mine") == View()


async def test_a_view_goes_to_a_file_and_comes_from_one(state: State, folder: Path) -> None:
    async with explore(workshop(), state=state) as explorer:
        await to_the_candidates(explorer)
        await arrange(explorer)
        await explorer.press("V", "x")
        await explorer.shows("write this view to a file in", "view.json")
        await explorer.press("enter")
        await explorer.shows("Wrote this view to view.json")
        assert json.loads((folder / "view.json").read_text())["filter"] == "sgd"
        await explorer.press("x", "enter")
        await explorer.shows("There is such a file already")
        await explorer.press("escape", "escape")
        await explorer.lacks("Views")
        await explorer.press("escape")
        await explorer.shows("7 candidates")
        await explorer.press("V", "i", "enter")
        await explorer.shows("2 of 7 candidates")


async def test_who_was_warned_of_replacing_a_view_is_warned_of_deleting_it_too(state: State) -> None:
    state.save_view(SCOPE, "mine", View(lifecycle=Lifecycle.ALL))
    async with explore(workshop(), state=state) as explorer:
        await to_the_candidates(explorer)
        await explorer.press("V")
        await explorer.shows("mine")
        await explorer.press("s", "enter")
        await explorer.shows("There is a view called mine")
        await explorer.press("escape", "D")
        await explorer.shows("D again deletes mine.")
    assert state.views(SCOPE) == ["mine"]


async def test_a_view_that_comes_late_does_not_close_the_box_that_is_typed_into(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    state.save_view(SCOPE, "mine", View(filter="sgd"))
    asked, wanted, answered, read = Event(), Event(), Event(), State.view

    def late(self: State, scope: Scope, name: str) -> View | None:
        asked.set()
        wanted.wait(PATIENCE)
        answered.set()
        return read(self, scope, name)

    async with explore(workshop(), state=state) as explorer:
        await to_the_candidates(explorer)
        await explorer.press("V")
        await explorer.shows("mine")
        monkeypatch.setattr(State, "view", late)
        await explorer.press("enter")
        await explorer.until(asked.is_set)
        await explorer.press("s")
        await explorer.shows("save this view as")
        await explorer.type(" too")
        wanted.set()
        await explorer.until(answered.is_set)
        await explorer.type("!")
        await explorer.press("enter")
        await explorer.shows("Saved as mine too!.")
    assert state.view(SCOPE, "mine too!") == View()


async def test_a_list_of_views_that_comes_late_does_not_take_the_place_of_what_was_told(
    state: State, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, wanted = Event(), Event()

    def late(self: State, scope: Scope) -> list[str]:
        asked.set()
        wanted.wait(PATIENCE)
        return []

    monkeypatch.setattr(State, "views", late)
    async with explore(workshop(), state=state) as explorer:
        await to_the_candidates(explorer)
        await explorer.press("V", "x", "enter")
        await explorer.shows("Wrote this view to view.json")
        assert asked.is_set()
        wanted.set()
        await explorer.shows("No view was saved here yet")
        assert "Wrote this view to view.json" in explorer.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"\xff", "view.json is no view: it is not UTF-8 text."),
        (b"[]", "view.json is no view: it is not a view"),
        (b'{"mltrack_view": 1, "filter": 5}', 'view.json is no view: "filter" must be text, not 5.'),
        (None, "view.json cannot be read: No such file or directory."),
    ],
)
async def test_a_file_that_is_no_view_is_told(state: State, folder: Path, text: bytes | None, told: str) -> None:
    if text is not None:
        (folder / "view.json").write_bytes(text)
    async with explore(workshop(), state=state) as explorer:
        await to_the_candidates(explorer)
        await explorer.press("V", "i", "enter")
        await explorer.shows(told)
        await explorer.press("escape", "escape")
        await explorer.lacks("Views")


async def test_what_cannot_be_remembered_is_said_once_and_nothing_else_suffers(state: State) -> None:
    state.path.parent.mkdir()
    state.path.write_bytes(b"no database at all" * 500)
    async with explore(workshop(), (200, 24), state=state) as explorer:
        await to_the_candidates(explorer)
        await explorer.tells("state.db cannot be read, so nothing is remembered: file is not a database")
        await explorer.press("j")
        await explorer.tells("2/7")
        await explorer.press("r", "q")
        await explorer.shows("3 experiments")
        await explorer.enter("7 candidates", "0.9794")
        await explorer.tells("1/7")
        await explorer.press("V")
        await explorer.shows("remembered:")  # the sentence, wrapped wherever the path's length has it


async def test_without_a_state_views_still_go_to_files(folder: Path) -> None:
    async with explore(workshop()) as explorer:
        await to_the_candidates(explorer)
        await explorer.press("V")
        await explorer.shows("Nothing is remembered here")
        await explorer.press("s", "x", "enter")
        await explorer.shows("Wrote this view to")
    assert (folder / "view.json").is_file()


async def test_a_filter_that_was_used_is_at_hand_on_another_day(state: State) -> None:
    async with explore(workshop(), state=state) as explorer:
        await to_the_candidates(explorer)
        for text in ("accuracy > 0.97", "lr < 0.01"):
            await explorer.press("/")
            await explorer.type(text)
            await explorer.press("enter")
            await explorer.shows("2 of 7", text)
            await explorer.press("escape")
            await explorer.shows("7 candidates")
    assert state.filters() == ["lr < 0.01", "accuracy > 0.97"]
    async with explore(workshop(), state=State(state.path)) as explorer:
        await to_the_candidates(explorer)
        await explorer.press("/")
        await explorer.until(lambda: not any(worker.group == "recall" for worker in explorer.app.workers))
        await explorer.press("up")
        await explorer.shows("╱ lr < 0.01")
        await explorer.press("up", "enter")
        await explorer.shows("╱ accuracy > 0.97", "2 of 7")
