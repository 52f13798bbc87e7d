"""The real client and we choose the same candidates, in the same order, of a store that has everything odd.

Two stores' worth of rows: what the client logs itself, and beside it rows as other programs leave them.
"""

import math
from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException

from mltrack_tui.domain.query import Columns, Lifecycle, Query
from mltrack_tui.search.evaluate import CandidateSubject, matches
from mltrack_tui.search.order_by import parse_order_by
from mltrack_tui.search.parse import parse_filter
from mltrack_tui.search.vocabulary import CandidateVocabulary
from mltrack_tui.sources.base import final
from mltrack_tui.sources.sqlite import SqliteSource, open_store
from tests.search import corpus
from tests.sources.conftest import change

pytestmark = pytest.mark.filterwarnings("ignore")  # those that mlflow gives are not ours to mend

VOCABULARY = CandidateVocabulary(Columns(), {}, 0)
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


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("differential") / "mlflow.db"
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
    return path


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


@pytest.fixture
async def source(store: Path) -> SqliteSource:
    return open_store(store)


@pytest.fixture
def client(store: Path) -> MlflowClient:
    return MlflowClient(f"sqlite:///{store}")


def theirs(client: MlflowClient, text: str, *order: str, view: int = ViewType.ALL) -> list[str] | None:
    """None where MLflow refuses it."""
    try:
        runs = client.search_runs(["1"], text, view, order_by=list(order))
    except (MlflowException, ValueError):
        return None
    return [run.info.run_id for run in runs]


@pytest.fixture(scope="module")
def answers(store: Path) -> dict[str, list[str]]:
    """The client's answers to all filters that it accepts."""
    client = MlflowClient(f"sqlite:///{store}")
    asked = {text: theirs(client, text) for text in corpus.SAMPLE}
    return {text: found for text, found in asked.items() if found is not None}


async def test_each_filter_chooses_the_clients_candidates(answers: dict[str, list[str]], source: SqliteSource) -> None:
    assert len(answers) > 350
    assert len(set(map(tuple, answers.values()))) > 60
    for text, expected in answers.items():
        query = Query("default", ("1",), parse_filter(text, VOCABULARY), Lifecycle.ALL)
        page = await final(source.candidates(query))
        assert [each.candidate_id for each in page.items] == expected, text
    await source.aclose()


async def test_in_memory_too(answers: dict[str, list[str]], source: SqliteSource) -> None:
    everything = await final(source.candidates(Query("default", ("1",), None, Lifecycle.ALL)))
    details = [await source.detail(each) for each in everything.items]
    subjects = {each.candidate.id.candidate_id: CandidateSubject(each.candidate, each.datasets) for each in details}
    for text, expected in answers.items():
        if "nosuch" not in text:  # a tag without a value is none in memory
            tree = parse_filter(text, VOCABULARY)
            assert {name for name, subject in subjects.items() if matches(tree, subject)} == set(expected), text
    await source.aclose()


async def test_each_order_is_the_clients(client: MlflowClient, source: SqliteSource) -> None:
    asked = 0
    orders = [*((text,) for text in corpus.ORDERS), *zip(corpus.ORDERS, reversed(corpus.ORDERS), strict=True)]
    for order in orders:
        if (expected := theirs(client, "", *order)) is None:
            continue
        query = Query("default", ("1",), None, Lifecycle.ALL, parse_order_by(order))
        page = await final(source.candidates(query))
        assert [each.candidate_id for each in page.items] == expected, order
        asked += 1
    assert asked > 70
    await source.aclose()


@pytest.mark.parametrize(
    ("view", "lifecycle"), [(ViewType.ACTIVE_ONLY, Lifecycle.ACTIVE), (ViewType.DELETED_ONLY, Lifecycle.DELETED)]
)
async def test_the_deleted_are_told_apart(
    client: MlflowClient, source: SqliteSource, view: int, lifecycle: Lifecycle
) -> None:
    tree = parse_filter("metrics.acc > 0.2", VOCABULARY)
    page = await final(source.candidates(Query("default", ("1",), tree, lifecycle, parse_order_by(["params.model"]))))
    expected = theirs(client, "metrics.acc > 0.2", "params.model", view=view)
    assert expected
    assert [each.candidate_id for each in page.items] == expected
    await source.aclose()
