"""``mltrack models``: the registered models that the real clients made."""

import csv
import io
import json
import sqlite3
from pathlib import Path

import pytest

from tests.app.hostile import TEXTS
from tests.cli.program import STORE, STORES, Program
from tests.sources.stores import change

VERSIONS = sorted(path.stem for path in STORES.glob("*.json"))


@pytest.mark.parametrize("version", VERSIONS)
def test_models_are_those_that_the_client_reads(program: Program, version: str) -> None:
    answer = program("models", "--source", STORES / f"{version}.db", "--format", "json")
    assert (answer.status, answer.err) == (0, "")
    (model,) = json.loads(answer.out)
    (known,) = json.loads((STORES / f"{version}.json").read_text())["registered_models"]
    assert (model["name"], model["description"], model["tags"]) == (known["name"], known["description"], known["tags"])
    told = [(each["version"], each["candidate_id"], each["description"]) for each in model["versions"]]
    assert told == [(each["version"], each["run_id"], each["description"]) for each in known["versions"]]
    assert {alias: each["version"] for each in model["versions"] for alias in each["aliases"]} == known["aliases"]


def test_people_see_the_latest_version_and_programs_the_same_in_csv(program: Program) -> None:
    table = program("models", "--source", STORE).out.splitlines()
    assert table[0].split() == ["model", "project", "versions", "latest", "aliases", "updated", "description"]
    assert "digit classifier  default         2  2       @champion 2  2026-11-20" in table[1]
    (row,) = csv.DictReader(io.StringIO(program("models", "--source", STORE, "--format", "csv").out))
    assert (row["name"], row["versions"], row["latest_version"]) == ("digit classifier", "2", "2")


def test_a_candidate_is_shown_with_the_versions_that_were_made_of_it(program: Program) -> None:
    (model,) = json.loads(program("models", "--source", STORE, "--format", "json").out)
    shown = program("show", model["versions"][0]["candidate_id"], "--source", STORE).out
    assert any(line.split(maxsplit=1) == ["model", "digit classifier 2 @champion"] for line in shown.splitlines())


def test_a_project_that_is_not_there_and_a_store_without_models_are_told(program: Program, store: Path) -> None:
    assert program("models", "--source", store, "--project", "nowhere").error.startswith("there is no project nowhere")
    change(store, "drop table model_version_tags", "drop table model_versions")
    answer = program("models", "--source", store)
    assert (answer.status, answer.error) == (1, "This store has no tables of registered models.")


def test_hostile_names_are_printed_harmlessly(program: Program, store: Path) -> None:
    connection = sqlite3.connect(store)
    with connection:
        connection.executemany("insert into registered_models (name, description) values (?1, ?1)", zip(TEXTS))
        connection.executemany("insert into model_versions (name, version, description) values (?1, 1, ?1)", zip(TEXTS))
    connection.close()
    printed = program("models", "--source", store).out
    assert "PAYLOAD" in printed
    assert printed.count("\n") == len(TEXTS) + 2
    assert not any(code in printed for code in ("\x1b", "\x07", "\x9d", "\x00", "\u202e"))
