import math
import xml.etree.ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from mltrack_tui.domain.curves import CurveLook, Shape, Window, XAxis
from mltrack_tui.plots.chart import Chart, Curve
from mltrack_tui.plots.palette import DARK, LIGHT
from mltrack_tui.plots.picture import SERIES
from mltrack_tui.plots.rows import HEADINGS, rows
from mltrack_tui.plots.svg import svg
from tests.plots.histories import history
from tests.plots.test_chart import CHARTS

SVG = "{http://www.w3.org/2000/svg}"


@settings(max_examples=50, deadline=None)
@given(st.lists(CHARTS, max_size=2), st.integers(-5, 900), st.integers(-5, 500))
def test_any_charts_are_xml(charts: list[Chart], width: int, height: int) -> None:
    root = ET.fromstring(svg(charts, width, height))  # noqa: S314 - our own

    assert len(root.findall(f"{SVG}g")) == len(charts)
    assert all(math.isfinite(float(each.get("x", "0"))) for each in root.iter(f"{SVG}text"))


def test_a_line_has_the_colour_of_its_slot_and_a_legend_with_what_the_user_wrote() -> None:
    curve = Curve(4, "<b>&\x1b[31m\uffff", history([3.0, 1.0, 2.0], metric="a<b"))

    text = svg([Chart("a<b", [curve])], 600, 300)

    root = ET.fromstring(text)  # noqa: S314 - our own
    (line,) = root.iter(f"{SVG}polyline")
    assert line.get("stroke") == LIGHT[4]
    assert len((line.get("points") or "").split()) == 3
    texts = ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]
    assert texts[0] == "a<b"
    assert "5  <b>&·[31m·   last 2   min 1   max 3" in texts
    assert "3 of 3 points" in texts


def test_a_band_is_an_area_and_a_nan_a_cross() -> None:
    curves = [Curve(slot, "a", history([1.0, 2.0 + slot, math.nan, 3.0])) for slot in range(3)]

    text = svg([Chart("loss", curves, CurveLook(shape=Shape.BAND))], 600, 300)

    assert text.count("<polygon") == 1
    assert "×" in text


def test_there_is_a_colour_for_every_slot_on_either_background() -> None:
    assert len(set(DARK)) == len(set(LIGHT)) == SERIES


def test_rows_are_the_points_in_the_window_with_what_is_drawn_of_them() -> None:
    of = history([1.0, 3.0, math.nan, 5.0], [0, 2, 3, 4])
    chart = Chart("m", [Curve(0, "a", of, candidate_id="1f")], CurveLook(shape=Shape.SLOPE), Window((1, 4)))

    found = [dict(zip(HEADINGS, row, strict=True)) for row in rows(chart, dated=False)]

    assert [(row["step"], row["drawn"], row["timestamp"]) for row in found] == [
        (2, 1.0, None),
        (3, None, None),
        (4, 1.0, None),
    ]
    assert {(row["candidate_id"], row["name"], row["metric"]) for row in found} == {("1f", "a", "loss")}


def test_rows_of_a_band_have_its_mean_and_of_another_axis_their_own_steps() -> None:
    over = history([30.0, 10.0], metric="tokens")
    curves = [Curve(slot, "a", history([1.0 + slot, 5.0 + slot]), over=over) for slot in range(2)]
    chart = Chart("m", curves, CurveLook(x=XAxis.METRIC, x_metric="tokens", shape=Shape.BAND))

    assert [row[3:] for row in rows(chart)] == [(1, 0, 5.0, 5.5), (0, 0, 1.0, 1.5), (1, 0, 6.0, 5.5), (0, 0, 2.0, 1.5)]
