"""Ranks, quartiles and parts of columns: as scipy and numpy have them, and nobody is lost."""

import warnings
from collections.abc import Sequence
from math import inf, isfinite, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mltrack_tui.analysis.correlation import MOST_CATEGORIES, Left, Pairs, spearman
from mltrack_tui.analysis.grouping import binned, bins_of, categories, explained, grouped, is_ordered
from mltrack_tui.analysis.histogram import Bin
from mltrack_tui.analysis.quartiles import Box
from mltrack_tui.analysis.tally import Tally
from mltrack_tui.domain.query import Value

MODEST = st.floats(-1e6, 1e6) | st.integers(-3, 3).map(float)
ANY = st.none() | st.floats() | st.text(max_size=3) | st.integers(0, 5).map(str) | st.floats().map(str)


@given(st.lists(st.tuples(MODEST, MODEST), min_size=3, max_size=40))
def test_rank_correlation_is_scipys_ties_included(pairs: Sequence[tuple[float, float]]) -> None:
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    ours = spearman(xs, ys)
    if len(set(xs)) == 1 or len(set(ys)) == 1:
        assert ours is None
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert ours == pytest.approx(stats.spearmanr(xs, ys).statistic, abs=1e-9)


def test_of_two_candidates_no_correlation_is_told() -> None:
    assert spearman([1.0, 2.0], [1.0, 2.0]) is None


@settings(max_examples=50)
@given(st.lists(st.tuples(ANY, ANY), max_size=12))
def test_each_candidate_is_a_point_or_counted_once_as_none(rows: Sequence[tuple[Value, Value]]) -> None:
    pairs = Pairs.of([x for x, _ in rows], [y for _, y in rows])
    assert len(pairs.points) + sum(pairs.left_out.values()) == len(rows)
    assert all(isfinite(point.x) and isfinite(point.y) for point in pairs.points)


def test_missing_nan_infinities_and_text_among_numbers_stay_apart() -> None:
    pairs = Pairs.of(["0.1", "auto", None, "inf", "1e-3", "2", "3", "4"], [1.0, 1.0, 1.0, 1.0, nan, inf, -inf, None])
    assert pairs.left_out == {
        (0, Left.TEXT): 1, (0, Left.MISSING): 1, (0, Left.ABOVE): 1,
        (1, Left.NAN): 1, (1, Left.ABOVE): 1, (1, Left.BELOW): 1, (1, Left.MISSING): 1,
    }  # fmt: skip
    assert [point.place for point in pairs.points] == [0]


def test_texts_become_categories_and_the_rarest_are_counted() -> None:
    names = [f"name {number}" for number in range(MOST_CATEGORIES + 2)]
    pairs = Pairs.of([*names, names[5]], [1.0] * (len(names) + 1))
    assert pairs.x.categories is not None
    assert pairs.x.categories[0] == "name 5"
    assert pairs.rho is None
    assert pairs.left_out == {(0, Left.RARE): 2}


@given(st.lists(MODEST, min_size=1, max_size=40))
def test_boxes_are_numpys_quartiles_with_whiskers_to_the_farthest_within_reach(numbers: list[float]) -> None:
    box = Box.of(numbers)
    assert box is not None
    first, median, third = np.percentile(numbers, [25, 50, 75])
    assert (box.first, box.median, box.third) == pytest.approx((first, median, third))
    reach = 1.5 * (third - first)
    slack = 1e-6
    assert all(number < first - reach + slack or number > third + reach - slack for number in box.outliers)
    assert box.count == len(numbers)
    assert min(numbers) <= box.low <= box.high <= max(numbers)


def test_a_box_at_the_doubles_limit_has_finite_quartiles() -> None:
    box = Box.of([-1.7e308, -1.7e308, 1.7e308, 1.7e308])
    assert box is not None
    assert all(map(isfinite, (box.first, box.median, box.third)))
    assert Box.of([]) is None


@settings(max_examples=50)
@given(st.lists(ANY, max_size=30), st.integers(2, 20))
def test_each_candidate_is_in_one_group_and_groups_count_their_own(values: list[Value], most: int) -> None:
    groups = grouped(values, most)
    assert sorted(place for group in groups for place in group.places) == list(range(len(values)))
    assert all(group.part.count == len(group.places) for group in groups)
    for group in groups:
        if isinstance(group.part, Bin):
            numbers = [float(str(values[place])) for place in group.places]
            assert all(group.part.low <= number <= group.part.high for number in numbers)


def test_groups_stand_by_number_then_by_frequency_and_what_is_none_last() -> None:
    parts = [group.part for group in grouped([nan, None, "b", "b", "b", "10", "2", "2", "a", inf, *["9"] * 20], 20)]
    assert [part.value for part in parts if isinstance(part, Tally)][:6] == ["2", "9", "10", "b", "a", inf]
    assert [str(part.value) for part in parts if isinstance(part, Tally)][6:] == ["nan", "None"]


@settings(max_examples=50)
@given(st.lists(st.integers(-800, 800).map(lambda number: number / 8), min_size=2, max_size=60))
def test_as_many_bins_suit_as_numpy_says_within_the_room(numbers: list[float]) -> None:
    first, third = np.percentile(numbers, [25, 75])
    estimators = ["fd", "sturges"] if third > first else ["sturges"]
    if max(numbers) > min(numbers):
        wanted = max(len(np.histogram_bin_edges(numbers, how)) - 1 for how in estimators)
        assert bins_of(numbers, 30) == pytest.approx(max(2, min(wanted, 30)), abs=1)


@given(st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), max_size=300), st.integers(3, 20))
def test_a_histogram_has_about_as_many_lines_as_there_is_room_for(values: list[Value], rows: int) -> None:
    assert len(binned(values, rows)) <= rows + 3


def test_a_grouping_explains_what_differs_between_its_groups_and_no_more() -> None:
    apart = explained([[1.0, 2.0, 3.0], [11.0, 12.0, 13.0]])
    mixed = explained([[1.0, 12.0, 3.0], [11.0, 2.0, 13.0]])
    assert apart is not None
    assert mixed is not None
    assert apart > 0.7
    assert mixed < 0.3
    assert explained([[1.0], [2.0], [3.0]]) is None
    assert explained([[1.0, 1.0], [1.0, 1.0]]) is None


def test_ranges_have_an_order_of_their_own_and_names_have_none() -> None:
    assert is_ordered(categories([str(number / 7) for number in range(90)]))
    assert not is_ordered(categories(["adam", "sgd", "adam", None, "sgd", "sgd"]))
