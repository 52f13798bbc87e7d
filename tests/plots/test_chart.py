import math
import unicodedata
from array import array
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mltrack_tui.domain.curves import CurveLook, Scale, Shape, Window, XAxis
from mltrack_tui.domain.history import History
from mltrack_tui.plots.chart import Chart, Curve, draw, next_x, read, with_cursor
from mltrack_tui.plots.picture import SERIES, Style
from tests.plots.histories import history

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


def plotted(of: History, width: int, height: int) -> str:
    return draw(Chart(of.metric, [Curve(0, "a", of)]), width, height).picture.text


def curve_of(picture: str) -> list[str]:
    """The lines between the title and the bottom axis, without their labels."""
    return [line[max(line.find("┤"), line.find("│")) + 1 :] for line in picture.split("\n")[1:-3]]


def test_a_line_rises_from_corner_to_corner() -> None:
    assert plotted(history(range(61), metric="épreuve"), 38, 12).split("\n") == [
        "épreuve   step 0–60",
        "60┤                               ⣀⠤⠔⠊",
        "  │                          ⢀⡠⠤⠒⠉",
        "40┤                      ⣀⠤⠒⠊⠁",
        "  │                 ⢀⡠⠔⠊⠉",
        "  │             ⣀⡠⠔⠊⠁",
        "20┤        ⢀⣀⠤⠒⠉",
        "  │    ⣀⠤⠔⠊⠁",
        " 0┤⡠⠔⠒⠉",
        "  └┬──────────┬───────────┬──────────┬",
        "   0          20          40        60",
        "61 of 61 points",
    ]


def test_a_constant_is_a_level_line_that_says_its_value() -> None:
    assert plotted(history([0.3] * 50), 38, 8).split("\n") == [
        "loss   step 0–49",
        "0.4┤",
        "   │⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀",
        "   │",
        "0.2┤",
        "   └┬──────┬─────┬──────┬──────┬──────",
        "    0      10    20     30     40",
        "50 of 50 points · always 0.3",
    ]


def test_one_point_is_a_visible_mark() -> None:
    picture = plotted(history([7e-5], [7]), 38, 12)

    assert "loss   step 7\n" in picture
    assert sum(line.count("•") for line in curve_of(picture)) == 1


def test_a_nan_is_a_gap_in_the_line_and_a_cross_below_it() -> None:
    whole = curve_of(plotted(history([1.0] * 41), 44, 8))
    picture = plotted(history([1.0] * 10 + [NAN] * 21 + [1.0] * 10), 44, 8)

    drawn = next(line for line in curve_of(picture) if line)
    left, right = drawn.split()
    assert len(next(line for line in whole if line)) == len(drawn)
    assert len(left) == len(right) == pytest.approx(len(drawn) / 4, abs=1)
    assert picture.split("\n")[-3].count("×") == 21
    assert picture.endswith("41 of 41 points · 21 NaN ×")


def test_the_infinities_lie_at_the_edges_of_the_finite_values_and_are_counted() -> None:
    picture = plotted(history([1.0, 2.0, INF, 2.0, -INF, -INF, 1.0]), 44, 12)

    curve = curve_of(picture)
    assert curve[0].count("▲") == 1
    assert curve[-1].count("▼") == 2
    assert picture.endswith("7 of 7 points · 3 inf ▲▼")


@pytest.mark.parametrize(
    ("values", "words"), [([], "no points"), ([NAN, NAN], "no finite value"), ([INF, -INF, NAN], "no finite value")]
)
def test_what_has_no_finite_value_says_so_in_place_of_a_curve(values: list[float], words: str) -> None:
    assert words in plotted(history(values), 38, 12)


def test_a_metric_logged_at_one_step_only_is_drawn_in_order_of_its_points() -> None:
    picture = plotted(history([1.0, 3.0, 2.0], [0, 0, 0]), 44, 12)

    assert picture.startswith("loss   all at one step, in order\n")
    assert picture.split("\n")[-2].split() == ["1", "2", "3"]


def test_a_sample_says_that_it_is_one() -> None:
    picture = plotted(history([1.0, 2.0], total=1_000_000, exact=False), 60, 12)

    assert picture.endswith("2 of 1,000,000 points · sampled, reading on…")


def test_values_of_every_size_have_their_labels() -> None:
    picture = plotted(history([-1.7976931348623157e308, 1.7976931348623157e308]), 60, 12)

    assert [line.split("┤")[0].strip() for line in picture.split("\n") if "┤" in line] == ["1e+308", "0", "-1e+308"]


def test_a_hostile_metric_name_is_harmless_and_keeps_to_one_line() -> None:
    title = plotted(history([1.0, 2.0], metric="\x1b]0;owned\x07a\nb\x9b[/]" + "x" * 100_000), 60, 12).split("\n")[0]

    assert title.startswith("·]0;owned·a b·[/]xxx")
    assert title.endswith("…   step 0–1")
