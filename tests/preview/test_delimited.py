"""Tables as text: what separates, what is a title, and every cell as it was written."""

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltrack_tui.preview.columns import look_of
from mltrack_tui.preview.delimited import SEPARATORS, Form, Rows, form_of

CELLS = st.text(st.sampled_from("ab\"',;\t|\r\n é漢 0.") | st.characters(codec="utf-8"), max_size=12)


def rows_of(data: bytes, form: Form, chunk: int) -> Rows:
    rows = Rows(form)
    for start in range(0, max(len(data), 1), chunk):
        rows.feed(data[start : start + chunk], last=start + chunk >= len(data))
    return rows


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=5), max_size=8),
    st.sampled_from(SEPARATORS),
    st.integers(1, 40),
)
def test_whatever_python_writes_as_csv_is_read_back_in_chunks_of_any_size(
    table: Sequence[list[str]], separator: str, chunk: int
) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator).writerows(table)
    rows = rows_of(written.getvalue().encode(), Form("utf-8", separator, titled=False), chunk)
    assert [rows.row(index) for index in range(len(rows))] == table
    assert rows.broken == 0


@pytest.mark.parametrize(
    ("name", "text", "separator", "titled"),
    [
        ("a.csv", "id,loss\n1,0.5\n2,0.25\n", ",", True),
        ("a.csv", "1.5,2\n3,4\n", ",", False),
        ("a.csv", "name;loss\nx;0,5\ny;1,25\n", ";", True),
        ("a.csv", "0,5;1,5\n2,5;3,5\n", ";", False),
        ("a.csv", 'when,what\n2025-01-01 10:00,"a; b; c"\n2025-01-02 11:00,"d; e; f"\n', ",", True),
        ("a.tsv", "a, b\tc\nd, e\tf\n", "\t", True),
        ("a.csv", ",0,1\nfirst,2,3\n", ",", True),
        ("a.csv", "0,1,2\n0.5,0.25,0\n", ",", True),
        ("a.csv", "x,x\ny,z\n", ",", False),
        ("a.csv", "only words\nin lines\n", ",", True),
    ],
)
def test_separator_and_titles_are_told_by_the_rows(name: str, text: str, separator: str, titled: bool) -> None:
    assert form_of(name, text.encode()) == Form("utf-8", separator, titled)


def test_rows_that_differ_are_shown_and_counted() -> None:
    data = b'a,b\n1,2\n3\n\n4,5,6\n"open,7\n' + b"8,9\n" * 40_000
    rows = rows_of(data, form_of("a.csv", data[:100]), 10_000)
    assert rows.names == ("a", "b", "column 3")
    assert [rows.row(index) for index in range(5)] == [["1", "2"], ["3"], ["4", "5", "6"], ['"open', "7"], ["8", "9"]]
    assert (len(rows), rows.odd, rows.broken) == (40_004, 2, 1)


def test_what_is_not_utf_8_is_read_all_the_same() -> None:
    assert form_of("a.csv", "größe,b\n1,2\n".encode("latin-1")).encoding == "cp1252"
    data = "größe,b\nä,2\n".encode("utf-16")
    rows = rows_of(data, form_of("a.csv", data), 3)
    assert (rows.names, rows.row(0)) == (("größe", "b"), ["ä", "2"])


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (["0.1", "12.25", "nan", "NA"], [" 0.1 ", "12.25", "  NaN", "   NA"]),
        (["1", "200", ""], ["  1", "200", "   "]),
        (["0.3333333333333333", "0.5", "-inf"], ["0.3333", "0.5000", "-inf"]),
        (["12345678901234567890", "7"], ["12345678901234567890", "7".rjust(20)]),
        (["007", "x"], ["007", "x"]),
    ],
)
def test_numbers_of_a_column_are_written_so_that_they_compare(cells: Sequence[str], shown: Sequence[str]) -> None:
    look = look_of(cells)
    width = max(map(len, shown)) if look.is_numeric else 0
    assert [look.text(cell).rjust(width) for cell in cells] == [text.rjust(width) for text in shown]
