"""Commands over a server that has too many projects to look through them."""

import csv
import io
import json

import pytest

from tests.cli.program import Program
from tests.screens.given import Server, shelf


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Server:
    source = shelf(250)
    monkeypatch.setattr("mltrack_tui.cli.asking.open_source", lambda _: source)
    return source


HERE = ("--source", "https://git.example")


def test_all_projects_are_printed_and_none_is_counted_unasked(program: Program, source: Server) -> None:
    projects = json.loads(program("projects", *HERE, "--format", "json").out)
    assert len(projects) == 250
    assert projects[0] == {
        "name": "speech/project-0001",
        "experiments": None,
        "last_activity": source.shelf[0].last_activity,
        "access": "Reporter",
    }
    assert source.calls == ["projects"] * 3


def test_they_are_counted_where_that_is_asked_for(program: Program, source: Server) -> None:
    source.uncountable = {"speech/project-0001"}
    rows = list(csv.DictReader(io.StringIO(program("projects", *HERE, "--count", "--format", "csv").out)))
    assert list(rows[0]) == ["name", "experiments", "last_activity", "models", "access"]
    assert [(row["experiments"], row["models"]) for row in rows[:5]] == [
        ("", ""), ("0", "2"), ("0", "0"), ("0", "1"), ("1", "2"),
    ]  # fmt: skip
    assert len(source.counted) == 250


@pytest.mark.parametrize(
    "words", [["experiments"], ["candidates", "digits"], ["candidates", "--all"], ["show", "f" * 32]]
)
def test_what_would_look_through_all_projects_asks_for_one(program: Program, source: Server, words: list[str]) -> None:
    answer = program(*words, *HERE)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err == "mltrack: git.example has too many projects to look through them: name one with --project\n"
    assert source.calls.count("projects") == 1


def test_in_a_project_that_is_named_nothing_is_listed(program: Program, source: Server) -> None:
    name = source.shelf[4].name
    experiments = json.loads(program("experiments", *HERE, "--project", name, "--format", "json").out)
    assert [(each["name"], each["creator"], each["model"]) for each in experiments] == [
        ("digits", "Ada Lovelace", None),
        ("[model]fraud-net", None, "fraud-net"),
    ]
    (one, *_) = json.loads(program("candidates", "digits", *HERE, "--project", name, "--format", "json").out)
    shown = program("show", one["candidate_id"], *HERE, "--project", name, "--format", "json")
    assert json.loads(shown.out) == one
    assert "projects" not in source.calls


def test_a_project_that_is_not_there_has_its_nearest_named(program: Program, source: Server) -> None:
    answer = program("experiments", *HERE, "--project", "speech/project-1")
    assert (answer.status, answer.out) == (1, "")
    assert answer.err.startswith("mltrack: there is no project speech/project-1; nearest: speech/project-0")


def test_a_candidate_is_looked_for_in_its_project_only(program: Program, source: Server) -> None:
    answer = program("show", "f" * 32, *HERE, "--project", source.shelf[4].name)
    assert answer.error.startswith(f"there is no candidate {'f' * 32}")
    assert "projects" not in source.calls
