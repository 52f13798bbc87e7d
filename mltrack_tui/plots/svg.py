"""Charts as a vector picture."""

from collections.abc import Iterator, Sequence
from math import inf, isfinite, isnan

from mltrack_tui.domain.numbers import exact
from mltrack_tui.domain.text import clean
from mltrack_tui.plots import labels
from mltrack_tui.plots.chart import Chart
from mltrack_tui.plots.lines import Curve
from mltrack_tui.plots.palette import LIGHT
from mltrack_tui.plots.picture import Style
from mltrack_tui.plots.picture_svg import in_xml
from mltrack_tui.plots.series import placed
from mltrack_tui.plots.style import glyphs
from mltrack_tui.plots.view import View
from mltrack_tui.plots.words import caption, extent, look_notes

_MARGIN, _LINE, _LETTER = 12, 18, 7.2
_LEAST = 120
_FINE = 10  # a tenth of a pixel
_LONGEST = 200  # characters of a text

_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    ' font-family="DejaVu Sans, Verdana, sans-serif" font-size="12" fill="#22262e">\n'
    '<rect width="100%" height="100%" fill="#ffffff"/>\n'
)


def svg(charts: Sequence[Chart], width: int, height: int) -> str:
    """Charts below each other as SVG 1.1, each of this width and height in pixels, with its legend below."""
    width, height = max(width, 2 * _LEAST), max(height, _LEAST)
    parts, top = [], 0
    for number, chart in enumerate(charts):
        parts.append(f'<g transform="translate(0 {top})">\n{"".join(_chart(chart, width, height, number))}</g>\n')
        top += height + _LINE * len(chart.curves) + _MARGIN
    return _HEAD.format(width=width, height=max(top, 1)) + "".join(parts) + "</svg>\n"


def _chart(chart: Chart, width: int, height: int, number: int) -> Iterator[str]:
    view = View.of(chart.lines, chart.look, chart.window, chart.x, 2 * width)
    found = labels.heights(view, max(2, height // 60))
    left = _MARGIN + int(_LETTER * max((len(text) for _, text in found), default=0)) + 6
    across, down = max(width - left - _MARGIN, _LEAST // 2), max(height - 4 * _LINE, _LEAST // 4)
    notes = look_notes(chart.look, chart.lines)
    title = " ".join(text for text in (chart.title, f"({notes})" if notes else "") if text)
    over = chart.look.x_metric or "another metric"
    yield _text(_MARGIN, _LINE, title, 'font-weight="bold"')
    for reach in extent(view, chart.lines, chart.look, over)[:1]:
        yield _text(width - _MARGIN, _LINE, reach, 'text-anchor="end" fill="#6b7280"')
    yield f'<g transform="translate({left} {_LINE + 8})">\n'
    yield f'<clipPath id="c{number}"><rect width="{across}" height="{down}"/></clipPath>\n'
    yield from _axes(view, chart, found, across, down)
    yield f'<g clip-path="url(#c{number})">\n'
    yield from _lines(view, across, down)
    yield "</g>\n"
    yield from _marks(view, across, down)
    yield "</g>\n"
    words = caption(chart.curves, view, chart.look, glyphs(Style.BRAILLE))
    yield _text(_MARGIN, height - 4, words, 'fill="#6b7280"')
    for place, curve in enumerate(chart.curves):
        y = height + _LINE * (place + 1) - 4
        yield f'<rect x="{_MARGIN}" y="{y - 8}" width="14" height="6" fill="{LIGHT[curve.slot]}"/>\n'
        yield _text(_MARGIN + 20, y, f"{curve.slot + 1}  {legend(curve)}")


def legend(curve: Curve) -> str:
    """A curve's name, its last value, its least and its greatest, of what was read."""
    values = curve.history.values
    numbers = list(filter(isfinite, values))
    told = [clean(curve.name, _LONGEST)] if curve.name else []
    if len(values):
        told.append(f"last {values[-1]:.6g}" if isfinite(values[-1]) else f"last {exact(values[-1])}")
    if numbers:
        told.append(f"min {min(numbers):.6g}   max {max(numbers):.6g}")
    return "   ".join(told)


def _axes(view: View, chart: Chart, heights: Sequence[tuple[float, str]], across: int, down: int) -> Iterator[str]:
    yield f'<path d="M0 0V{down}H{across}" fill="none" stroke="#6b7280"/>\n'
    if view.y is not None:
        rows = placed([height for height, _ in heights], *view.y, down + 1)
        for row, (_, text) in zip(rows, heights, strict=True):
            yield f'<path d="M-4 {down - row}H{across}" stroke="#e2e3df"/>\n'
            yield _text(-6, down - row + 4, text, 'text-anchor="end"')
    found = labels.places(view, chart, max(2, across // 110))
    columns = placed([x for x, _ in found], *view.x, across + 1)
    for column, (_, text) in zip(columns, found, strict=True):
        yield f'<path d="M{column} {down}v4" stroke="#6b7280"/>\n'
        yield _text(column, down + 17, text, 'text-anchor="middle"')


def _lines(view: View, across: int, down: int) -> Iterator[str]:
    """What stands behind, then the lines; a point without neighbours is a disc."""
    size = across * _FINE + 1, down * _FINE + 1
    for line, _, behind in view.lines:
        edges = [view.strokes(seen, *size) for seen in behind]
        if line.is_band:
            for lower, upper in zip(*edges, strict=False):
                points = _points([*lower, *reversed(upper)], down)
                yield f'<polygon points="{points}" fill="{LIGHT[line.slot]}" fill-opacity="0.25"/>\n'
            continue
        for stroke in (stroke for strokes in edges for stroke in strokes):
            yield _polyline(stroke, down, f'stroke="{LIGHT[line.slot]}" stroke-opacity="0.35"')
    for line, seen, _ in view.lines:
        for stroke in view.strokes(seen, *size):
            if len(stroke) > 1:
                yield _polyline(stroke, down, f'stroke="{LIGHT[line.slot]}" stroke-width="1.5"')
            else:
                ((x, y),) = stroke
                yield f'<circle cx="{x / _FINE}" cy="{down - y / _FINE}" r="2.5" fill="{LIGHT[line.slot]}"/>\n'


def _polyline(stroke: Sequence[tuple[int, int]], down: int, look: str) -> str:
    return f'<polyline points="{_points(stroke, down)}" fill="none" stroke-linejoin="round" {look}/>\n'


def _points(stroke: Sequence[tuple[int, int]], down: int) -> str:
    return " ".join(f"{x / _FINE:g},{down - y / _FINE:g}" for x, y in stroke)


def _marks(view: View, across: int, down: int) -> Iterator[str]:
    """What no line can show: below the axis where there is no number, at an edge where it is infinite."""
    made_of = glyphs(Style.BRAILLE)
    kinds = ((isnan, made_of.nan, down + 4), (inf.__eq__, made_of.above, 9), ((-inf).__eq__, made_of.below, down - 1))
    for wanted, mark, y in kinds:
        columns = {column for seen in view.logged for column in view.columns(seen, wanted, across + 1)}
        for column in sorted(columns):
            yield _text(column, y, mark, 'text-anchor="middle" fill="#b3263a"')


def _text(x: float, y: float, text: str, look: str = "") -> str:
    harmless = in_xml(clean(text, _LONGEST))
    return f'<text x="{x}" y="{y}"{" " if look else ""}{look} xml:space="preserve">{harmless}</text>\n'
