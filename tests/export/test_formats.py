"""Formats, where a store would be in the way."""

import io
import math
import os
import pty
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from mltrack_tui.cli.printing import at_once
from mltrack_tui.export import as_csv, as_json, as_markdown, as_table
from mltrack_tui.export.human import fitted, moment, shown, width
from mltrack_tui.export.shape import Cell, Form, Shape, Value
from tests.cli.program import STORE, environment


def shape(form: Form = Form.TEXT) -> Shape[Value]:
    cells: list[Cell[Value]] = [Cell("key", lambda _row: "k"), Cell("value", lambda row: row, form)]
    return Shape(lambda row: row, cells, cells)


def rows(*values: Value) -> AsyncIterator[Sequence[Value]]:
    return at_once(values)


async def test_csv_tells_missing_from_empty() -> None:
    out = io.StringIO()
    await as_csv.write(shape(), rows(None, "", "a,b", 'say "hi"', math.nan, math.inf, -math.inf, 0.1), out)
    assert out.getvalue() == (
        'key,value\r\nk,\r\nk,""\r\nk,"a,b"\r\nk,"say ""hi"""\r\nk,NaN\r\nk,Infinity\r\nk,-Infinity\r\nk,0.1\r\n'
    )


async def test_csv_replaces_control_codes_and_keeps_line_ends() -> None:
    out = io.StringIO()
    await as_csv.write(shape(), rows("a\r\nb\nc\rd\x1b[2J\x9b"), out)
    assert out.getvalue() == 'key,value\r\nk,"a\r\nb\nc d·[2J·"\r\n'


async def test_json_is_a_row_a_line() -> None:
    out = io.StringIO()
    await as_json.write(shape(), rows("é", None), out)
    assert out.getvalue() == '[\n"é",\nnull\n]\n'


def test_json_escapes_what_a_terminal_might_obey() -> None:
    assert as_json.encoded("\x1b\x7f\x9b\u202e\u2028\ud800日") == '"\\u001b\\u007f\\u009b\\u202e\\u2028\\ud800日"'


async def test_markdown_escapes_what_it_would_act_on() -> None:
    out = io.StringIO()
    await as_markdown.write(shape(), rows("a|b\\|`c`<b>*d*_e_\nf", -1.5), out)
    assert out.getvalue().splitlines()[2:] == [r"| k | a\|b\\\|\`c\`\<b\>\*d\*\_e\_ f |", "| k | -1.5 |"]


async def test_a_column_of_parameters_stands_to_the_right_if_all_are_numbers() -> None:
    async def lines(*values: str | None) -> list[str]:
        out = io.StringIO()
        await as_table.write(shape(Form.PARAMETER), rows(*values), out)
        return out.getvalue().splitlines()

    assert await lines("10", "1e-3", None) == ["key  value", "k       10", "k     1e-3", "k        –"]
    assert await lines("10", "adam") == ["key  value", "k    10", "k    adam"]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (None, Form.NUMBER, "–"),
        ("", Form.TEXT, ""),
        (0.1234567, Form.NUMBER, "0.123457"),
        (0.1234567, Form.EXACT, "0.1234567"),
        (math.nan, Form.NUMBER, "NaN"),
        (math.inf, Form.NUMBER, "+inf"),
        (-math.inf, Form.EXACT, "-inf"),
        (10**30, Form.TIME, str(10**30)),
        (-1, Form.TIME, "1969-12-31 23:59:59Z"),
    ],
)
def test_values_as_people_read_them(value: Value, form: Form, text: str) -> None:
    assert shown(value, form) == text


def test_times_are_in_utc() -> None:
    assert moment(1_700_000_000_000) == "2023-11-14 22:13:20Z"


def test_wide_and_combining_characters_have_their_width() -> None:
    assert width("日本e\u0301") == 5
    assert fitted("日本語", 5) == "日本…"
    assert fitted("日本語", 4) == "日…"
    assert fitted("abc", 3) == "abc"


def on_a_terminal(columns: int, *words: str | Path) -> list[str]:
    """What a command prints on a terminal so wide."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "mltrack_tui", *map(str, words)]
    with subprocess.Popen(command, env=environment(COLUMNS=str(columns)), stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        printed = b""
        while True:
            try:
                chunk = os.read(ours, 10_000)
            except OSError:  # Linux's way to say that the other end is closed
                break
            printed += chunk
        assert process.wait(60) == 0
    os.close(ours)
    return printed.decode().splitlines()


def test_a_table_on_a_terminal_is_cut_to_fit_but_for_its_first_column() -> None:
    lines = on_a_terminal(220, "candidates", "digits", "--source", STORE)
    assert max(map(width, lines)) <= 220
    assert all(len(line.split()[0]) == 32 for line in lines[1:])
    assert any("xxxx…" in line for line in lines)
    assert all(":13:20Z " in line for line in lines[1:])
