"""Histories, and what follows from them, are asked for a server's way: a sample first, all of it on demand."""

from math import inf, isnan, nan

import pytest

from mltrack_tui.domain.query import Aggregate, Column, Kind, Lifecycle, Order, Query
from mltrack_tui.search.parse import parse_filter
from mltrack_tui.sources.base import NotFoundError
from mltrack_tui.sources.pages import final
from server_client import Metric
from tests.search.vocabularies import VOCABULARY
from tests.servers import faults
from tests.sources.remote.conftest import Open, Own, ids

LONG = 3000
LEAST = Column(Kind.METRIC, "loss", Aggregate.MIN)


async def test_a_long_history_is_a_sample_first_and_exact_on_demand(own: Own, opened: Open) -> None:
    run = await own.run(1, points=LONG)
    source = opened(own.uri)
    place = own.place(source, run)
    await source.read([place])
    histories = source.history(place, "loss", 20)
    sample = await anext(histories)
    assert (sample.total, sample.exact, sample.on_demand) == (None, False, True)
    assert 20 < len(sample) <= 42
    assert [path for path in own.proxy.paths("/get-history") if not path.endswith("bulk-interval")] == []
    exact = await final(histories)
    assert (exact.total, exact.exact, exact.on_demand) == (LONG, True, False)
    assert (exact.steps[0], exact.steps[-1]) == (0, LONG - 1)
    own.proxy.asked.clear()
    whole = await final(source.history(place, "loss"))
    assert list(whole.steps) == list(range(LONG))
    assert [one.exact async for one in source.history(place, "loss", 20)] == [True]
    assert own.proxy.asked == []


async def test_part_of_a_long_history_that_one_answer_holds_is_exact_at_once(own: Own, opened: Open) -> None:
    run = await own.run(1, points=LONG)
    source = opened(own.uri)
    place = own.place(source, run)
    await source.read([place])
    own.proxy.asked.clear()
    (part,) = [answer async for answer in source.history(place, "loss", 5000, (500, 1500))]
    assert list(part.steps) == list(range(500, 1501))
    assert (part.total, part.exact) == (1001, True)
    assert len(own.proxy.asked) == 1
    sample, exact = [answer async for answer in source.history(place, "loss", 20, (100, 2800))]
    assert (sample.exact, sample.on_demand, exact.exact, exact.total) == (False, True, True, 2701)
    own.proxy.asked.clear()
    beyond = await final(source.history(place, "loss", 20, (2900, 2**40)))  # no server takes such numbers
    assert (beyond.total, beyond.steps[0], beyond.steps[-1]) == (LONG - 2900, 2900, LONG - 1)
    assert own.proxy.asked == []


async def test_the_history_of_one_that_runs_is_asked_for_each_time(own: Own, opened: Open) -> None:
    run = await own.run(1, status="RUNNING", points=3)
    source = opened(own.uri)
    place = own.place(source, run)
    await source.read([place])
    assert len(await final(source.history(place, "loss", 20))) == 3
    await own.client.runs.log_batch(run, metrics=[Metric("loss", 8.0, 1, 7)])
    assert len(await final(source.history(place, "loss", 20))) == 4


async def test_odd_points_are_the_same_by_both_ways(own: Own, opened: Open) -> None:
    run = await own.run(1)
    points = [(-5, 2.0), (-5, nan), (0, inf), (2, -inf), (2, nan), (2**40, 0.0)]
    await own.client.runs.log_batch(run, metrics=[Metric("odd", value, 5, step) for step, value in points])
    found: list[list[tuple[int, float]]] = []
    for bulk in (True, False):
        if not bulk:
            own.proxy.plan(faults.page(404, "Not Found"), path="bulk-interval")
        source = opened(own.uri)
        history = await final(source.history(own.place(source, run), "odd"))
        found.append(list(zip(history.steps, history.values, strict=True)))
    assert repr(found[0]) == repr(found[1])
    assert repr(found[0]) == repr([(-5, nan), (-5, 2.0), (0, inf), (2, -inf), (2, nan), (2**40, 0.0)])


async def test_summaries_come_at_once_and_long_histories_are_summed_on_demand(own: Own, opened: Open) -> None:
    run = await own.run(1, points=LONG)
    await own.client.runs.log_batch(run, metrics=[Metric("acc", value, 1, 1) for value in (0.5, nan, 2.0)])
    source = opened(own.uri)
    pages = [page async for page in source.summaries(own.place(source, run))]
    assert [(one.metric, one.points) for one in pages[0].items] == [("acc", None), ("loss", None)]
    assert [(one.metric, one.points) for one in pages[-2].items] == [("acc", 3), ("loss", None)]
    assert [page.on_demand for page in pages] == [False] * (len(pages) - 2) + [True, False]
    acc, loss = pages[-1].items
    assert (acc.minimum, acc.maximum, acc.last) == (0.5, 2.0, 2.0)
    assert (loss.minimum, loss.maximum, loss.points) == (1 - (LONG - 1) / 7, 1.0, LONG)
    assert len([page async for page in source.summaries(own.place(source, run))]) == 1


async def test_filters_sorts_and_cells_of_aggregates_are_worked_out_of_the_histories(own: Own, opened: Open) -> None:
    runs = [await own.run(number, points=number) for number in range(15, 0, -1)]
    await own.client.runs.create(own.experiment, name="without", start_time=0)
    source = opened(own.uri)
    query = Query(
        "default",
        (own.experiment,),
        parse_filter("max(loss) > 10 and loss < 14", VOCABULARY),
        order=(Order(LEAST),),
    )
    page = await final(source.candidates(query))
    assert ids(page.items) == runs[4::-1]
    assert (page.complete, page.loaded) == (True, 16)
    least = {run: number - (number - 1) / 7 for run, number in zip(runs, range(15, 0, -1), strict=True)}
    found = await source.read(page.items, [LEAST])
    assert [each.aggregates[LEAST] for each in found] == pytest.approx([least[each] for each in ids(page.items)])
    own.proxy.asked.clear()
    values = await final(source.values(own.query, LEAST))
    assert [value is None for value in values.items] == [False] * 15 + [True]
    asked = len(own.proxy.asked)
    await final(source.values(own.query, LEAST))
    assert len(own.proxy.asked) == asked


async def test_nan_is_the_least_where_there_is_nothing_else(own: Own, opened: Open) -> None:
    run = await own.run(1, points=0)
    await own.client.runs.log_batch(run, metrics=[Metric("loss", nan, 1, 1)])
    source = opened(own.uri)
    (found,) = await source.read([own.place(source, run)], [LEAST])
    assert isnan(found.aggregates[LEAST])


async def test_a_parent_and_its_children_are_found_among_many(own: Own, opened: Open) -> None:
    runs = await own.runs(4)
    for child in runs[:2]:
        await own.client.runs.set_tag(child, "mlflow.parentRunId", runs[3])
    await own.client.runs.set_tag(runs[2], "mlflow.parentRunId", "nobody's")
    for page_size in (2, 250):
        source = opened(own.uri, page_size=page_size)
        await anext(source.candidates(own.query))
        parent = await source.detail(own.place(source, runs[3]))
        assert [one.id.candidate_id for one in parent.children] == [runs[1], runs[0]]
        above = (await source.detail(own.place(source, runs[0]))).parent
        assert above is not None
        assert above.id.candidate_id == runs[3]
        assert (await source.detail(own.place(source, runs[2]))).parent is None


async def test_a_detail_is_as_it_is_now_after_a_refresh(own: Own, opened: Open) -> None:
    (run,) = await own.runs(1)
    source = opened(own.uri)
    place = own.place(source, run)
    await source.detail(place)
    await own.client.runs.set_tag(run, "mlflow.note.content", "new")
    assert "mlflow.note.content" not in (await source.detail(place)).candidate.tags
    source.forget()
    assert (await source.detail(place)).candidate.tags["mlflow.note.content"] == "new"


async def test_experiments_come_at_once_and_are_counted_by_and_by(own: Own, opened: Open) -> None:
    await own.runs(5)
    await own.client.runs.delete(await own.run(77))
    source = opened(own.uri, page_size=3)
    pages = [page async for page in source.experiments("default")]
    first, last = (
        next(one for one in page.items if one.experiment_id == own.experiment) for page in (pages[0], pages[-1])
    )
    assert (first.candidates, first.counted, first.last_activity) == (0, False, None)
    assert (last.candidates, last.counted, last.last_activity) == (3, False, 5500)
    assert [page.complete for page in pages] == [False] * (len(pages) - 1) + [True]
    own.searches()
    (again,) = [page async for page in source.experiments("default")]
    assert again.items == pages[-1].items
    await anext(source.candidates(own.query))
    assert own.searches() == []
    await final(source.candidates(own.query))
    own.searches()
    counted = {one.experiment_id: one for one in (await final(source.experiments("default"))).items}
    assert (counted[own.experiment].candidates, counted[own.experiment].counted) == (5, True)
    assert own.searches() == []


async def test_an_experiment_that_was_renamed_has_its_new_name_after_a_refresh(own: Own, opened: Open) -> None:
    await own.runs(1)
    source = opened(own.uri)
    await final(source.candidates(own.query))
    await own.client.experiments.rename(own.experiment, f"renamed {own.experiment}")
    source.forget()
    await final(source.experiments("default"))
    (found,) = await source.read((await final(source.candidates(own.query))).items)
    assert found.experiment_name == f"renamed {own.experiment}"


async def test_the_deleted_count_for_nothing_and_are_shown_when_wanted(own: Own, opened: Open) -> None:
    await own.client.experiments.delete(own.experiment)
    source = opened(own.uri)
    for lifecycle, there in ((Lifecycle.ACTIVE, False), (Lifecycle.DELETED, True), (Lifecycle.ALL, True)):
        found = (await final(source.experiments("default", lifecycle))).items
        assert (own.experiment in [one.experiment_id for one in found]) is there


async def test_nothing_is_known_of_who_is_not_there(own: Own, opened: Open) -> None:
    source = opened(own.uri)
    gone = own.place(source, "0" * 32)
    for asked in (final(source.summaries(gone)), source.artifacts(gone), source.detail(gone)):
        with pytest.raises(NotFoundError):
            await asked
