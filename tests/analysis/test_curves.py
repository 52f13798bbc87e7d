import math
import statistics
from array import array
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltrack_tui.analysis.curves import Trace, band, by_order, difference, reduced, slope, trace
from mltrack_tui.analysis.smoothing import smoothed
from mltrack_tui.domain.curves import XAxis
from mltrack_tui.domain.history import History

NAN, INF = math.nan, math.inf
NUMBERS = st.floats(-1e6, 1e6)


def history(values: Sequence[float], steps: Sequence[int] | None = None, times: Sequence[int] = ()) -> History:
    count = len(values)
    return History(
        "m", array("q", steps or range(count)), array("q", times or [0] * count), array("d", values), total=count
    )


def line(*points: tuple[float, float]) -> Trace:
    return Trace([x for x, _ in points], [value for _, value in points], range(len(points)))


@given(st.lists(NUMBERS, min_size=1, max_size=30), st.floats(0.0, 0.99))
def test_a_smoothed_value_is_the_mean_of_those_before_weighted_by_how_long_ago_they_were(
    values: list[float], weight: float
) -> None:
    for place, found in enumerate(smoothed(values, weight)):
        weights = [weight ** (place - before) for before in range(place + 1)]
        wanted = sum(map(float.__mul__, weights, values)) / sum(weights)
        assert found == pytest.approx(wanted, rel=1e-6, abs=1e-3)


def test_what_is_no_number_stays_where_it_is_and_does_not_count() -> None:
    found = smoothed([2.0, NAN, INF, 4.0], 0.5)

    assert math.isnan(found[1])
    assert found[2] == INF
    assert (found[0], found[3]) == (2.0, smoothed([2.0, 4.0], 0.5)[1])


def test_relative_time_counts_seconds_from_the_first_point_or_from_what_is_said() -> None:
    of = history([1.0, 2.0], times=[1_000_500, 1_002_000])

    assert list(trace(of, XAxis.RELATIVE).xs) == [0.0, 1.5]
    assert list(trace(of, XAxis.RELATIVE, began=1_000_000).xs) == [0.5, 2.0]
    assert list(trace(of, XAxis.WALL).xs) == [1000.5, 1002.0]


def test_points_that_were_logged_out_of_order_are_in_order_of_time_and_know_their_places() -> None:
    of = trace(history([1.0, 2.0, 3.0], times=[3000, 1000, 2000]), XAxis.WALL)

    assert (list(of.xs), list(of.values), list(of.places)) == ([1.0, 2.0, 3.0], [2.0, 3.0, 1.0], [1, 2, 0])


def test_two_metrics_are_paired_by_step_and_the_last_of_equal_steps_counts() -> None:
    of = history([1.0, 2.0, 3.0, 4.0], steps=[0, 1, 1, 5])
    over = history([30.0, 10.0, 20.0, 7.0], steps=[0, 1, 1, 4])

    paired = trace(of, XAxis.METRIC, other=over)

    assert list(zip(paired.xs, paired.values, paired.places, strict=True)) == [(20.0, 3.0, 2), (30.0, 1.0, 0)]


def test_a_slope_is_by_x_and_skips_what_is_not_finite() -> None:
    found = slope(line((0, 1.0), (2, 5.0), (3, NAN), (4, 4.0), (4, 6.0)))

    assert list(zip(found.xs, found.values, found.places, strict=True)) == [(2, 2.0, 1), (4, 0.5, 4)]


def test_a_difference_is_taken_only_as_far_as_the_baseline_reaches() -> None:
    found = difference(line((0, 1.0), (1, 2.0), (2, 3.0), (9, 4.0)), line((1, 10.0), (3, 20.0)))

    assert list(zip(found.xs, found.values, found.places, strict=True)) == [(1, -8.0, 1), (2, -12.0, 2)]


@given(st.lists(st.lists(NUMBERS, min_size=5, max_size=5), min_size=2, max_size=6))
def test_a_band_is_the_mean_and_the_sample_deviation_at_each_step(runs: list[list[float]]) -> None:
    found = band([by_order(history(values)) for values in runs], most=100)

    for place, values in enumerate(zip(*runs, strict=True)):
        assert found.means[place] == pytest.approx(statistics.mean(values), abs=1e-6)
        assert found.deviations[place] == pytest.approx(statistics.stdev(values), abs=1e-3)


def test_a_band_counts_each_candidate_as_far_as_it_reaches() -> None:
    found = band([line((0, 1.0), (4, 5.0)), line((0, 3.0), (2, 3.0))], most=100)

    assert list(zip(found.xs, found.means, strict=True)) == [(0, 2.0), (2, 3.0), (4, 5.0)]
    assert found.deviations[2] == 0.0


def test_a_band_of_the_greatest_doubles_is_finite() -> None:
    found = band([line((0, 1e308)), line((0, 1e308)), line((0, -1e308))], most=10)

    assert found.means[0] == pytest.approx(1e308 / 3)
    assert math.isfinite(found.deviations[0])


@given(st.lists(st.tuples(st.integers(0, 50), NUMBERS), min_size=1, max_size=300), st.integers(1, 8))
def test_reducing_keeps_the_ends_and_the_smallest_and_largest(points: list[tuple[int, float]], parts: int) -> None:
    of = line(*sorted(points, key=lambda point: point[0]))

    kept = reduced(of, 0, len(of.xs), parts)

    assert len(kept) <= 2 * parts + 2
    assert kept == sorted(set(kept))
    assert {0, len(of.xs) - 1} <= set(kept)
    values = [of.values[place] for place in kept]
    assert (min(values), max(values)) == (min(of.values), max(of.values))


@pytest.mark.parametrize(("x", "place"), [(-5, 1), (0, 1), (4, 1), (5.5, 2), (99, 3)])
def test_the_nearest_point_is_the_last_of_those_equally_near(x: float, place: int) -> None:
    assert line((0, 1.0), (0, 2.0), (9, 3.0), (20, 4.0)).nearest(x) == place
