"""The order of any values by any keys."""

from math import inf, isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltrack_tui.analysis.order import SortColumn, arrange, text_value
from mltrack_tui.domain.query import Value

values = st.none() | st.text(max_size=3) | st.floats() | st.sampled_from([0.0, 1.0, nan, inf, -inf, "a", "A", "b"])


def group(value: Value) -> int:
    """Numbers, NaN, text, nothing."""
    if value is None:
        return 3
    return 2 if isinstance(value, str) else 1 if isnan(value) else 0


def key(value: Value) -> tuple[str, str] | float:
    """What two of a group are compared by; NaN is like NaN, nothing like nothing."""
    if isinstance(value, str):
        return value.casefold(), value
    return 0.0 if value is None or isnan(value) else value


@given(st.lists(values), st.booleans())
def test_groups_stand_in_one_order_in_both_directions_and_ties_keep_theirs(
    column: list[Value], descending: bool
) -> None:
    arranged = arrange(range(len(column)), [(SortColumn.of(column), descending)])
    expected = []
    for wanted in range(4):
        places = [place for place, value in enumerate(column) if group(value) == wanted]
        expected += sorted(places, key=lambda place: key(column[place]), reverse=descending)
    assert arranged == expected


@given(st.lists(st.tuples(values, values)), st.booleans(), st.booleans())
def test_the_second_key_orders_what_the_first_leaves_equal(
    rows: list[tuple[Value, Value]], first: bool, second: bool
) -> None:
    columns = [SortColumn.of([row[place] for row in rows]) for place in (0, 1)]
    by_second = arrange(range(len(rows)), [(columns[1], second)])
    assert arrange(range(len(rows)), [(columns[0], first), (columns[1], second)]) == arrange(
        by_second, [(columns[0], first)]
    )


def test_only_the_given_places_are_arranged() -> None:
    column = SortColumn.of([3.0, 1.0, 2.0])
    assert arrange([2, 0], [(column, False)]) == [2, 0]
    assert arrange([2, 0], [(column, True)]) == [0, 2]
    assert arrange([2, 0], []) == [2, 0]


@pytest.mark.parametrize(
    ("text", "value"), [("1e-3", 0.001), (" 7 ", 7.0), ("-inf", -inf), ("sgd", "sgd"), ("", ""), (None, None)]
)
def test_a_parameter_is_a_number_where_it_says_one(text: str | None, value: Value) -> None:
    assert text_value(text) == value
