"""JSON, made values."""

import json
import math
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server_client.decode import (
    Malformed,
    by_run,
    experiment,
    file_info,
    listing,
    metric,
    model_version,
    registered_model,
    run,
    within,
    workspace,
)
from server_client.values import Alias, Dataset, FileInfo, Metric


def of(value: object) -> Metric:
    return metric({"key": "m", "value": value})


@pytest.mark.parametrize("value", ["NaN", math.nan, None])
def test_nan_comes_in_three_ways(value: object) -> None:
    assert math.isnan(of(value).value)


@pytest.mark.parametrize("value", ["Infinity", math.inf, 1.7976931348623157e308, 10**400])
def test_infinity_comes_in_four_ways(value: object) -> None:
    assert of(value).value == math.inf


@pytest.mark.parametrize("value", ["-Infinity", -math.inf, -1.7976931348623157e308, -(10**400)])
def test_negative_infinity_comes_in_four_ways(value: object) -> None:
    assert of(value).value == -math.inf


def test_what_a_metric_leaves_out_is_zero() -> None:
    assert metric({"key": "m"}) == Metric("m", 0.0, 0, 0)


def test_whole_numbers_may_be_text() -> None:
    found = metric({"key": "m", "value": "0.5", "timestamp": "1700000000000", "step": "-3"})
    assert found == Metric("m", 0.5, 1_700_000_000_000, -3)


def test_whole_values_become_floats() -> None:
    assert isinstance(of(3).value, float)


@pytest.mark.parametrize("value", ["many", [], {}, "1" * 1000])
def test_a_value_that_is_no_number_is_malformed(value: object) -> None:
    with pytest.raises(Malformed):
        of(value)


def test_an_empty_page_leaves_out_its_list() -> None:
    assert listing("runs", run)({}) == ((), None)
    assert listing("runs", run)({"next_page_token": ""}).token is None


def test_a_run_without_values_leaves_everything_out() -> None:
    found = run({"info": {"run_id": "r"}})
    assert (found.metrics, found.params, found.tags, found.datasets, found.end_time) == ((), {}, {}, (), None)


def test_a_run_of_mlflow_1_has_its_id_and_name_elsewhere() -> None:
    found = run({"info": {"run_uuid": "r"}, "data": {"tags": [{"key": "mlflow.runName", "value": "gentle-owl-1"}]}})
    assert (found.run_id, found.run_name) == ("r", "gentle-owl-1")


def test_a_run_tells_its_datasets_with_their_context() -> None:
    inputs = {
        "dataset_inputs": [
            {
                "tags": [{"key": "mlflow.data.context", "value": "training"}],
                "dataset": {"name": "mnist", "digest": "f00", "source_type": "http", "source": "{}"},
            }
        ]
    }
    assert run({"info": {"run_id": "r"}, "inputs": inputs}).datasets == (
        Dataset("mnist", "f00", "training", "http", "{}"),
    )


def test_keys_are_shared() -> None:
    page = json.loads(json.dumps({"runs": [{"info": {"run_id": id_}, "data": {"params": PARAMS}} for id_ in "ab"]}))
    first, second = listing("runs", run)(page).items
    assert next(iter(first.params)) is next(iter(second.params))


PARAMS = [{"key": "learning rate", "value": "0.1"}]


def test_numbers_serve_as_ids() -> None:
    assert experiment({"experiment_id": 7}).experiment_id == "7"


def test_folders_have_no_size() -> None:
    assert file_info({"path": "a", "is_dir": True, "file_size": 0}) == FileInfo("a", True, None)
    assert file_info({"path": "a", "file_size": "12"}) == FileInfo("a", False, 12)


def test_points_of_many_runs_are_told_apart() -> None:
    points = [
        {"key": "m", "value": step, "step": step, "timestamp": 1, "run_id": id_} for step in (1, 2) for id_ in "ab"
    ]
    assert by_run("metrics")({"metrics": points})["b"] == (Metric("m", 1.0, 1, 1), Metric("m", 2.0, 1, 2))


def test_a_model_tells_its_aliases() -> None:
    found = registered_model({"name": "m", "aliases": [{"alias": "champion", "version": 3}]})
    assert found.aliases == (Alias("champion", "3"),)


@pytest.mark.parametrize(
    ("decode", "item"),
    [
        (run, {}),
        (run, {"info": []}),
        (run, {"info": {"run_id": "r"}, "data": {"metrics": {}}}),
        (run, {"info": {"run_id": "r"}, "data": {"tags": ["a"]}}),
        (run, {"info": {"run_id": "r", "start_time": "soon"}}),
        (experiment, {"name": "no id"}),
        (experiment, {"experiment_id": ["1"]}),
        (workspace, {"name": None}),
        (file_info, {"path": "a", "is_dir": "yes"}),
        (model_version, {"name": "m", "version": "1", "aliases": [1]}),
        (within("run", run), {"runs": []}),
    ],
)
def test_another_shape_is_malformed(decode: Callable[[Mapping[str, object]], object], item: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        decode(item)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "r", "7", "NaN", "1e5"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["info", "data", "run_id", "metrics", "key", "value", "step", "tags"]), inner)
    ),
    max_leaves=20,
)


@settings(max_examples=50)
@given(item=st.dictionaries(st.sampled_from(["info", "data", "inputs"]), _JSON))
def test_nothing_else_than_malformed_is_raised(item: dict[str, object]) -> None:
    try:
        found = run(item)
    except Malformed:
        return
    assert found.run_id


@given(
    value=st.floats(),
    step=st.integers(-(2**63), 2**63 - 1),
    as_text=st.booleans(),
)
def test_a_metric_survives_both_ways_of_writing_it(value: float, step: int, as_text: bool) -> None:
    names = {math.inf: "Infinity", -math.inf: "-Infinity"}
    written: object = "NaN" if math.isnan(value) else names.get(value, value)
    read = metric(json.loads(json.dumps({"key": "m", "value": written, "step": str(step) if as_text else step})))
    assert read.step == step
    assert read.value == value or (math.isnan(read.value) and math.isnan(value)) or abs(value) > 1.797e308
