import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltrack_tui.domain.curves import Scale
from mltrack_tui.plots.scales import Heights
from mltrack_tui.plots.ticks import labels, ticks, window

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0, 59, 4, ["0", "20", "40"]),
        (0.11, 0.98, 4, ["0.2", "0.4", "0.6", "0.8"]),
        (0.0, 0.3, 4, ["0.0", "0.1", "0.2", "0.3"]),
        (-0.002, 0.0013, 4, ["-0.002", "-0.001", "0.000", "0.001"]),
        (0, 1_000_000, 5, ["0", "250000", "500000", "750000", "1000000"]),
        (1e-7, 5e-7, 4, ["2e-7", "4e-7"]),
        (0, 20e6, 6, ["0", "5.0e+6", "1.0e+7", "1.5e+7", "2.0e+7"]),
        (-1e300, 1e300, 4, ["-1e+300", "0", "1e+300"]),
        (0.0, 5e-324, 4, ["0", "2e-324", "4e-324"]),
    ],
)
def test_ticks_are_few_round_numbers_with_equal_decimals(
    low: float, high: float, most: int, expected: list[str]
) -> None:
    assert labels(ticks(low, high, most)) == expected


@given(FINITE, FINITE, st.integers(2, 12))
def test_any_window_has_ticks_within_it_and_no_more_than_asked(one: float, other: float, most: int) -> None:
    low, high = window(min(one, other), max(one, other))

    found = ticks(low, high, most)

    assert 1 <= len(found) <= most
    assert Decimal(str(low)) <= found[0]
    assert found[-1] <= Decimal(str(high))


@given(FINITE, FINITE, st.integers(2, 12))
def test_labels_read_back_as_the_ticks_they_stand_for(one: float, other: float, most: int) -> None:
    found = ticks(*window(min(one, other), max(one, other)), most)

    assert [Decimal(text) for text in labels(found)] == found


@given(st.integers(-(2**63), 2**63 - 2), st.integers(1, 2**63), st.integers(2, 8))
def test_whole_ticks_are_whole(low: int, span: int, most: int) -> None:
    found = ticks(low, min(low + span, 2**63 - 1), most, whole=True)

    assert len(found) <= most
    assert all(number == int(number) for number in found)


@given(FINITE, FINITE)
def test_a_window_is_finite_wide_and_holds_its_values(one: float, other: float) -> None:
    low, high = window(min(one, other), max(one, other))

    assert low < high
    assert math.isfinite(low)
    assert math.isfinite(high)
    assert low <= min(one, other)
    assert max(one, other) <= high


def test_rounding_noise_does_not_fill_the_window() -> None:
    low, high = window(0.3, 0.1 + 0.2)

    assert high - low == pytest.approx(0.3)


def test_a_small_difference_that_is_no_noise_fills_the_window() -> None:
    assert window(0.9999999, 0.9999998 + 2e-7) == (0.9999999, 0.9999998 + 2e-7)


def test_no_numbers_have_no_labels() -> None:
    assert labels([]) == []


@pytest.mark.parametrize("scale", list(Scale))
@given(values=st.lists(FINITE, min_size=1, max_size=9))
def test_heights_rise_with_values_and_lead_back_to_them(scale: Scale, values: list[float]) -> None:
    of = Heights.of(scale, values)
    taken = sorted(value for value in values if of.takes(value))

    heights = of.of_all(taken)

    assert list(heights) == sorted(heights) == pytest.approx([of.height(value) for value in taken])
    room = max(1e-6 * max(map(abs, taken), default=0), 1e-9 * of.unit) if scale is Scale.SYMLOG else 0  # linear at 0
    assert [of.value(height) for height in heights] == [pytest.approx(value, rel=1e-9, abs=room) for value in taken]
