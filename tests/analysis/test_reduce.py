"""A long history as few points."""

from array import array
from itertools import pairwise
from math import inf, isnan, nan

from hypothesis import given
from hypothesis import strategies as st

from mltrack_tui.analysis.reduce import parts, reduce
from mltrack_tui.domain.history import History

Point = tuple[int, float]
points = st.lists(st.tuples(st.integers(-50, 300), st.floats(width=32) | st.sampled_from([nan, inf, -inf])))


def history(logged: list[Point]) -> History:
    ordered = sorted(logged, key=lambda point: point[0])
    return History(
        "m",
        array("q", [step for step, _ in ordered]),
        array("q", range(len(ordered))),
        array("d", [value for _, value in ordered]),
        len(ordered),
    )


def rows(of: History) -> list[tuple[int, int, str]]:
    return [(step, at, repr(value)) for step, at, value in zip(of.steps, of.timestamps, of.values, strict=True)]


@given(points, st.integers(1, 40))
def test_what_is_kept_was_logged_and_tells_of_each_part(logged: list[Point], buckets: int) -> None:
    whole = history(logged)
    few = reduce(whole, buckets)
    assert len(few) <= max(4 * buckets + 2, 0)
    assert few.total == len(logged)
    assert few.exact
    assert set(rows(few)) <= set(rows(whole))
    assert list(few.timestamps) == sorted(few.timestamps)
    assert rows(few)[:1] == rows(whole)[:1]
    assert rows(few)[-1:] == rows(whole)[-1:]
    if logged and whole.steps[0] < whole.steps[-1]:
        for low, high in parts(whole.steps[0], whole.steps[-1], buckets):
            assert extremes(few, low, high) == extremes(whole, low, high)


def extremes(of: History, low: int, high: int) -> tuple[bool, set[float]]:
    """Whether a part holds anything, and the smallest, the largest and the infinities in it."""
    values = [value for step, value in zip(of.steps, of.values, strict=True) if low <= step < high]
    finite = [value for value in values if not isnan(value) and abs(value) != inf]
    ends = {min(finite), max(finite)} if finite else set()
    return bool(values), ends | {value for value in values if abs(value) == inf}


def test_a_short_history_stays_as_it_is() -> None:
    short = history([(step, 1.0) for step in range(10)])
    assert reduce(short, 5) is short


def test_a_part_of_nothing_but_nan_keeps_one() -> None:
    few = reduce(history([(step, nan if 30 <= step < 60 else 1.0) for step in range(100)]), 10)
    assert [step for step, value in zip(few.steps, few.values, strict=True) if isnan(value)] == [30, 40, 50]


def test_points_of_one_step_are_parted_by_their_number() -> None:
    few = reduce(history([(0, float(place)) for place in range(100)]), 4)
    assert few.values.tolist() == [0, 24, 25, 49, 50, 74, 75, 99]


@given(st.integers(-(2**62), 2**62), st.integers(0, 2**62), st.integers(1, 50))
def test_parts_cover_every_step_once(first: int, span: int, count: int) -> None:
    found = list(parts(first, first + span, count))
    assert len(found) <= count
    assert found[0][0] == first
    assert found[-1][1] == first + span + 1
    assert all(one[1] == following[0] for one, following in pairwise(found))
