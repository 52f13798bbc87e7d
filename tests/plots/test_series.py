import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltrack_tui.plots.canvas import braille
from mltrack_tui.plots.series import Series, place, strokes
from tests.plots.histories import history

ACROSS, DOWN = 20, 12


@settings(deadline=None)
@given(st.lists(st.floats(-10, 10) | st.just(math.nan) | st.just(math.inf), max_size=200))
def test_what_is_left_out_of_a_crowded_column_does_not_change_the_picture(values: list[float]) -> None:
    series = Series.of(history(values))
    low, high = series.y or (0.0, 1.0)
    all_dots = [[(place(x, *series.x, ACROSS), place(y, low, high, DOWN)) for x, y in run] for run in series.runs]

    thinned = strokes(series, ACROSS, DOWN)

    assert braille(thinned, 10, 3) == braille(all_dots if series.y else [], 10, 3)
    assert all(len(stroke) <= 4 * ACROSS for stroke in thinned)


def test_nan_parts_the_values_into_runs() -> None:
    series = Series.of(history([math.nan, 1.0, 2.0, math.nan, math.nan, math.inf]))

    assert list(series.runs) == [[(1, 1.0), (2, 2.0)], [(5, math.inf)]]


def test_strokes_that_fall_on_the_same_dots_are_drawn_once() -> None:
    series = Series.of(history([1.0, math.nan] * 5000 + [2.0]))

    assert len(strokes(series, ACROSS, DOWN)) <= 2 * ACROSS


@pytest.mark.parametrize(
    ("value", "low", "high", "dot"),
    [
        (0, 0, 59, 0),
        (59, 0, 59, 9),
        (5.0, 5.0, 5.0, 4),
        (2**63 - 2, 2**63 - 3, 2**63 - 1, 4),
        (0.0, -1.7e308, 1.7e308, 4),
        (5e-324, 0.0, 1e-323, 4),
        (math.inf, 0.0, 1.0, 9),
        (-math.inf, 0.0, 1.0, 0),
    ],
)
def test_a_value_of_any_size_has_its_place(value: float, low: float, high: float, dot: int) -> None:
    assert place(value, low, high, 10) == dot
