import math
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mltrack_tui.domain.history import History
from mltrack_tui.plots.curve import MIN_HEIGHT, MIN_WIDTH, plot_histories, plot_history
from tests.plots.histories import history

NAN, INF = math.nan, math.inf
STEPS = st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3)
VALUES = st.floats() | st.sampled_from([NAN, INF, -INF, 0.0, 1e-300, 1e300, -1.7976931348623157e308])
HISTORIES = st.builds(
    lambda points, metric, total, exact: history(
        [value for _, value in points], [step for step, _ in points], metric=metric, total=total, exact=exact
    ),
    st.lists(st.tuples(STEPS, VALUES), max_size=40),
    st.text(max_size=60),
    st.integers(0, 10**12),
    st.booleans(),
)


def curve_of(picture: str) -> list[str]:
    """The lines between the title and the bottom axis, without their labels."""
    return [line[max(line.find("┤"), line.find("│")) + 1 :] for line in picture.split("\n")[1:-3]]


@settings(max_examples=300, deadline=None)
@given(HISTORIES, st.integers(MIN_WIDTH, 90), st.integers(MIN_HEIGHT, 30))
def test_any_history_fills_its_lines_within_its_width_without_a_control_code(
    anything: History, width: int, height: int
) -> None:
    lines = plot_history(anything, width, height).split("\n")

    assert len(lines) == height
    assert max(map(cell_len, lines)) <= width
    assert {unicodedata.category(character) for line in lines for character in line}.isdisjoint({"Cc", "Cs"})


@settings(deadline=None)
@given(HISTORIES, st.integers(-1, 40), st.integers(-1, MIN_HEIGHT - 1))
def test_where_there_is_no_room_for_a_picture_one_line_says_how_many_points(
    anything: History, width: int, height: int
) -> None:
    line = plot_history(anything, width, height)

    assert "\n" not in line
    assert cell_len(line) <= max(width, 0)


def test_a_line_rises_from_corner_to_corner() -> None:
    assert plot_history(history(range(61), metric="épreuve"), 38, 12).split("\n") == [
        "épreuve   step 0–60",
        "60┤                               ⣀⠤⠔⠊",
        "  │                          ⢀⡠⠤⠒⠉",
        "40┤                      ⣀⠤⠒⠊⠁",
        "  │                 ⣀⡠⠔⠊⠉",
        "  │             ⣀⡠⠔⠊",
        "20┤        ⢀⣀⠤⠒⠉",
        "  │    ⣀⠤⠔⠊⠁",
        " 0┤⡠⠔⠒⠉",
        "  └┬──────────┬───────────┬──────────┬",
        "   0          20          40        60",
        "61 of 61 points",
    ]


def test_a_constant_is_a_level_line_that_says_its_value() -> None:
    assert plot_history(history([0.3] * 50), 38, 8).split("\n") == [
        "loss   step 0–49",
        "0.4┤",
        "   │⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀",
        "   │",
        "0.2┤",
        "   └┬──────┬─────┬──────┬──────┬──────",
        "    0      10    20     30     40",
        "50 of 50 points · always 0.3",
    ]


def test_one_point_is_a_visible_mark() -> None:
    picture = plot_history(history([7e-5], [7]), 38, 12)

    assert "loss   step 7\n" in picture
    assert sum(line.count("•") for line in curve_of(picture)) == 1


def test_a_nan_is_a_gap_in_the_line_and_a_cross_below_it() -> None:
    whole = curve_of(plot_history(history([1.0] * 41), 44, 8))
    picture = plot_history(history([1.0] * 10 + [NAN] * 21 + [1.0] * 10), 44, 8)

    drawn = next(line for line in curve_of(picture) if line)
    left, right = drawn.split()
    assert len(next(line for line in whole if line)) == len(drawn)
    assert len(left) == len(right) == pytest.approx(len(drawn) / 4, abs=1)
    assert picture.split("\n")[-3].count("×") == 21
    assert picture.endswith("41 of 41 points · 21 NaN ×")


def test_the_infinities_lie_at_the_edges_of_the_finite_values_and_are_counted() -> None:
    picture = plot_history(history([1.0, 2.0, INF, 2.0, -INF, -INF, 1.0]), 44, 12)

    curve = curve_of(picture)
    assert curve[0].count("▲") == 1
    assert curve[-1].count("▼") == 2
    assert picture.endswith("7 of 7 points · 3 inf ▲▼")


@pytest.mark.parametrize(
    ("values", "words"), [([], "no points"), ([NAN, NAN], "no finite value"), ([INF, -INF, NAN], "no finite value")]
)
def test_what_has_no_finite_value_says_so_in_place_of_a_curve(values: list[float], words: str) -> None:
    assert words in plot_history(history(values), 38, 12)


def test_a_metric_logged_at_one_step_only_is_drawn_in_order_of_its_points() -> None:
    picture = plot_history(history([1.0, 3.0, 2.0], [0, 0, 0]), 44, 12)

    assert picture.startswith("loss   all at one step, in order\n")
    assert picture.split("\n")[-2].split() == ["1", "2", "3"]


def test_a_sample_says_that_it_is_one() -> None:
    picture = plot_history(history([1.0, 2.0], total=1_000_000, exact=False), 60, 12)

    assert picture.endswith("2 of 1,000,000 points · sampled, reading on…")


def test_values_of_every_size_have_their_labels() -> None:
    picture = plot_history(history([-1.7976931348623157e308, 1.7976931348623157e308]), 60, 12)

    assert [line.split("┤")[0].strip() for line in picture.split("\n") if "┤" in line] == ["1e+308", "0", "-1e+308"]


def test_a_hostile_metric_name_is_harmless_and_keeps_to_one_line() -> None:
    title = plot_history(history([1.0, 2.0], metric="\x1b]0;owned\x07a\nb\x9b[/]" + "x" * 100_000), 60, 12).split("\n")[
        0
    ]

    assert title.startswith("·]0;owned·a b·[/]xxx")
    assert title.endswith("…   step 0–1")


def test_several_metrics_are_panels_below_each_other_that_share_the_height() -> None:
    lines = plot_histories([history([1.0, 2.0], metric="a"), history([1.0, 2.0], metric="b")], 40, 25).split("\n")

    assert len(lines) == 25
    assert lines[0] == "a   step 0–1"
    assert lines[13] == "b   step 0–1"


def test_panels_are_never_too_low_to_read() -> None:
    lines = plot_histories([history([1.0, 2.0])] * 4, 40, 5).split("\n")

    assert len(lines) == 4 * MIN_HEIGHT


def test_no_metric_is_no_picture() -> None:
    assert plot_histories([], 40, 12) == ""
