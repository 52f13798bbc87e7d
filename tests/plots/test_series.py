import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltrack_tui.plots.series import place, placed


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


ENDS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**63 - 1)


@given(st.lists(st.floats(allow_nan=False), max_size=9), ENDS, ENDS, st.integers(2, 400))
def test_many_values_have_the_same_places_as_each_alone_and_others_lie_outside(
    values: list[float], one: float, other: float, dots: int
) -> None:
    low, high = min(one, other), max(one, other)
    if low < high:
        found = placed(values, low, high, dots)

        for value, dot in zip(values, found, strict=True):
            assert abs(min(max(dot, 0), dots - 1) - place(value, low, high, dots)) <= 1
            assert dot <= 0 or low <= value
            assert dot >= dots - 1 or value <= high
