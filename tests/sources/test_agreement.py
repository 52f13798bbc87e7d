"""A filter's tree chooses the same candidates in a store and in memory."""

import asyncio
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mltrack_tui.domain.cells import logged_value
from mltrack_tui.domain.entities import Candidate, CandidateDetail
from mltrack_tui.domain.filter import Filter
from mltrack_tui.domain.query import ATTRIBUTES, Aggregate, Column, Kind, Lifecycle, Query, Value
from mltrack_tui.search.evaluate import CandidateSubject, matches
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.sqlite import SqliteSource, open_store
from tests.sources.facts import STORES
from tests.sources.stores import change
from tests.sources.trees import trees

EXAMPLES = 100
LATEST = "insert into latest_metrics (key, value, timestamp, step, is_nan, run_uuid) values "
HISTORY = "insert into metrics (key, value, timestamp, step, is_nan, run_uuid) values "
ODD = (
    "insert into runs (run_uuid, experiment_id) values ('bare', 1)",
    "insert into params (key, value, run_uuid) values ('lr', '1e-3', 'bare'), ('optimizer', 'ADAM', 'bare')",
    "insert into params (key, value, run_uuid) values ('odd', 'nan', 'bare'), ('layers', 'inf', 'bare')",
    "insert into runs (run_uuid, experiment_id, name, user_id) values ('empty', 1, '', '')",
    "insert into params (key, value, run_uuid) values ('odd', '', 'empty'), ('lr', 'ß İ ﬁ', 'empty')",
    "insert into tags (key, value, run_uuid) values ('mlflow.runName', 'named by its tag', 'empty')",
    LATEST + "('loss', 0, 1, 1, 1, 'bare'), ('loss', -1.7976931348623157e308, 1, 1, 0, 'empty')",
    HISTORY + "('loss', 0, 1, 1, 1, 'bare'), ('loss', -1.7976931348623157e308, 1, 1, 0, 'empty')",
    HISTORY + "('loss', 3, 0, 0, 0, 'empty'), ('loss', 0, 2, 1, 1, 'empty')",
)


class Store:
    """A store that is asked from code that does not wait."""

    def __init__(self, source: SqliteSource, runner: asyncio.Runner) -> None:
        self.source = source
        self._runner = runner
        self.details: Sequence[CandidateDetail] = runner.run(self._read())
        self.known: Mapping[Column, Sequence[Value]] = {column: self._values(column) for column in self._columns()}
        self.trees = trees(self.known)

    def chosen(self, where: Filter) -> list[str]:
        """The ids that the store gives."""
        query = Query("default", ("0", "1", "2", "3"), where, Lifecycle.ALL)
        return [one.candidate_id for one in self._runner.run(final(self.source.candidates(query))).items]

    def expected(self, where: Filter) -> list[str]:
        """The ids of those that match in memory."""
        subjects = [(CandidateSubject(one.candidate, one.datasets), one) for one in self.details]
        return [one.candidate.id.candidate_id for subject, one in subjects if matches(where, subject)]

    async def _read(self) -> list[CandidateDetail]:
        query = Query("default", ("0", "1", "2", "3"), lifecycle=Lifecycle.ALL)
        ids = (await final(self.source.candidates(query))).items
        keys = await final(self.source.columns("default", query.experiments))
        histories = [Column(Kind.METRIC, key, how) for key in keys.metrics for how in AGGREGATES]
        whole = await self.source.read(ids)
        measured = await self.source.read(ids, histories)
        details = [await self.source.detail(one) for one in ids]
        return [
            CandidateDetail(with_aggregates(one, other), detail.experiment_name, datasets=detail.datasets)
            for one, other, detail in zip(whole, measured, details, strict=True)
        ]

    def _columns(self) -> list[Column]:
        candidates = [detail.candidate for detail in self.details]
        return [
            *(Column(Kind.ATTRIBUTE, name) for name in ATTRIBUTES),
            *sorted({Column(Kind.PARAM, key) for one in candidates for key in one.params}, key=str),
            *sorted({Column(Kind.METRIC, key) for one in candidates for key in one.metrics}, key=str),
            *sorted({Column(Kind.TAG, key) for one in candidates for key in one.tags}, key=str),
            *sorted({column for one in candidates for column in one.aggregates}, key=str),
        ]

    def _values(self, column: Column) -> list[Value]:
        return [logged_value(detail.candidate, column) for detail in self.details]


AGGREGATES = tuple(how for how in Aggregate if how is not Aggregate.BEST)


def with_aggregates(one: Candidate, other: Candidate) -> Candidate:
    return replace(one, aggregates=other.aggregates)


@pytest.fixture(scope="module", params=("1.30.1", "3.17.2"))
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = Path(shutil.copy(STORES / f"mlflow-{request.param}.db", tmp_path_factory.mktemp("odd")))
    change(path, *ODD)
    with asyncio.Runner() as runner:
        source = open_store(path)
        yield Store(source, runner)
        runner.run(source.aclose())


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_store_chooses_as_memory_does(store: Store, data: st.DataObject) -> None:
    where = data.draw(store.trees)
    assert store.chosen(where) == store.expected(where)
