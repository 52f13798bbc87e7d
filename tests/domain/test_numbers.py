import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltrack_tui.domain.numbers import NumberFormat, aligned, as_json, exact, number_of, short


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1.0),
        ("-1.", -1.0),
        (".5", 0.5),
        ("1e-3", 0.001),
        (" 7 ", 7.0),
        ("+2E2", 200.0),
        ("inf", math.inf),
        ("-Infinity", -math.inf),
    ],
)
def test_texts_that_are_numbers(text: str, number: float) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize("text", ["", "adam", "1_000", "0x10", "1,5", "1e", "e5", "--1", "1 2", "1" * 65, "१"])
def test_texts_that_are_none(text: str) -> None:
    assert number_of(text) is None


def test_nan_is_a_number_that_is_none() -> None:
    number = number_of("NaN")
    assert number is not None
    assert math.isnan(number)


@given(st.floats())
def test_the_exact_text_reads_back_as_the_same_number(value: float) -> None:
    back = float(exact(value))
    assert back == value or (math.isnan(back) and math.isnan(value))


def test_json_has_words_for_what_it_cannot_hold() -> None:
    assert [as_json(value) for value in (0.5, math.nan, math.inf, -math.inf)] == [0.5, "NaN", "Infinity", "-Infinity"]


@pytest.mark.parametrize(
    ("sample", "value", "text"),
    [
        ([0.9812, 0.5], 0.97940001, "0.9794"),
        ([128.0, 64.0], 32.0, "32"),
        ([312.5, 1.0], 0.123456, "0.12"),
        ([0.5, 0.25], 0.000012, "1.2e-5"),
        ([0.5, 0.25], 9123.0, "9.1e+3"),
        ([0.5, 0.25], 0.0, "0.0000"),
        ([0.5], math.nan, "NaN"),
        ([0.5], -math.inf, "-inf"),
    ],
)
def test_a_column_of_numbers_is_written_alike(sample: list[float], value: float, text: str) -> None:
    assert NumberFormat.of(sample).text(value) == text


@given(st.lists(st.floats(), max_size=20), st.floats())
def test_any_number_fits_the_width_of_any_column(sample: list[float], value: float) -> None:
    number_format = NumberFormat.of(sample)
    assert len(number_format.text(value)) <= max(number_format.width, len("-1.8e+308"))


@given(st.floats(-1e308, 1e308))
def test_a_short_number_keeps_its_size(value: float) -> None:
    assert math.isclose(float(short(value)), value, rel_tol=0.06, abs_tol=1e-323)


@pytest.mark.parametrize(
    ("text", "shown"), [("0.1", "0.1  "), ("10", "10    "), ("0.001", "0.001"), ("1e-3", "1e-3"), ("adam", "adam")]
)
def test_the_points_of_a_column_line_up(text: str, shown: str) -> None:
    assert aligned(text, 3) == shown
