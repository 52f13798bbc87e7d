"""Curves between 0 and 1 on both axes: ROC, precision and recall, calibration."""

from collections.abc import Sequence
from dataclasses import dataclass

from mltrack_tui.domain.curves import Scale
from mltrack_tui.plots.axes import bottom_axis
from mltrack_tui.plots.canvas import Dot
from mltrack_tui.plots.painting import caption, filled, finished, fitted, title, words
from mltrack_tui.plots.picture import AXIS, Ink, Picture, Run, Style
from mltrack_tui.plots.ruler import Ruler
from mltrack_tui.plots.scales import Heights
from mltrack_tui.plots.series import placed
from mltrack_tui.plots.sheet import Sheet
from mltrack_tui.plots.style import glyphs

_DASHES = ("", "1110", "1100", "10", "11111100", "11101000", "111110101", "110100")
"""By curve, of which columns of dots it is drawn in: colour alone tells nothing to some."""
_FROM = (24, 8)
"""Columns and lines from which on there is a picture."""


@dataclass(frozen=True, slots=True)
class RateChart:
    """What is drawn.

    Attributes:
        title: what it is of.
        x, y: what lies on the axes.
        curves: each with its name, its points by growing x.
        diagonal: whether there is a line where x is y.
        notes: for the last line.
    """

    title: str
    x: str
    y: str
    curves: Sequence[tuple[str, Sequence[tuple[float, float]]]]
    diagonal: bool
    notes: Sequence[str] = ()


def draw_rates(chart: RateChart, width: int, height: int, style: Style) -> Picture:
    """Draw curves as exactly ``height`` lines of at most ``width`` cells."""
    made_of = glyphs(style)
    legend = [_legend(place, name, width) for place, (name, _) in enumerate(chart.curves) if name]
    rows = height - 4 - len(legend)
    if width < _FROM[0] or height < _FROM[1] or rows < 2:
        return finished(words(" · ".join([chart.title, *chart.notes]), width, height).lines, style)
    xs = [x for _, points in chart.curves for x, _ in points]
    ys = [y for _, points in chart.curves for _, y in points]
    across, up = (Ruler(Heights(Scale.LINEAR), min([0.0, *each]), max([1.0, *each])) for each in (xs, ys))
    left = up.left(rows)
    gutter = max(map(len, left.values()), default=0)
    columns = width - gutter - 1
    sheet = Sheet(columns, rows, made_of)
    if chart.diagonal:
        ends = ((0.0, 0.0), (1.0, 1.0))
        sheet.lay([_dots(ends, across, up, sheet)], Ink("behind"), "1000")
    for place, (_, points) in enumerate(chart.curves):
        dashes = _DASHES[place % len(_DASHES)]
        sheet.lay([_dots(points, across, up, sheet)], Ink("curve", place), dashes)
    body = [
        (Run(f"{left.get(row, ''):>{gutter}}{made_of.upright_tick if row in left else made_of.upright}", AXIS), *runs)
        for row, runs in enumerate(sheet.lines())
    ]
    axis, below = bottom_axis(across.bottom(columns), columns, gutter, width, made_of)
    foot = ((Run(axis, AXIS),), (Run(below, AXIS),))
    heading = f"{chart.title}: {chart.y} over {chart.x}"
    lines = [title(heading, width), *body, *foot, *legend]
    return finished([*filled(lines, height - 1), caption(chart.notes, width)], style)


def _legend(place: int, name: str, width: int) -> tuple[Run, ...]:
    sample = "━━━ " if not _DASHES[place % len(_DASHES)] else "╍╍╍ "
    return Run(sample, Ink("curve", place)), Run(fitted(name, max(width - 4, 0)), Ink("text"))


def _dots(points: Sequence[tuple[float, float]], across: Ruler, up: Ruler, sheet: Sheet) -> list[Dot]:
    """A curve's dots: of those in one column the first, the lowest, the highest and the last."""
    canvas = sheet.canvas
    xs = placed([x for x, _ in points], across.low, across.high, canvas.across)
    ys = placed([y for _, y in points], up.low, up.high, canvas.down)
    columns: dict[int, list[int]] = {}
    for x, y in zip(xs, ys, strict=True):
        columns.setdefault(x, []).append(y)
    return [(x, y) for x, there in columns.items() for y in (there[0], min(there), max(there), there[-1])]
