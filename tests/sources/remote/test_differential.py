"""The real client and we choose the same candidates, in the same order, of a real server with the odd store.

Each question is a new source's, in pages of five: what is known from earlier ones would be answered without the
server.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import pytest
from mlflow import MlflowClient
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException

from mltrack_tui.domain.query import Columns, Lifecycle, Query
from mltrack_tui.search.order_by import parse_order_by
from mltrack_tui.search.parse import parse_filter
from mltrack_tui.search.vocabulary import CandidateVocabulary
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.remote import RemoteSource
from mltrack_tui.sources.remote.kinds import server_of
from server_client import Pager, Run, TrackingClient
from tests.search import corpus
from tests.servers.fixtures import AuthServer

pytestmark = pytest.mark.filterwarnings("ignore")  # those that mlflow gives are not ours to mend

VOCABULARY = CandidateVocabulary(Columns(), {}, 0)
FILTERS = corpus.SAMPLE[::9]
ORDERS = [*((text,) for text in corpus.ORDERS[::3]), *zip(corpus.ORDERS[::6], corpus.ORDERS[::-6], strict=True)]
Question = tuple[str, tuple[str, ...]]
"""A filter and an order, as they are written."""


@pytest.fixture(scope="module")
def client(auth_server: AuthServer) -> Iterator[MlflowClient]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")  # it repeats a 500, which is an ordinary refusal
        yield MlflowClient(auth_server.uri_of(auth_server.admin))


@pytest.fixture
async def tracking(auth_server: AuthServer) -> AsyncIterator[TrackingClient]:
    async with TrackingClient(auth_server.uri_of(auth_server.admin)) as tracking:
        yield tracking


@pytest.fixture
def sent(tracking: TrackingClient, monkeypatch: pytest.MonkeyPatch) -> list[Question]:
    """The questions that were put to the server in its own words, not only for all that it has."""
    search = tracking.runs.search
    sent: list[Question] = []

    def note(experiments: Sequence[str], text: str, order: Sequence[str], *rest: Any) -> Pager[Run]:
        if text or order:
            sent.append((text, tuple(order)))
        return search(experiments, text, order, *rest)

    monkeypatch.setattr(tracking.runs, "search", note)
    return sent


def theirs(
    client: MlflowClient, questions: Sequence[Question], view: int = ViewType.ACTIVE_ONLY
) -> dict[Question, list[str]]:
    """The client's answers to what it does not refuse."""
    answers = {}
    for text, order in questions:
        with suppress(MlflowException, ValueError):
            runs = client.search_runs(["1"], text, view, order_by=list(order))
            answers[text, order] = [run.info.run_id for run in runs]
    return answers


async def ours(tracking: TrackingClient, question: Question, lifecycle: Lifecycle) -> list[str]:
    text, order = question
    query = Query("default", ("1",), parse_filter(text, VOCABULARY), lifecycle, parse_order_by(order))
    page = await final(RemoteSource(server_of(tracking, "server", 5), "server").candidates(query))
    return [each.candidate_id for each in page.items]


async def compare(
    tracking: TrackingClient, answers: Mapping[Question, list[str]], lifecycle: Lifecycle = Lifecycle.ACTIVE
) -> None:
    at_once = asyncio.Semaphore(3)

    async def compare_one(question: Question) -> None:
        async with at_once:
            assert await ours(tracking, question, lifecycle) == answers[question], question

    async with asyncio.TaskGroup() as comparing:
        for question in answers:
            comparing.create_task(compare_one(question))


async def test_each_filter_chooses_the_clients_candidates(
    client: MlflowClient, tracking: TrackingClient, sent: list[Question]
) -> None:
    answers = theirs(client, [(text, ()) for text in FILTERS])
    assert len(set(map(tuple, answers.values()))) > 12
    await compare(tracking, answers)
    assert len(sent) > 0.8 * len(answers) > 30


async def test_each_order_is_the_clients(client: MlflowClient, tracking: TrackingClient, sent: list[Question]) -> None:
    answers = theirs(client, [("", order) for order in ORDERS])
    await compare(tracking, answers)
    assert len(sent) > 0.8 * len(answers) > 12


@pytest.mark.parametrize(
    ("view", "lifecycle"), [(ViewType.ALL, Lifecycle.ALL), (ViewType.DELETED_ONLY, Lifecycle.DELETED)]
)
async def test_the_deleted_are_told_apart(
    client: MlflowClient, tracking: TrackingClient, view: int, lifecycle: Lifecycle
) -> None:
    answers = theirs(client, [("metrics.acc > 0.2", ("params.model",))], view)
    assert all(answers.values())
    await compare(tracking, answers, lifecycle)
