"""The parts of a machine at a glance."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from math import inf, isnan, nan

from hypothesis import given
from hypothesis import strategies as st

from mltrack_tui.analysis.gauges import PARTS, Gauge, Part, gauge, over_time, rates, times_of
from mltrack_tui.analysis.small_pictures import hills
from mltrack_tui.domain.history import History

GPU, GPU_MEMORY, CPU, RECEIVED = (
    next(part for part in PARTS if part.label == label) for label in ("GPU", "GPU memory", "CPU", "network in")
)
NAME = "system/gpu_{}_utilization_percentage"


def history(metric: str, *points: tuple[int, float], total: int | None = None) -> History:
    """Points of a second and a value each."""
    steps = array("q", range(len(points)))
    times, values = array("q", [1000 * at for at, _ in points]), array("d", [value for _, value in points])
    return History(metric, steps, times, values, len(points) if total is None else total)


def made(part: Part, *histories: History, width: int = 2, means: dict[str, float] | None = None) -> Gauge:
    metrics = {each.metric: each.values[-1] for each in histories}
    return gauge(part, metrics, histories, means or {}, (times_of(histories), width))


def test_several_gpus_are_told_by_their_means_and_the_greatest_peak() -> None:
    found = made(GPU, history(NAME.format(0), (0, 80), (9, 100)), history(NAME.format(1), (0, 40), (9, 60)))
    assert (found.count, found.last, found.mean, found.peak, found.filled) == (2, 80, 70, 100, 0.8)
    assert (list(found.curve), found.top) == ([60, 80], 100)


def test_all_nodes_of_a_machine_are_parts_of_it_and_nothing_else_is() -> None:
    names = [NAME.format(0), "system/node_1/gpu_12_utilization_percentage", "gpu_0_utilization_percentage"]
    assert GPU.among([*names, "system/gpu_utilization_percentage", "loss"]) == tuple(names[:2])
    assert CPU.among(["system/a/b/cpu_utilization_percentage"]) == ("system/a/b/cpu_utilization_percentage",)


def test_memory_is_as_full_as_its_percentage_says_and_unknown_without() -> None:
    used = history("system/gpu_0_memory_usage_megabytes", (0, 8000))
    metrics = {used.metric: 8000.0, "system/gpu_0_memory_usage_percentage": 50.0}
    curve = (times_of([used]), 2)
    assert gauge(GPU_MEMORY, metrics, [used], {}, curve).filled == 0.5
    assert gauge(GPU_MEMORY, {used.metric: 8000.0}, [used], {}, curve).filled is None


def test_the_network_is_told_by_what_passed_a_second_and_not_where_its_count_began_anew() -> None:
    counted = history("system/network_receive_megabytes", (0, 0), (10, 50), (10, 60), (20, 160), (30, 5), (40, 15))
    assert list(rates(counted).values) == [5, 10, 1]
    reduced = made(RECEIVED, replace(counted, total=9000), means={counted.metric: 47.5})
    assert reduced.mean == 160 / 30, "the mean of the count says nothing"
    found = made(RECEIVED, counted)
    assert (found.last, found.peak, found.filled, found.top) == (1, 10, None, 10)


def test_a_history_that_is_not_whole_has_the_mean_that_is_told_or_none() -> None:
    part = history(NAME.format(0), (0, 10), (9, 90), total=1000)
    assert made(GPU, part).mean is None
    assert made(GPU, part, means={part.metric: 42.0}).mean == 42


def test_what_is_no_number_leaves_the_curve_and_stays_the_last_value() -> None:
    found = made(GPU, history(NAME.format(0), (0, 10), (5, inf), (9, nan)), width=3)
    assert list(found.curve) == [10, 10, 10]
    assert found.last is not None
    assert isnan(found.last)
    assert found.filled is None


def test_a_part_without_points_says_nothing() -> None:
    empty = history(NAME.format(0))
    found = gauge(GPU, {empty.metric: 7.0}, [empty], {}, (times_of([empty]), 2))
    assert (found.last, found.mean, found.peak, list(found.curve)) == (7, None, None, [None, None])


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.floats(0, 100)), max_size=30),
    st.integers(1, 12),
)
def test_a_curve_ends_with_the_last_value_and_never_leaves_its_scale(
    points: Sequence[tuple[int, float]], width: int
) -> None:
    points = sorted(points)
    told = history("a", *points)
    curve = over_time(told, times_of([told]), width)
    assert len(hills(curve, 100)) == width
    assert set(curve) <= {None, *told.values}
    if points:
        assert curve[-1] == told.values[-1]


def test_hills_rise_from_nothing_to_the_top() -> None:
    assert hills([None, 0, 49, 50, 100, 200], 100) == " ▁▄▅██"
    assert hills([1, 2], 0) == "  "
