import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltrack_tui.plots.series import placed


@pytest.mark.parametrize(
    ("value", "low", "high", "dot"),
    [
        (0, 0, 59, 0),
        (59, 0, 59, 9),
        (2**63 - 2, 2**63 - 3, 2**63 - 1, 5),
        (0.0, -1.7e308, 1.7e308, 5),
        (5e-324, 0.0, 1e-323, 5),
        (math.inf, 0.0, 1.0, 45),
        (-math.inf, 0.0, 1.0, -36),
    ],
)
def test_a_value_of_any_size_has_its_place(value: float, low: float, high: float, dot: int) -> None:
    assert placed([value], low, high, 10) == [dot]


ENDS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**63 - 1)


@given(st.lists(st.floats(allow_nan=False), max_size=9), ENDS, ENDS, st.integers(2, 400))
def test_what_lies_within_is_on_the_dots_and_what_lies_outside_is_not(
    values: list[float], one: float, other: float, dots: int
) -> None:
    low, high = min(one, other), max(one, other)
    if low < high:
        assert placed([low, high], low, high, dots) == [0, dots - 1]
        for value, dot in zip(values, placed(values, low, high, dots), strict=True):
            assert 0 <= dot < dots or not low <= value <= high
            assert dot <= 0 or low <= value
            assert dot >= dots - 1 or value <= high
