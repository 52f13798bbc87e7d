"""What the axes of a chart name, and where."""

from math import isfinite

from mltrack_tui.domain.curves import XAxis
from mltrack_tui.plots.chart import Chart
from mltrack_tui.plots.ticks import labels, ticks
from mltrack_tui.plots.times import clock, lengths
from mltrack_tui.plots.view import View


def heights(view: View, most: int) -> list[tuple[float, str]]:
    """Heights between the edges, with what they are called: at most so many, and at least two where there are any."""
    if view.y is None:
        return []
    found: list[tuple[float, str]] = []
    for allowed in range(most, most + 4):
        found = view.heights.labels(*view.y, allowed)
        if len(found) > 1:  # one alone tells no scale
            break
    low, high = view.y
    return [(height, text) for height, text in found if low <= height <= high]


def places(view: View, chart: Chart, most: int) -> list[tuple[float, str]]:
    """At most so many x between the edges, with what they are called."""
    low, high = view.x
    if not any(len(seen.of.xs) for seen in view.logged):
        return []
    over = XAxis.STEP if chart.lines.ordinal else chart.look.x
    if over is XAxis.RELATIVE:
        found = lengths(low, high, most)
    elif over is XAxis.WALL:
        found = clock(low, high, most)
    elif view.only is not None:
        found = [(view.only, str(view.only) if isinstance(view.only, int) else f"{view.only:.6g}")]
    else:
        whole = over is XAxis.STEP
        numbers = ticks(low, high, most, whole=whole)
        found = [
            (int(number) if whole else float(number), text)
            for number, text in zip(numbers, labels(numbers), strict=True)
        ]
    return [(x, text) for x, text in found if isfinite(x) and low <= x <= high]
