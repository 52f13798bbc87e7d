"""The program as a process: its streams, its signals, what it imports."""

import os
import pty
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import STORE, environment, run

PROGRAM = [sys.executable, "-m", "mltrack_tui"]


def test_answers_go_to_standard_output_and_nothing_else_does(tmp_path: Path) -> None:
    fine = run("projects", "--source", STORE, cwd=tmp_path)
    assert (fine.status, fine.err) == (0, "")
    assert fine.out.startswith("name ")
    failed = run("projects", cwd=tmp_path)
    assert failed.status == 1
    assert failed.error


def test_the_tracking_uri_is_the_source_where_none_is_named(tmp_path: Path) -> None:
    assert run("projects", cwd=tmp_path, MLFLOW_TRACKING_URI=f"sqlite:///{STORE}").status == 0
    refused = run("projects", cwd=tmp_path, MLFLOW_TRACKING_URI="postgresql://host/db")
    assert refused.status == 1
    assert "are not opened" in refused.error


def test_the_explorer_without_a_terminal_names_what_to_do(tmp_path: Path) -> None:
    for words in ([], [STORE], ["--source", STORE]):
        answer = run(*words, cwd=tmp_path)
        assert answer.status == 1
        assert "standard input is no terminal" in answer.error
        assert "candidates" in answer.error


def test_the_explorer_needs_its_output_to_be_a_terminal_too(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [*PROGRAM, STORE], env=environment(), stdin=theirs, capture_output=True, check=False, timeout=60
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 1
    assert done.stdout == b""
    assert b"standard output is no terminal" in done.stderr


def test_help_and_version_are_answers(tmp_path: Path) -> None:
    helped = run("--help", cwd=tmp_path)
    assert (helped.status, helped.err) == (0, "")
    assert "candidates" in helped.out
    assert "open" not in helped.out.split("Commands:")[1].split()
    assert run("--version", cwd=tmp_path).out.startswith("mltrack ")
    assert run("candidates", "--help", cwd=tmp_path).status == 0


@pytest.mark.parametrize("format_", ["table", "json", "csv", "markdown"])
def test_a_closed_pipe_is_no_error(tmp_path: Path, format_: str) -> None:
    store = with_long_history(tmp_path)
    words = [*PROGRAM, "history", "long", "loss", "--source", str(store), "--format", format_]
    with subprocess.Popen(words, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_a_pipe_that_is_closed_before_a_short_answer_is_no_error(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    words = [*PROGRAM, "projects", "--source", str(STORE)]
    done = subprocess.run(words, env=environment(), stdout=write, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    words = [*PROGRAM, "candidates", "--all", "--source", str(STORE)]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(words, env=environment(), stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr == b"mltrack: the answer cannot be written: No space left on device\n"


@pytest.mark.parametrize(("closed", "status"), [(">&-", 0), ("2>&-", 0), ("<&-", 0), (">&- 2>&- <&-", 0)])
def test_a_stream_that_the_shell_closed_is_no_error(tmp_path: Path, closed: str, status: int) -> None:
    script = f'"$0" -m mltrack_tui projects --source "$1" {closed}'
    words = ["sh", "-c", script, sys.executable, str(STORE)]
    done = subprocess.run(words, env=environment(), capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (status, b"")


def test_a_download_shows_its_progress_on_a_terminal_and_prints_the_path(tmp_path: Path) -> None:
    store = tmp_path / "mlflow.db"
    store.write_bytes(STORE.read_bytes())
    (tmp_path / "logged").mkdir()
    (tmp_path / "logged" / "note.txt").write_text("hello")
    with sqlite3.connect(store) as connection:
        connection.execute(
            "UPDATE runs SET artifact_uri = ?, run_uuid = 'one' WHERE name LIKE 'adam [%'", [f"{tmp_path}/logged"]
        )
    connection.close()
    ours, theirs = pty.openpty()
    words = [*PROGRAM, "download", "one", "note.txt", "--to", str(tmp_path / "here"), "--source", str(store)]
    done = subprocess.run(words, env=environment(), stdout=subprocess.PIPE, stderr=theirs, check=False, timeout=60)
    os.close(theirs)
    shown = os.read(ours, 10_000)
    os.close(ours)
    assert (done.returncode, done.stdout.decode()) == (0, f"{tmp_path}/here/note.txt\n")
    assert b"100%  5 B  1 of 1 file" in shown
    assert shown.endswith(b"\r\x1b[K")


def with_long_history(folder: Path) -> Path:
    """A store whose candidate ``long`` logged more points than any pipe holds."""
    store = folder / "long.db"
    store.write_bytes(STORE.read_bytes())
    connection = sqlite3.connect(store)
    with connection:
        connection.execute("INSERT INTO runs (run_uuid, experiment_id, lifecycle_stage) VALUES ('long', 1, 'active')")
        points = (("long", "loss", step * 0.5, step, step, False) for step in range(50_000))
        connection.executemany(
            "INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)", points
        )
    connection.close()
    return store


def test_an_interrupt_is_status_130_without_a_word(tmp_path: Path) -> None:
    words = [*PROGRAM, "history", "long", "loss", "--source", str(with_long_history(tmp_path)), "--format", "csv"]
    with subprocess.Popen(words, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()  # it is at work, and waits for us to read on
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.stderr.read() == b""
        assert process.wait(60) == 130


def imported(*words: str | Path) -> set[str]:
    command = [sys.executable, "-X", "importtime", "-m", "mltrack_tui", *map(str, words)]
    done = subprocess.run(
        command, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


@pytest.mark.parametrize(
    "words",
    [["projects"], ["candidates", "digits"], ["candidates", "digits", "--format", "json"], ["show", "x"], ["--help"]],
)
def test_a_printing_command_imports_no_textual(words: list[str]) -> None:
    modules = imported(*words, *(() if words == ["--help"] else ("--source", STORE)))
    assert "mltrack_tui.cli.group" in modules
    assert not {"textual", "rich", "plotext"} & modules


@pytest.mark.parametrize("words", [(), (STORE,)])
def test_until_the_explorer_opens_nothing_heavy_is_imported(words: tuple[Path, ...]) -> None:
    modules = imported(*words)
    assert "mltrack_tui.sources.open" in modules
    heavy = {"click", "plotext", "textual", "platformdirs"}
    assert not heavy & modules
    assert not {name for name in modules if name.startswith("mltrack_tui.export")}
