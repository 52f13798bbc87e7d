"""The window onto a table: what is on screen, found without going through all columns."""

from collections.abc import Sequence

import pytest

from mltrack_tui.widgets.cells import GridColumn, GridColumns
from mltrack_tui.widgets.viewport import Viewport


def viewport(columns: Sequence[GridColumn], *, frozen: int = 0, width: int = 60, rows: int = 100) -> Viewport:
    view = Viewport(frozen)
    view.columns, view.width, view.page, view.rows = columns, width, 10, rows
    view.bring_into_view(0, 0)
    return view


def some(count: int, width: int = 8) -> list[GridColumn]:
    return [GridColumn(f"c{place}", width, rule=place == 4) for place in range(count)]


@pytest.mark.parametrize("frozen", [0, 2])
@pytest.mark.parametrize("column", [0, 1, 4, 7, 38, 39])
def test_the_cursors_column_is_whole_and_no_room_is_left_unused(column: int, frozen: int) -> None:
    view = viewport(some(40), frozen=frozen)
    view.bring_into_view(0, column)
    assert view.fits(column)
    last, x = view.placed()[-1]
    assert last < 39 or x + 8 > 60 - 8 - 2 - 2


def test_ten_thousand_columns_are_made_only_as_they_come_into_view() -> None:
    made: list[int] = []

    def make(place: int) -> GridColumn:
        made.append(place)
        return GridColumn(str(place), 8)

    view = viewport(GridColumns(10_000, make), frozen=2)
    for column in (9_999, 0, 5_000, 5_001):
        view.bring_into_view(0, column)
        assert view.fits(column)
    assert len(made) == len(set(made)) < 60


def test_frozen_columns_never_fill_the_window() -> None:
    view = viewport(some(40), frozen=30, width=60)
    view.bring_into_view(0, 39)
    assert view.staying < 6
    assert view.fits(39)


def test_a_column_is_held_where_it_was_when_others_before_it_go() -> None:
    view = viewport(some(40), frozen=2)
    view.bring_into_view(0, 20)
    x = view.x_of(20)
    assert x is not None
    view.columns = some(40)[5:]
    view.hold(15, x)
    held = view.x_of(15)
    assert held is not None
    assert x - 12 < held <= x
    assert view.fits(15)
