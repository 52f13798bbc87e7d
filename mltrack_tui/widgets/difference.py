"""Painting a table's cells again where they differ from before, and nothing else."""

from collections.abc import Mapping

from mltrack_tui.widgets.cells import Cell
from mltrack_tui.widgets.grid import Grid

Cells = Mapping[tuple[int, int], Cell]
"""Cells on screen by row and column."""


def cells_on_screen(grid: Grid) -> Cells:
    """What a table shows now."""
    columns = grid.visible_columns
    return {
        (row, column): cell
        for row in grid.visible_rows
        for column, cell in zip(columns, grid.rows.cells(row, columns) or (), strict=False)
    }


def repaint_difference(grid: Grid, before: Cells) -> None:
    """Paint what is otherwise now; the same rows and columns are on screen."""
    now = cells_on_screen(grid)
    regions = [grid.cell_region(*place) for place, cell in now.items() if before.get(place) != cell]
    if regions:
        grid.refresh(*regions)
    if any(before.get(place) != cell for place, cell in now.items() if place[0] == grid.cursor_row):
        grid.post_message(Grid.Moved(grid))
