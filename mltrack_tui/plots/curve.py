"""A metric over its steps, as a picture of plain text: a title, the curve with its axes, and what stands behind it.

plotext draws the curve and no more. Its own axes put labels of unequal length wherever a linear division falls, and
spend a third of 38 columns on them; ours are round, few, and at the cell their value has.
"""

import math
from collections.abc import Callable, Iterable, Sequence

from rich.cells import cell_len, set_cell_size

from mltrack_tui.domain.history import History
from mltrack_tui.domain.text import clean
from mltrack_tui.plots.axes import framed
from mltrack_tui.plots.canvas import DOTS_ACROSS, DOTS_DOWN, braille
from mltrack_tui.plots.series import Series, place, strokes
from mltrack_tui.plots.ticks import labels, ticks

MIN_WIDTH = 16
"""Columns below which there is no picture."""

MIN_HEIGHT = 6
"""Lines below which there is no picture: title, two of curve, axis, labels, caption."""

_BESIDE_THE_CANVAS = 4  # title, axis, labels, caption
_MOST_TICKS = 6
_COLUMNS_BETWEEN_LABELS = 5
_NAN, _ABOVE, _BELOW, _LONE = "×", "▲", "▼", "•"


def plot_history(history: History, width: int, height: int) -> str:
    """Draw a history as exactly ``height`` lines of at most ``width`` cells, joined by line ends, without any codes.

    NaN breaks the line and puts × on the bottom axis below it; an infinity is ▲ or ▼ at the edge.
    No history raises. Below `MIN_WIDTH` or `MIN_HEIGHT` the answer is the caption alone.
    """
    series = Series.of(history)
    caption = _fitted(_caption(history), width)
    if width < MIN_WIDTH or height < MIN_HEIGHT:
        return caption
    picture = _picture(series, width, height - _BESIDE_THE_CANVAS)
    return "\n".join([_title(history.metric, _extent(series), width), *picture, caption])


def plot_histories(histories: Sequence[History], width: int, height: int) -> str:
    """Draw some histories below each other, in equal shares of ``height`` but no less than `MIN_HEIGHT` lines each."""
    if not histories:
        return ""
    share, rest = divmod(height, len(histories))
    return "\n".join(
        plot_history(history, width, max(share + (place < rest), MIN_HEIGHT)) for place, history in enumerate(histories)
    )


def _picture(series: Series, width: int, rows: int) -> list[str]:
    """The curve within its axes: ``rows`` lines and two for the bottom axis."""
    left = _left_labels(series, rows)
    gutter = max(map(len, left.values()), default=0)
    if gutter > width // 2:  # a number is whole or not there
        left, gutter = {}, 0
    columns = width - gutter - 1
    lines = framed(_canvas(series, columns, rows), left, _bottom_labels(series, columns), gutter)
    return _marked(lines, rows, _cells(series, math.isnan, columns), _NAN, offset=gutter + 1)


def _canvas(series: Series, columns: int, rows: int) -> list[str]:
    dots = strokes(series, columns * DOTS_ACROSS, rows * DOTS_DOWN)
    canvas = braille(dots, columns, rows)
    if series.y is None:
        words = "no finite value" if series.points else "no points"
        canvas[rows // 2] = _fitted(words, columns).center(columns)
        return canvas
    if len(dots) == 1 and len(dots[0]) == 1:
        column, row = dots[0][0]
        _marked(canvas, rows - 1 - row // DOTS_DOWN, [column // DOTS_ACROSS], _LONE)
    _marked(canvas, 0, _cells(series, math.inf.__eq__, columns), _ABOVE)
    return _marked(canvas, rows - 1, _cells(series, (-math.inf).__eq__, columns), _BELOW)


def _cells(series: Series, wanted: Callable[[float], bool], columns: int) -> set[int]:
    """The columns of the canvas in which the wanted values lie."""
    across = columns * DOTS_ACROSS
    return {place(x, *series.x, across) // DOTS_ACROSS for x in series.where(wanted)}


def _marked(lines: list[str], line: int, columns: Iterable[int], mark: str, offset: int = 0) -> list[str]:
    """The lines, one of which got a mark at some columns."""
    cells = list(lines[line])
    for column in columns:
        cells[offset + column] = mark
    lines[line] = "".join(cells)
    return lines


def _left_labels(series: Series, rows: int) -> dict[int, str]:
    if series.y is None:
        return {}
    low, high = series.y
    numbers = ticks(low, high, max(2, min(_MOST_TICKS, rows // 2)))
    down = rows * DOTS_DOWN
    return {
        rows - 1 - place(float(number), low, high, down) // DOTS_DOWN: text
        for number, text in zip(numbers, labels(numbers), strict=True)
    }


def _bottom_labels(series: Series, columns: int) -> dict[int, str]:
    low, high = series.x
    if not series.points:
        return {}
    if low == high:
        return {place(low, low, high, columns * DOTS_ACROSS) // DOTS_ACROSS: str(low)}
    for most in range(_MOST_TICKS, 1, -1):
        numbers = ticks(low, high, most, whole=True)
        texts = labels(numbers)
        if sum(map(len, texts)) + _COLUMNS_BETWEEN_LABELS * (len(texts) - 1) <= columns:
            break
    across = columns * DOTS_ACROSS
    return {
        place(int(number), low, high, across) // DOTS_ACROSS: text for number, text in zip(numbers, texts, strict=True)
    }


def _title(metric: str, extent: str, width: int) -> str:
    """The metric's name and the extent of x; where both do not fit, the name alone."""
    name = clean(metric, 4 * width)
    room = width - len(extent) - 3
    if not extent or room < min(cell_len(name), MIN_WIDTH // 2):
        return _fitted(name, width)
    return f"{_fitted(name, room)}   {extent}"


def _extent(series: Series) -> str:
    if not series.points:
        return ""
    if series.ordinal:
        return "all at one step, in order"
    low, high = series.x
    return f"step {low:,}" if low == high else f"step {low:,}–{high:,}"


def _caption(history: History) -> str:
    values = history.values
    of = "" if history.total is None else f" of {history.total:,}"
    sample = ", a sample" if history.on_demand else ""
    notes = [f"{len(history):,}{of} points{sample}"]
    if not history.exact and not history.on_demand:
        notes.append("reading on…" if history.total is None else "sampled, reading on…")
    if nans := sum(map(math.isnan, values)):
        notes.append(f"{nans:,} NaN {_NAN}")
    if infinite := sum(map(math.isinf, values)):
        marks = _ABOVE * (math.inf in values) + _BELOW * (-math.inf in values)
        notes.append(f"{infinite:,} inf {marks}")
    if len(values) > 1 and len(set(values)) == 1 and math.isfinite(values[0]):
        notes.append(f"always {values[0]:.6g}")
    return " · ".join(notes)


def _fitted(text: str, width: int) -> str:
    """The text in no more cells than ``width``, its end replaced by … where it is longer."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 0 else ""
