"""Filters, orders and columns on the command line."""

import json
from pathlib import Path

import pytest

from tests.cli.program import STORE, Program, run

DIGITS = ("candidates", "digits", "--source", STORE, "--format", "csv")


def cells(out: str) -> list[list[str]]:
    return [line.split(",") for line in out.splitlines()]


@pytest.mark.parametrize(
    ("filter_", "other"),
    [
        ("metrics.loss < 0.5", "loss < 0.5"),
        ("status = 'FINISHED'", "status in (finished)"),
        ("params.lr = '0.1' and status = 'FAILED'", "lr = '0.1' and not status != failed"),
        ("", "AND"),
    ],
)
def test_a_filter_is_mlflows_and_more(program: Program, filter_: str, other: str) -> None:
    answers = [program(*DIGITS, "--columns", "id", "--filter", text) for text in (filter_, other)]
    assert answers[0].status == 0
    assert answers[0].out == answers[1].out


def test_a_filter_and_a_name_must_both_hold(program: Program) -> None:
    named = cells(program(*DIGITS, "--columns", "name", "--name", "o").out)[1:]
    both = cells(program(*DIGITS, "--columns", "name", "--name", "o", "--filter", "status = finished").out)[1:]
    finished = cells(program(*DIGITS, "--columns", "name", "--filter", "status = finished").out)[1:]
    assert both == [name for name in finished if name in named]


def test_experiments_are_filtered_too(program: Program) -> None:
    answer = program(
        "experiments", "--source", STORE, "--format", "json", "--filter", "name ~ ^digits$ or tags.nosuch = 'x'"
    )
    assert [each["name"] for each in json.loads(answer.out)] == ["digits"]


@pytest.mark.parametrize(
    ("words", "line", "picture"),
    [
        (["--filter", "lss < 1"], "mltrack: --filter: nothing is called lss; nearest: loss", ["lss < 1", "^^^"]),
        (["--filter", "resnet loss < 1"], "mltrack: --filter: resnet is no clause", ["resnet loss < 1", "^^^^^^"]),
        (["--filter", "loss < 1 or\x1b[31m ("], "mltrack: --filter: this ( is never closed", None),
        (
            ["--order-by", "metrics.loss", "--order-by", "nme"],
            "mltrack: --order-by: there is no attribute nme",
            ["nme", "^^^"],
        ),
    ],
)
def test_a_mistake_is_shown_in_its_place(
    program: Program, words: list[str], line: str, picture: list[str] | None
) -> None:
    answer = program(*DIGITS, *words)
    assert (answer.status, answer.out) == (2, "")
    first, *rest = answer.err.splitlines()
    assert first.startswith(line)
    assert len(rest) == 2
    assert "\x1b" not in answer.err
    if picture is not None:
        assert rest == picture


def test_a_mistake_in_a_filter_of_experiments_too(program: Program) -> None:
    answer = program("experiments", "--source", STORE, "--filter", "nme = 'x'")
    assert answer.status == 2
    assert answer.err.splitlines()[1:] == ["nme = 'x'", "^^^"]


def test_mlflows_order(program: Program) -> None:
    names = cells(program(*DIGITS, "--columns", "metrics.loss", "--order-by", "metrics.loss DESC").out)[1:]
    assert names == cells(program(*DIGITS, "--columns", "metrics.loss", "--sort=-metrics.loss").out)[1:]


def test_columns_are_those_named_in_their_order(program: Program) -> None:
    answer = program(*DIGITS, "--columns", "metrics.loss, id", "--columns=created,params.lr,tags.t,duration")
    header = cells(answer.out)[0]
    assert header == ["metrics.loss", "candidate_id", "start_time", "params.lr", "tags.t", "duration"]
    everything = cells(program(*DIGITS).out)
    place = everything[0].index("candidate_id")
    assert [line[1] for line in cells(answer.out)] == [line[place] for line in everything]


def test_columns_in_json_and_for_people(program: Program) -> None:
    words = ("candidates", "digits", "--source", STORE, "--columns", "id,status,min(metrics.loss)", "--limit", "1")
    (record,) = json.loads(program(*words, "--format", "json").out)
    assert list(record) == ["candidate_id", "status", "min(metrics.loss)"]
    assert program(*words).out.split()[:3] == ["id", "status", "min(metrics.loss)"]


def test_sorting_by_the_best_of_a_metric(program: Program) -> None:
    by_best = program(*DIGITS, "--columns", "id", "--sort", "best(metrics.loss)", "--target", "metrics.loss:min")
    assert by_best.status == 0
    assert by_best.out == program(*DIGITS, "--columns", "id", "--sort", "min(metrics.loss)").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--sort", "best(metrics.loss)"], "say --target metrics.loss:min"),
        (["--columns", "best(metrics.loss)"], "say --target metrics.loss:min"),
        (["--columns", "nme"], "nearest: name"),
        (["--target", "loss:low"], "metrics.loss:min"),
        (["--sort", "name", "--order-by", "start_time"], "exclude each other"),
        (["--sort", "max(params.lr)"], "there is no key max(params.lr)"),
    ],
)
def test_options_that_are_wrong_are_told(program: Program, words: list[str], said: str) -> None:
    answer = program(*DIGITS, *words)
    assert answer.status == 2
    assert said in answer.error


def test_ids_alone_import_neither_the_language_nor_a_screen(tmp_path: Path) -> None:
    words = ("candidates", "digits", "--source", STORE, "--sort=-metrics.loss", "--columns", "id", "--format", "csv")
    answer = run(*words, cwd=tmp_path, PYTHONPROFILEIMPORTTIME="1")
    imported = {line.rpartition("|")[2].strip() for line in answer.err.splitlines()}
    assert "mltrack_tui.cli.shapes" in imported
    assert not imported & {
        "lark",
        "re2",
        "textual",
        "rich",
        "difflib",
        "mltrack_tui.search.parse",
        "mltrack_tui.sources.sqlite.keys",
    }


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--filter", "ci.user = 'ana'"], "--filter: ci.user: "),
        (["--columns", "id,ci.pipeline"], "ci.pipeline: "),
        (["--sort=-ci.merge_request"], "ci.merge_request: "),
        (["--order-by", "ci.user"], "--order-by: MLflow knows nothing of ci"),
    ],
)
def test_what_ci_says_is_not_asked_of_a_source_that_does_not_know(
    program: Program, words: list[str], told: str
) -> None:
    answer = program(*DIGITS, *words)
    assert answer.status != 0
    assert answer.err.startswith(f"mltrack: {told}")
    assert told.startswith("--order-by") or "which CI pipeline logged a candidate" in answer.err
