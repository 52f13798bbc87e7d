"""A dropped connection: the next start is where it dropped. Whoever quits begins at the beginning."""

import os
import pty
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mltrack_tui.sources.opening import back_at
from mltrack_tui.state.places import LastPlace, Scope
from mltrack_tui.state.state import State
from tests.app.test_terminal import ROOT, running
from tests.screens.given import workshop
from tests.terminal import Terminal

BACK = "Back where you were when the connection dropped."


@pytest.fixture
def state(home: Path) -> State:
    """What the program remembers in a test."""
    return State(home / "state" / "mltrack" / "state.db")


def quit_(terminal: Terminal) -> None:
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0, terminal.output.rpartition(b"\x1b[?1049l")[2].decode()


def go_and_drop(store: Path, end: signal.Signals, *, open_it: bool = False) -> None:
    """Go to a candidate, and drop the connection while a dialog is open."""
    with running(store) as terminal:
        terminal.wait_for("experiments")
        terminal.press("/")
        terminal.wait_for("words of the name")
        terminal.press("digits", "enter")
        terminal.wait_for("1 of ")
        terminal.press("enter")
        terminal.wait_for("› digits")
        terminal.wait_for("1/109")
        terminal.press("$", "]")
        terminal.wait_for("▼")
        terminal.press("g", "j", "j")
        terminal.wait_for(" 3/")
        if open_it:
            terminal.press("enter")
            terminal.wait_for("Overview")
            terminal.press("]")
            terminal.wait_for("4 of ")
        terminal.press("y")
        terminal.wait_for("enter copies")
        os.kill(terminal._process.pid, end)
        assert terminal.wait_exit() in {128 + end, -end}
        assert terminal.left_behind == set()


def test_after_a_dropped_connection_the_same_candidate_is_under_the_cursor_in_the_same_view(
    demo: Path, state: State
) -> None:
    go_and_drop(demo, signal.SIGHUP)
    place = state.last_place(str(demo))
    assert place is not None
    assert place.candidate is not None
    scope = Scope(str(demo), "default", place.experiments)
    view = state.last_view(scope)
    assert view is not None
    assert [key.descending for key in view.order] == [True]
    with closing(sqlite3.connect(demo)) as connection:
        name = connection.execute("SELECT name FROM runs WHERE run_uuid = ?", (place.candidate,)).fetchone()[0]
    with running(demo) as terminal:
        terminal.wait_for("› digits")
        terminal.wait_for(BACK)
        terminal.wait_for("▼")
        terminal.press("^", "right", "right")
        terminal.wait_for(" 3/")
        terminal.wait_for(f"name  {name}")
        assert BACK not in terminal.screen
        quit_(terminal)
    assert state.last_place(str(demo)) is None
    with running(demo) as terminal:
        terminal.wait_for("experiments")
        assert BACK not in terminal.screen
        quit_(terminal)


def test_a_candidate_that_was_open_is_the_one_under_the_cursor(demo: Path, state: State) -> None:
    go_and_drop(demo, signal.SIGTERM, open_it=True)
    with running(demo) as terminal:
        terminal.wait_for("109 candidates")
        terminal.wait_for(BACK)
        terminal.press("k")
        terminal.wait_for(" 3/")
        quit_(terminal)


def test_a_terminal_that_is_gone_is_a_dropped_connection(demo: Path, state: State) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MLFLOW_TRACKING_URI": ""}
    command = [sys.executable, "-m", "mltrack_tui", "--experiment", "digits", str(demo)]
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        ["setsid", "--ctty", *command], env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as program:
        os.close(theirs)
        seen = b""
        while b"1/109" not in seen:
            seen += os.read(ours, 10_000)
        os.close(ours)  # as when sshd ends
        assert program.wait(20) == 128 + signal.SIGHUP
    place = state.last_place(str(demo))
    assert place is not None
    assert place.candidate is not None


def test_what_waits_for_a_terminal_that_is_gone_does_not_keep_the_program(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import time\n"
        "from textual.drivers._writer_thread import WriterThread\n"
        "WriterThread.stop = lambda self: time.sleep(600)\n"
    )
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "MLFLOW_TRACKING_URI": ""}
    with Terminal([sys.executable, "-m", "mltrack_tui", str(demo)], changes=environment) as terminal:
        terminal.wait_for("experiments")
        os.kill(terminal._process.pid, signal.SIGHUP)
        assert terminal.wait_exit(30) == 128 + signal.SIGHUP


def test_who_says_where_to_begin_begins_there(demo: Path, state: State) -> None:
    state.keep_place(str(demo), LastPlace("default", ("1",)))
    with running(demo, "--experiment", "churn") as terminal:
        terminal.wait_for("› churn")
        assert BACK not in terminal.screen
        quit_(terminal)
    assert state.last_place(str(demo)) is None


@pytest.mark.parametrize("place", [("gone", ("1",)), ("default", ("77",)), ("default", ()), ("default", (), "c1" * 16)])
async def test_a_place_that_is_gone_is_none(place: tuple[str, tuple[str, ...]]) -> None:
    assert await back_at(workshop(), *place) is None


async def test_of_several_experiments_those_that_are_there_still_are_opened() -> None:
    beginning = await back_at(workshop(), "default", ("2", "77", "9"), "c1" * 16)
    assert beginning is not None
    assert [experiment.name for experiment in beginning.wanted] == ["churn model", "old things"]
    assert beginning.candidate == ("memory", "default", "2", "c1" * 16)


def test_a_candidate_that_is_gone_leaves_the_cursor_at_the_top(demo: Path, state: State) -> None:
    state.keep_place(str(demo), LastPlace("default", ("1",), "no such candidate"))
    with running(demo) as terminal:
        terminal.wait_for(BACK)
        terminal.press("left")
        terminal.wait_for("1/")
        quit_(terminal)


@pytest.fixture
def unwritable(state: State) -> Iterator[State]:
    state.path.parent.mkdir(parents=True)
    state.path.write_bytes(b"no database" * 100)
    yield state
    assert stat.S_ISREG(state.path.stat().st_mode)


def test_a_state_that_is_of_no_use_keeps_nobody_from_starting_leaving_or_dropping(
    demo: Path, unwritable: State
) -> None:
    with running(demo) as terminal:
        terminal.wait_for("experiments")
        quit_(terminal)
    with running(demo, "--experiment", "digits") as terminal:
        terminal.wait_for("› digits")
        terminal.wait_for("nothing is remembered")
        os.kill(terminal._process.pid, signal.SIGHUP)
        assert terminal.wait_exit() == 128 + signal.SIGHUP
        assert terminal.left_behind == set()
        assert b"Traceback" not in terminal.output


def test_a_configuration_with_mistakes_is_told_at_the_end_on_standard_error(demo: Path, home: Path) -> None:
    (home / "config" / "mltrack").mkdir(parents=True)
    file = home / "config" / "mltrack" / "config.toml"
    file.write_text('theme = "blue"\nmouse = false\n[keys]\nhelp = "f1"\n')
    with running(demo) as terminal:
        terminal.wait_for("f1 help")
        terminal.wait_for("config.toml: theme: there is none called blue")
        quit_(terminal)
        assert f"mltrack: {file}: theme: there is none called blue" in terminal.screen.replace("\n", "")
        assert b"\x1b[?1000h" not in terminal.output


def test_without_the_mouse_the_terminal_keeps_it(demo: Path) -> None:
    for words, listens in ([demo], True), (["demo", "--at", demo, "--no-mouse"], False):
        with running(*words) as terminal:
            terminal.wait_for("experiments")
            assert (b"\x1b[?1000h" in terminal.output) is listens
            quit_(terminal)
