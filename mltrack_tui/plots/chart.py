"""Curves within axes: what is to be drawn, and the drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

from mltrack_tui.domain.curves import CurveLook, Window
from mltrack_tui.domain.history import History
from mltrack_tui.plots.picture import Picture, Style


@dataclass(frozen=True, slots=True)
class Curve:
    """One candidate's metric as it is to be drawn.

    Attributes:
        slot: the candidate's colour and number, the same in every chart; below `plots.picture.SERIES`.
        name: what a legend calls it.
        history: what was logged, as far as it was read.
        over: the history of the metric it is drawn over, with `XAxis.METRIC`.
        baseline: the baseline candidate's history of the same metric, with `Shape.DIFFERENCE`.
        group: with `Shape.BAND`, curves of one group make one mean; its slot is its first curve's.
    """

    slot: int
    name: str
    history: History
    over: History | None = None
    baseline: History | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A metric of some candidates, and how it is looked at.

    ``title`` stands above it, the metric's name as a rule. ``x`` is the range that it shares with other charts, where
    ``window`` names none.
    """

    title: str
    curves: Sequence[Curve]
    look: CurveLook = CurveLook()
    window: Window = Window()
    x: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one curve says at a place: nearest point's x, step, time (milliseconds) and value; None where it has none.

    ``value`` is the logged one; ``drawn`` what is drawn there: smoothed, a slope, a difference.
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
        left, top, columns, rows: the cells of the canvas within it; without columns there is no canvas.
        x, y: the values at the canvas's edges, in the units of the axes.
        points, total: how many points are drawn in this window, and of how many; ``total`` None where nobody knows.
        whole: whether every point in the window is drawn, so that no finer data is to be had.
    """

    picture: Picture
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
        raise NotImplementedError

    def x_at(self, column: int) -> float:
        """The x in the middle of a column of the canvas."""
        raise NotImplementedError


def draw(chart: Chart, width: int, height: int, style: Style = Style.BRAILLE) -> Drawn:
    """Draw a chart as exactly ``height`` lines of at most ``width`` cells. No data, however odd, raises.

    ``Shape.BAND`` draws at most `SERIES` groups; hidden candidates are left out by whoever makes the chart.
    """
    raise NotImplementedError


def with_cursor(drawn: Drawn, x: float) -> Picture:
    """The drawing with a line through its canvas at an x; curves stay legible in their inks."""
    raise NotImplementedError


def read(chart: Chart, x: float) -> list[Reading]:
    """What each curve says at an x, in the chart's order: the point nearest to it."""
    raise NotImplementedError


def next_x(chart: Chart, x: float, step: int) -> float:
    """The x of the next point behind (1) or before (-1) an x, of any curve; the same x at the end."""
    raise NotImplementedError
