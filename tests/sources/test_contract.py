"""What every source must answer, over stores of each MLflow version and the source in memory."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from math import isnan

import pytest

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.filter import words_filter
from mltrack_tui.domain.query import Column, Kind, Lifecycle, Query
from mltrack_tui.sources.base import NotFoundError, T
from mltrack_tui.sources.pages import final
from tests.sources.conftest import Given
from tests.sources.facts import in_step_order


async def ids(given: Given, query: Query) -> Sequence[CandidateId]:
    return (await final(given.source.candidates(query))).items


async def all_pages(answers: AsyncIterator[T]) -> list[T]:
    return [answer async for answer in answers]


def everything(given: Given) -> Query:
    return Query(given.project, given.facts.ids, lifecycle=Lifecycle.ALL)


async def test_there_is_one_project_with_the_active_experiments(given: Given) -> None:
    told = {each.name: each for each in (await final(given.source.projects())).items}
    told |= {each.name: each async for each in given.source.count([*told])}
    assert {name: each.experiments for name, each in told.items()} == {
        given.project: sum(Lifecycle.ACTIVE.admits(each.lifecycle_stage) for each in given.facts.experiments),
        **dict.fromkeys(given.other_projects, 1),
    }
    ends = [member.end_time or member.start_time for member in given.facts.candidates]
    assert told[given.project].last_activity == max(ends)


async def test_a_project_is_found_by_its_name(given: Given) -> None:
    assert (await given.source.project(given.project)).name == given.project
    with pytest.raises(NotFoundError):
        await given.source.project("nowhere")


@pytest.mark.parametrize("lifecycle", Lifecycle)
async def test_experiments_are_what_mlflow_read(given: Given, lifecycle: Lifecycle) -> None:
    found = (await final(given.source.experiments(given.project, lifecycle))).items
    expected = [experiment for experiment in given.facts.experiments if lifecycle.admits(experiment.lifecycle_stage)]
    assert sorted(
        (one.experiment_id, one.name, one.lifecycle_stage, one.artifact_location, dict(one.tags)) for one in found
    ) == sorted(
        (one.experiment_id, one.name, one.lifecycle_stage, one.artifact_location, dict(one.tags)) for one in expected
    )


async def test_experiments_come_the_latest_activity_first_with_their_active_candidates_counted(given: Given) -> None:
    found = (await final(given.source.experiments(given.project))).items
    assert [(one.name, one.candidates) for one in found] == [("churn [prod] 日本", 4), ("digits", 8), ("Default", 0)]
    assert found[2].last_activity is None
    assert found[1].description == "Hand-written **digits**, 8x8."


async def test_a_project_that_is_not_there_is_not_found(given: Given) -> None:
    with pytest.raises(NotFoundError):
        await final(given.source.experiments("nowhere"))


@pytest.mark.parametrize("lifecycle", Lifecycle)
async def test_candidates_come_the_latest_start_first(given: Given, lifecycle: Lifecycle) -> None:
    digits = given.facts.id_of("digits")
    found = await ids(given, Query(given.project, (digits,), lifecycle=lifecycle))
    expected = given.facts.members(digits, lifecycle=lifecycle)
    assert [one.candidate_id for one in found] == [member.candidate_id for member in expected]
    assert {(one.project, one.experiment_id) for one in found} == {(given.project, digits) for _ in expected}


async def test_candidates_of_several_experiments_come_in_one_order(given: Given) -> None:
    found = await ids(given, everything(given))
    assert [one.candidate_id for one in found] == [
        member.candidate_id for member in given.facts.members(*given.facts.ids)
    ]


async def test_the_last_page_says_that_all_was_looked_at(given: Given) -> None:
    pages = await all_pages(given.source.candidates(everything(given)))
    assert [page.complete for page in pages] == [False] * (len(pages) - 1) + [True]
    assert (pages[-1].loaded, pages[-1].total) == (len(given.facts.candidates), len(given.facts.candidates))


@pytest.mark.parametrize("experiments", [(), ("77",), ("no number",), ("9" * 40,)])
async def test_an_experiment_that_is_not_there_has_no_candidates(given: Given, experiments: tuple[str, ...]) -> None:
    page = await final(given.source.candidates(Query(given.project, experiments)))
    assert (list(page.items), page.loaded, page.total, page.complete) == ([], 0, 0, True)


async def test_candidates_of_another_project_are_not_there(given: Given) -> None:
    assert not await ids(given, Query("elsewhere", given.facts.ids))


async def test_every_value_is_what_mlflow_read(given: Given) -> None:
    found = await given.source.read(await ids(given, everything(given)))
    for candidate, member in zip(found, given.facts.members(*given.facts.ids), strict=True):
        assert candidate.id.candidate_id == member.candidate_id
        assert candidate.name == member.name
        assert candidate.status == member.status
        assert (candidate.start_time, candidate.end_time) == (member.start_time, member.end_time)
        assert candidate.lifecycle_stage == member.lifecycle_stage
        assert candidate.artifact_uri == member.artifact_uri
        assert candidate.params == member.params
        assert candidate.tags == member.tags
        assert spelled(candidate.metrics) == spelled(member.metrics)


async def test_candidates_are_read_in_the_order_asked_without_those_that_are_gone(given: Given) -> None:
    wanted = list(reversed(await ids(given, everything(given))))
    gone = wanted[0]._replace(candidate_id="0" * 32)
    found = await given.source.read([wanted[3], gone, wanted[1], wanted[3]])
    assert [candidate.id for candidate in found] == [wanted[3], wanted[1], wanted[3]]


async def test_only_the_columns_asked_for_are_read(given: Given) -> None:
    wanted = await ids(given, everything(given))
    columns = [Column.parse(text) for text in ("name", "metrics.loss", "params.lr", "tags.stage")]
    for candidate, whole in zip(await given.source.read(wanted, columns), await given.source.read(wanted), strict=True):
        assert candidate.name == whole.name
        assert candidate.params == {key: value for key, value in whole.params.items() if key == "lr"}
        assert candidate.tags == {key: value for key, value in whole.tags.items() if key == "stage"}
        assert spelled(candidate.metrics) == spelled(
            {key: value for key, value in whole.metrics.items() if key == "loss"}
        )


async def test_no_columns_leave_the_attributes(given: Given) -> None:
    wanted = await ids(given, everything(given))
    (first, *_) = await given.source.read(wanted, [])
    status = given.facts.members(*given.facts.ids)[0].status
    assert (first.status, first.params, first.metrics, first.tags) == (status, {}, {}, {})


async def test_columns_are_those_of_the_experiment_and_not_of_the_store(given: Given) -> None:
    for experiment in given.facts.ids:
        columns = await final(given.source.columns(given.project, (experiment,)))
        members = given.facts.members(experiment)
        assert columns.params == tuple(sorted({key for member in members for key in member.params}))
        assert columns.metrics == tuple(sorted({key for member in members for key in member.metrics}))


async def test_a_candidate_is_located_by_its_id_alone(given: Given) -> None:
    for one in await ids(given, everything(given)):
        assert await given.source.locate(one.candidate_id) == one
        assert await given.source.locate(one.candidate_id, given.project) == one
    with pytest.raises(NotFoundError):
        await given.source.locate("nobody")


async def test_every_history_is_what_mlflow_read_in_order_of_step(given: Given) -> None:
    for one in await ids(given, everything(given)):
        (member,) = [member for member in given.facts.candidates if member.candidate_id == one.candidate_id]
        for metric, points in member.history.items():
            history = await final(given.source.history(one, metric))
            found = list(zip(history.steps, history.timestamps, history.values, strict=True))
            if given.source.capabilities.times:
                assert repr(found) == repr(in_step_order(points))
            else:
                assert not any(history.timestamps)
                assert sorted((step, value) for step, _, value in points) == [(step, value) for step, _, value in found]
            assert (history.metric, history.total, history.exact) == (metric, len(points), True)


async def test_a_metric_that_nobody_logged_has_no_points(given: Given) -> None:
    one = (await ids(given, everything(given)))[0]
    for buckets in (None, 100):
        history = await final(given.source.history(one, "nothing", buckets))
        assert (len(history), history.total, history.exact) == (0, 0, True)


async def test_a_short_history_is_whole_in_a_plot(given: Given) -> None:
    one = (await ids(given, Query(given.project, (given.facts.id_of("digits"),))))[0]
    assert await final(given.source.history(one, "loss", 500)) == await final(given.source.history(one, "loss"))


async def test_a_long_history_keeps_its_ends_and_extremes_in_few_points(given: Given) -> None:
    members = [member for member in given.facts.candidates if len(member.history.get("loss", ())) == 60]
    one = await given.source.locate(members[0].candidate_id)
    whole = await final(given.source.history(one, "loss"))
    few = await final(given.source.history(one, "loss", 5))
    assert len(few) <= 12
    assert (few.total, few.exact) == (60, True)
    assert (few.steps[0], few.steps[-1]) == (whole.steps[0], whole.steps[-1])
    assert (min(few.values), max(few.values)) == (min(whole.values), max(whole.values))


async def test_between_steps_there_are_the_points_of_these_alone(given: Given) -> None:
    members = [member for member in given.facts.candidates if len(member.history.get("loss", ())) == 60]
    one = await given.source.locate(members[0].candidate_id)
    whole = await final(given.source.history(one, "loss"))
    middle = whole.steps[10], whole.steps[40]
    for buckets in (None, 100):
        some = await final(given.source.history(one, "loss", buckets, middle))
        assert list(some.steps) == [step for step in whole.steps if middle[0] <= step <= middle[1]]
        assert some.values == whole.values[10:41]
        assert (some.total, some.exact) == (31, True)
    few = await final(given.source.history(one, "loss", 5, middle))
    assert few.total == 31
    assert 2 <= len(few) <= 12
    beyond = await final(given.source.history(one, "loss", 5, (whole.steps[-1] + 1, 2**40)))
    assert (len(beyond), beyond.total, beyond.exact) == (0, 0, True)


async def test_each_metric_is_summed_up(given: Given) -> None:
    for one in await ids(given, everything(given)):
        (member,) = [member for member in given.facts.candidates if member.candidate_id == one.candidate_id]
        found = (await final(given.source.summaries(one))).items
        assert [summary.metric for summary in found] == sorted(member.metrics)
        for summary in found:
            values = [value for _, _, value in member.history[summary.metric]]
            numbers = [value for value in values if not isnan(value)] or values
            assert repr(summary.last) == repr(member.metrics[summary.metric])
            assert repr((summary.minimum, summary.maximum)) == repr((min(numbers), max(numbers)))
            assert summary.points == len(values)


async def test_a_nested_candidate_knows_its_parent_and_the_parent_its_children(given: Given) -> None:
    (child,) = [member for member in given.facts.candidates if "mlflow.parentRunId" in member.tags]
    detail = await given.source.detail(await given.source.locate(child.candidate_id))
    assert detail.experiment_name == "digits"
    assert detail.parent is not None
    assert detail.parent.id.candidate_id == child.tags["mlflow.parentRunId"]
    parent = await given.source.detail(detail.parent.id)
    assert [one.id.candidate_id for one in parent.children] == [child.candidate_id]
    assert parent.parent is None


async def test_a_candidate_that_is_gone_has_no_detail(given: Given) -> None:
    gone = CandidateId("", given.project, given.facts.ids[0], "0" * 32)
    with pytest.raises(NotFoundError):
        await given.source.detail(gone)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("SGD", {"sgd-small", "sgd-large"}),
        ("large sgd", {"sgd-large"}),
        ("NAÏVE", {"naïve 実験 🚀"}),
        ("実験", {"naïve 実験 🚀"}),
        ("ADAM [B]", {"adam [b]bold[/b]"}),
        ("sgd adam", set()),
        ("%", set()),
        ("_", set()),
    ],
)
async def test_a_name_filter_finds_all_words_in_any_case_and_order(given: Given, words: str, names: set[str]) -> None:
    page = await final(given.source.candidates(replace(everything(given), where=words_filter(words))))
    found = await given.source.read(page.items)
    assert {one.name for one in found} == names
    assert [one.id.candidate_id for one in found] == [
        member.candidate_id for member in given.facts.members(*given.facts.ids) if member.name in names
    ]
    assert (page.loaded, page.total) == (len(given.facts.candidates), len(given.facts.candidates))


async def test_a_name_filter_of_blanks_filters_nothing(given: Given) -> None:
    assert len(await ids(given, replace(everything(given), where=words_filter("  ")))) == len(given.facts.candidates)


@pytest.mark.parametrize("kind", [Kind.PARAM, Kind.METRIC, Kind.TAG])
async def test_reading_a_key_that_does_not_exist_finds_nothing(given: Given, kind: Kind) -> None:
    wanted = await ids(given, everything(given))
    for candidate in await given.source.read(wanted, [Column(kind, "no such key")]):
        assert (candidate.params, candidate.metrics, candidate.tags) == ({}, {}, {})


def spelled(metrics: Mapping[str, float]) -> str:
    """NaN is not equal to itself, but it is spelled alike."""
    return repr(sorted(metrics.items()))
