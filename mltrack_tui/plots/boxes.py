"""How a metric spreads in each part of a column, as boxes with whiskers, one line each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from rich.cells import cell_len

from mltrack_tui.analysis.grouping import Group
from mltrack_tui.analysis.quartiles import Box
from mltrack_tui.plots.axes import bottom_axis
from mltrack_tui.plots.histogram import group_labels
from mltrack_tui.plots.painting import (
    BEST_MARK,
    MIN_HEIGHT,
    MIN_WIDTH,
    caption,
    filled,
    finished,
    head,
    painted,
    scrolled,
    title,
    words,
)
from mltrack_tui.plots.picture import AXIS, BEST, MARK, TEXT, Ink, Picture, Run, Style
from mltrack_tui.plots.ruler import Ruler
from mltrack_tui.plots.style import glyphs

_AXIS_FROM = 6
"""Lines from which on there is room for an axis below the boxes."""
_WHISKER, _LEFT_END, _RIGHT_END, _BOX, _MEDIAN, _OUTLIER, _LONE = "─", "├", "┤", "█", "│", "∘", "●"


@dataclass(frozen=True, slots=True)
class Boxes:
    """What is drawn.

    Attributes:
        x, y: what the column with the parts and the metric are called.
        groups: the parts, from the top.
        boxes: what the metric does in each; None where none of its candidates has a number.
        best: the index of the group with the best median.
        notes: what else is to be said, the weightiest first.
    """

    x: str
    y: str
    groups: Sequence[Group]
    boxes: Sequence[Box | None]
    best: int | None = None
    notes: Sequence[str] = ()


def draw_boxes(boxes: Boxes, cursor: int, width: int, height: int, style: Style) -> Picture:
    """Draw the boxes around the cursor's as ``height`` lines of at most ``width`` cells; no data raises."""
    heading = f"{boxes.y} by {boxes.x}"
    there = [box for box in boxes.boxes if box is not None]
    if not there or width < MIN_WIDTH or height < MIN_HEIGHT:
        why = "no candidate has a number here" if not there else "there is no room for a picture"
        return finished(words(why, width, height, heading).lines, style)
    below = 2 if height >= _AXIS_FROM else 0
    shown = scrolled(len(boxes.boxes), cursor, height - 2 - below)
    ruler = Ruler.of(
        [*chain.from_iterable((*box.outliers, box.low, box.first, box.median, box.third, box.high) for box in there)]
    )
    names = group_labels(boxes.groups)
    counts = len(f"{max(box.count for box in there):,}")
    left = max(min(max(map(cell_len, names)), width // 3), 4)
    gutter = left + counts + 5
    columns = width - gutter - 1
    lines = [title(f"{heading} (log)" if ruler.logarithmic else heading, width)]
    for index in shown:
        box, best = boxes.boxes[index], index == boxes.best
        ink = BEST if best else TEXT if boxes.groups[index].says_something else AXIS
        lines.append(
            (
                Run(BEST_MARK if best else " ", BEST),
                *head(names[index], left, chosen=index == cursor, ink=ink),
                Run(f" n {box.count if box is not None else 0:>{counts},} ", AXIS),
                *painted(" " * columns, _cells(box, ruler, columns) if box is not None else {}, TEXT),
            )
        )
    axis = bottom_axis(ruler.bottom(columns), columns, gutter, width, glyphs(Style.BRAILLE))
    extent = f"{len(shown):,} of {len(boxes.boxes):,} lines" if len(shown) < len(boxes.boxes) else ""
    ends = [(Run(line, AXIS),) for line in axis[:below]]
    return finished(
        [*filled(lines, height - 1 - below), *ends, caption([extent, *boxes.notes, "box: middle half"], width)], style
    )


def _cells(box: Box, ruler: Ruler, columns: int) -> dict[int, Run]:
    """What a box is drawn with, by column; what matters more is drawn over the rest."""
    low, first, median, third, high = ruler.cells((box.low, box.first, box.median, box.third, box.high), columns)
    line, body, centre = Ink("axis"), Ink("curve"), Ink("text")
    cells = {column: Run(_OUTLIER, MARK) for column in ruler.cells(box.outliers, columns)}
    if box.count == 1:
        return {median: Run(_LONE, body)}
    cells |= {column: Run(_WHISKER, line) for column in range(low, high + 1)}
    cells |= {low: Run(_LEFT_END, line), high: Run(_RIGHT_END, line)}
    cells |= {column: Run(_BOX, body) for column in range(first, third + 1)}
    return cells | {median: Run(_MEDIAN, centre)}
