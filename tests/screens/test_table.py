"""The candidate table's rows by themselves: how columns learn to look, and how much is kept."""

from collections.abc import Iterable

from mltrack_tui.domain.entities import Candidate, CandidateId
from mltrack_tui.domain.query import Columns
from mltrack_tui.domain.view import View
from mltrack_tui.screens.candidates.layout import Catalogue
from mltrack_tui.screens.candidates.marks import Marks
from mltrack_tui.screens.candidates.rows import CandidateRows

FIRST = 5
"""The mark and four attributes come before parameters and metrics."""


def rows_of(columns: Columns) -> CandidateRows:
    rows = CandidateRows(Catalogue(columns), View(), Marks(), now=lambda: 0)
    rows.missing([], [0])
    return rows


def made(numbers: Iterable[int], **logged: str | float) -> list[Candidate]:
    params = {name: value for name, value in logged.items() if isinstance(value, str)}
    metrics = {name: value for name, value in logged.items() if isinstance(value, float)}
    return [
        Candidate(CandidateId("memory", "default", "1", f"{number:032x}"), params=params, metrics=metrics)
        for number in numbers
    ]


def shown(rows: CandidateRows, row: int) -> list[str]:
    cells = rows.cells(row, tuple(range(len(rows.asked))))
    assert cells is not None
    return [cell.text.strip() for cell in cells[FIRST:]]


def test_a_column_grows_with_what_comes_later() -> None:
    rows = rows_of(Columns(("lr",), ("loss",)))
    first, later = made([1], lr="0.1", loss=0.5), made([2], lr="0.000012345678", loss=-1.5e-10)
    rows.ids = [each.id for each in (*first, *later)]
    assert rows.keep(0, first)
    assert rows.keep(0, later)
    widths = {column.title: column.width for column in rows.grid_columns(100)}
    assert widths["lr"] >= len("0.000012345678")
    assert widths["loss"] >= len("-1.5e-10")
    assert shown(rows, 1) == ["0.000012345678", "-1.5e-10"]


def test_a_column_of_numbers_turns_to_the_left_when_a_word_comes() -> None:
    rows = rows_of(Columns(("lr",), ()))
    rows.keep(0, made([1], lr="0.1"))
    assert rows.grid_columns(100)[FIRST].right
    assert rows.keep(0, made([2], lr="auto-tuned"))
    assert not rows.grid_columns(100)[FIRST].right
    assert rows.grid_columns(100)[FIRST].width == len("auto-tuned")


def test_what_looks_as_before_teaches_nothing() -> None:
    rows = rows_of(Columns(("lr",), ("loss",)))
    assert rows.keep(0, made([1], lr="0.1", loss=0.5))
    assert not rows.keep(0, made([2], lr="0.2", loss=0.25))


def test_only_so_many_values_stay_and_those_looked_at_last_are_among_them() -> None:
    rows = rows_of(Columns((), ("loss",)))
    candidates = made(range(10_000), loss=0.5)
    first = [each.id for each in candidates[:50]]
    for start in range(0, len(candidates), 100):
        rows.keep(0, candidates[start : start + 100])
        assert rows.missing(first, [FIRST]) == {}
    kept = len(candidates) - len(rows.missing([each.id for each in candidates], [FIRST])[0])
    assert 50 < kept < 5_000


def test_numbers_in_names_are_ordered_as_numbers() -> None:
    rows = rows_of(Columns(("layer10", "layer2", "a"), ()))
    assert [column.name for column in rows.layout.columns[FIRST:]] == ["a", "layer2", "layer10"]
