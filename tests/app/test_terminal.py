"""The program in a terminal of its own: what it sends, what it leaves behind, what it does to the store."""

import hashlib
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.app.hostile import HARM, MARK, TEXTS
from tests.terminal import Terminal

POINTER = b"\x1b]22;default\x07"
"""The shape of the mouse's pointer, which Textual sends."""
ROOT = Path(__file__).parents[2]


@contextmanager
def running(*words: str | Path, columns: int = 120, lines: int = 36) -> Iterator[Terminal]:
    """The program in a terminal."""
    command = [sys.executable, "-m", "mltrack_tui", *map(str, words)]
    changes = {"PYTHONPATH": str(ROOT), "MLFLOW_TRACKING_URI": ""}
    with Terminal(command, columns, lines, changes=changes) as terminal:
        yield terminal


def state(folder: Path) -> dict[str, str]:
    """All files of a folder, by what is in them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def press(terminal: Terminal, *keys: str) -> None:
    """Press keys and see what comes of them."""
    terminal.press(*keys)
    terminal.settle(quiet=0.03, first=0.2)


def tour(terminal: Terminal) -> None:
    """Look at every place, tab and dialog."""
    terminal.wait_for("experiments")
    press(terminal, "z")
    terminal.wait_for("esc closes")
    press(terminal, "escape")
    terminal.wait_until(lambda screen: "esc closes" not in screen)
    press(terminal, ".")
    press(terminal, "g")
    terminal.press("enter")
    terminal.wait_for("duration")
    terminal.wait_for(" name  ")
    for _ in range(10):  # to the right, through all columns
        press(terminal, "l", "l", "l", "l", "j")
    press(terminal, "z")
    terminal.wait_for("esc closes")
    press(terminal, "escape")
    terminal.wait_until(lambda screen: "esc closes" not in screen)
    press(terminal, "s")
    terminal.wait_for("Sort by")
    press(terminal, "down")
    terminal.press("enter")
    terminal.wait_until(lambda screen: "Sort by" not in screen)
    press(terminal, "g")
    terminal.press("enter")
    terminal.wait_for("git commit")
    for _ in range(2):
        for tab in "12345":
            press(terminal, tab)
            press(terminal, "j")
            press(terminal, "enter")
            if tab in "24":
                terminal.wait_for("esc closes")
                terminal.press("escape")
                terminal.wait_until(lambda screen: "esc closes" not in screen)
            if tab == "3":
                terminal.wait_for("Scatter")
                press(terminal, "2", "3", "4", "5", "1", "l")
                terminal.press("escape")
                terminal.wait_for("Overview")
            press(terminal, "G")
        press(terminal, "]")
    terminal.wait_for("▸")
    press(terminal, "g")
    terminal.press("d")
    terminal.wait_for("Download")


def quit_and_leave_nothing(terminal: Terminal) -> None:
    terminal.press("\x11")  # ctrl+q
    assert terminal.wait_exit() == 0
    assert terminal.left_behind == set()


def test_a_hostile_store_is_toured_without_harm_and_without_a_byte_of_it_changing(hostile: Path) -> None:
    before = state(hostile.parent)
    with running(hostile) as terminal:
        tour(terminal)
        quit_and_leave_nothing(terminal)
        sent = terminal.output.replace(POINTER, b"")
    assert "Traceback" not in sent.decode(errors="replace")
    assert MARK.encode() in sent  # it was seen, harmless
    assert all(text in sent for text in (b"[@click=app.quit]", b"[/]", b"digest", b"Note", b"Sort by", b"Download"))
    found = HARM.search(sent)
    assert found is None, sent[max(found.start() - 80, 0) : found.end() + 40]
    assert state(hostile.parent) == before


def test_the_hostile_texts_are_hostile() -> None:
    assert all(HARM.search(text.encode()) for text in (*TEXTS[2:8], TEXTS[9], TEXTS[12]))


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_program_and_leaves_the_terminal_as_it_was(store: Path, end: signal.Signals) -> None:
    with running(store) as terminal:
        terminal.wait_for("experiments")
        os.kill(terminal._process.pid, end)
        assert terminal.wait_exit() in {128 + end, -end}
        assert terminal.left_behind == set()
        assert b"Traceback" not in terminal.output


def test_a_store_that_is_no_store_any_more_ends_in_words(store: Path) -> None:
    with running(store) as terminal:
        terminal.wait_for("experiments")
        store.rename(store.with_name("elsewhere.db"))
        terminal.press("enter")
        terminal.wait_for("There is no file")
        store.write_text("this is no SQLite file at all, whatever its name says" * 20)
        terminal.press("r")
        terminal.wait_for("is not an SQLite file")
        store.unlink()
        store.with_name("elsewhere.db").rename(store)
        terminal.press("r")
        terminal.wait_for("candidates")
        quit_and_leave_nothing(terminal)


def test_what_cannot_be_opened_is_one_line_on_an_untouched_terminal(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    path.write_text("no store")
    with running(path) as terminal:
        assert terminal.wait_exit() == 1
        assert terminal.output.count(b"\n") == 1
        assert b"mlflow.db is not a SQLite file" in terminal.output
        assert terminal.left_behind == set()


def test_without_a_store_the_first_screen_is_left_with_q(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with running() as terminal:
        terminal.wait_for("No MLflow store here.")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert terminal.left_behind == set()


def test_named_sources_are_chosen_from_where_a_dead_server_is_no_reason_to_end(
    store: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, elsewhere = home / "config" / "mltrack" / "config.toml", tmp_path / "elsewhere"
    config.parent.mkdir(parents=True)
    elsewhere.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        dead = f"http://ada:hunter2@127.0.0.1:{free.getsockname()[1]}"
        config.write_text(f"[sources.lab]\nuri = '{store}'\n")
        monkeypatch.chdir(elsewhere)
        with running() as terminal:
            terminal.wait_for("1 source")
            terminal.wait_for("● reachable")
            terminal.press("enter")
            terminal.wait_for("lab › default")
            quit_and_leave_nothing(terminal)
        with running(dead) as terminal:
            terminal.wait_for("is the server or the tunnel")
            terminal.wait_for("r tries again")
            terminal.press("S")
            terminal.wait_for("2 sources")
            terminal.wait_for("● reachable")
            terminal.press("j", "enter")
            terminal.wait_for("lab › default")
            quit_and_leave_nothing(terminal)
            assert b"hunter2" not in terminal.output
