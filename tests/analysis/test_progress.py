"""How a candidate gets on, as its points tell."""

from array import array
from collections.abc import Sequence
from math import inf, nan

import pytest

from mltrack_tui.analysis.progress import Flag, Progress, has_diverged, progress, total_steps
from mltrack_tui.domain.history import History

NOW = 1_000_000_000


def history(values: Sequence[float], *, metric: str = "val/loss", gap: int = 2000, stride: int = 5) -> History:
    """Values a stride of steps and a gap of milliseconds apart, the last one now."""
    count = len(values)
    steps = array("q", range(0, count * stride, stride))
    return History(metric, steps, array("q", range(NOW - (count - 1) * gap, NOW + 1, gap)), array("d", values), count)


def told(*histories: History, now: int = NOW, **params: str) -> Progress:
    return progress(histories, params, NOW - 60_000, now, patience=4)


def test_the_rate_and_what_is_left_of_the_steps_tell_when_it_ends() -> None:
    found = told(history([1.0, 0.9, 0.8]), now=NOW + 3000, max_steps="110")
    assert (found.step, found.rate, found.last_point, found.usual_gap) == (10, 2.5, NOW, 2000)
    assert (found.total, found.share, found.ends) == (110, 10 / 110, NOW + 40_000)
    assert not found.worries


def test_a_single_point_tells_a_rate_since_the_candidate_began_and_none_tells_nothing() -> None:
    one = History("loss", array("q", [30]), array("q", [NOW]), array("d", [1.0]), 1)
    assert told(one).rate == 0.5
    assert told(epochs="3") == Progress(total=3)
    assert told().share is None


@pytest.mark.parametrize(
    ("params", "step", "total"),
    [
        ({"trainer.max_steps": "500", "epochs": "3"}, 10, 500),
        ({"args/numTrainEpochs": "3.0"}, 2, 3),
        ({"max_steps": "-1", "num_train_epochs": "4"}, 2, 4),
        ({"epochs": "3"}, 10, None),
        ({"N_Epochs": "20"}, None, 20),
        ({"max_steps": "many", "steps_per_epoch": "9", "max_epochs": "inf"}, 1, None),
    ],
)
def test_parameters_tell_how_many_steps_there_will_be(
    params: dict[str, str], step: int | None, total: int | None
) -> None:
    assert total_steps(params, step) == total


def test_a_target_of_the_user_counts_before_any_parameter() -> None:
    assert progress([history([1.0, 2.0])], {"max_steps": "9"}, None, NOW, patience=4, target=10).share == 0.5


@pytest.mark.parametrize(("passed", "silent"), [(59_000, False), (61_000, True)])
def test_it_is_silent_after_more_than_a_minute_and_ten_usual_gaps(passed: int, silent: bool) -> None:
    worries = told(history([3.0, 2.0, 1.0]), now=NOW + passed).worries
    assert [worry.flag for worry in worries] == [Flag.SILENT] * silent
    assert not told(history([3.0, 2.0, 1.0], gap=10_000), now=NOW + passed).worries


def test_a_metric_that_became_nan_is_told_with_its_first_such_step_and_one_that_always_was_is_not() -> None:
    (worry,) = told(history([3.0, nan, 2.0, nan, nan]), history([nan, nan], metric="other")).worries
    assert (worry.flag, worry.metric, worry.step) == (Flag.NAN, "val/loss", 15)
    assert str(worry) == "val/loss is NaN since step 15"


@pytest.mark.parametrize(
    ("values", "diverged"),
    [
        ([1.0, 0.8, 0.7, 0.6, 20.0, 40.0, 90.0], True),
        ([1.0, 0.8, 0.7, inf, inf, inf], True),
        ([1.0, 0.5, 0.4, 0.45, 0.5, 0.55, 0.6], False),  # overfits
        ([1.0, 3.0, 0.5, 2.5, 0.4, 3.1, 2.9, 2.0], False),  # noisy as ever
        ([1.0, 0.8, 50.0, 0.7, 0.6, 0.6, 0.6], False),  # came back
        ([9.0, 99.0], False),
    ],
)
def test_it_diverged_where_the_last_values_lie_far_above_all_that_was_usual(
    values: Sequence[float], diverged: bool
) -> None:
    assert has_diverged(values) is diverged


def test_it_is_no_better_after_as_many_points_as_the_user_is_patient_by_the_metrics_direction() -> None:
    falling, rising = [5.0, 4.0, 3.0, 3.5, 3.2, 3.1, 3.0], [0.1, 0.5, 0.4, 0.3, 0.2, 0.1]
    worries = told(history(falling), history(rising, metric="accuracy"), history(rising, metric="lr")).worries
    assert [(worry.flag, worry.metric, worry.step) for worry in worries] == [
        (Flag.STALLED, "val/loss", 10),
        (Flag.STALLED, "accuracy", 5),
    ]
    assert not told(history(falling[:6])).worries


def test_the_points_that_a_reduced_history_left_out_count_too() -> None:
    few = history([5.0, 3.0, 4.0, 4.0, 4.0])
    reduced = History(few.metric, few.steps, few.timestamps, few.values, total=50)
    assert not told(few).worries
    assert [worry.flag for worry in told(reduced).worries] == [Flag.STALLED]
    assert told(reduced).usual_gap == 200
