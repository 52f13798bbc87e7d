"""Which values are best: guesses from names, extents of columns; and the small pictures drawn of them."""

from array import array
from math import inf, nan

import pytest

from mltrack_tui.analysis.best import Extent, direction_of, guessed_direction
from mltrack_tui.analysis.small_pictures import bar, sparkline
from mltrack_tui.domain.history import History
from mltrack_tui.domain.query import Direction


@pytest.mark.parametrize("metric", ["loss", "val/loss", "valLoss", "test_rmse", "eval.perplexity", "top5_error", "WER"])
def test_less_of_what_sounds_bad_is_better(metric: str) -> None:
    assert guessed_direction(metric) is Direction.MIN


@pytest.mark.parametrize("metric", ["accuracy", "val/acc", "test_f1", "F1", "r2", "roc_auc", "mAP50", "episode_reward"])
def test_more_of_what_sounds_good_is_better(metric: str) -> None:
    assert guessed_direction(metric) is Direction.MAX


@pytest.mark.parametrize("metric", ["grad_norm", "lr", "epoch", "", "closs", "accumulated", "步"])
def test_other_names_say_nothing(metric: str) -> None:
    assert guessed_direction(metric) is None


def test_what_the_user_said_goes_before_a_guess() -> None:
    assert direction_of("loss", {"loss": Direction.MAX}) == (Direction.MAX, True)
    assert direction_of("loss", {}) == (Direction.MIN, False)


def test_nan_is_never_best_and_infinities_can_be() -> None:
    extent = Extent.of([nan, 1.0, -inf, None, 3.0])
    assert (extent.best(Direction.MIN), extent.best(Direction.MAX)) == (-inf, 3.0)
    assert (extent.low, extent.high) == (1.0, 3.0)
    for values in ([], [nan], [None]):
        assert Extent.of(values).best(Direction.MIN) is None


def test_texts_count_as_the_numbers_that_they_say() -> None:
    assert Extent.of(["1e-3", "auto", "10", None]).share(10.0) == 1.0


def test_a_share_lies_between_nothing_and_all() -> None:
    extent = Extent.of([0.0, 10.0, inf])
    assert [extent.share(value) for value in (0.0, 2.5, 10.0, inf, -inf, nan)] == [0.0, 0.25, 1.0, 1.0, 0.0, None]
    assert Extent.of([7.0]).share(7.0) == 1.0
    assert Extent.of([]).share(7.0) is None


def test_bars_are_exact_to_an_eighth_and_never_nothing() -> None:
    assert [bar(share, 4) for share in (0.0, 0.5, 0.53125, 1.0)] == ["▏   ", "██  ", "██▏ ", "████"]


def history(*points: tuple[int, float]) -> History:
    steps, values = array("q", [step for step, _ in points]), array("d", [value for _, value in points])
    return History("m", steps, array("q", [0] * len(points)), values, len(points))


def test_a_sparkline_goes_from_its_smallest_to_its_largest_value() -> None:
    assert sparkline(history(*((step, float(step)) for step in range(8))), 8) == "▁▂▃▄▅▆▇█"
    assert sparkline(history(*((step, float(step)) for step in range(800))), 4) == "▂▄▆█"


def test_a_sparkline_goes_on_where_no_step_was_and_leaves_out_what_is_no_number() -> None:
    assert sparkline(history((0, 1.0), (100, 2.0)), 4) == "▁▁▁█"
    assert sparkline(history((0, 1.0), (1, nan), (2, inf), (3, 2.0)), 4) == "▁  █"
    assert sparkline(history(), 3) == "   "
    assert sparkline(history((5, 7.0)), 3).strip() != ""
    assert sparkline(history((-(2**62), -1e308), (2**62, 1e308)), 2).strip() != ""
