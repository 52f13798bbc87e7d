"""What stands above a chart and below it."""

from collections.abc import Iterator, Sequence
from math import ceil, floor, inf, isfinite, isinf, isnan

from rich.cells import cell_len, set_cell_size

from mltrack_tui.domain.curves import CurveLook, Scale, Shape, XAxis
from mltrack_tui.domain.text import clean
from mltrack_tui.plots.lines import Curve, Lines
from mltrack_tui.plots.picture import CAPTION, TITLE, Run
from mltrack_tui.plots.style import Glyphs
from mltrack_tui.plots.times import between, length
from mltrack_tui.plots.view import View

_LEAST_OF_A_NAME = 8


def fitted(text: str, width: int, cut: str = "…") -> str:
    """The text in no more cells than ``width``, its end replaced where it is longer."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + cut if width > 0 else ""


def title_line(name: str, notes: str, extents: Sequence[str], width: int, made_of: Glyphs) -> tuple[Run, ...]:
    """A name, how it is drawn, and the extent of x in the first of its wordings that has room.

    What has none is left out: first the extent, then the notes; the name is cut.
    """
    name = made_of.words(clean(name, 4 * width))
    notes = f" ({notes})" if notes else ""
    endings = [*(f"{notes}   {extent}" for extent in extents), notes, ""]
    for behind in (made_of.words(clean(ending, 4 * width)) for ending in endings):
        room = width - cell_len(behind)
        if room >= min(cell_len(name), _LEAST_OF_A_NAME):
            break
    title = Run(fitted(name, room, made_of.cut), TITLE)
    return (title, Run(behind, CAPTION)) if behind else (title,)


def extent(view: View, lines: Lines, look: CurveLook, other: str) -> Sequence[str]:
    """From where to where x goes, in words, and again in fewer."""
    if not any(len(seen.of.xs) for seen in view.logged):
        return ()
    low, high = (view.only, view.only) if view.only is not None else view.x
    if lines.ordinal:
        return f"all at one {'step' if look.x is XAxis.STEP else 'time'}, in order", "in order"
    if look.x is XAxis.WALL:
        text = between(low, high)
        return text, text.partition(" ")[0]
    if look.x is XAxis.RELATIVE:
        return (f"{length(floor(low))}–{length(ceil(high))}",)
    if look.x is XAxis.METRIC:
        return (f"over {other}",)
    first, last = ceil(low), floor(high)
    return (f"step {first:,}" if first == last else f"step {first:,}–{last:,}",)


def look_notes(look: CurveLook, lines: Lines) -> str:
    """What was done to the values, in words: nothing where they are drawn as they are."""
    notes = [] if look.y is Scale.LINEAR else [look.y.value]
    if look.shape is Shape.SLOPE:
        notes.append("slope")
    elif look.shape is Shape.DIFFERENCE:
        notes.append("difference to baseline")
    elif look.shape is Shape.BAND:
        members = [len(line.logged) for line in lines.lines]
        notes.append(f"mean ± deviation of {' and '.join(map(str, members))}")
    if look.smoothing:
        notes.append(f"smoothed {look.smoothing:g}")
    return ", ".join(notes)


def counted(curves: Sequence[Curve], view: View, look: CurveLook) -> tuple[int, int | None, bool]:
    """How many points are drawn and of how many (None where nobody knows), and whether those are all there are."""
    points, total, whole, known = 0, 0, True, True
    drawn = [seen for _, seen, _ in view.lines] if look.shape is not Shape.BAND else view.logged
    for curve, logged, seen in zip(curves, view.logged, drawn, strict=True):
        history = curve.history
        inside = logged.last - logged.first
        points += min(len(seen.places), inside)
        if len(history) == history.total:
            total += inside
            continue
        whole = False
        if history.total is None or inside < len(logged.of.xs):
            known = False
        else:
            total += history.total
    return points, total if known else None, whole


def caption(curves: Sequence[Curve], view: View, look: CurveLook, made_of: Glyphs) -> str:
    """How many points are drawn, and what of them cannot be seen as a line."""
    histories = [curve.history for curve in curves]
    points, total, whole = counted(curves, view, look)
    of = "" if total is None else f" of {total:,}"
    sample = ", a sample" if any(history.on_demand for history in histories) else ""
    notes = [f"{points:,}{of} points{sample}"]
    if total is None and not whole and all(history.total is not None for history in histories):
        notes[0] += f" here, of {sum(history.total or 0 for history in histories):,} in all"
    if any(not history.exact and not history.on_demand for history in histories):
        notes.append("reading on…" if any(history.total is None for history in histories) else "sampled, reading on…")
    if not whole and (look.smoothing or look.shape is not Shape.VALUES):
        notes.append("worked out from these")
    return made_of.words(" · ".join([*notes, *_oddities(view, look, made_of)]))


def why_empty(curves: Sequence[Curve], view: View, look: CurveLook) -> str:
    """Why no curve has a place in a view, in a few words."""
    if not any(seen.last > seen.first for seen in view.logged):
        return "no points"
    if all(seen.count(isfinite) == 0 for seen in view.logged):
        return "no finite value"
    if look.shape is Shape.DIFFERENCE and all(curve.baseline is None for curve in curves):
        return "no baseline has this: choose another"
    if look.y is Scale.LOG and any(seen.count(_has_no_log) for _, seen, _ in view.lines):
        return "no positive value"
    if look.shape is Shape.DIFFERENCE:
        return "the baseline has no points here"
    return "no slope of one point" if look.shape is Shape.SLOPE else "no finite value"


def _oddities(view: View, look: CurveLook, made_of: Glyphs) -> Iterator[str]:
    unsure = [seen for seen in view.logged if not seen.is_finite]
    if nans := sum(seen.count(isnan) for seen in unsure):
        yield f"{nans:,} NaN {made_of.nan}"
    if infinite := sum(seen.count(isinf) for seen in unsure):
        marks = made_of.above * any(seen.count(inf.__eq__) for seen in unsure)
        marks += made_of.below * any(seen.count((-inf).__eq__) for seen in unsure)
        yield f"{infinite:,} inf {marks}"
    if look.y is Scale.LOG and (left_out := sum(drawn.count(_has_no_log) for _, drawn, _ in view.lines)):
        yield f"{left_out:,} not positive"
    if look.clips_outliers and view.y is not None:
        low, high = (view.heights.value(height) for height in view.y)
        if beyond := sum(drawn.count(lambda value: value < low or value > high) for _, drawn, _ in view.lines):
            yield f"{beyond:,} beyond {made_of.above}{made_of.below}"
    if view.only is None or len(view.logged) == 1:
        yield from _constant(view)


def _has_no_log(value: float) -> bool:
    return -inf < value <= 0


def _constant(view: View) -> Iterator[str]:
    if len(view.logged) != 1:
        return
    values = view.logged[0].values
    if len(values) > 1 and min(values) == max(values) and not isinf(values[0]) and len(set(values)) == 1:
        yield f"always {values[0]:.6g}"
