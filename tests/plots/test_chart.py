import math
import unicodedata
from array import array
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mltrack_tui.domain.curves import CurveLook, Scale, Shape, Window, XAxis
from mltrack_tui.domain.history import History
from mltrack_tui.plots.chart import Chart, Curve, draw, next_x, read, with_cursor
from mltrack_tui.plots.picture import SERIES, Style

NAN, INF, MAX = math.nan, math.inf, 1.7976931348623157e308
WHOLE = st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 60)
VALUES = st.floats() | st.floats(-3, 3) | st.sampled_from([NAN, INF, -INF, 0.0, 5e-324, 1e-300, 1e300, MAX, -MAX])
TIMES = st.integers(-(2**63), 2**63 - 1) | st.integers(1_763_300_000_000, 1_763_400_000_000)
RANGES = st.none() | st.tuples(VALUES, VALUES).filter(
    lambda ends: -INF < ends[0] < ends[1] < INF
)  # what a zoom can come to


def _history(points: list[tuple[int, int, float]], total: int | None, metric: str) -> History:
    steps, times, values = zip(*points, strict=True) if points else ((), (), ())
    return History(metric, array("q", steps), array("q", times), array("d", values), total)


HISTORIES = st.builds(
    _history, st.lists(st.tuples(WHOLE, TIMES, VALUES), max_size=30), st.none() | st.integers(0, 10**12), st.text()
)
CURVES = st.builds(
    Curve,
    slot=st.integers(0, SERIES - 1),
    name=st.text(max_size=20),
    history=HISTORIES,
    over=st.none() | HISTORIES,
    baseline=st.none() | HISTORIES,
    group=st.sampled_from(["", "a", "b"]),
)
LOOKS = st.builds(
    CurveLook,
    x=st.sampled_from(XAxis),
    y=st.sampled_from(Scale),
    shape=st.sampled_from(Shape),
    smoothing=st.sampled_from([0.0, 0.5, 0.99]),
    clips_outliers=st.booleans(),
)
CHARTS = st.builds(
    Chart, st.text(max_size=40), st.lists(CURVES, max_size=3), LOOKS, st.builds(Window, RANGES, RANGES), RANGES
)


@settings(max_examples=400, deadline=None)
@given(CHARTS, st.integers(-1, 90), st.integers(-1, 24), st.sampled_from(Style))
def test_any_chart_fills_its_lines_within_its_width_without_a_control_code(
    chart: Chart, width: int, height: int, style: Style
) -> None:
    drawn = draw(chart, width, height, style)

    for picture in (drawn.picture, with_cursor(drawn, drawn.x_at(3))):
        lines = ["".join(run.text for run in line) for line in picture.lines]
        assert len(lines) == max(height, 0)
        assert all(cell_len(line) <= max(width, 0) for line in lines)
        characters = {character for line in lines for character in line}
        assert {unicodedata.category(character) for character in characters}.isdisjoint({"Cc", "Cs"})
        assert style is not Style.ASCII or picture.text.isascii()


@settings(deadline=None)
@given(CHARTS, VALUES.filter(math.isfinite))
def test_any_chart_can_be_read_and_walked_through_anywhere(chart: Chart, x: float) -> None:
    readings = read(chart, x)

    assert [reading.name for reading in readings] == [curve.name for curve in chart.curves]
    assert next_x(chart, x, -1) <= x <= next_x(chart, x, 1)
    assert read(replace(chart, window=Window((0, 1), (0, 1))), x).__repr__() == readings.__repr__()
