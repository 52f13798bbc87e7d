"""A server's candidates by our filters and orders are those of MLflow's own, in small pages too, and of a store's."""

from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException

from mltrack_tui.domain.filter import Filter
from mltrack_tui.domain.query import Columns, Lifecycle, Query
from mltrack_tui.search.order_by import parse_order_by
from mltrack_tui.search.parse import parse_filter
from mltrack_tui.search.vocabulary import CandidateVocabulary
from mltrack_tui.sources.base import final
from mltrack_tui.sources.remote import RemoteSource
from tests.search import corpus
from tests.servers.fixtures import AuthServer
from tests.sources.remote.conftest import Open, ids

pytestmark = pytest.mark.filterwarnings("ignore")  # those that mlflow gives are not ours to mend

VOCABULARY = CandidateVocabulary(Columns(), {}, 0)


@pytest.fixture(params=[4, 250], ids=["in small pages", "all at once"])
def source(request: pytest.FixtureRequest, auth_server: AuthServer, opened: Open) -> RemoteSource:
    return opened(auth_server.uri_of(auth_server.admin), page_size=request.param)


def theirs(store: Path, text: str, *order: str) -> list[str] | None:
    """None where MLflow refuses it."""
    try:
        found = MlflowClient(f"sqlite:///{store}").search_runs(["1"], text, ViewType.ALL, order_by=list(order))
    except (MlflowException, ValueError):
        return None
    return [run.info.run_id for run in found]


async def ours(source: RemoteSource, where: Filter | None, *order: str) -> list[str]:
    query = Query("default", ("1",), where, Lifecycle.ALL, parse_order_by(order))
    return ids((await final(source.candidates(query))).items)


def is_odd(text: str) -> bool:
    """Whether a filter is about a tag without a value, which no answer of a server tells."""
    return "nosuch" in text


def is_by_name(text: str) -> bool:
    """Whether an order is by the name in the runs table alone, of which some candidates here have none."""
    return "run_name" in text


async def test_filters_choose_the_same(odd_store: Path, source: RemoteSource) -> None:
    asked = 0
    for text in corpus.SAMPLE[::9]:
        expected = theirs(odd_store, text)
        if expected is not None and not is_odd(text):
            assert await ours(source, parse_filter(text, VOCABULARY)) == expected, text
            asked += 1
    assert asked > 30


async def test_orders_are_the_same(odd_store: Path, source: RemoteSource) -> None:
    asked = 0
    for text in corpus.ORDERS[::2]:
        expected = theirs(odd_store, "", text)
        if expected is not None and not is_by_name(text):
            assert await ours(source, None, text) == expected, text
            asked += 1
    assert asked > 10
