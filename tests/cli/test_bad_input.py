"""Each mistake gets one line that says what and what to do, and its exit status."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.program import STORE, Program


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["projcts"], "nearest: projects"),
        (["candidate", "digits"], "nearest: candidates"),
        (["nosuchthing"], "mltrack --help"),
        (["mlflw.db"], "nearest: mlflow.db"),
        (["./mlflw.db"], "nearest: ./mlflow.db"),
        (["sub/a.db"], "nearest: sub/ab.db"),
        (["--sorce", "x"], "nearest: --source"),
        (["candidates", "digits", "--formt=csv"], "nearest: --format"),
        (["candidates", "digits", "--format", "xml"], "'table', 'json', 'csv', 'markdown'"),
        (["candidates", "digits", "--sort", "creatd"], "nearest: created"),
        (["candidates", "digits", "--limit", "-1"], "-1"),
        (["candidates"], "EXPERIMENT"),
        (["candidates", "digits", "--all"], "--all"),
        (["show"], "CANDIDATE_ID"),
        (["show", "a", "b"], "b"),
        (["plot", "a"], "METRIC"),
        (["mlflow.db", "--source", "mlflow.db"], "once"),
        (["--limit"], "--limit"),
    ],
)
def test_a_wrong_command_line_is_status_2(program: Program, store: Path, words: list[str], hint: str) -> None:
    (store.parent / "sub").mkdir()
    (store.parent / "sub" / "ab.db").touch()
    answer = program(*words)
    assert answer.status == 2
    assert hint in answer.error


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["candidates", "digit"], "nearest: digits"),
        (["candidates", "CHURN"], "nearest: churn [prod] 日本"),
        (["candidates", "digits", "--project", "defalt"], "nearest: default"),
        (["experiments", "--project", "x"], "default"),
        (["show", "nothing-like-it"], "see mltrack candidates"),
        (["show", "baseline"], "(baseline)"),
        (["projects", "--source", "none.db"], "no file none.db"),
    ],
)
def test_what_is_not_there_is_status_1_with_the_nearest(
    program: Program, store: Path, words: list[str], hint: str
) -> None:
    answer = program(*words)
    assert answer.status == 1
    assert hint in answer.error


def candidate_of(store: Path, name: str) -> str:
    connection = sqlite3.connect(store)
    found = connection.execute("SELECT run_uuid FROM runs WHERE name = ?", (name,)).fetchone()
    connection.close()
    return str(found[0])


def test_a_mistyped_id_names_the_candidate(program: Program, store: Path) -> None:
    candidate = candidate_of(store, "baseline")
    mistyped = candidate[:-1] + ("0" if candidate[-1] != "0" else "1")
    assert candidate in program("show", mistyped).error


@pytest.mark.parametrize("command", ["history", "plot"])
def test_a_metric_that_no_one_logged_names_the_nearest(program: Program, store: Path, command: str) -> None:
    answer = program(command, candidate_of(store, "baseline"), "val_accuracy")
    assert answer.status == 1
    assert "nearest: val/accuracy" in answer.error


def test_an_artifact_that_is_not_there_is_status_1(program: Program, store: Path) -> None:
    for command in ("artifacts", "download"):
        answer = program(command, candidate_of(store, "baseline"), "model/none.bin")
        assert answer.status == 1
        assert answer.error


def alter(store: Path, statement: str, *values: str) -> None:
    connection = sqlite3.connect(store)
    with connection:
        connection.execute(statement, values)
    connection.close()


def test_a_name_that_is_another_experiments_id_is_status_2_and_names_both(program: Program, store: Path) -> None:
    alter(store, "UPDATE experiments SET name = '1' WHERE name LIKE 'churn%'")
    answer = program("candidates", "1")
    assert answer.status == 2
    assert "digits (id 1, project default)" in answer.error
    assert "1 (id 2, project default)" in answer.error
    assert program("candidates", "2").status == 0


def test_a_name_in_two_projects_asks_for_the_project(program: Program, store: Path) -> None:
    alter(store, "UPDATE experiments SET workspace = 'other', name = 'digits' WHERE name LIKE 'churn%'")
    answer = program("candidates", "digits")
    assert answer.status == 2
    assert "project default" in answer.error
    assert "project other" in answer.error
    assert program("candidates", "digits", "--project", "other").status == 0
    everything = program("candidates", "--all")
    assert everything.status == 2
    assert "default, other" in everything.error
    assert "one project at a time" in program("candidates", "1", "2").error


def not_mlflow(path: Path) -> None:
    alter(path, "CREATE TABLE cats (name)")


def truncated(path: Path) -> None:
    path.write_bytes(STORE.read_bytes()[:40_000])


def half_a_header(path: Path) -> None:
    path.write_bytes(STORE.read_bytes()[:60])


def garbled(path: Path) -> None:
    content = bytearray(STORE.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)


@pytest.mark.parametrize("spoil", [not_mlflow, truncated, half_a_header, garbled])
@pytest.mark.parametrize("words", [["projects"], ["experiments"], ["candidates", "digits"], ["show", "x"]])
def test_a_spoiled_store_is_one_line(
    program: Program, tmp_path: Path, spoil: Callable[[Path], None], words: list[str]
) -> None:
    spoil(tmp_path / "mlflow.db")
    answer = program(*words)
    assert answer.status == 1
    assert "mlflow.db" in answer.error


def test_without_any_source_a_printing_command_says_what_to_do(program: Program) -> None:
    answer = program("projects")
    assert answer.status == 1
    assert "--source" in answer.error


def test_a_store_without_candidates_is_no_error(program: Program, store: Path) -> None:
    alter(store, "UPDATE runs SET lifecycle_stage = 'deleted'")
    for format_, empty in (("json", "[]\n"), ("csv", ""), ("table", ""), ("markdown", "")):
        answer = program("candidates", "digits", "--format", format_)
        assert (answer.status, answer.err) == (0, "")
        assert answer.out.startswith(empty)


def test_a_store_without_experiments_is_no_error(program: Program, store: Path) -> None:
    for table in ("experiments", "runs"):
        alter(store, f"DELETE FROM {table}")
    for words in (["projects"], ["experiments"], ["candidates", "--all"]):
        answer = program(*words, "--format", "json")
        assert (answer.status, answer.err) == (0, "")


def test_what_lies_where_the_demo_should_go_is_one_line(program: Program, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    answer = program("demo", "--at", tmp_path / "file" / "below")
    assert answer.status == 1
    assert "--at" in answer.error


def test_the_demo_is_made_once_and_then_left_alone(program: Program, tmp_path: Path) -> None:
    first = program("demo", "--at", tmp_path / "demo")
    assert first.status == 1
    assert "no terminal" in first.error
    assert f"{tmp_path}/demo/mlflow.db" in first.error
    before = (tmp_path / "demo" / "mlflow.db").read_bytes()
    assert program("demo", "--at", tmp_path / "demo").error == first.error
    assert program("demo", "--at", tmp_path / "demo" / "mlflow.db").error == first.error
    assert (tmp_path / "demo" / "mlflow.db").read_bytes() == before
    assert program("candidates", "--all", "--source", tmp_path / "demo").status == 0


def test_names_of_commands_may_be_files(program: Program, store: Path) -> None:
    shutil.copyfile(store, store.parent / "demo")
    assert program("projects", "--source", "demo").status == 0
    assert "no terminal" in program("./demo").error
    assert "no terminal" in program("--source", "demo").error
