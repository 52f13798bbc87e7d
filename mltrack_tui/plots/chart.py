"""Curves within axes: what is to be drawn, and the drawing."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from mltrack_tui.domain.curves import CurveLook, Window
from mltrack_tui.plots.lines import Curve, Lines, lines_of
from mltrack_tui.plots.picture import Picture, Style
from mltrack_tui.plots.series import placed
from mltrack_tui.plots.style import glyphs

__all__ = ["Chart", "Curve", "Drawn", "Reading", "draw", "next_x", "read", "with_cursor"]


@dataclass(frozen=True)
class Chart:
    """A metric of some candidates, and how it is looked at.

    ``title`` stands above it, the metric's name as a rule. ``x`` is the range that it shares with other charts, where
    ``window`` names none. What is drawn of the curves is worked out once a chart.
    """

    title: str
    curves: Sequence[Curve]
    look: CurveLook = field(default_factory=CurveLook)
    window: Window = field(default_factory=Window)
    x: tuple[float, float] | None = None

    @cached_property
    def lines(self) -> Lines:
        """What is drawn of the curves, wherever the window is."""
        return lines_of(self.curves, self.look)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one curve says at a place: nearest point's x, step, time (milliseconds) and value; None where it has none.

    ``value`` is the logged one; ``drawn`` what is drawn there: smoothed, a slope, a difference, a mean.
    """

    slot: int
    name: str
    x: float | None
    step: int | None
    time: int | None
    value: float | None
    drawn: float | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing, and where in it the values are.

    Attributes:
        picture: ``height`` lines of at most ``width`` cells: a title, the canvas with its axes, a caption.
        style: what it is made of.
        left, top, columns, rows: the cells of the canvas within it; without columns there is no canvas.
        x, y: the values at the canvas's edges, in the units of the axes.
        points, total: how many points are drawn in this window, and of how many; ``total`` None where nobody knows.
        whole: whether the histories have every point in this window, so that no finer data is to be had.
    """

    picture: Picture
    style: Style
    left: int
    top: int
    columns: int
    rows: int
    x: tuple[float, float]
    y: tuple[float, float]
    points: int
    total: int | None
    whole: bool

    def column_of(self, x: float) -> int | None:
        """The canvas's column, from 0, that an x falls on, or None outside."""
        low, high = self.x
        if not self.columns or not low <= x <= high:
            return None
        across = glyphs(self.style).across
        return placed([x], low, high, self.columns * across)[0] // across

    def x_at(self, column: int) -> float:
        """The x in the middle of a column of the canvas."""
        low, high = self.x
        across = glyphs(self.style).across
        share = (column * across + (across - 1) / 2) / max(self.columns * across - 1, 1)
        return low * (1 - share) + high * share


def draw(chart: Chart, width: int, height: int, style: Style = Style.BRAILLE, *, dashed: bool = False) -> Drawn:
    """Draw a chart as exactly ``height`` lines of at most ``width`` cells. No data, however odd, raises.

    ``Shape.BAND`` draws at most `SERIES` groups; hidden candidates are left out by whoever makes the chart. Several
    curves have their numbers at their ends; ``dashed`` also gives each slot its dashes, for who sees no colours.
    """
    from mltrack_tui.plots.drawing import drawing

    return drawing(chart, width, height, style, dashed=dashed)


def with_cursor(drawn: Drawn, x: float) -> Picture:
    """The drawing with a line through its canvas at an x; curves stay legible in their inks."""
    from mltrack_tui.plots.drawing import cursor_through

    return cursor_through(drawn, x)


def read(chart: Chart, x: float) -> list[Reading]:
    """What each curve says at an x, in the chart's order: the point nearest to it."""
    lines = chart.lines
    return [_reading(curve, x, lines, place) for place, curve in enumerate(chart.curves)]


def _reading(curve: Curve, x: float, lines: Lines, place: int) -> Reading:
    of = lines.logged[place]
    at = of.nearest(x)
    if at is None:
        return Reading(curve.slot, curve.name, None, None, None, None, None)
    point, history = of.places[at], curve.history
    return Reading(
        curve.slot,
        curve.name,
        of.xs[at],
        history.steps[point],
        history.timestamps[point],
        history.values[point],
        lines.drawn_at(place, of.xs[at]),
    )


def next_x(chart: Chart, x: float, step: int) -> float:
    """The x of the next point behind (1) or before (-1) an x, of any curve; the same x at the end."""
    found = []
    for of in chart.lines.logged:
        at = bisect_right(of.xs, x) if step > 0 else bisect_left(of.xs, x) - 1
        if 0 <= at < len(of.xs):
            found.append(of.xs[at])
    return (min if step > 0 else max)(found, default=x)
