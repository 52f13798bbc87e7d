"""Trees of candidates, and groups of them."""

from collections.abc import Collection, Sequence
from math import inf, isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltrack_tui.analysis.nesting import Branch, Forest, groups, spread
from mltrack_tui.domain.query import Direction

IDS = "abcdef"


def tree(ids: Sequence[str], parents: Sequence[str | None], unfolded: Collection[str]) -> list[Branch]:
    return Forest(ids, parents).lines(unfolded)


def test_children_are_folded_under_their_parent_with_their_count() -> None:
    assert tree("abcd", [None, "a", "b", None], ()) == [Branch(0, 0, 2), Branch(3, 0, 0)]


def test_an_unfolded_parent_shows_its_children_in_the_order_given() -> None:
    lines = tree("dcba", ["a", "a", "d", None], {"a", "d"})
    assert lines == [Branch(3, 0, 3), Branch(0, 1, 1), Branch(2, 2, 0), Branch(1, 1, 0)]


def test_a_child_whose_parent_is_not_there_stands_at_the_top() -> None:
    assert tree("ab", ["gone", None], ()) == [Branch(0, 0, 0), Branch(1, 0, 0)]


def test_a_candidate_that_is_its_own_parent_stands_at_the_top() -> None:
    assert tree("ab", ["a", "a"], {"a"}) == [Branch(0, 0, 1), Branch(1, 1, 0)]


@given(st.lists(st.sampled_from([None, *IDS, "gone"]), max_size=6))
def test_whatever_the_parents_are_everybody_is_there_once(parents: list[str | None]) -> None:
    ids = IDS[: len(parents)]
    assert sorted(line.place for line in tree(ids, parents, set(ids))) == list(range(len(ids)))
    folded = tree(ids, parents, ())
    assert sum(1 + line.below for line in folded) == len(ids)


def test_a_chain_of_thousands_is_no_deeper_than_the_memory() -> None:
    ids = [str(number) for number in range(20_000)]
    lines = tree(ids, [None, *ids[:-1]], set(ids))
    assert (lines[-1], lines[0].below) == (Branch(19_999, 19_999, 0), 19_999)


def test_groups_stand_in_natural_order_and_the_missing_last() -> None:
    found = groups(["10", None, "9", "adam", "10", nan, nan, 9.0])
    assert [group.places for group in found] == [(2,), (7,), (0, 4), (5, 6), (3,), (1,)]
    assert [group.value for group in found][:3] == ["9", 9.0, "10"]


def test_the_spread_of_a_group_leaves_out_nan_and_counts_it() -> None:
    found = spread([1.0, nan, 3.0, None, "x"], Direction.MAX)
    assert (found.numbers, found.nans, found.mean, found.best) == (2, 1, 2.0, 3.0)
    assert found.deviation == pytest.approx(2**0.5)
    assert spread([2.0], None).deviation is None
    assert spread([nan], Direction.MIN).mean is None


def test_numbers_at_the_edge_of_the_doubles_have_a_spread_too() -> None:
    assert spread([1.7e308, 1.7e308], Direction.MIN).mean == pytest.approx(1.7e308)
    assert spread([1e200, -1e200], None).deviation == inf
    both = spread([inf, -inf], Direction.MIN)
    assert both.mean is not None
    assert isnan(both.mean)
    assert both.best == -inf


def test_parents_are_those_that_others_lie_under() -> None:
    assert list(Forest("abcd", [None, "a", "b", "gone"]).parents()) == ["a", "b"]
