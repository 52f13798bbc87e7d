"""From what was logged to the lines that are drawn of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from mltrack_tui.analysis.curves import Trace, band, by_order, difference, slope, trace
from mltrack_tui.analysis.smoothing import smoothed
from mltrack_tui.domain.curves import CurveLook, Shape, XAxis
from mltrack_tui.domain.history import History
from mltrack_tui.plots.picture import SERIES

_BAND_PLACES = 2000


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
        began: the milliseconds since the epoch that `XAxis.RELATIVE` counts from; those of the history's first point
            if not given, which are others where the history is only a part.
        candidate_id: which candidate it is, for exported data.
    """

    slot: int
    name: str
    history: History
    over: History | None = None
    baseline: History | None = None
    group: str = ""
    began: int | None = None
    candidate_id: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What is drawn of one curve, or of a group of them.

    Attributes:
        drawn: the line itself.
        logged: the values that it is made of, over the same x; several for a band.
        behind: lines that stand dim behind it: what was logged behind a smoothed one, a band's edges.
    """

    slot: int
    drawn: Trace
    logged: Sequence[Trace]
    behind: Sequence[Trace] = ()

    @property
    def is_band(self) -> bool:
        """Whether the lines behind are the edges of an area."""
        return len(self.behind) > 1


@dataclass(frozen=True, slots=True)
class Lines:
    """All lines of a chart.

    Attributes:
        lines: in the order of the curves.
        of_curve: which of them a curve is drawn as, or None.
        logged: each curve's values over x.
        ordinal: whether x is the order of the points, from 1, as all of a curve's are at one step or time.
    """

    lines: Sequence[Line]
    of_curve: Sequence[int | None]
    logged: Sequence[Trace]
    ordinal: bool

    def drawn_at(self, curve: int, x: float) -> float | None:
        """What is drawn of a curve at the x of one of its points, the last one there; None where nothing is."""
        drawn_as = self.of_curve[curve]
        if drawn_as is None:
            return None
        line = self.lines[drawn_as]
        near = line.drawn.nearest(x)
        if near is None or not (line.is_band or line.drawn.xs[near] == x):
            return None
        return line.drawn.values[near]

    def drawn_by_place(self, curve: int) -> dict[int, float] | None:
        """What is drawn of each point of a curve's history that a line goes through; None of one in a band."""
        drawn_as = self.of_curve[curve]
        if drawn_as is None or self.lines[drawn_as].is_band:
            return None
        drawn = self.lines[drawn_as].drawn
        return dict(zip(drawn.places, drawn.values, strict=True))


def lines_of(curves: Sequence[Curve], look: CurveLook) -> Lines:
    """What is drawn of some curves."""
    logged = [trace(curve.history, look.x, curve.began, curve.over) for curve in curves]
    ordinal = look.x is not XAxis.METRIC and _stand_still(logged)
    if ordinal:
        logged = [by_order(curve.history) for curve in curves]
    if look.shape is Shape.BAND:
        lines, of_curve = _bands(curves, logged, look.smoothing)
        return Lines(lines, of_curve, logged, ordinal)

    def base(curve: Curve) -> Trace:
        if curve.baseline is None:
            return Trace((), (), ())
        # its own beginning: what is compared is the same time since each began
        return by_order(curve.baseline) if ordinal else trace(curve.baseline, look.x, None, curve.over)

    lines = [_line(curve.slot, of, look, partial(base, curve)) for curve, of in zip(curves, logged, strict=True)]
    return Lines(lines, range(len(lines)), logged, ordinal)


def _stand_still(traces: Sequence[Trace]) -> bool:
    """Whether there is nothing but points at the same x, several of one curve."""
    return max((len(of.xs) for of in traces), default=0) > 1 and all(
        of.xs[0] == of.xs[-1] for of in traces if len(of.xs)
    )


def _line(slot: int, logged: Trace, look: CurveLook, base: "partial[Trace]") -> Line:
    of = logged
    if look.shape is Shape.DIFFERENCE:
        of = difference(of, base())
    raw = of
    of = _smooth(of, look.smoothing)
    if look.shape is Shape.SLOPE:
        return Line(slot, slope(of), [logged])
    return Line(slot, of, [logged], [raw] if look.smoothing else [])


def _smooth(of: Trace, weight: float) -> Trace:
    return Trace(of.xs, smoothed(of.values, weight), of.places) if weight else of


def _bands(curves: Sequence[Curve], logged: Sequence[Trace], weight: float) -> tuple[list[Line], list[int | None]]:
    groups: dict[str, list[int]] = {}
    for place, curve in enumerate(curves):
        groups.setdefault(curve.group, []).append(place)
    shown = dict(list(groups.items())[:SERIES])
    lines = [
        Line(curves[members[0]].slot, *_band([_smooth(logged[place], weight) for place in members]))
        for members in shown.values()
    ]
    order = {group: place for place, group in enumerate(shown)}
    return lines, [order.get(curve.group) for curve in curves]


def _band(members: Sequence[Trace]) -> tuple[Trace, Sequence[Trace], Sequence[Trace]]:
    found = band(members, _BAND_PLACES)
    places = range(len(found.xs))
    pairs = list(zip(found.means, found.deviations, strict=True))
    edges = [
        Trace(found.xs, [mean - deviation for mean, deviation in pairs], places),
        Trace(found.xs, [mean + deviation for mean, deviation in pairs], places),
    ]
    return Trace(found.xs, found.means, places), members, edges
