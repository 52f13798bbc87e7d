from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltrack_tui.domain.times import DAY, HOUR, MINUTE, SECOND, ago, duration, instant

NOW = 1_700_000_000_000


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "0ms"),
        (350, "350ms"),
        (12_300, "12s"),
        (245_000, "4m05s"),
        (12_000_000, "3h20m"),
        (200_000_000, "2d07h"),
        (-5000, "-5s"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(ms: int, text: str) -> None:
    assert duration(ms) == text


@pytest.mark.parametrize(
    ("passed", "text"),
    [(0, "now"), (59 * SECOND, "now"), (5 * MINUTE, "5m ago"), (3 * HOUR + 1, "3h ago"), (29 * DAY, "29d ago")],
)
def test_what_is_less_than_a_month_ago_is_told_in_one_unit(passed: int, text: str) -> None:
    assert ago(NOW - passed, NOW) == text


@pytest.mark.parametrize("passed", [31 * DAY, -DAY])
def test_older_and_future_times_are_dates(passed: int) -> None:
    assert len(ago(NOW - passed, NOW)) == len("2023-11-14")


def test_an_instant_says_its_offset() -> None:
    assert instant(NOW, UTC) == "2023-11-14 22:13:20+00:00"


@given(st.integers(-(10**30), 10**30), st.integers(0, 2**53))
def test_any_number_can_be_told(ms: int, now: int) -> None:
    assert duration(ms)
    assert instant(ms, UTC)
    assert ago(ms, now)
