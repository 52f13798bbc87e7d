"""Stores that are large enough for the quick ways: a first page, whole-table scans, samples."""

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from math import inf
from pathlib import Path

import pytest

from mltrack_tui.analysis.reduce import between, reduce
from mltrack_tui.domain.entities import Candidate
from mltrack_tui.domain.filter import words_filter
from mltrack_tui.domain.history import History
from mltrack_tui.domain.query import Order, Query
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.sqlite import SqliteSource, keyed, open_store
from tests.sources.large import BIG, MANY, OTHER, OTHERS, POINTS


@pytest.fixture
async def source(large: Path) -> AsyncIterator[SqliteSource]:
    source = open_store(large)
    yield source
    await source.aclose()


async def test_some_of_the_newest_come_at_once_and_the_true_order_after(source: SqliteSource) -> None:
    first, last = [page async for page in source.candidates(Query("default", (BIG,)))]
    assert (len(first.items), first.loaded, first.total, first.complete) == (200, 200, None, False)
    assert (len(last.items), last.loaded, last.total, last.complete) == (MANY, MANY, MANY, True)
    assert set(first.items) < set(last.items)
    starts = [one.start_time for one in await source.read(first.items)]
    assert starts == sorted(starts, key=lambda start: inf if start is None else -start)


async def test_once_the_order_is_known_it_is_the_only_page(source: SqliteSource) -> None:
    query = Query("default", (BIG,))
    known = await final(source.candidates(query))
    (page,) = [page async for page in source.candidates(query)]
    assert page == known


async def test_a_query_that_sorts_answers_once(source: SqliteSource) -> None:
    query = Query("default", (BIG,), order=(Order.parse("name"),))
    (page,) = [page async for page in source.candidates(query)]
    names = [one.name for one in await source.read(page.items)]
    assert names == sorted(name or "" for name in names)
    assert len(names) == MANY


@pytest.mark.parametrize("few_keys", [0, 50])
@pytest.mark.parametrize("column", ["metrics.loss", "params.p"])
async def test_a_large_column_is_sorted_as_its_cells_are_however_it_is_read(
    source: SqliteSource, column: str, few_keys: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyed, "_FEW_KEYS", few_keys)
    await expect_sorted(source, column)


@pytest.mark.parametrize("column", ["name", "created"])
async def test_a_large_attribute_is_sorted_as_its_cells_are(source: SqliteSource, column: str) -> None:
    await expect_sorted(source, column)


async def expect_sorted(source: SqliteSource, column: str) -> None:
    """Both directions of a sort are right, and the same when the column is known already."""
    base = (await final(source.candidates(Query("default", (BIG, OTHER))))).items
    places = {one: place for place, one in enumerate(base)}
    for order in (Order.parse(column), Order.parse(f"-{column}")):
        query = Query("default", (BIG, OTHER), order=(order,))
        found = (await final(source.candidates(query))).items
        assert found == (await final(source.candidates(replace(query, where=words_filter("run"))))).items
        cells = await source.read(found, [order.column])
        assert len(cells) == MANY + OTHERS
        for one, following in pairwise(cells):
            (kind, value), (next_kind, next_value) = (sort_key(value_of(cell, column)) for cell in (one, following))
            assert kind <= next_kind
            if kind == next_kind and value != next_value:
                assert (value > next_value) is order.descending  # type: ignore[operator]  # one kind, so one type
            elif kind == next_kind:
                assert places[one.id] < places[following.id]


def value_of(candidate: Candidate, column: str) -> float | str | None:
    values = {
        "metrics.loss": candidate.metrics.get("loss"),
        "params.p": candidate.params.get("p"),
        "name": candidate.name,
        "created": candidate.start_time,
    }
    return values[column]


def sort_key(value: float | str | None) -> tuple[int, object]:
    """The kind of a value, and what it is compared by."""
    if value is None:
        return 3, 0
    if value in {"1", "10", "9"}:
        return 0, float(str(value))
    if value == "nan" or value != value:  # noqa: PLR0124
        return 1, 0
    return (2, (value.casefold(), value)) if isinstance(value, str) else (0, value)


async def test_keys_of_another_large_experiment_do_not_appear(source: SqliteSource) -> None:
    assert await keys(source, BIG) == (("p",), ("last of big", "loss"))
    other = ("p",), ("last of big", "loss", "once in other", "only other")
    assert await keys(source, OTHER) == other
    assert await keys(source, BIG, OTHER) == other


async def keys(source: SqliteSource, *experiments: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    columns = await final(source.columns("default", experiments))
    return columns.params, columns.metrics


@pytest.mark.parametrize("metric", ["noise", "steps", "broken", "still"])
async def test_the_exact_answer_is_what_reducing_every_point_gives(source: SqliteSource, metric: str) -> None:
    long = await source.locate("long")
    whole = await final(source.history(long, metric))
    exact = await final(source.history(long, metric, 100))
    assert len(whole) == whole.total == exact.total == POINTS
    assert points(exact) == points(reduce(whole, 100))
    assert exact.exact


async def test_a_sample_comes_first_where_the_store_has_the_index(source: SqliteSource) -> None:
    long = await source.locate("long")
    answers = [answer async for answer in source.history(long, "noise", 100)]
    if source._store.schema is None or source._store.schema.points_by_step is None:
        assert [answer.exact for answer in answers] == [True]
        return
    sample, _ = answers
    whole = await final(source.history(long, "noise"))
    assert (sample.exact, sample.total) == (False, None)
    assert 100 <= len(sample) <= 203
    assert set(points(sample)) < set(points(whole))
    assert (sample.steps[0], sample.steps[-1]) == (-100, POINTS - 101)


@pytest.mark.parametrize("metric", ["noise", "broken"])
async def test_between_steps_the_exact_answer_is_of_their_points_alone(source: SqliteSource, metric: str) -> None:
    long = await source.locate("long")
    whole = await final(source.history(long, metric))
    for steps in [(10_000, 45_000), (-5, 60), (50_000_000, 60_000_000)]:
        some = between(whole, *steps)
        assert points(await final(source.history(long, metric, None, steps))) == points(some)
        exact = await final(source.history(long, metric, 100, steps))
        assert points(exact) == points(reduce(some, 100))
        assert (exact.total, exact.exact) == (len(some), True)


async def test_a_gap_and_an_infinity_survive_reduction(source: SqliteSource) -> None:
    exact = await final(source.history(await source.locate("long"), "broken", 100))
    missing = [step for step, value in zip(exact.steps, exact.values, strict=True) if value != value]  # noqa: PLR0124
    assert len(missing) == 20
    assert all(20_000 <= step < 30_000 for step in missing)
    assert exact.values[exact.steps.index(40_000)] == inf


async def test_points_of_one_step_come_by_timestamp(source: SqliteSource) -> None:
    still = await final(source.history(await source.locate("long"), "still"))
    assert set(still.steps) == {0}
    assert still.timestamps.tolist() == list(range(POINTS))


async def test_summaries_of_long_histories_grow_to_what_was_logged(source: SqliteSource) -> None:
    long = await source.locate("long")
    pages = [page async for page in source.summaries(long)]
    summaries = {summary.metric: summary for summary in pages[-1].items}
    assert sorted(summaries) == ["broken", "noise", "steps", "still"]
    assert {summary.points for summary in summaries.values()} == {POINTS}
    assert summaries["broken"].maximum == inf
    noise = (await final(source.history(long, "noise"))).values
    assert (summaries["noise"].minimum, summaries["noise"].maximum) == (min(noise), max(noise))
    assert [page.complete for page in pages] == [False] * (len(pages) - 1) + [True]


def points(history: History) -> list[tuple[int, int, str]]:
    return [
        (step, at, repr(value))
        for step, at, value in zip(history.steps, history.timestamps, history.values, strict=True)
    ]
