"""A store that has everything odd: what the real client logs itself, and rows as other programs leave them."""

import math
from pathlib import Path

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag

from tests.sources.stores import change

MODELS = (
    "adam",
    "Adam",
    "naïve",
    "a\nb",
    "",
    "it''s",
    "it's",
    "LR",
    "1",
    "%",
    "a\\",
    "x; DROP TABLE runs",
    "1'' OR 1=1 --",
)
VALUES = (0.5, math.nan, math.inf, -math.inf, 0.0, 1.0, -1.0, 100.0, 1e-300)
STATUSES = ("FINISHED", "FAILED", "KILLED", "RUNNING", "SCHEDULED")


def make_odd(path: Path) -> None:
    """Make it, with the one experiment 1 beside Default."""
    client = MlflowClient(f"sqlite:///{path}")
    experiment = client.create_experiment("odd")
    parent = ""
    for number in range(20):
        tags = {
            "mlflow.user": "ada" if number % 2 else "adam",
            "user": "ada",
            **({"mlflow.parentRunId": parent} if number % 5 else {}),
        }
        run = client.create_run(
            experiment, start_time=1500 * (number // 3), tags=tags, run_name=MODELS[number % 13] or None
        )
        parent = run.info.run_id
        client.log_batch(parent, *_logged(number))
        if number % 3:
            client.log_inputs(parent, _datasets(number))
        if number % 4:
            client.set_terminated(parent, STATUSES[number % 3], 2000 * number)
        if number % 9 == 8:
            client.delete_run(parent)
    _odd_rows(path)


def _logged(number: int) -> tuple[list[Metric], list[Param], list[RunTag]]:
    value = VALUES[number % 9]
    metrics = {"acc": number / 20, "val/loss": value, "order": float(number), "1a": value, "a": 1.0}
    metrics |= {} if number % 4 == 1 else {"nan": VALUES[number % 2], "inf": VALUES[number % 4]}
    params = {"model": MODELS[number % 13], "lr": ("1e-3", "0.1", "10", "x")[number % 4], "type": "adam"}
    params |= {} if number % 3 else {"a b": MODELS[number % 5], "a": "x"}
    tags = {"team": MODELS[-number % 13]} if number % 4 else {}
    return (
        [Metric(key, each, step, step) for key, each in metrics.items() for step in (0, number % 3)],
        [Param(key, each) for key, each in params.items()],
        [RunTag(key, each) for key, each in tags.items()],
    )


def _datasets(number: int) -> list[DatasetInput]:
    def dataset(name: str, digest: str) -> Dataset:
        return Dataset(name, digest, "local", "{}", None, None)

    train = DatasetInput(
        dataset("adam" if number % 2 else "sgd", f"d{number % 4}"), [InputTag("mlflow.data.context", "train")]
    )
    return [train, DatasetInput(dataset("a", "adam"), [])] if number % 4 else [train]


def _odd_rows(path: Path) -> None:
    """As old versions and other programs leave them: names in one home only, no name, no end, a tag without value."""
    third, fourth, fifth = (
        f"(select run_uuid from runs order by run_uuid limit 1 offset {place})" for place in (2, 3, 4)
    )
    change(
        path,
        f"delete from tags where key = 'mlflow.runName' and run_uuid = {third}",
        f"update runs set name = null where run_uuid = {fourth}",
        f"update tags set value = 'elsewhere' where key = 'mlflow.runName' and run_uuid = {fifth}",
        f"insert into tags(key, value, run_uuid) values ('nosuch', null, {third})",
        f"update runs set end_time = null, artifact_uri = null where run_uuid = {fifth}",
        f"update runs set user_id = 'Adam' where run_uuid = {third}",
    )
