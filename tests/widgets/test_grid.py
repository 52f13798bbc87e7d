"""The table by itself: where its keys lead, in tables of any size."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from mltrack_tui.app.colours import inks
from mltrack_tui.widgets.cells import Cell, GridColumn
from mltrack_tui.widgets.grid import Grid


class Numbers:
    """So many rows, each cell of which names its place; ``asked`` is what was painted of them."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self.asked: set[int] = set()

    def __len__(self) -> int:
        return self._rows

    def grow(self, rows: int) -> None:
        self._rows = rows

    def cells(self, row: int, columns: tuple[int, ...]) -> list[Cell]:
        self.asked.add(row)
        return [Cell(f"{row}.{column}") for column in columns]


class GridApp(App[None]):
    """Nothing but a table."""

    def __init__(self, rows: Numbers, columns: int, frozen: int) -> None:
        super().__init__()
        self.grid = Grid(frozen=frozen)
        self._rows = rows
        self._columns = [GridColumn(f"c{column}", 8, rule=column == 4) for column in range(columns)]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return inks(self.current_theme)

    def compose(self) -> ComposeResult:
        yield self.grid

    def on_mount(self) -> None:
        self.grid.focus()
        self.grid.show(self._rows, columns=self._columns)


@asynccontextmanager
async def shown(rows: int, columns: int = 40, frozen: int = 2) -> AsyncIterator[tuple[Grid, Numbers]]:
    """A table of 20 lines of 60 characters; 19 of them show rows."""
    numbers = Numbers(rows)
    app = GridApp(numbers, columns, frozen)
    app.animation_level = "none"
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        yield app.grid, numbers


def line(grid: Grid, y: int) -> str:
    return grid.render_line(y).text


@pytest.mark.parametrize(
    ("keys", "cell"),
    [
        ("j", (1, 0)),
        ("down,down,k", (1, 0)),
        ("j,up,up", (0, 0)),
        ("l", (0, 1)),
        ("right,right,h", (0, 1)),
        ("l,left,left", (0, 0)),
        ("G", (99, 0)),
        ("end", (99, 0)),
        ("G,g", (0, 0)),
        ("G,home", (0, 0)),
        ("$", (0, 39)),
        ("$,^", (0, 0)),
        ("ctrl+d", (19, 0)),
        ("pagedown,pagedown", (38, 0)),
        ("pagedown,pagedown,ctrl+u", (19, 0)),
        ("pageup", (0, 0)),
        ("G,pagedown", (99, 0)),
    ],
)
async def test_keys_move_the_cursor(keys: str, cell: tuple[int, int]) -> None:
    app = GridApp(Numbers(100), 40, 2)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press(*(keys.split(",")))
        assert app.grid.cursor == cell
        assert f"{cell[0]}.{cell[1]}" in line(app.grid, cell[0] - app.grid.top + 1)


@pytest.mark.parametrize("rows", [0, 1])
async def test_no_movement_leaves_a_table_of_no_row_or_one(rows: int) -> None:
    async with shown(rows, columns=3) as (grid, _):
        for column in (-1, 1):
            grid.action_column_edge(column)
            grid.action_row_edge(column)
            grid.action_page(column)
            grid.action_cursor(column, column)
        assert grid.cursor_row == 0
        assert grid.visible_rows == range(rows)
        assert 0 <= grid.cursor_column < 3


async def test_a_table_without_columns_takes_every_key() -> None:
    async with shown(0, columns=0) as (grid, _):
        for side in (-1, 1):
            grid.action_column_edge(side)
            grid.action_row_edge(side)
            grid.action_page(side)
            grid.action_cursor(side, side)
        grid.action_open()
        assert line(grid, 0).strip() == ""


async def test_of_a_huge_table_only_what_is_on_screen_is_asked_for() -> None:
    async with shown(1_000_000) as (grid, numbers):
        grid.action_row_edge(1)
        grid.action_page(-1)
        grid.action_row_edge(-1)
        grid.action_row_edge(1)
        assert grid.visible_rows == range(999_981, 1_000_000)
        assert "999999.0" in line(grid, 19)
        assert len(numbers.asked) < 100


async def test_frozen_columns_stay_while_the_others_scroll_until_the_cursors_is_whole() -> None:
    async with shown(10) as (grid, _):
        assert list(grid.visible_columns) == [0, 1, 2, 3, 4, 5]
        grid.action_column_edge(1)
        first, second, *_, last = grid.visible_columns
        assert (first, second, last) == (0, 1, 39)
        header = line(grid, 0)
        assert header.split()[:2] == ["c0", "c1"]
        assert header.rstrip().endswith("c39")
        assert "0.39" in line(grid, 1)


async def test_signs_say_that_there_are_more_columns_on_a_side() -> None:
    async with shown(10) as (grid, _):
        assert line(grid, 0).endswith("›")
        assert "‹" not in line(grid, 1)
        grid.action_column_edge(1)
        assert not line(grid, 0).endswith("›")
        assert "‹" in line(grid, 1)


async def test_the_cursors_line_keeps_its_height_when_its_row_moves_elsewhere() -> None:
    async with shown(1000) as (grid, _):
        grid.move(5, 0)
        grid.show(Numbers(1000), cursor_row=500)
        assert (grid.cursor_row, grid.top) == (500, 495)
        grid.show(Numbers(3))
        assert (grid.cursor_row, grid.top) == (2, 0)


async def test_fewer_columns_keep_the_cursor_among_them_and_show_them() -> None:
    async with shown(10) as (grid, _):
        grid.action_column_edge(1)
        grid.show(Numbers(10), columns=[GridColumn(f"n{number}", 6) for number in range(4)])
        assert grid.cursor_column == 3
        grid.action_column_edge(-1)
        assert grid.visible_columns == (0, 1, 2, 3)


async def test_fewer_columns_are_all_shown_though_the_view_was_far_to_the_right_of_them() -> None:
    async with shown(10) as (grid, _):
        grid.action_column_edge(1)
        grid.action_column_edge(-1)
        grid.show(Numbers(10), columns=[GridColumn(f"n{number}", 6) for number in range(4)])
        assert grid.visible_columns == (0, 1, 2, 3)


async def test_a_click_moves_and_a_click_on_a_title_says_so() -> None:
    app = GridApp(Numbers(10), 6, 2)
    pressed: list[int] = []
    async with app.run_test(size=(60, 20), message_hook=lambda message: _note(message, pressed)) as pilot:
        await pilot.click(Grid, offset=(24, 4))
        assert app.grid.cursor == (3, 2)
        await pilot.click(Grid, offset=(12, 0))
        assert app.grid.cursor == (3, 1)
        assert pressed == [1]


def _note(message: object, pressed: list[int]) -> None:
    if isinstance(message, Grid.TitlePressed) and not pressed:
        pressed.append(message.grid.cursor_column)


async def test_a_row_that_is_not_loaded_shows_that_it_is_coming() -> None:
    class Coming(Numbers):
        def cells(self, row: int, columns: tuple[int, ...]) -> list[Cell]:
            return super().cells(row, columns) if row != 1 else []

    async with shown(3, columns=3) as (grid, _):
        grid.show(Coming(3))
        assert line(grid, 2).split() == ["·", "·", "·"]
        assert line(grid, 3).split() == ["2.0", "2.1", "2.2"]


async def test_wide_characters_keep_columns_in_line() -> None:
    class Wide(Numbers):
        def cells(self, row: int, columns: tuple[int, ...]) -> list[Cell]:
            return [Cell("日本語日本語"[: row + column]) for column in columns]

    async with shown(6, columns=4) as (grid, _):
        grid.show(Wide(6))
        assert {grid.render_line(y).cell_length for y in range(20)} == {60}


@pytest.mark.parametrize(("before", "after", "painted"), [(6, 13, True), (30, 40, False)])
async def test_rows_that_come_below_are_painted_where_there_is_room(before: int, after: int, painted: bool) -> None:
    async with shown(before) as (grid, numbers):
        numbers.asked.clear()
        numbers.grow(after)
        grid.recount()
        await Pilot(grid.app).pause()
        assert bool(numbers.asked) is painted
