"""What others logged does no harm, in any format: the bytes that are sent hold no control code."""

import csv
import io
import json
import re
import sqlite3
from pathlib import Path

import pytest

from tests.cli.program import Program

HOSTILE = [
    "[/]",
    "[@click=app.quit]x[/]",
    "\x1b[2J\x1b]0;title\x07",
    "\x1bP\x90\x9b31m\x9dx\x9c\x00\x7f",
    "line one\nline two\rover\tit\r\n",
    "x" * 100_000,
    "\u202egnal\u2066 \u200f \u061c\ufeff",
    "日本語 🚀 é e\u0301",
    '=1+1,"quoted" | `code` <b>& \\ *bold* ~x~ $y$',
    "\u2028\u2029",
    "",
]
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
FORMATS = ["table", "json", "csv", "markdown"]


@pytest.fixture
def hostile(store: Path) -> Path:
    """A store in which everything that somebody can name is hostile."""
    connection = sqlite3.connect(store)
    with connection:
        active = "SELECT run_uuid FROM runs WHERE experiment_id = 1 AND lifecycle_stage = 'active' ORDER BY 1"
        runs = [row[0] for row in connection.execute(active)]
        connection.execute("UPDATE experiments SET name = ? WHERE experiment_id = 1", (HOSTILE[2] + HOSTILE[6],))
        connection.execute("UPDATE experiment_tags SET value = ? WHERE key = 'mlflow.note.content'", (HOSTILE[3],))
        for number, text in enumerate(HOSTILE):
            run = runs[number % len(runs)]
            named = (text, run)
            connection.execute("PRAGMA ignore_check_constraints = ON")  # of status
            connection.execute("UPDATE runs SET name = ?1, user_id = ?1, status = ?1 WHERE run_uuid = ?2", named)
            connection.execute("INSERT INTO params (key, value, run_uuid) VALUES (?1 || 'p', ?1, ?2)", named)
            connection.execute("INSERT INTO tags (key, value, run_uuid) VALUES (?1 || 't', ?1, ?2)", named)
            for table in ("latest_metrics", "metrics"):
                columns = "(key, run_uuid, value, timestamp, step, is_nan)"
                connection.execute(f"INSERT INTO {table} {columns} VALUES (?1 || 'm', ?2, 1, 2, 3, 0)", named)
    connection.close()
    return store


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("words", [["experiments"], ["candidates", "1"], ["candidates", "--all"]])
def test_lists_send_no_control_code(program: Program, hostile: Path, words: list[str], format_: str) -> None:
    answer = program(*words, "--format", format_)
    assert (answer.status, answer.err) == (0, "")
    text = answer.out.replace("\r\n", "\n") if format_ == "csv" else answer.out
    assert CONTROL.search(text) is None
    assert "[@click" in answer.out.replace("\\", "") or words == ["experiments"]


@pytest.mark.parametrize("format_", FORMATS)
def test_one_candidate_sends_no_control_code(program: Program, hostile: Path, format_: str) -> None:
    everything = json.loads(program("candidates", "1", "--format", "json").out)
    for candidate in everything:
        answer = program("show", candidate["candidate_id"], "--format", format_)
        text = answer.out.replace("\r\n", "\n") if format_ == "csv" else answer.out
        assert answer.status == 0
        assert CONTROL.search(text) is None


def test_json_is_exact_all_the_same(program: Program, hostile: Path) -> None:
    everything = json.loads(program("candidates", "1", "--format", "json").out)
    params = {name: value for candidate in everything for name, value in candidate["params"].items()}
    tags = {name: value for candidate in everything for name, value in candidate["tags"].items()}
    metrics = {name: value for candidate in everything for name, value in candidate["metrics"].items()}
    for text in HOSTILE:
        assert params[text + "p"] == tags[text + "t"] == text
        assert metrics[text + "m"] == 1.0


def test_csv_keeps_its_rows_whatever_is_in_a_cell(program: Program, hostile: Path) -> None:
    text = program("candidates", "1", "--format", "csv").out
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) == 1 + len(json.loads(program("candidates", "1", "--format", "json").out))
    assert 'params.=1+1,"quoted" | `code` <b>& \\ *bold* ~x~ $y$p' in rows[0]
    assert any("line one\nline two over it\r\n" in row for row in rows)
    assert re.search(r"(?<!\r)\n", text.replace("line one\nline two", "")) is None


def test_a_table_and_markdown_keep_a_line_a_row(program: Program, hostile: Path) -> None:
    rows = len(json.loads(program("candidates", "1", "--format", "json").out))
    assert program("candidates", "1").out.count("\n") == rows + 1
    markdown = program("candidates", "1", "--format", "markdown").out
    assert markdown.count("\n") == rows + 2
    assert len({len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in markdown.splitlines()}) == 1


def test_histories_and_plots_of_hostile_metrics_send_none(program: Program, hostile: Path) -> None:
    everything = json.loads(program("candidates", "1", "--format", "json").out)
    for candidate in everything:
        for metric in candidate["metrics"]:
            if not metric.endswith("m"):
                continue
            for words in (["history"], ["plot", "--width", "60"]):
                answer = program(*words, candidate["candidate_id"], metric)
                assert answer.status == 0
                assert CONTROL.search(answer.out) is None
                assert all(len(line) <= 60 for line in answer.out.splitlines())


def test_errors_send_none_and_stay_one_line(program: Program, hostile: Path) -> None:
    for text in HOSTILE[2:5]:
        printable = text.replace("\x00", "")
        for words in (["candidates", printable], ["show", printable], [printable], ["projects", "--source", printable]):
            answer = program(*words)
            assert answer.status in {1, 2}
            assert CONTROL.search(answer.error) is None
