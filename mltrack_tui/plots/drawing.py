"""A chart as lines of text in inks."""

from collections.abc import Sequence
from math import inf, isnan

from mltrack_tui.domain.text import clean
from mltrack_tui.plots import labels
from mltrack_tui.plots.axes import bottom_axis
from mltrack_tui.plots.canvas import Dot
from mltrack_tui.plots.chart import Chart, Drawn
from mltrack_tui.plots.picture import AXIS, CAPTION, CURSOR, MARK, TEXT, TITLE, Ink, Picture, Run, Style
from mltrack_tui.plots.series import placed
from mltrack_tui.plots.sheet import Sheet
from mltrack_tui.plots.style import Glyphs, glyphs
from mltrack_tui.plots.view import Seen, View
from mltrack_tui.plots.words import caption, counted, extent, fitted, look_notes, title_line, why_empty

MIN_WIDTH = 16
"""Columns below which there is no picture."""

MIN_HEIGHT = 4
"""Lines below which there is no picture: title, two of curve, caption."""

_HEIGHT_WITH_AXIS = 6
"""Lines from which on the bottom axis and its labels are drawn: the title names its ends too."""
_MOST_TICKS = 6
_COLUMNS_BETWEEN_LABELS = 5
_DASHES = ("", "1110", "1100", "10", "11111100", "11101000", "111110101", "110100")
"""By slot, of which columns of dots a curve is drawn in; not the columns between."""

_ROWS_FROM_THE_END = (0, -1, 1, -2, 2, -3, 3)


def drawing(chart: Chart, width: int, height: int, style: Style, *, dashed: bool) -> Drawn:
    """A chart as `plots.chart.draw` promises it."""
    made_of = glyphs(style)
    lines = chart.lines
    view = View.of(lines, chart.look, chart.window, chart.x, max(width, 1) * made_of.across)
    words = caption(chart.curves, view, chart.look, made_of)
    points, total, whole = counted(chart.curves, view, chart.look)
    y = (0.0, 0.0) if view.y is None else (view.heights.value(view.y[0]), view.heights.value(view.y[1]))
    if width < MIN_WIDTH or height < MIN_HEIGHT:
        picture = _only_words(chart.title, words, width, height, made_of)
        return Drawn(picture, style, 0, 0, 0, 0, view.x, y, points, total, whole)
    has_axis = height >= _HEIGHT_WITH_AXIS
    rows = height - (4 if has_axis else 2)  # title, axis, labels, caption
    left = _left_labels(view, rows, made_of)
    gutter = max(map(len, left.values()), default=0)
    if gutter > width // 2:  # a number is whole or not there
        left, gutter = {}, 0
    numbered = len(lines.lines) > 1 or any(line.slot for line in lines.lines)
    columns = width - gutter - 1 - numbered
    sheet = Sheet(columns, rows, made_of)
    clips = chart.look.clips_outliers and chart.window.y is None
    _lay(sheet, view, chart, numbered=numbered, clips=clips, dashed=dashed and numbered)
    foot: tuple[tuple[Run, ...], ...] = ()
    if has_axis:
        axis, texts = bottom_axis(_bottom_labels(view, chart, columns, made_of), columns, gutter, width, made_of)
        foot = _crossed(axis, _nan_columns(view, columns, made_of), gutter + 1, made_of), (Run(texts, AXIS),)
    else:
        for column in _nan_columns(view, columns, made_of):
            sheet.mark(column, rows - 1, made_of.nan, MARK)
    canvas = sheet.lines(numbered=numbered and style is Style.ASCII)
    over = chart.look.x_metric or next((c.over.metric for c in chart.curves if c.over is not None), "another metric")
    reach = extent(view, lines, chart.look, over)
    head = title_line(chart.title, look_notes(chart.look, lines), reach, width, made_of)
    body = [_beside(row, runs, left, gutter, made_of) for row, runs in enumerate(canvas)]
    last = (Run(fitted(words, width, made_of.cut), CAPTION),)
    picture = Picture((head, *body, *foot, last))
    return Drawn(picture, style, gutter + 1, 1, columns, rows, view.x, y, points, total, whole)


def _only_words(title: str, words: str, width: int, height: int, made_of: Glyphs) -> Picture:
    """What there is to say where there is no room to draw: the caption, and above it the title."""
    title = made_of.words(clean(title, 4 * max(width, 1)))
    lines = [Run(fitted(title, width, made_of.cut), TITLE), Run(fitted(words, width, made_of.cut), CAPTION)]
    told = tuple((run,) for run in lines[-height:]) if height > 0 else ()
    return Picture(told + ((),) * (height - len(told)))


def _beside(row: int, runs: Sequence[Run], left: dict[int, str], gutter: int, made_of: Glyphs) -> tuple[Run, ...]:
    axis = made_of.upright_tick if row in left else made_of.upright
    return (Run(f"{left.get(row, ''):>{gutter}}{axis}", AXIS), *runs)


def _crossed(axis: str, columns: set[int], origin: int, made_of: Glyphs) -> tuple[Run, ...]:
    """The bottom axis with a mark where there is a NaN above it."""
    runs, start = [], 0
    for column in sorted(columns):
        runs += [Run(axis[start : origin + column], AXIS), Run(made_of.nan, MARK)]
        start = origin + column + 1
    return tuple(run for run in [*runs, Run(axis[start:], AXIS)] if run.text)


def _nan_columns(view: View, columns: int, made_of: Glyphs) -> set[int]:
    found = {dot for seen in view.logged for dot in view.columns(seen, isnan, columns * made_of.across)}
    return {dot // made_of.across for dot in found}


def _lay(sheet: Sheet, view: View, chart: Chart, *, numbered: bool, clips: bool, dashed: bool) -> None:
    """Draw all lines, and what marks them."""
    canvas, made_of = sheet.canvas, sheet.made_of
    if view.y is None:
        words = made_of.words(why_empty(chart.curves, view, chart.look))
        start = max((canvas.columns - len(words)) // 2, 0)
        for column, character in enumerate(fitted(words, canvas.columns, made_of.cut)):
            sheet.mark(start + column, canvas.rows // 2, character, TEXT)
        return
    for line, _, behind in view.lines:
        edges = [view.strokes(seen, canvas.across, canvas.down) for seen in behind]
        strokes = _area(*edges) if line.is_band and len(edges) == 2 else [run for runs in edges for run in runs]
        sheet.lay(strokes, Ink("behind", line.slot))
    ends = {}
    for line, seen, _ in view.lines:
        strokes = view.strokes(seen, canvas.across, canvas.down)
        sheet.lay(strokes, Ink("curve", line.slot), _DASHES[line.slot] if dashed else "")
        _mark(sheet, view, seen, strokes, Ink("curve", line.slot), clips=clips)
        if strokes:
            ends[line.slot] = strokes[-1][-1], Ink("curve", line.slot)
    if numbered:
        for slot, (dot, ink) in ends.items():
            _number(sheet, dot, str(slot + 1), ink)


def _area(lower: list[list[Dot]], upper: list[list[Dot]]) -> list[list[Dot]]:
    """Upright lines that fill what lies between two edges."""
    return [
        [low, high]
        for below, above in zip(lower, upper, strict=False)
        for low, high in zip(_every_column(below), _every_column(above), strict=False)
    ]


def _every_column(stroke: list[Dot]) -> list[Dot]:
    """A stroke with a dot in each of its columns."""
    dots: list[Dot] = []
    for x, y in stroke:
        if dots and x > dots[-1][0] + 1:
            start, height = dots[-1]
            dots += [
                (column, height + round((y - height) * (column - start) / (x - start)))
                for column in range(start + 1, x)
            ]
        if dots and dots[-1][0] == x:
            continue
        dots.append((x, y))
    return dots


def _mark(sheet: Sheet, view: View, seen: Seen, strokes: list[list[Dot]], ink: Ink, *, clips: bool) -> None:
    """Mark points without neighbours, and what lies beyond the picture."""
    canvas, made_of = sheet.canvas, sheet.made_of
    for stroke in strokes:
        if len(stroke) == 1 and 0 <= stroke[0][1] < canvas.down:
            x, y = stroke[0]
            sheet.mark(x // made_of.across, canvas.rows - 1 - y // made_of.down, made_of.lone, ink)
    low, high = -inf, inf
    if clips and view.y is not None:
        low, high = (view.heights.value(height) for height in view.y)
    for row, mark, dots in (
        (0, made_of.above, view.columns(seen, lambda value: value > high or value == inf, canvas.across, finite=clips)),
        (
            canvas.rows - 1,
            made_of.below,
            view.columns(seen, lambda value: value < low or value == -inf, canvas.across, finite=clips),
        ),
    ):
        for x in dots:
            sheet.mark(x // made_of.across, row, mark, Ink("mark", ink.slot))


def _number(sheet: Sheet, end: Dot, number: str, ink: Ink) -> None:
    """Put a curve's number beside its end: where nothing is drawn, or to the right of the canvas."""
    canvas, made_of = sheet.canvas, sheet.made_of
    x, y = end
    row = canvas.rows - 1 - min(max(y, 0), canvas.down - 1) // made_of.down
    beside = [(min(x // made_of.across + 1, canvas.columns), row + away) for away in _ROWS_FROM_THE_END]
    right = sorted(((canvas.columns, other) for other in range(canvas.rows)), key=lambda cell: abs(cell[1] - row))
    for column, other in (*beside, *right):
        if 0 <= other < canvas.rows and sheet.is_free(column, other):
            sheet.mark(column, other, number, ink)
            return


def _left_labels(view: View, rows: int, made_of: Glyphs) -> dict[int, str]:
    if view.y is None:
        return {}
    found = labels.heights(view, max(2, min(_MOST_TICKS, rows // 2)))
    dots = placed([height for height, _ in found], *view.y, rows * made_of.down)
    return {rows - 1 - dot // made_of.down: text for dot, (_, text) in zip(dots, found, strict=True)}


def _bottom_labels(view: View, chart: Chart, columns: int, made_of: Glyphs) -> dict[int, str]:
    found: list[tuple[float, str]] = []
    for most in range(_MOST_TICKS, 1, -1):
        found = labels.places(view, chart, most)
        if sum(len(text) for _, text in found) + _COLUMNS_BETWEEN_LABELS * (len(found) - 1) <= columns:
            break
    dots = placed([x for x, _ in found], *view.x, columns * made_of.across)
    return {dot // made_of.across: text for dot, (_, text) in zip(dots, found, strict=True)}


def cursor_through(drawn: Drawn, x: float) -> Picture:
    """A drawing with a line through its canvas and a foot on its axis, if it has one."""
    column = drawn.column_of(x)
    if column is None:
        return drawn.picture
    at = drawn.left + column
    upright = Run(glyphs(drawn.style).cursor, CURSOR)
    lines = list(drawn.picture.lines)
    for row in range(drawn.top, drawn.top + drawn.rows):
        lines[row] = _with_run(lines[row], at, upright, over_blanks=True)
    foot = drawn.top + drawn.rows
    if foot < len(lines) - 1:  # the last line is the caption
        lines[foot] = _with_run(lines[foot], at, upright, over_blanks=False)
    return Picture(tuple(lines))


def _with_run(line: tuple[Run, ...], at: int, run: Run, *, over_blanks: bool) -> tuple[Run, ...]:
    """A line with a character at a place, unless there is another and it goes over blanks only."""
    start = 0
    for index, there in enumerate(line):
        end = start + len(there.text)
        if start <= at < end:
            if over_blanks and there.text[at - start] != " ":
                return line
            parts = [Run(there.text[: at - start], there.ink), run, Run(there.text[at - start + 1 :], there.ink)]
            return (*line[:index], *(part for part in parts if part.text), *line[index + 1 :])
        start = end
    blanks = (Run(" " * (at - start), TEXT),) if at > start else ()
    return (*line, *blanks, run)
