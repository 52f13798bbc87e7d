"""Scatter plots, histograms, boxes and bars as text: whatever was logged, in exactly their room."""

import unicodedata
from collections.abc import Sequence
from math import inf, nan

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mltrack_tui.analysis.correlation import Pairs
from mltrack_tui.analysis.grouping import binned, categories, numbers_of
from mltrack_tui.analysis.quartiles import Box
from mltrack_tui.domain.query import Value
from mltrack_tui.plots.bars import Bars, draw_bars
from mltrack_tui.plots.boxes import Boxes, draw_boxes
from mltrack_tui.plots.histogram import Histogram, draw_histogram
from mltrack_tui.plots.picture import Picture, Style
from mltrack_tui.plots.scatter import Scatter, draw_scatter

LONG = "names of 250 characters \x1b[31m with escapes and 漢字 " * 6
NUMBERS = st.floats() | st.sampled_from([nan, inf, -inf, 1e300, -1e300, 1e-300, 1.7976931348623157e308, 0.0])
VALUES = st.none() | NUMBERS | st.integers(0, 9).map(str) | NUMBERS.map(str) | st.text(max_size=8) | st.just(LONG)
NAMES = st.sampled_from(["lr", LONG, ""])
ROOMS = st.tuples(st.integers(8, 100), st.integers(2, 30))
STYLES = st.sampled_from(Style)


def fills(picture: Picture, room: tuple[int, int], style: Style) -> None:
    """Whether a picture is as many lines, no wider, without control codes, and in ASCII where that was wanted."""
    lines = ["".join(run.text for run in line) for line in picture.lines]
    assert len(lines) == room[1]
    assert max(map(cell_len, lines)) <= room[0]
    assert {unicodedata.category(character) for line in lines for character in line}.isdisjoint({"Cc", "Cs"})
    assert style is not Style.ASCII or "".join(lines).isascii()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(VALUES, VALUES), max_size=30), NAMES, ROOMS, STYLES, st.integers(0, 29))
def test_any_columns_make_pictures_that_fill_their_room(
    rows: Sequence[tuple[Value, Value]], name: str, room: tuple[int, int], style: Style, cursor: int
) -> None:
    xs, ys = [x for x, _ in rows], [y for _, y in rows]
    slots = {place: place for place in range(min(len(rows), 10))}
    scatter = Scatter(name, name, Pairs.of(xs, ys), slots, 0 if rows else None, dict.fromkeys(slots, name), "34 loaded")
    fills(draw_scatter(scatter, *room, style).picture(cursor), room, style)
    groups = binned(xs, max(room[1] - 2, 2))
    fills(draw_histogram(Histogram(name, groups, {0: [0, 9]}, [name]), cursor, *room, style), room, style)
    parts = categories(xs)
    found = [Box.of(numbers_of(ys[place] for place in part.places)) for part in parts]
    fills(draw_boxes(Boxes(name, name, parts, found, 0, [name]), cursor, *room, style), room, style)
    fills(draw_bars(Bars(name, [name] * len(xs), xs, 0, [name]), cursor, *room, style), room, style)


def lines_of(picture: Picture) -> list[str]:
    return picture.text.split("\n")


def test_a_scatter_plot_marks_the_best_and_the_marked_and_says_how_x_and_y_go_together() -> None:
    xs: list[Value] = ["0.0001", "0.001", "0.01", "0.2", "1", None, "auto"]
    ys: list[Value] = [0.5, 0.6, 0.9, 0.8, nan, 0.7, 0.7]
    scatter = Scatter("lr", "accuracy", Pairs.of(xs, ys), {1: 0}, 2, {1: "sgd", 2: "adam"})
    lines = lines_of(draw_scatter(scatter, 44, 14, Style.BRAILLE).picture(0))
    assert lines.pop(11).split()[1:] == ["0.001", "0.01", "0.1"]
    assert lines == [
        "accuracy over lr (log)",
        "   │                        ★",
        "   │",
        "0.8┤                                       •",
        "   │",
        "   │",
        "   │",
        "0.6┤            1",
        "   │",
        "   │•",
        "   └┬───────────┬───────────┬──────────┬────",
        "★ adam  1 sgd",
        "Spearman ρ = 0.80 over 4 of 7 candidates …",
    ]


def test_an_axis_of_more_than_three_decades_is_logarithmic_and_says_so() -> None:
    scatter = Scatter("lr", "acc", Pairs.of([1e-5, 1e-3, 1.0], [1.0, 2.0, 3.0]))
    picture = draw_scatter(scatter, 40, 9, Style.BRAILLE).picture()
    assert lines_of(picture)[0] == "acc over lr (log)"
    assert lines_of(picture)[3].index("•") == 17


def test_a_scatter_plot_of_few_lines_gives_up_the_axis_below_but_no_point() -> None:
    drawn = draw_scatter(Scatter("x", "y", Pairs.of([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])), 30, 5, Style.BRAILLE)

    lines = drawn.picture(1).text.split("\n")

    assert [line.count("•") for line in lines] == [0, 1, 1, 1, 0]
    assert lines[-1].startswith("Spearman")


def test_the_cursor_is_on_its_point_and_on_both_axes() -> None:
    drawn = draw_scatter(Scatter("x", "y", Pairs.of([1.0, 2.0], [1.0, 2.0])), 30, 9, Style.BRAILLE)
    here = [
        (line, run.text) for line, runs in enumerate(drawn.picture(1).lines) for run in runs if run.ink.kind == "here"
    ]
    assert here == [(1, "┤"), (1, "•"), (6, "┬")]
    assert drawn.picture().text == drawn.picture(1).text


def test_many_candidates_at_one_place_look_like_many() -> None:
    pairs = Pairs.of([0.0] * 12 + [1.0] * 2 + [2.0], [0.0] * 12 + [1.0] * 2 + [2.0])
    picture = draw_scatter(Scatter("x", "y", pairs), 30, 9, Style.BRAILLE).picture().text
    assert (picture.count("█"), picture.count("●"), picture.count("•")) == (1, 1, 1)


def test_a_histogram_has_a_line_for_each_range_and_for_what_is_no_number() -> None:
    values: list[Value] = [*(number / 10 for number in range(30)), nan, None, None]
    picture = draw_histogram(Histogram("loss", binned(values, 10), {0: [2]}), 1, 44, 12, Style.BRAILLE)
    assert lines_of(picture) == [
        "loss",
        " 0.0 – 0.5 █████████████████████████████ 5 3",
        "›0.5 – 1.0 █████████████████████████████ 5",
        " 1.0 – 1.5 █████████████████████████████ 5",
        " 1.5 – 2.0 █████████████████████████████ 5",
        " 2.0 – 2.5 █████████████████████████████ 5",
        " 2.5 – 3.0 █████████████████████████████ 5",
        " NaN       █████▊                        1",
        " missing   ███████████▋                  2",
        "",
        "",
        "33 candidates",
    ]


def test_boxes_show_quartiles_whiskers_and_outliers_on_one_axis() -> None:
    xs: list[Value] = ["adam"] * 9 + ["sgd"] * 5 + [None]
    ys: list[Value] = [0.0, 4.0, 5.0, 5.0, 6.0, 6.0, 7.0, 7.0, 8.0, 1.0, 2.0, 3.0, 4.0, 10.0, nan]
    parts = categories(xs)
    found = [Box.of(numbers_of(ys[place] for place in part.places)) for part in parts]
    picture = draw_boxes(Boxes("optimizer", "accuracy", parts, found, 0), 1, 52, 8, Style.BRAILLE)
    assert lines_of(picture) == [
        "accuracy by optimizer",
        "★ adam    n 9 ∘              ├───███│████───┤",
        " ›sgd     n 5     ├──████│████                     ∘",
        "  missing n 0",
        "",
        "             └┬──────┬───────┬──────┬───────┬──────┬",
        "              0      2       4      6       8     10",
        "box: middle half",
    ]


def test_bars_begin_at_zero_and_negative_ones_go_left() -> None:
    bars = Bars("gain", ["a", "b", "c", "d", "e"], [4.0, -2.0, nan, None, 0.0], 0)
    assert lines_of(draw_bars(bars, 1, 40, 8, Style.BRAILLE)) == [
        "gain",
        "★ 1 a            ████████████████  4.0",
        " ›2 b    ████████                 -2.0",
        "  3 c                             NaN",
        "  4 d                             –",
        "  5 e                              0.0",
        "",
        "bars from 0",
    ]


def test_bars_of_numbers_that_lie_close_together_begin_later_and_say_so() -> None:
    lines = lines_of(draw_bars(Bars("acc", ["a", "b"], [0.91, 0.95]), 0, 40, 5, Style.ASCII))
    assert lines[1].count("#") < 12
    assert lines[2].count("#") > 20
    assert lines[-1] == "bars from 0.9, not 0"


def test_a_list_that_is_longer_than_its_room_shows_the_lines_around_the_cursor() -> None:
    bars = Bars("acc", [f"name {number}" for number in range(30)], [float(number) for number in range(30)])
    text = draw_bars(bars, 20, 40, 8, Style.BRAILLE).text
    assert "name 20" in text
    assert "name 2 " not in text
    assert "6 of 30 candidates" in text


def test_without_a_number_there_are_words() -> None:
    nothing: list[Value] = [nan, None, inf]
    assert (
        "no candidate has both"
        in draw_scatter(Scatter("lr", "acc", Pairs.of(nothing, nothing)), 40, 10, Style.BRAILLE).picture(0).text
    )
    boxes = Boxes("lr", "acc", categories(nothing), [None] * 3)
    assert "no candidate has a number here" in draw_boxes(boxes, 0, 40, 10, Style.BRAILLE).text
