"""Bins with round edges: every number has a place in exactly one."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltrack_tui.analysis.histogram import Bin, histogram, length_edges, round_edges, time_edges
from mltrack_tui.domain.times import DAY, HOUR, MINUTE

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(FINITE, min_size=2), st.sampled_from([round_edges, time_edges, length_edges]))
def test_every_number_is_in_exactly_one_bin(
    numbers: Sequence[float], edges: Callable[[float, float], Sequence[float]]
) -> None:
    low, high = min(numbers), max(numbers)
    if low == high:
        return
    bins = histogram(numbers, edges(low, high))
    assert [each.count for each in bins] == [sum(_holds(each, number) for number in numbers) for each in bins]
    assert sum(each.count for each in bins) == len(numbers)


def _holds(each: Bin, number: float) -> bool:
    return each.low <= number < each.high or (each.closed and number == each.high)


@given(FINITE, FINITE)
def test_there_are_some_bins_but_not_too_many(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    if low < high:
        assert 2 <= len(round_edges(low, high)) <= 24


@pytest.mark.parametrize(
    ("low", "high", "edges"),
    [
        (0.12, 0.9812, [round(0.1 + 0.05 * step, 2) for step in range(19)]),
        (1e-3, 1.0, [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]),
        (0.0, 10.0, [float(number) for number in range(11)]),
    ],
)
def test_edges_are_round(low: float, high: float, edges: Sequence[float]) -> None:
    assert round_edges(low, high) == edges


def test_times_are_cut_by_their_own_units() -> None:
    assert time_edges(0, 9 * MINUTE)[:3] == [0, 30_000, MINUTE]
    assert time_edges(0, 3 * DAY)[:2] == [0, 6 * HOUR]


def test_times_are_cut_where_the_day_begins_in_a_time_zone() -> None:
    assert time_edges(5 * DAY, 15 * DAY, offset=2 * HOUR)[:2] == [5 * DAY - 2 * HOUR, 6 * DAY - 2 * HOUR]


def test_lengths_of_time_that_differ_widely_are_cut_by_growing_bins() -> None:
    assert length_edges(41_000, 11 * DAY)[:4] == [30_000, MINUTE, 2 * MINUTE, 5 * MINUTE]
    assert length_edges(0, 2 * HOUR)[0] == 0
    assert length_edges(HOUR, 3 * HOUR) == time_edges(HOUR, 3 * HOUR)
