"""What the real mlflow client reads from the demonstration store."""

import json
import math
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mltrack_tui.demo.digits import OVERFITTED, SHIPPED
from mltrack_tui.demo.translate import LONG

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run

pytestmark = pytest.mark.filterwarnings("ignore")  # those that mlflow gives are not ours to mend
ALL = 3  # mlflow's ViewType.ALL
PARENT = "mlflow.parentRunId"
CONTEXT = "mlflow.data.context"


@pytest.fixture(scope="session")
def runs(client: "MlflowClient") -> dict[str, list["Run"]]:
    """Every run of every experiment, deleted ones too, by the experiment's name."""
    experiments = client.search_experiments(view_type=ALL)
    return {it.name: list(client.search_runs([it.experiment_id], run_view_type=ALL)) for it in experiments}


def named(runs: dict[str, list["Run"]], name: str) -> "Run":
    (found,) = (run for some in runs.values() for run in some if run.info.run_name == name)
    return found


def test_the_client_reads_all_experiments_with_their_notes(client: "MlflowClient") -> None:
    experiments = {it.name: it for it in client.search_experiments(view_type=ALL)}
    assert sorted(experiments) == ["Default", "churn", "digits", "scratch", "translate"]
    assert [name for name, it in experiments.items() if it.lifecycle_stage == "deleted"] == ["scratch"]
    for name in ("digits", "churn", "translate"):
        assert experiments[name].tags["mlflow.note.content"].startswith("# ")


def test_there_are_over_two_hundred_candidates_of_every_status(runs: dict[str, list["Run"]]) -> None:
    active = [run for some in runs.values() for run in some if run.info.lifecycle_stage == "active"]
    statuses = Counter(run.info.status for run in active)
    assert len(active) > 200
    assert set(statuses) == {"FINISHED", "FAILED", "KILLED", "RUNNING", "SCHEDULED"}
    assert statuses["FINISHED"] > 170


def test_some_candidates_are_deleted_and_all_of_a_deleted_experiment(runs: dict[str, list["Run"]]) -> None:
    deleted = {name: sum(run.info.lifecycle_stage == "deleted" for run in some) for name, some in runs.items()}
    assert deleted["scratch"] == len(runs["scratch"]) > 0
    assert 0 < deleted["digits"] < 10


def test_only_running_and_scheduled_candidates_have_no_end(runs: dict[str, list["Run"]]) -> None:
    for run in (run for some in runs.values() for run in some):
        assert (run.info.end_time is None) == (run.info.status in {"RUNNING", "SCHEDULED"})
        assert run.info.end_time is None or run.info.end_time > run.info.start_time


def test_nested_candidates_name_parents_of_their_experiment(runs: dict[str, list["Run"]]) -> None:
    for name, parents in (("digits", 2), ("churn", 3)):
        ids = {run.info.run_id for run in runs[name]}
        named_parents = {run.data.tags[PARENT] for run in runs[name] if PARENT in run.data.tags}
        assert len(named_parents) == parents
        assert named_parents < ids


def test_names_users_and_sources_are_in_columns_and_tags_alike(runs: dict[str, list["Run"]]) -> None:
    for run in (run for some in runs.values() for run in some):
        assert run.data.tags["mlflow.runName"] == run.info.run_name
        assert run.data.tags["mlflow.user"] == run.info.user_id
        assert len(run.data.tags["mlflow.source.git.commit"]) == 40


def test_parameters_are_constant_varying_and_sometimes_missing(runs: dict[str, list["Run"]]) -> None:
    params = [run.data.params for run in runs["digits"]]
    assert {it["seed"] for it in params} == {"42"}
    assert {"0.001", "1e-4"} <= {it["lr"] for it in params if "lr" in it}
    assert 10 < sum("dropout" in it for it in params) < len(params) - 10


def test_the_best_accuracy_overfits_and_the_next_is_smaller_and_faster(
    client: "MlflowClient", runs: dict[str, list["Run"]]
) -> None:
    ranked = sorted(
        (run for run in runs["digits"] if "val/accuracy" in run.data.metrics),
        key=lambda run: -run.data.metrics["val/accuracy"],
    )
    best, second = ranked[:2]
    assert [best.info.run_name, second.info.run_name] == [OVERFITTED, SHIPPED]
    assert best.data.metrics["val/accuracy"] - second.data.metrics["val/accuracy"] < 0.001
    assert best.data.metrics["latency_ms"] > 10 * second.data.metrics["latency_ms"]
    assert best.data.metrics["model/parameters"] > 20 * second.data.metrics["model/parameters"]
    rises = []
    for run in (best, second):
        losses = [metric.value for metric in client.get_metric_history(run.info.run_id, "val/loss")]
        rises.append(losses[-1] / min(losses))
    assert rises[0] > 2
    assert rises[1] < 1.2
    assert "Ship this one" in second.data.tags["mlflow.note.content"]


def test_a_diverged_candidate_has_an_infinite_gradient_and_then_no_number(
    client: "MlflowClient", runs: dict[str, list["Run"]]
) -> None:
    diverged = [run for run in runs["digits"] if math.isnan(run.data.metrics.get("train/loss", 0))]
    assert len(diverged) >= 4
    norms = [metric.value for metric in client.get_metric_history(diverged[0].info.run_id, "grad_norm")]
    infinite = norms.index(1.7976931348623157e308)
    assert all(math.isfinite(value) for value in norms[:infinite])
    assert all(math.isnan(value) for value in norms[infinite + 1 :])


def test_one_metric_has_twenty_five_thousand_points(client: "MlflowClient", runs: dict[str, list["Run"]]) -> None:
    assert len(client.get_metric_history(named(runs, LONG).info.run_id, "train/loss")) == 25_000


def test_the_history_of_a_finished_candidate_has_a_point_for_each_epoch(
    client: "MlflowClient", runs: dict[str, list["Run"]]
) -> None:
    run = named(runs, SHIPPED)
    for key in ("train/loss", "val/loss", "train/accuracy", "val/accuracy", "lr"):
        history = client.get_metric_history(run.info.run_id, key)
        assert [point.step for point in history] == list(range(1, 41))
        assert history[-1].value == run.data.metrics[key]
        assert all(run.info.start_time < point.timestamp <= run.info.end_time for point in history)


def test_system_metrics_are_logged_under_their_prefix(runs: dict[str, list["Run"]]) -> None:
    keys = {key for some in runs.values() for run in some for key in run.data.metrics if key.startswith("system/")}
    assert {"system/cpu_utilization_percentage", "system/gpu_0_utilization_percentage"} <= keys


def test_datasets_come_with_context_schema_and_profile(runs: dict[str, list["Run"]]) -> None:
    inputs = named(runs, SHIPPED).inputs
    assert inputs is not None
    contexts = {it.tags[0].value: it.dataset for it in inputs.dataset_inputs if it.tags[0].key == CONTEXT}
    assert {context: it.name for context, it in contexts.items()} == {
        "training": "mnist-train",
        "validation": "mnist-validation",
    }
    assert json.loads(contexts["training"].profile or "")["features_shape"] == [60000, 28, 28]
    assert "mlflow_tensorspec" in json.loads(contexts["training"].schema or "")
    assert json.loads(contexts["training"].source)["url"].startswith("https://")


def test_the_model_has_three_versions_and_two_aliases(client: "MlflowClient", runs: dict[str, list["Run"]]) -> None:
    (model,) = client.search_registered_models()
    assert model.name == "digit-reader"
    versions = {int(it.version): it for it in client.search_model_versions("name = 'digit-reader'")}
    assert sorted(versions) == [1, 2, 3]
    assert {it.current_stage for it in versions.values()} == {"None"}
    assert int(client.get_model_version_by_alias("digit-reader", "champion").version) == 1
    challenger = client.get_model_version_by_alias("digit-reader", "challenger")
    assert challenger.run_id == named(runs, SHIPPED).info.run_id
    for version in versions.values():
        run = client.get_run(version.run_id or "")
        assert version.source == f"{run.info.artifact_uri}/model"
        assert "model/MLmodel" in {file.path for file in client.list_artifacts(run.info.run_id, "model")}


def test_the_client_lists_and_downloads_the_artifacts(
    client: "MlflowClient", runs: dict[str, list["Run"]], tmp_path: Path
) -> None:
    run_id = named(runs, SHIPPED).info.run_id
    listed = {(file.path, file.is_dir) for file in client.list_artifacts(run_id)}
    assert listed == {
        ("config.yaml", False),
        ("evaluation", True),
        ("metrics.json", False),
        ("model", True),
        ("train.log", False),
    }
    folder = Path(client.download_artifacts(run_id, "", str(tmp_path)))
    assert json.loads((folder / "metrics.json").read_text())["val/accuracy"] > 0.99
    assert "lr: 0.002" in (folder / "config.yaml").read_text().splitlines()
    assert len((folder / "train.log").read_text().splitlines()) == 42
    assert (folder / "evaluation/predictions.csv").read_text().startswith("index,digit,confidence\n")
    assert {path.suffix for path in folder.rglob("*.*")} == {".yaml", ".json", ".log", ".csv", ".png", ".txt", ".pkl"}


def test_every_finished_training_left_files(client: "MlflowClient", runs: dict[str, list["Run"]]) -> None:
    finished = [run for run in runs["digits"] if run.info.status == "FINISHED" and "lr" in run.data.params]
    assert len(finished) > 80
    assert all(client.list_artifacts(run.info.run_id) for run in finished)


def test_the_model_folder_is_one_that_mlflow_knows(
    client: "MlflowClient", runs: dict[str, list["Run"]], tmp_path: Path
) -> None:
    from mlflow.models import Model

    run_id = named(runs, SHIPPED).info.run_id
    model = Model.load(client.download_artifacts(run_id, "model", str(tmp_path)))
    assert model.run_id == run_id
    assert set(model.flavors) == {"python_function", "pytorch"}
