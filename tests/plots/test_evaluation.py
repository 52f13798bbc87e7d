"""Heatmaps and curves of evaluations as text: whatever was logged, in exactly their room."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from mltrack_tui.plots.heatmap import Heatmap, draw_heatmap
from mltrack_tui.plots.picture import Style
from mltrack_tui.plots.rates import RateChart, draw_rates
from tests.plots.test_statistics import LONG, ROOMS, STYLES, fills

LABELS = st.lists(st.sampled_from(["a", LONG, "漢字", ""]), min_size=1, max_size=12)
SHARES = st.floats(0, 1)


@settings(max_examples=100, deadline=None)
@given(
    LABELS,
    st.lists(st.tuples(st.floats(-2, 2), st.floats(allow_nan=False, allow_infinity=False)), max_size=40),
    ROOMS,
    STYLES,
    st.integers(0, 11),
)
def test_any_matrix_and_any_curve_fill_their_room(
    labels: Sequence[str], points: Sequence[tuple[float, float]], room: tuple[int, int], style: Style, cursor: int
) -> None:
    size = range(len(labels))
    texts = [[str(7 ** (row + column)) for column in size] for row in size]
    shades = [[(row * column) / len(labels) ** 2 for column in size] for row in size]
    here = (min(cursor, len(labels) - 1), 0)
    fills(
        draw_heatmap(Heatmap(LONG, LONG, labels, labels, texts, texts, shades, [LONG]), here, *room, style), room, style
    )
    chart = RateChart(LONG, "x", "y", [(label, sorted(points)) for label in labels], diagonal=True, notes=[LONG])
    fills(draw_rates(chart, *room, style), room, style)


HEATMAP = Heatmap(
    "Confusion matrix",
    "true \\ predicted",
    ["cat", "dog"],
    ["cat", "dog"],
    [["9", "1"], ["0", "4"]],
    [["90%", "10%"], ["0%", "100%"]],
    [[0.9, 0.1], [0.0, 1.0]],
    ["accuracy 92.9%"],
)


def test_a_matrix_reads_without_colours() -> None:
    assert draw_heatmap(HEATMAP, (0, 0), 40, 8, Style.BRAILLE).text.split("\n") == [
        "Confusion matrix",
        "true \\ predi…     cat     dog",
        "          cat ██    9 ░░    1",
        "              ██  90% ░░  10%",
        "          dog       0 ██    4",
        "                   0% ██ 100%",
        "",
        "accuracy 92.9%",
    ]
    assert draw_heatmap(HEATMAP, (1, 1), 24, 4, Style.ASCII).text.split("\n") == [
        "Confusion matrix  rows~",
        "true \\~      dog",
        "     dog ##    4",
        "accuracy 92.9%",
    ]


def test_a_curve_lies_over_the_diagonal_of_chance() -> None:
    points = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)]
    chart = RateChart("ROC curve", "fpr", "tpr", [("", points)], diagonal=True, notes=["AUC 1.0000"])
    assert draw_rates(chart, 26, 8, Style.ASCII).text.split("\n") == [
        "ROC curve: tpr over fpr",
        "1+|''''''''''''''''''':'''",
        " ||               -",
        " ||       .   '",
        "0+|   -",
        " ++-----------+----------+",
        " 0.0         0.5       1.0",
        "AUC 1.0000",
    ]
