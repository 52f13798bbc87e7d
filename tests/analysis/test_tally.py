"""How often each value occurs."""

from math import inf, isnan, nan

from mltrack_tui.analysis.tally import Tally, tallied, total


def test_the_most_frequent_come_first_then_the_smaller() -> None:
    values = ["0.1", "0.01", "0.1", "adam", None, "10", "9", None, None]
    expected = [Tally(None, 3), Tally("0.1", 2), Tally("0.01", 1), Tally("9", 1), Tally("10", 1), Tally("adam", 1)]
    assert tallied(values) == expected
    assert total(tallied(values)) == len(values)


def test_missing_nan_and_the_infinities_are_four_values() -> None:
    tallies = tallied([nan, inf, -inf, None, float("nan"), 1.0])
    assert [each.count for each in tallies] == [1 if each.value == each.value else 2 for each in tallies]
    assert [each.value for each in tallies if each.value != each.value and isinstance(each.value, float)]
    assert isnan(float(tallies[0].value or 0))
    assert [each.value for each in tallies[1:]] == [-inf, 1.0, inf, None]
