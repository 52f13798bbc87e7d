"""Plots on the command line: what is drawn is what `history` prints."""

import csv
import io
import json
import math
import xml.etree.ElementTree as ET

import pytest

from tests.cli.program import STORE, Program


def candidates(program: Program) -> list[str]:
    """Those that logged a loss, by id."""
    answer = program("candidates", "digits", "--source", STORE, "--format", "json")
    return [each["candidate_id"] for each in json.loads(answer.out) if "loss" in each["metrics"]]


def test_csv_has_every_point_of_each_candidate_and_what_is_drawn_of_it(program: Program) -> None:
    one, other = candidates(program)[:2]
    answer = program("plot", one, "loss", "--with", other, "--smooth", "0.5", "--format", "csv", "--source", STORE)

    rows = list(csv.DictReader(io.StringIO(answer.out)))
    for candidate in (one, other):
        history = json.loads(program("history", candidate, "loss", "--source", STORE, "--format", "json").out)
        mine = [row for row in rows if row["candidate_id"] == candidate]
        assert [(row["step"], row["timestamp"], row["value"]) for row in mine] == [
            (str(point["step"]), str(point["timestamp"]), str(point["value"])) for point in history
        ]
        finite = [row for row in mine if math.isfinite(float(row["value"]))]
        assert float(finite[0]["drawn"]) == pytest.approx(float(finite[0]["value"]))
    assert {row["metric"] for row in rows} == {"loss"}


def test_several_candidates_are_numbered_and_named_below(program: Program) -> None:
    one, other = candidates(program)[:2]
    answer = program("plot", one, "loss", "--with", other, "--source", STORE, "--width", "60", "--height", "12")

    lines = answer.out.splitlines()
    assert len(lines) == 14
    assert lines[12].startswith("1 ")
    assert lines[12].endswith(one)
    assert lines[13].startswith("2 ")
    assert "\x1b" not in answer.out


def test_an_svg_is_xml_with_a_line_for_each_candidate(program: Program) -> None:
    words = candidates(program)[:2]
    answer = program("plot", words[0], "loss", "--with", words[1], "--source", STORE, "--format", "svg")

    root = ET.fromstring(answer.out)  # noqa: S314 - our own
    drawn = {each.get("stroke") for each in root.iter("{http://www.w3.org/2000/svg}polyline")}
    assert len(drawn) == 2
    assert root.get("width") == "900"


def test_a_look_is_said_and_a_plain_style_keeps_to_ascii(program: Program) -> None:
    words = ["--y", "symlog", "--slope", "--x", "relative", "--style", "ascii", "--width", "70"]
    answer = program("plot", candidates(program)[0], "loss", "--source", STORE, *words)

    assert answer.out.startswith("loss (symlog, slope)   0s-")
    assert answer.out.isascii()


def test_another_metric_is_an_axis_and_one_that_nobody_logged_is_named(program: Program) -> None:
    one = candidates(program)[0]
    answer = program("plot", one, "loss", "--x", "metrics.val/accuracy", "--source", STORE)
    assert "over val/accuracy" in answer.out.splitlines()[0]

    wrong = program("plot", one, "loss", "--x", "metrics.val_accuracy", "--source", STORE)
    assert (wrong.status, "nearest: val/accuracy" in wrong.error) == (1, True)


def test_a_difference_to_itself_is_nothing_but_zero(program: Program) -> None:
    one = candidates(program)[0]
    answer = program("plot", one, "loss", "--baseline", one, "--format", "csv", "--source", STORE)

    drawn = {row["drawn"] for row in csv.DictReader(io.StringIO(answer.out)) if row["drawn"]}
    assert drawn <= {"0.0", "NaN"}
    assert "0.0" in drawn


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--slope", "--band"], "choose one of"),
        (["--x", "time"], "step, relative, wall and metrics.NAME"),
        (["--steps", "9:3"], "100:200"),
        (["--smooth", "1"], "--smooth"),
    ],
)
def test_what_cannot_be_drawn_is_status_2_and_says_what_can(program: Program, words: list[str], hint: str) -> None:
    answer = program("plot", candidates(program)[0], "loss", "--source", STORE, *words)

    assert answer.status == 2
    assert hint in answer.error
