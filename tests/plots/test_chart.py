import math
import time
import unicodedata
from array import array
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mltrack_tui.analysis.smoothing import smoothed
from mltrack_tui.domain.curves import CurveLook, Scale, Shape, Window, XAxis
from mltrack_tui.domain.history import History
from mltrack_tui.plots.chart import Chart, Curve, Reading, draw, next_x, read, with_cursor
from mltrack_tui.plots.picture import SERIES, Ink, Style
from mltrack_tui.plots.style import usual_style
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
    _history, st.lists(st.tuples(WHOLE, TIMES, VALUES), max_size=12), st.none() | st.integers(0, 10**12), st.text()
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
    Chart, st.text(max_size=40), st.lists(CURVES, max_size=2), LOOKS, st.builds(Window, RANGES, RANGES), RANGES
)


@settings(max_examples=100, deadline=None)
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


@settings(max_examples=40, deadline=None)
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
    whole = curve_of(plotted(history([1.0] * 41), 60, 8))
    picture = plotted(history([1.0] * 10 + [NAN] * 21 + [1.0] * 10), 60, 8)

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


@pytest.mark.parametrize(
    ("look", "values", "baseline", "words"),
    [
        (CurveLook(shape=Shape.DIFFERENCE), [1.0, 2.0], None, "no baseline has this: choose another"),
        (CurveLook(shape=Shape.DIFFERENCE), [1.0, 2.0], history([1.0], [7]), "the baseline has no points here"),
        (CurveLook(shape=Shape.SLOPE), [1.0], None, "no slope of one point"),
        (CurveLook(y=Scale.LOG), [0.0, -1.0], None, "no positive value"),
    ],
)
def test_finite_values_that_cannot_be_drawn_are_not_called_infinite(
    look: CurveLook, values: list[float], baseline: History | None, words: str
) -> None:
    curve = Curve(0, "a", history(values), baseline=baseline)

    assert words in draw(Chart("loss", [curve], look), 60, 9).picture.text


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


NOISE = [math.sin(step * step) for step in range(2000)]


def test_several_curves_have_their_numbers_at_their_ends_and_sums_below() -> None:
    curves = [
        Curve(slot, "a", history([float(slot)] * (20 + 20 * (slot == 4))), group="") for slot in (0, 2, 4)
    ]  # 0 and 2 end in the middle

    lines = draw(Chart("loss", curves), 50, 12).picture.text.split("\n")

    ends = {
        line[line.index(number)]: line.index(number) for line in lines[1:-3] for number in "135" if number in line[5:]
    }
    assert ends["1"] == ends["3"] < ends["5"] == 49
    assert lines[-1] == "80 of 80 points"


def test_a_dense_curve_is_drawn_from_the_extremes_of_each_column_and_says_so() -> None:
    chart = Chart("loss", [Curve(0, "a", history([*NOISE, 9.0, *NOISE]))])

    drawn = draw(chart, 50, 12)

    assert drawn.total == 4001
    assert drawn.points < 250
    assert drawn.whole
    assert f"{drawn.points} of 4,001 points" in drawn.picture.text
    assert drawn.y == (min(NOISE), 9.0)


def test_a_window_shows_its_part_up_to_its_edges_and_counts_that() -> None:
    chart = Chart("loss", [Curve(0, "a", history([1.0] * 100))], window=Window((39.5, 60.5)))

    drawn = draw(chart, 50, 12)

    assert (drawn.points, drawn.total, drawn.whole) == (21, 21, True)
    assert drawn.x == (39.5, 60.5)
    assert [len(row) for row in curve_of(drawn.picture.text) if row] == [drawn.columns]


def test_a_window_into_a_reduced_history_says_that_there_is_more() -> None:
    drawn = draw(Chart("loss", [Curve(0, "a", history([1.0, 2.0, 3.0], total=500))], window=Window((1, 2))), 60, 12)

    assert (drawn.total, drawn.whole) == (None, False)
    assert "2 points here, of 500 in all" in drawn.picture.text


def test_values_that_have_no_logarithm_are_left_out_and_counted() -> None:
    chart = Chart("loss", [Curve(0, "a", history([0.0, -1.0, 1.0, 10.0, 100.0]))], CurveLook(y=Scale.LOG))

    text = draw(chart, 60, 12).picture.text

    assert "5 of 5 points · 2 not positive" in text
    assert [line.split("┤")[0].strip() for line in text.split("\n") if "┤" in line] == ["100", "10", "1"]
    assert text.startswith("loss (log)   step 0–4")


def test_outliers_lie_at_the_edge_and_are_counted() -> None:
    values = [math.sin(step) for step in range(200)]
    values[50] = 1e9

    drawn = draw(Chart("loss", [Curve(0, "a", history(values))], CurveLook(clips_outliers=True)), 60, 12)

    assert drawn.y[1] < 1
    assert "▲" in curve_of(drawn.picture.text)[0]
    assert "beyond ▲▼" in drawn.picture.text


def test_a_smoothed_curve_has_what_was_logged_dim_behind_it() -> None:
    chart = Chart("loss", [Curve(3, "a", history(NOISE[:60]))], CurveLook(smoothing=0.9))

    kinds = {run.ink for line in draw(chart, 60, 12).picture.lines for run in line}

    assert {Ink("curve", 3), Ink("behind", 3)} <= kinds
    assert read(chart, 30.2)[0] == Reading(3, "a", 30, 30, 0, NOISE[30], smoothed(NOISE[:31], 0.9)[30])


def test_a_band_says_of_how_many_candidates_it_is() -> None:
    curves = [Curve(slot, "a", history(NOISE[slot : slot + 50]), group="ab"[slot % 2]) for slot in range(5)]
    chart = Chart("loss", curves, CurveLook(shape=Shape.BAND))

    drawn = draw(chart, 70, 12)

    assert "mean ± deviation of 3 and 2" in drawn.picture.text
    assert {run.ink.slot for line in drawn.picture.lines for run in line} == {None, 0, 1}
    means = [reading.drawn for reading in read(chart, 10)]
    assert means[0] == means[2] == pytest.approx((NOISE[10] + NOISE[12] + NOISE[14]) / 3)


def test_the_value_cursor_is_a_line_that_leaves_the_curve_legible() -> None:
    drawn = draw(Chart("loss", [Curve(0, "a", history([1.0] * 41))]), 60, 9)
    column = drawn.column_of(20)
    assert column is not None

    cells = [line[drawn.left + column] for line in with_cursor(drawn, 20).text.split("\n")[1 : 1 + drawn.rows]]

    assert len(set(cells) - {"│"}) == 1
    assert drawn.column_of(drawn.x_at(column)) == column
    assert with_cursor(drawn, 41) == drawn.picture


def test_a_chart_of_few_lines_gives_up_its_bottom_axis_but_not_its_curve_nor_what_is_no_number() -> None:
    of = history([float(value) for value in range(31)])
    low = draw(Chart("loss", [Curve(0, "a", of)]), 20, 5)
    assert low.picture.text.split("\n") == [
        "loss   step 0–30",
        "  │           ⢀⣀⠤⠔⠒⠉",
        "20┤     ⢀⣀⠤⠔⠒⠉⠁",
        " 0┤⣀⠤⠤⠒⠉⠁",
        "31 of 31 points",
    ]
    assert with_cursor(low, 30).text.split("\n")[-1] == "31 of 31 points"
    assert [line[:3] for line in plotted(of, 20, 4).split("\n")] == ["los", "20┤", " 0┤", "31 "]
    assert plotted(history([*range(20), float("nan"), *range(10)]), 20, 5).split("\n")[3].count("×") == 1


def test_each_style_keeps_to_its_characters() -> None:
    chart = Chart("epoch loss", [Curve(slot, "a", history(NOISE[:60])) for slot in range(2)])

    blocks = curve_of(draw(chart, 60, 12, Style.BLOCK).picture.text)
    plain = draw(chart, 60, 12, Style.ASCII).picture.text

    assert set("".join(blocks)) <= set(" ▖▘▌▗▄▚▙▝▞▀▛▐▟▜█12")
    assert plain.isascii()
    assert set("".join(line.partition("|")[2] for line in plain.split("\n")[1:-3])) <= set(" 12")


@pytest.mark.parametrize(
    ("environment", "encoding", "style"),
    [
        ({"TERM": "xterm-256color"}, "utf-8", Style.BRAILLE),
        ({}, "UTF8", Style.BRAILLE),
        ({"TERM": "linux"}, "utf-8", Style.BLOCK),
        ({"TERM": "xterm"}, "ANSI_X3.4-1968", Style.ASCII),
        ({"TERM": "vt100"}, "utf-8", Style.ASCII),
    ],
)
def test_what_a_terminal_shows_is_told_by_its_name_and_encoding(
    environment: dict[str, str], encoding: str, style: Style
) -> None:
    assert usual_style(environment, encoding) is style


@pytest.mark.parametrize(
    ("over", "labels"),
    [
        (XAxis.RELATIVE, ["0s", "1m", "2m", "3m", "4m", "5m"]),
        (XAxis.WALL, ["12:00", "12:01", "12:02", "12:03", "12:04", "12:05"]),
    ],
)
def test_axes_of_time_have_round_times(over: XAxis, labels: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    noon = 1_763_294_400_000
    of = History("m", array("q", [0, 1]), array("q", [noon, noon + 300_000]), array("d", [1, 2]), 2)

    text = draw(Chart("loss", [Curve(0, "a", of)], CurveLook(x=over)), 70, 12).picture.text

    assert text.split("\n")[-2].split() == labels
    assert ("2025-11-16 12:00–12:05 +00:00" in text) is (over is XAxis.WALL)
