"""The real client and we choose the same candidates, in the same order, of a store that has everything odd."""

from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException

from mltrack_tui.domain.query import Columns, Lifecycle, Query
from mltrack_tui.search.evaluate import CandidateSubject, matches
from mltrack_tui.search.order_by import parse_order_by
from mltrack_tui.search.parse import parse_filter
from mltrack_tui.search.vocabulary import CandidateVocabulary
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.sqlite import SqliteSource, open_store
from tests.search import corpus

pytestmark = pytest.mark.filterwarnings("ignore")  # those that mlflow gives are not ours to mend

VOCABULARY = CandidateVocabulary(Columns(), {}, 0)


@pytest.fixture
async def source(odd_store: Path) -> SqliteSource:
    return open_store(odd_store)


@pytest.fixture
def client(odd_store: Path) -> MlflowClient:
    return MlflowClient(f"sqlite:///{odd_store}")


def theirs(client: MlflowClient, text: str, *order: str, view: int = ViewType.ALL) -> list[str] | None:
    """None where MLflow refuses it."""
    try:
        runs = client.search_runs(["1"], text, view, order_by=list(order))
    except (MlflowException, ValueError):
        return None
    return [run.info.run_id for run in runs]


@pytest.fixture(scope="module")
def answers(odd_store: Path) -> dict[str, list[str]]:
    """The client's answers to all filters that it accepts."""
    client = MlflowClient(f"sqlite:///{odd_store}")
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
