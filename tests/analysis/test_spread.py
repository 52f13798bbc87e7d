"""The parts of a column: values or bins, and nothing lost."""

from math import inf, nan

from hypothesis import given
from hypothesis import strategies as st

from mltrack_tui.analysis.histogram import Bin, time_edges
from mltrack_tui.analysis.spread import FEW, spread
from mltrack_tui.analysis.tally import Tally
from mltrack_tui.domain.query import Value
from mltrack_tui.domain.times import HOUR

VALUES = st.none() | st.floats() | st.text(max_size=3) | st.integers(0, 100).map(str)


@given(st.lists(VALUES))
def test_every_value_is_counted_once(values: list[Value]) -> None:
    assert sum(part.count for part in spread(values)) == len(values)


def test_few_numbers_are_shown_themselves() -> None:
    assert spread([1.0, 2.0, 1.0]) == [Tally(1.0, 2), Tally(2.0, 1)]


def test_many_numbers_become_bins_and_what_is_no_number_stays_apart() -> None:
    parts = spread([*(float(number) for number in range(1000)), nan, inf, -inf, None, None])
    bins = [part for part in parts if isinstance(part, Bin)]
    assert sum(part.count for part in bins) == 1000
    assert parts[: len(bins)] == bins
    assert [part.value for part in parts[len(bins) :] if isinstance(part, Tally)][:1] == [None]
    assert [part.count for part in parts[len(bins) :]] == [2, 1, 1, 1]


def test_parameters_that_say_numbers_become_bins_of_these() -> None:
    parts = spread([*(f"{number}e-3" for number in range(1, FEW + 2)), "auto"])
    assert isinstance(parts[0], Bin)
    assert parts[-1] == Tally("auto", 1)


def test_names_are_shown_themselves_however_many_there_are() -> None:
    assert len(spread([f"run {number}" for number in range(100)])) == 100


def test_times_are_cut_at_full_hours() -> None:
    parts = spread([float(minute * 10 * 60_000) for minute in range(60)], time_edges)
    assert all(part.low % (HOUR / 2) == 0 for part in parts if isinstance(part, Bin))
