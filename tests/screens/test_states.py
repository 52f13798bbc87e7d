"""Empty, loading, busy, failed, incapable, slow: each has its words, and none of them keeps a key waiting."""

from functools import partial

import pytest

from mltrack_tui.app.application import MltrackApp
from mltrack_tui.screens import patience
from mltrack_tui.sources.base import Capabilities, Capability, NotFoundError, SourceBusy, SourceError
from mltrack_tui.sources.opening import first_answer
from tests.memory import MemorySource
from tests.screens.given import several_projects, workshop
from tests.screens.harness import NOW, Explorer, explore, hold_pauses

BUSY = SourceBusy("memory is busy: another program is writing.")


async def test_without_a_source_the_first_screen_says_what_to_do() -> None:
    async with explore(None) as explorer:
        await explorer.shows("No MLflow store here.", "./mlflow.db", "MLFLOW_TRACKING_URI", "mltrack demo")
        await explorer.press("escape", "r", "y", "z", "j")
        await explorer.shows("No MLflow store here.")
        await explorer.press("q")
        await explorer.until(lambda: not explorer.app.is_running)
        assert explorer.app.return_code == 0


async def test_a_source_without_experiments_says_how_they_come_about() -> None:
    async with explore(MemorySource()) as explorer:
        await explorer.shows("No experiments here yet.", "mlflow.set_experiment", "0 experiments")
        await explorer.press("enter", "j", "G", "s", "escape", "y", "z", "]")
        assert explorer.app.is_running


async def test_an_experiment_without_candidates_says_how_they_come_about() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press("G")
        await explorer.enter("No candidates here yet.", "mlflow.start_run()", "0 candidates")
        await explorer.press("j", "G", "enter", "space", "y", "z", "]", "ctrl+d", "$", "^", "k")
        await explorer.press(".")
        await explorer.shows("deleted ones neither")
        await explorer.press("escape")
        await explorer.shows("3 experiments")


async def test_a_source_that_takes_its_time_is_being_opened() -> None:
    source = workshop()
    source.hold("projects")
    async with explore(source) as explorer:
        await explorer.shows("Opening memory …")
        await explorer.press("?")
        await explorer.shows("Keys")
        await explorer.press("escape")
        source.release()
        await explorer.shows("3 experiments")


async def test_a_source_that_is_still_being_opened_can_be_left() -> None:
    source = workshop()
    source.hold("projects")
    async with explore(source) as explorer:
        await explorer.shows("Opening memory …")
        await explorer.press("q")
        await explorer.until(lambda: not explorer.app.is_running)
    assert source.cancelled == ["projects"]


async def test_a_busy_source_is_said_to_be_busy_and_asked_again_until_it_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source, paused = workshop(), hold_pauses(monkeypatch, patience)
    source.fail(BUSY, BUSY)
    async with explore(source) as explorer:
        await explorer.shows("memory is busy: another program is writing. Trying again…")
        paused.set()
        await explorer.shows("3 experiments")
        assert "busy" not in explorer.text


async def test_the_experiment_that_was_asked_for_is_opened_though_the_source_was_busy_at_first() -> None:
    source = workshop()
    source.fail(BUSY, BUSY)
    app = MltrackApp(source, partial(first_answer, source, None, "churn model"), now=lambda: NOW)
    async with app.run_test(size=(100, 24)) as pilot:
        explorer = Explorer(app, pilot)
        await explorer.shows("memory › default › churn model", "baseline")
        await explorer.press("escape")
        await explorer.shows("3 experiments")
        await explorer.cursor_on("churn model")


async def test_candidates_of_a_busy_source_come_when_it_is_busy_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    source, paused = workshop(), hold_pauses(monkeypatch, patience)
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        source.fail(BUSY)
        await explorer.press("enter")
        await explorer.shows("Trying again…")
        paused.set()
        await explorer.shows("7 candidates", "adam-wide")
        await explorer.lacks("Trying again…")


async def test_artifacts_of_a_busy_source_come_when_it_is_busy_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    source, paused = workshop(), hold_pauses(monkeypatch, patience)
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("adam-wide")
        await explorer.enter("Overview", "started")
        source.fail(BUSY)
        await explorer.press("5")
        await explorer.shows("Trying again…")
        paused.set()
        await explorer.shows("config.yaml")


async def test_a_source_that_cannot_be_opened_ends_the_program_with_status_1() -> None:
    source = workshop()
    source.fail(SourceError("memory is not an SQLite file."))
    async with explore(source) as explorer:
        await explorer.until(lambda: not explorer.app.is_running)
    assert explorer.app.return_code == 1


async def test_candidates_that_cannot_be_read_say_why_and_refresh_tries_again() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        source.fail(SourceError("The disk is on fire: call the fire brigade."))
        await explorer.press("enter")
        await explorer.shows("The disk is on fire: call the fire brigade.")
        await explorer.press("r")
        await explorer.shows("7 candidates", "adam-wide")
        await explorer.lacks("fire")
        await explorer.press("G")
        await explorer.cursor_on("nothing logged")


async def test_experiments_that_cannot_be_read_say_why_and_refresh_tries_again() -> None:
    source = several_projects()
    async with explore(source) as explorer:
        await explorer.shows("3 projects")
        source.fail(SourceError("The disk is on fire."))
        await explorer.press("G", "enter")
        await explorer.shows("The disk is on fire.", "memory › vision")
        await explorer.press("r")
        await explorer.shows("3 experiments")
        await explorer.lacks("fire")
        await explorer.press("G")
        await explorer.cursor_on("empty one")


async def test_a_candidate_that_is_gone_says_so_and_its_neighbours_do_not() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("adam-wide")
        await explorer.enter("› adam-wide", "started")
        gone = source.all_candidates.pop(1)
        await explorer.press("]")
        await explorer.shows(f"memory has no candidate '{gone.id.candidate_id}'.", "2 of 7")
        assert "01" * 16 not in explorer.text
        await explorer.press("[")
        await explorer.shows("› adam-wide", "started")
        await explorer.lacks("has no candidate")


async def test_a_project_that_is_gone_says_so() -> None:
    source = several_projects()
    async with explore(source) as explorer:
        await explorer.shows("3 projects")
        source.all_experiments = [each for each in source.all_experiments if each.project != "sales"]
        await explorer.press("j", "enter")
        await explorer.shows("memory has no project 'sales'.")


async def test_deleted_ones_of_a_source_that_has_none_are_refused_with_the_reason() -> None:
    source = workshop(capabilities=Capabilities(deleted=Capability("This server does not tell deleted ones.")))
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press(".")
        await explorer.shows("This server does not tell deleted ones.")
        await explorer.enter("adam-wide")
        await explorer.press(".")
        await explorer.shows("This server does not tell deleted ones.", "7 candidates")


async def test_a_source_that_cannot_sort_says_so_and_goes_on_answering() -> None:
    source = workshop(capabilities=Capabilities(order=Capability("This server does not sort.")))
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("adam-wide")
        await explorer.press("]")
        await explorer.shows("This server does not sort.")
        assert "▼" not in explorer.text
        await explorer.press("/")
        await explorer.type("sgd")
        await explorer.shows("2 of 7 candidates")


async def test_what_a_source_cannot_tell_of_a_candidate_is_told_where_it_would_be() -> None:
    lacking = Capabilities(
        datasets=Capability("This server keeps no datasets."),
        history=Capability("This server keeps no histories."),
        artifacts=Capability("This server keeps no artifacts."),
    )
    async with explore(workshop(capabilities=lacking), size=(120, 30)) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("adam-wide")
        await explorer.enter("This server keeps no datasets.")
        await explorer.press("3")
        await explorer.shows("This server keeps no histories.", "0.9794")
        await explorer.press("j", "k")
        await explorer.shows("This server keeps no histories.", "0.9794")
        await explorer.press("5")
        await explorer.shows("This server keeps no artifacts.")


@pytest.mark.parametrize("call", ["columns", "candidates", "read"])
async def test_a_slow_source_keeps_no_key_waiting(call: str) -> None:
    source = workshop()
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        source.hold(call)
        await explorer.press("enter")
        await explorer.until(lambda: call in source.waiting)
        await explorer.press("j", "/", "7", "escape", "?")
        await explorer.shows("Keys")
        await explorer.press("escape", "escape")
        await explorer.shows("3 experiments")
        await explorer.until(lambda: source.waiting == [])


async def test_there_is_nothing_to_sort_by_before_the_columns_are_read() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        source.hold("columns")
        await explorer.press("enter", "s")
        await explorer.shows("Reading candidates …")
        source.release()
        await explorer.shows("7 candidates", "adam-wide")
        assert "Sort by" not in explorer.text


async def test_what_is_typed_while_the_first_answer_is_awaited_filters_it() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        source.hold("columns")
        await explorer.press("enter", "/")
        await explorer.type("sgd")
        source.release()
        await explorer.shows("2 of 7 candidates")


async def test_a_newer_question_cancels_the_older_one_and_its_answer_is_shown() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("adam-wide")
        source.cancelled.clear()
        source.hold("candidates")
        await explorer.press("/")
        await explorer.type("s")
        await explorer.until(lambda: source.waiting == ["candidates"])
        await explorer.type("g")
        await explorer.until(lambda: source.cancelled == ["candidates"] and source.waiting == ["candidates"])
        await explorer.type("d")
        await explorer.until(lambda: source.cancelled == ["candidates"] * 2)
        source.release()
        await explorer.shows("2 of 7 candidates")


async def test_a_question_that_is_superseded_while_its_rows_are_read_moves_no_cursor() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("adam-wide")
        await explorer.press("j", "j", "j")
        await explorer.cursor_on("cosine")
        source.all_candidates.reverse()
        await explorer.press("r")
        source.hold("read")
        await explorer.press("r")
        await explorer.until(lambda: "read" in source.waiting)
        await explorer.press("]")
        await explorer.press("[")
        source.release()
        await explorer.shows("▲name")
        await explorer.cursor_on("cosine")


async def test_a_slow_candidate_keeps_no_key_waiting_and_the_newest_is_shown() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("adam-wide")
        source.hold("detail")
        await explorer.press("enter")
        await explorer.until(lambda: source.waiting == ["detail"])
        await explorer.press("]", "]", "2", "3", "1")
        await explorer.until(lambda: source.waiting == ["detail"])
        source.release()
        await explorer.shows("› diverged", "3 of 7", "✗ failed")


async def test_the_curve_of_the_candidate_before_is_never_shown_for_the_next() -> None:
    source = workshop()
    source.points["02" * 16, "accuracy"] = [(step, step, 7.0 + step) for step in range(3)]
    async with explore(source, size=(120, 30)) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("adam-wide")
        await explorer.enter("started")
        source.hold("history")
        await explorer.press("3")
        await explorer.until(lambda: "history" in source.waiting)
        source.hold("detail")
        await explorer.press("]")
        await explorer.until(lambda: "detail" in source.waiting)
        source.release()
        await explorer.shows("› sgd-small", "9.0", "3 of 3 points")


async def test_a_curve_that_takes_its_time_is_being_read_until_it_is_there() -> None:
    source = workshop()
    async with explore(source, size=(120, 30)) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("adam-wide")
        await explorer.enter("started")
        source.hold("history")
        await explorer.press("3")
        await explorer.shows("Reading …")
        source.release()
        await explorer.shows("60 of 60 points")
        assert "Reading …" not in explorer.text


async def test_a_failed_refresh_of_a_source_says_why_until_the_cursor_moves() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        source.fail(NotFoundError("memory is gone."))
        await explorer.press("r")
        await explorer.shows("memory is gone.", "digits")
        await explorer.press("j")
        await explorer.tells("churn model")


async def test_a_table_that_was_empty_for_a_while_has_the_keys_when_it_is_back() -> None:
    source = workshop()
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        await explorer.enter("adam-wide")
        kept, source.all_candidates = source.all_candidates, []
        await explorer.press("r")
        await explorer.shows("No candidates here yet.")
        source.all_candidates = kept
        await explorer.press("r")
        await explorer.shows("7 candidates", "adam-wide")
        await explorer.press("G")
        await explorer.cursor_on("nothing logged")
