"""Filters over large stores: growing, interrupted, and in nobody's way."""

import asyncio
import shutil
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from pathlib import Path

import pytest

from mltrack_tui.domain.filter import And, Compare, Comparison, Filter, Matches, Not, Or, Words
from mltrack_tui.domain.query import Aggregate, Column, Kind, Lifecycle, Order, Query
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.sqlite import SqliteSource, aggregates, answer, filtering, key_scan, open_store
from mltrack_tui.sources.sqlite.conditions import Conditions
from tests.sources.facts import STORES
from tests.sources.large import BIG, MANY, OTHER, OTHERS

LOSS, P, NAME = Column.parse("metrics.loss"), Column.parse("params.p"), Column.parse("name")
GOOD = And((Compare(LOSS, Comparison.LESS, 0.0), Compare(P, Comparison.EQUAL, "9")))


@pytest.fixture
async def source(large: Path) -> AsyncIterator[SqliteSource]:
    source = open_store(large)
    yield source
    await source.aclose()


@pytest.fixture
def in_small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter goes through so few rows at a time, and says so, as if each took long."""
    monkeypatch.setattr(filtering, "_FIRST_WIDTH", 500)
    monkeypatch.setattr(filtering, "_MOST", 500)
    monkeypatch.setattr(answer, "_STEP", 0)


def query(where: Filter | None, *order: str) -> Query:
    return Query("default", (BIG, OTHER), where, order=tuple(map(Order.parse, order)))


@pytest.mark.usefixtures("in_small_steps")
@pytest.mark.parametrize("order", [(), ("-metrics.loss",), ("params.p", "name")])
async def test_a_filter_answers_in_growing_pages_each_in_order(source: SqliteSource, order: tuple[str, ...]) -> None:
    pages = [page async for page in source.candidates(query(GOOD, *order))]
    assert len(pages) > 5
    assert [page.complete for page in pages] == [False] * (len(pages) - 1) + [True]
    assert {page.total for page in pages} == {MANY + OTHERS}
    assert [page.loaded for page in pages] == [*sorted({page.loaded for page in pages[:-1]}), MANY + OTHERS]
    whole = pages[-1].items
    places = {one: place for place, one in enumerate(whole)}
    for earlier, later in pairwise(pages):
        assert set(earlier.items) <= set(later.items)
        assert [places[one] for one in earlier.items] == sorted(places[one] for one in earlier.items)
    candidates = await source.read((await final(source.candidates(query(None, *order)))).items, [LOSS, P])
    assert list(whole) == [
        one.id for one in candidates if one.metrics.get("loss", 0) < 0 and one.params.get("p") == "9"
    ]


async def test_sorting_what_was_filtered_does_not_filter_again(
    source: SqliteSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await final(source.candidates(query(GOOD)))
    monkeypatch.delattr(Conditions, "of")
    again = await final(source.candidates(query(GOOD, "-metrics.loss")))
    assert sorted(again.items) == sorted(found.items)
    assert (again.loaded, again.total) == (found.loaded, found.total)


@pytest.mark.parametrize(
    "where", [Words(("run", "77")), Matches(NAME, "7.*7$"), Not(GOOD), Or((GOOD, Compare(P, Comparison.LESS, 10.0)))]
)
async def test_a_filter_finds_the_same_with_the_roster_known_and_without(source: SqliteSource, where: Filter) -> None:
    unknown = await final(source.candidates(query(where)))
    other = open_store(source._path)
    await final(other.candidates(query(None)))
    known = await final(other.candidates(query(where)))
    await other.aclose()
    assert unknown == known
    assert 0 < len(known.items) < MANY + OTHERS


async def test_a_filter_that_nobody_waits_for_any_more_stops(
    source: SqliteSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Semaphore(0)
    asked: list[int] = []
    on = threading.Event()

    def slow(self: Conditions, number: int, value: bytes | float | None) -> bool:
        asked.append(number)
        begun.release()
        on.wait()
        return False

    monkeypatch.setattr(Conditions, "answer", slow)
    asking = [asyncio.create_task(final(source.candidates(query(Matches(NAME, str(place)))))) for place in range(3)]
    async with asyncio.timeout(60):
        for _ in asking:
            await asyncio.to_thread(begun.acquire)
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        on.set()
        assert len((await final(source.candidates(query(None)))).items) == MANY + OTHERS  # the threads are free again
    assert len(asked) < 3 * (MANY + OTHERS)


@pytest.mark.usefixtures("in_small_steps")
async def test_a_writer_commits_while_a_filter_runs(
    large: Path, tmp_path: Path, opened: Callable[[Path], SqliteSource]
) -> None:
    path = Path(shutil.copy(large, tmp_path / "mlflow.db"))
    source = opened(path)
    written = 0
    writer = sqlite3.connect(path, timeout=20, isolation_level=None, check_same_thread=False)
    insert = "insert into tags (key, value, run_uuid) values (?, 'x', 'long')"
    async for page in source.candidates(query(Matches(NAME, "1"))):
        if not page.complete:
            await asyncio.to_thread(writer.execute, insert, (f"tag {written}",))
            written += 1
    writer.close()
    assert written > 5
    assert {one.name for one in await source.read(page.items) if "1" not in (one.name or "")} == set()


@pytest.mark.parametrize("pattern", ["(a+)+$", "(.*)*x", "((1|1)+)+z", "(r|u|n)*(r|u|n)*$"])
async def test_no_expression_is_slow(source: SqliteSource, pattern: str) -> None:
    async with asyncio.timeout(30):
        await final(source.candidates(query(Matches(NAME, pattern))))


async def test_constants_are_found_among_thousands(
    large: Path, tmp_path: Path, opened: Callable[[Path], SqliteSource]
) -> None:
    path = Path(shutil.copy(large, tmp_path / "mlflow.db"))
    connection = sqlite3.connect(path)
    insert = f"insert into params (key, value, run_uuid) select ?, ?, run_uuid from runs where experiment_id = {BIG}"
    connection.execute(insert, ("same", "adam"))
    connection.execute(insert, ("nearly", "adam"))
    connection.execute(
        "update params set value = 'sgd' where key = 'nearly' and run_uuid in "
        f"(select run_uuid from runs where experiment_id = {BIG} limit 1 offset 3333)"
    )
    connection.execute(insert + " limit 5000", ("not everywhere", "1"))
    connection.execute(insert + " limit 0", ("nowhere", "1"))
    connection.commit()
    connection.close()
    columns = await final(opened(path).columns("default", (BIG,)))
    told = {str(column): value for column, value in columns.constant.items()}
    assert told == {"params.same": "adam", "status": None, "user": None}


@pytest.mark.parametrize("how", [how for how in Aggregate if how is not Aggregate.BEST])
async def test_an_aggregate_of_many_is_the_same_in_one_go_and_candidate_by_candidate(
    how: Aggregate, opened: Callable[[Path], SqliteSource], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = STORES / "mlflow-3.17.2.db"
    every = Query("default", ("1", "2"), lifecycle=Lifecycle.ALL)
    columns = [Column(Kind.METRIC, key, how) for key in ("loss", "grad_norm", "nobody")]
    one_by_one = [repr((await final(opened(path).values(every, column))).items) for column in columns]
    monkeypatch.setattr(aggregates, "_MANY", 0)
    monkeypatch.setattr(aggregates, "_SHORT", 1000)
    monkeypatch.setattr(key_scan, "_AT_ONCE", 7)
    monkeypatch.delattr(aggregates, "_work_out")
    in_one_go = [repr((await final(opened(path).values(every, column))).items) for column in columns]
    assert in_one_go == one_by_one
    assert "1." in one_by_one[0] or "0." in one_by_one[0]


async def test_a_sort_by_an_aggregate_shows_what_it_knows(
    large: Path, opened: Callable[[Path], SqliteSource], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer, "_STEP", 0.001)
    monkeypatch.setattr(aggregates, "_SHORT", -1)
    by_noise = Query("default", ("1", BIG), order=(Order.parse("max(metrics.noise)"),))
    pages = [page async for page in opened(large).candidates(by_noise)]
    assert len(pages) > 2
    assert [page.loaded for page in pages] == sorted(page.loaded for page in pages)
    assert all(set(page.items) <= set(pages[-1].items) for page in pages)
    assert pages[-1].items[0].candidate_id == "long"
