"""Sources with a name, on the command line: listed, added, removed, opened; and the doctor's exit status."""

import json
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mltrack_tui.config.settings import load
from mltrack_tui.config.source import SourceSetting
from tests.cli.program import ROOT, STORE, Program
from tests.terminal import Terminal

NO_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@pytest.fixture(autouse=True)
def _direct(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NO_PROXIES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def config(home: Path) -> Path:
    return home / "config" / "mltrack" / "config.toml"


@pytest.fixture
def dead() -> Iterator[str]:
    """A server's address at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def silent() -> Iterator[str]:
    """One at which somebody listens and never says anything."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_what_is_added_is_listed_opened_by_its_name_and_removed(program: Program, store: Path, config: Path) -> None:
    added = program("sources", "add", "lab", "mlflow.db")
    assert (added.status, added.err) == (0, f"{store}: reachable, {added.err.split(', ')[1]}, 1 project\n")
    assert added.out == f"lab is in {config}: mltrack lab opens it\n"
    assert load(config).sources == {"lab": SourceSetting(str(store))}
    listed = json.loads(program("sources", "--format", "json").out)
    assert [(each["name"], each["state"], each["projects"]) for each in listed] == [("lab", "reachable", ["default"])]
    assert program("experiments", "--source", "lab", "--format", "json").out.count("experiment_id") == 3
    assert program("sources", "remove", "lab").status == 0
    assert program("experiments", "--source", "lab").error.startswith("There is no file lab")


def test_each_source_is_asked_on_its_own_and_has_a_word_for_how_it_is(
    program: Program, store: Path, config: Path, dead: str, silent: str
) -> None:
    config.parent.mkdir(parents=True)
    named = {"dead": f"'{dead}'", "silent": f"'{silent}'", "gone": "'gone.db'", "wrong": "7"}
    config.write_text("".join(f"[sources.{name}]\nuri = {uri}\n" for name, uri in named.items()))
    answer = program("sources", "--format", "csv")
    assert answer.status == 0
    assert [line.split(",")[:4:3] for line in answer.out.splitlines()[1:]] == [
        ["dead", "unreachable"],
        ["silent", "asleep"],
        ["gone", "failed"],
        ["mlflow.db", "reachable"],
    ]
    assert answer.err == f"mltrack: {config}: sources.wrong: uri: write it in quotes\n"


def test_a_server_that_is_not_there_is_added_with_a_warning(program: Program, config: Path, dead: str) -> None:
    answer = program("sources", "add", "lab", "--uri", dead, "--token-env", "LAB_TOKEN", "--insecure")
    assert answer.status == 0
    assert "the variable LAB_TOKEN, which should hold the token, is not set" in answer.err
    assert load(config).sources == {"lab": SourceSetting(dead, "LAB_TOKEN", verify=False)}


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        ([], 2, "its URI is missing: mltrack sources add NAME URI"),
        (["lab"], 2, "its URI is missing"),
        (["--uri", "a.db"], 2, "a name is missing"),
        (["lab", "https://ada:hunter2@lab"], 2, "no user or password belongs in the file"),
        (["lab", "a.db", "--token-env", "A", "--keyring", "B"], 2, "say one of --token-env"),
        (["doctor", "a.db"], 1, "it is a command"),
        (["a/b", "a.db"], 1, "a source's name is"),
    ],
)
def test_what_cannot_be_added_is_told_and_nothing_is_written(
    program: Program, config: Path, words: list[str], status: int, told: str
) -> None:
    answer = program("sources", "add", *words)
    assert (answer.status, told in answer.error) == (status, True)
    assert "hunter2" not in answer.err
    assert not config.exists()


def test_without_any_source_the_list_says_how_one_gets_a_name(program: Program) -> None:
    answer = program("sources", "--format", "json")
    assert (answer.status, json.loads(answer.out)) == (0, [])
    assert "mltrack sources add" in answer.err


def test_on_a_terminal_what_is_missing_is_asked_for(tmp_path: Path, config: Path, dead: str) -> None:
    shutil.copyfile(STORE, tmp_path / "mlflow.db")
    command = [sys.executable, "-m", "mltrack_tui", "sources", "add"]
    with Terminal(command, 120, 30, changes={"PYTHONPATH": str(ROOT)}) as terminal:
        terminal.wait_for("URI or path of the source:")
        terminal.press(f"{dead}", "enter")
        terminal.wait_for("A name for it:")
        terminal.press("demo", "enter")
        terminal.wait_for("it is a command of mltrack")
        terminal.press("lab", "enter")
        terminal.wait_for("How is its token found?")
        terminal.press("command", "enter")
        terminal.wait_for("Command that prints it:")
        terminal.press("echo token", "enter")
        terminal.wait_for("Keep it anyway?")
        terminal.press("y", "enter")
        terminal.wait_for("mltrack lab opens it")
        assert terminal.wait_exit() == 0
    assert load(config).sources == {"lab": SourceSetting(dead, token_command="echo token")}  # noqa: S106


def test_whoever_gives_up_writes_nothing(config: Path) -> None:
    command = [sys.executable, "-m", "mltrack_tui", "sources", "add"]
    with Terminal(command, 120, 30, changes={"PYTHONPATH": str(ROOT)}) as terminal:
        terminal.wait_for("URI or path of the source:")
        terminal.press("\x03")
        assert terminal.wait_exit() == 130
    assert not config.exists()


def test_a_word_that_is_nearly_a_name_or_looks_like_a_server_is_told(program: Program, config: Path) -> None:
    config.parent.mkdir(parents=True)
    config.write_text("[sources.laboratory]\nuri = 'a.db'\n")
    assert "nearest: laboratory" in program("laboratry").error
    assert "a server is https://mlflow.lab.example" in program("mlflow.lab.example").error
    assert "a server is https://localhost:5000" in program("localhost:5000").error


def test_the_doctor_is_content_with_a_good_store_and_says_what_to_do_about_another(
    program: Program, store: Path, dead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fine = program("doctor")
    assert (fine.status, fine.err) == (0, "")
    assert fine.out.startswith("source       ok       mlflow.db: a store\n")
    assert fine.out.endswith("\nNothing is wrong.\n")
    wrong = program("doctor", dead)
    assert (wrong.status, wrong.err) == (1, "")
    assert "\nTCP          failed   nothing answers at" in wrong.out
    assert wrong.out.endswith("\nWhat to do: Check the port; start the server, or the tunnel to it.\n")
    store.unlink()
    assert "What to do: Name one" in program("doctor").out
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://ada:hunter2@[::1")
    assert (program("doctor").status, "hunter2" in program("doctor").out) == (1, False)
