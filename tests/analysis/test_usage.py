"""What a candidate used of its machine, by the names under which mlflow logs it."""

from math import isnan, nan

import pytest

from mltrack_tui.analysis.usage import Logged, gpus_among, histories_of, usage
from mltrack_tui.domain.entities import Candidate, CandidateId
from mltrack_tui.domain.query import USAGE_NAMES, Column

ONE_HOUR = 3_600_000
TWO_NODES = (
    *("loss", "system/gpu_0_note", "system/gpux_0_power_usage_watts"),
    *(f"system/node_{node}/gpu_{gpu}_utilization_percentage" for node in "01" for gpu in "01"),
    *("system/node_0/gpu_0_power_usage_watts", "system/node_0/cpu_utilization_percentage"),
    *("system/gpu_0_memory_usage_megabytes", "system/gpu_1_memory_usage_gigabytes"),
)


def logged(length: int | None = ONE_HOUR, **aggregates: float) -> Logged:
    known = {Column.parse(f"{how}(metrics.system/{name})"): value for (how, name), value in _split(aggregates)}
    return Logged([column.name for column in known], length, known)


def _split(aggregates: dict[str, float]) -> list[tuple[tuple[str, str], float]]:
    return [((key.partition("_")[0], key.partition("_")[2]), value) for key, value in aggregates.items()]


def test_the_gpus_of_all_nodes_are_counted_by_any_metric_of_theirs() -> None:
    nodes = {f"system/node_{node}/gpu_{gpu}" for node in "01" for gpu in "01"}
    assert gpus_among(TWO_NODES) == nodes | {"system/gpu_0", "system/gpu_1"}
    assert usage("gpus", Logged(TWO_NODES, None, {}), None) == 6


def test_hours_are_those_of_each_gpu_and_cost_what_one_costs() -> None:
    told = Logged(TWO_NODES, ONE_HOUR // 2, {})
    assert usage("gpu_hours", told, None) == 3
    assert usage("cost", told, 2.5) == 7.5
    assert usage("cost", told, None) is None
    assert usage("cost", told, 0.0) == 0.0


def test_a_mean_is_over_the_gpus_and_a_peak_of_the_one_that_used_most_in_megabytes() -> None:
    told = logged(
        mean_gpu_0_utilization_percentage=90,
        mean_gpu_1_utilization_percentage=70,
        max_gpu_0_memory_usage_megabytes=11_200,
        max_gpu_1_memory_usage_gigabytes=12,
        mean_cpu_utilization_percentage=30,
        max_system_memory_usage_megabytes=5000,
    )
    expected = {"mean_gpu": 80, "peak_gpu_memory": 12_000, "mean_cpu": 30, "peak_memory": 5000}
    assert {name: usage(name, told, None) for name in expected} == expected


@pytest.mark.parametrize("name", USAGE_NAMES)
def test_what_was_not_logged_is_missing(name: str) -> None:
    assert usage(name, Logged(["loss", "gpu_0_utilization_percentage"], ONE_HOUR, {}), 1.0) is None
    assert histories_of(name, ["loss", "mean_gpu", "gpu_0_utilization_percentage"]) == ()


def test_a_gpu_that_logged_no_number_keeps_the_others_from_no_mean_but_alone_is_none() -> None:
    some = logged(mean_gpu_0_utilization_percentage=nan, mean_gpu_1_utilization_percentage=70)
    assert usage("mean_gpu", some, None) == 70
    alone = usage("mean_gpu", logged(mean_gpu_0_utilization_percentage=nan), None)
    assert alone is not None
    assert isnan(alone)


@pytest.mark.parametrize(
    ("start", "end", "last_point", "hours"),
    [
        (0, ONE_HOUR, None, 1.0),
        (0, None, ONE_HOUR // 2, 0.5),
        (0, ONE_HOUR, 2 * ONE_HOUR, 1.0),
        (None, ONE_HOUR, None, None),
        (0, None, None, None),
        (ONE_HOUR, 0, None, None),
    ],
)
def test_hours_go_to_the_end_or_to_the_last_point_of_one_that_has_none(
    start: int | None, end: int | None, last_point: int | None, hours: float | None
) -> None:
    candidate = Candidate(
        CandidateId("", "", "", "a"),
        start_time=start,
        end_time=end,
        metrics={"system/gpu_0_utilization_percentage": 91.0},
        last_point=last_point,
    )
    assert usage("gpu_hours", Logged.by(candidate), None) == hours
