"""Several small pictures as one."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from mltrack_tui.plots.picture import TEXT, TITLE, Picture, Run
from mltrack_tui.widgets.chart import CHOSEN

NARROWEST, LOWEST = 36, 8
"""Cells and lines of the smallest chart in a grid, if there is room for any."""
_SHAPE = 3.5
"""How many cells wide a chart of a line's height looks best."""


@dataclass(frozen=True, slots=True)
class Tiling:
    """So many charts beside and above each other, each of ``width`` cells, its left one blank, and ``height`` lines."""

    columns: int
    rows: int
    width: int
    height: int

    @property
    def count(self) -> int:
        """How many charts there are on a page."""
        return self.columns * self.rows

    @classmethod
    def of(cls, count: int, width: int, height: int) -> "Tiling":
        """The tiling of a screen: as many as fit, or, of fewer, as large as they can be."""
        across, down = max(width // NARROWEST, 1), max(height // LOWEST, 1)
        if 0 < count < across * down:
            across, down = max(
                ((columns, -(-count // columns)) for columns in range(1, across + 1) if -(-count // columns) <= down),
                key=lambda shape: (min(width // shape[0] / _SHAPE, height // shape[1]), -shape[0]),
                default=(across, down),
            )
        return cls(across, max(down, 1), width // across, height // max(down, 1))


def tiled(pictures: Sequence[Picture], tiling: Tiling, chosen: int) -> Picture:
    """Pictures in rows; the one that the cursor is on has another title, and a bar before it."""
    lines: list[tuple[Run, ...]] = []
    for start in range(0, len(pictures), tiling.columns):
        row = pictures[start : start + tiling.columns]
        for y in range(tiling.height):
            line: list[Run] = []
            for place, picture in enumerate(row, start):
                here = place == chosen and y == 0
                line.append(Run("▌" if here else " ", CHOSEN))
                runs = picture.lines[y] if y < len(picture.lines) else ()
                line.extend(_chosen(runs) if here else runs)
                line.append(Run(" " * (tiling.width - 1 - sum(cell_len(run.text) for run in runs)), TEXT))
            lines.append(tuple(line))
    return Picture(tuple(lines))


def _chosen(runs: Sequence[Run]) -> list[Run]:
    return [run._replace(ink=CHOSEN) if run.ink == TITLE else run for run in runs]
