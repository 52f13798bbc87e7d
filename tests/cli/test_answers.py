"""What is printed equals what the real clients read from their stores."""

import csv
import io
import json
import sqlite3
from pathlib import Path
from typing import Any  # the facts are JSON

import pytest

from tests.cli.program import STORE, STORES, Program

VERSIONS = sorted(path.stem for path in STORES.glob("*.json"))
INFINITE = {1.7976931348623157e308: "Infinity", -1.7976931348623157e308: "-Infinity", "nan": "NaN"}


def facts(version: str) -> dict[str, Any]:
    known: dict[str, Any] = json.loads((STORES / f"{version}.json").read_text())
    return known


def as_printed(value: float | str) -> float | str:
    return INFINITE.get(value, value)


def by_id(experiments: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {each["experiment_id"]: each for each in experiments}


def as_candidate(run: dict[str, Any], experiment_id: str) -> dict[str, Any]:
    return {
        "candidate_id": run["run_id"],
        "experiment_id": experiment_id,
        "name": run["name"],
        "status": run["status"],
        "start_time": run["start_time"],
        "end_time": run["end_time"],
        "user": run["tags"].get("mlflow.user"),
        "lifecycle_stage": run["lifecycle_stage"],
        "artifact_uri": run["artifact_uri"],
        "params": run["params"],
        "metrics": {name: as_printed(value) for name, value in run["metrics"].items()},
        "tags": run["tags"],
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_experiments_are_those_that_the_client_reads(program: Program, version: str) -> None:
    answer = program("experiments", "--source", STORES / f"{version}.db", "--lifecycle", "all", "--format", "json")
    wanted = [
        {**{name: each[name] for name in each if name != "runs"}, "project": "default"}
        for each in facts(version)["experiments"]
    ]
    assert by_id(json.loads(answer.out)) == by_id(wanted)
    assert (answer.status, answer.err) == (0, "")


@pytest.mark.parametrize("version", VERSIONS)
def test_candidates_are_those_that_the_client_reads(program: Program, version: str) -> None:
    experiments = facts(version)["experiments"]
    wanted = {run["run_id"]: as_candidate(run, each["experiment_id"]) for each in experiments for run in each["runs"]}
    source = STORES / f"{version}.db"
    answer = program("candidates", "--all", "--source", source, "--lifecycle", "all", "--format", "json")
    printed = {each["candidate_id"]: each for each in json.loads(answer.out)}
    for candidate_id, candidate in printed.items():
        del candidate["user"], wanted[candidate_id]["user"]
    assert printed == wanted


@pytest.mark.parametrize("version", VERSIONS)
def test_histories_are_those_that_the_client_reads_in_order_of_step(program: Program, version: str) -> None:
    runs = [run for each in facts(version)["experiments"] for run in each["runs"] if "grad_norm" in run["metrics"]]
    assert runs
    for run in runs:
        for metric, points in run["history"].items():
            answer = program("history", run["run_id"], metric, "--source", STORES / f"{version}.db", "--format", "json")
            printed = [(point["step"], point["timestamp"], point["value"]) for point in json.loads(answer.out)]
            assert printed == sorted((step, time, as_printed(value)) for step, time, value in points)


def test_show_is_one_object_of_the_same_shape(program: Program) -> None:
    everything = json.loads(program("candidates", "digits", "--source", STORE, "--format", "json").out)
    one = program("show", everything[3]["candidate_id"], "--source", STORE, "--format", "json")
    assert json.loads(one.out) == everything[3]
    assert list(json.loads(one.out)) == [
        "candidate_id", "experiment_id", "name", "status", "start_time", "end_time", "user", "lifecycle_stage",
        "artifact_uri", "params", "metrics", "tags",
    ]  # fmt: skip


def test_show_tells_people_of_parent_children_and_datasets(program: Program) -> None:
    candidates = json.loads(program("candidates", "digits", "--source", STORE, "--format", "json").out)
    child = next(each for each in candidates if "mlflow.parentRunId" in each["tags"])
    parent = child["tags"]["mlflow.parentRunId"]
    first = next(each for each in candidates if each["name"] == "baseline")
    of_child = program("show", child["candidate_id"], "--source", STORE).out
    assert any(line.startswith("parent ") and parent in line for line in of_child.splitlines())
    shown = program("show", parent, "--source", STORE).out
    assert any(line.startswith("child ") and child["candidate_id"] in line for line in shown.splitlines())
    assert "digits-train abc123 [train]" in program("show", first["candidate_id"], "--source", STORE).out


def test_projects_are_printed_in_their_shape(program: Program) -> None:
    projects = json.loads(program("projects", "--source", STORE, "--format", "json").out)
    assert [list(project) for project in projects] == [["name", "experiments", "last_activity"]]
    assert projects[0]["name"] == "default"


def test_a_sort_by_what_nobody_logged_names_the_nearest(program: Program) -> None:
    answer = program("candidates", "digits", "--source", STORE, "--sort=-metrics.los")
    assert (answer.status, answer.out) == (1, "")
    assert answer.err.startswith("mltrack: --sort: no candidate logged metrics.los; nearest: metrics.loss, ")


def test_csv_begins_with_the_attributes_then_parameters_then_metrics(program: Program) -> None:
    rows = list(csv.DictReader(io.StringIO(program("candidates", "digits", "--source", STORE, "--format", "csv").out)))
    records = json.loads(program("candidates", "digits", "--source", STORE, "--format", "json").out)
    assert list(rows[0]) == [
        "candidate_id", "name", "status", "start_time", "end_time", "user", "lifecycle_stage", "experiment_id",
        "artifact_uri", "params.config", "params.layers", "params.lr", "params.optimizer", "params.seed",
        "metrics.grad_norm", "metrics.loss", "metrics.system/cpu_utilization_percentage", "metrics.val/accuracy",
    ]  # fmt: skip
    for row, record in zip(rows, records, strict=True):
        assert row["candidate_id"] == record["candidate_id"]
        assert row["end_time"] == ("" if record["end_time"] is None else str(record["end_time"]))
        assert row["params.lr"] == record["params"].get("lr", "")
        assert row["metrics.loss"] == str(record["metrics"].get("loss", ""))
    assert "NaN" in {row["metrics.loss"] for row in rows}


@pytest.mark.parametrize("words", [["--sort", "-created"], ["--sort=-created"]])
def test_a_leading_minus_sorts_descending_in_both_spellings(program: Program, words: list[str]) -> None:
    def created(*more: str) -> list[int]:
        answer = program("candidates", "digits", "--source", STORE, "--format", "json", *more)
        return [each["start_time"] for each in json.loads(answer.out)]

    ascending = created("--sort", "created")
    assert created(*words) == ascending[::-1] != ascending


def test_missing_and_nan_sort_last_in_both_directions(program: Program) -> None:
    for key in ("metrics.loss", "-metrics.loss"):
        answer = program("candidates", "digits", "--source", STORE, "--format", "json", "--sort", key)
        losses = [each["metrics"].get("loss") for each in json.loads(answer.out)]
        assert losses[-2:] == ["NaN", None]
        assert losses[:-2] == sorted(losses[:-2], reverse=key.startswith("-"))


def test_several_keys_are_secondary_ones(program: Program) -> None:
    words = ["--sort", "name", "--sort", "-created"]
    answer = program("candidates", "digits", "--source", STORE, "--format", "json", *words)
    same = [each["start_time"] for each in json.loads(answer.out) if each["name"] == "same"]
    assert same == sorted(same, reverse=True)
    assert len(same) == 2


def test_a_limit_of_none_prints_an_empty_answer(program: Program) -> None:
    words = ["candidates", "digits", "--source", str(STORE), "--limit", "0", "--format"]
    assert program(*words, "json").out == "[]\n"
    assert program(*words, "csv").out.count("\r\n") == 1


def test_a_name_narrows_and_a_limit_ends(program: Program) -> None:
    words = ["candidates", "digits", "--source", str(STORE), "--format", "json", "--name", "SAME"]
    assert [each["name"] for each in json.loads(program(*words).out)] == ["same", "same"]
    assert len(json.loads(program(*words, "--limit", "1").out)) == 1


def test_several_experiments_and_all_are_answered_in_one(program: Program) -> None:
    def ids(*words: str) -> list[str]:
        answer = program("candidates", *words, "--source", STORE, "--format", "json")
        return [each["candidate_id"] for each in json.loads(answer.out)]

    several = ids("digits", "2", "digits")
    assert set(several) == {*ids("digits"), *ids("churn [prod] 日本")} == set(ids("--all"))
    assert len(several) == len(set(several)) == 12


def test_a_table_is_aligned_with_numbers_to_the_right(program: Program) -> None:
    lines = program("history", first_id(program), "loss", "--source", STORE).out.splitlines()
    assert lines[0].split() == ["step", "timestamp", "value"]
    assert {len(line) for line in lines} == {max(map(len, lines))}
    assert {line.index("-") for line in lines[1:]} == {len("step  2023")}
    assert lines[1].startswith("   0  ")


def test_what_is_missing_is_a_dash_in_a_table(program: Program) -> None:
    lines = program("candidates", "digits", "--source", STORE).out.splitlines()
    assert lines[0].split()[:6] == ["id", "name", "status", "created", "duration", "user"]
    assert all("–" in line for line in lines[1:])


def test_markdown_is_a_table(program: Program) -> None:
    lines = program("candidates", "digits", "--source", STORE, "--format", "markdown").out.splitlines()
    assert lines[1].startswith("| --- | --- |")
    assert lines[1].endswith(" ---: |")
    assert any(r"adam \[b\]bold\[/b\]" in line for line in lines)


def test_a_plot_has_the_size_that_was_asked_for(program: Program) -> None:
    answer = program(
        "plot", first_id(program), "loss", "val/accuracy", "--source", STORE, "--width", "60", "--height", "12"
    )
    lines = answer.out.splitlines()
    assert len(lines) == 24
    assert max(map(len, lines)) <= 60
    assert "loss" in lines[0]
    assert "val/accuracy" in lines[12]


def first_id(program: Program) -> str:
    records = json.loads(
        program("candidates", "digits", "--source", STORE, "--format", "json", "--name", "baseline").out
    )
    return str(records[0]["candidate_id"])


def test_artifacts_are_listed_and_downloaded(program: Program, store: Path) -> None:
    candidate = first_id(program)
    folder = store.parent / "artifacts" / "digits" / candidate / "artifacts"
    (folder / "model").mkdir(parents=True)
    (folder / "model" / "weights.bin").write_bytes(b"12345")
    (folder / "note.txt").write_text("hello")
    with sqlite3.connect(store) as connection:
        connection.execute("UPDATE runs SET artifact_uri = ? WHERE run_uuid = ?", (str(folder), candidate))
    connection.close()
    listed = program("artifacts", candidate, "--source", store, "--format", "json")
    assert json.loads(listed.out) == [
        {"path": "model", "is_dir": True, "size": None, "kind": "logged", "about": None},
        {"path": "note.txt", "is_dir": False, "size": 5, "kind": "logged", "about": None},
    ]
    assert (
        program("artifacts", candidate, "model", "--source", store).out
        == "path               size\nmodel/weights.bin     5\n"
    )
    loaded = program("download", candidate, "model", "--to", store.parent / "here", "--source", store)
    assert loaded.out == f"{store.parent}/here/model\n"
    assert (store.parent / "here" / "model" / "weights.bin").read_bytes() == b"12345"
    again = program("download", candidate, "model", "--to", store.parent / "here", "--source", store)
    assert again.status == 1
    assert "exists" in again.error or "already" in again.error
