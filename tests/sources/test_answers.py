"""Filters, aggregates, orders, values and constant columns: what every source must answer."""

import operator
from collections.abc import Sequence
from dataclasses import replace
from math import isnan, nan

import pytest

from mltrack_tui.domain.cells import logged_value
from mltrack_tui.domain.entities import Candidate
from mltrack_tui.domain.filter import (
    Among,
    And,
    Compare,
    Comparison,
    Filter,
    IsNan,
    Like,
    Matches,
    Missing,
    Not,
    Or,
    Words,
)
from mltrack_tui.domain.query import Aggregate, Column, Columns, Kind, Lifecycle, Order, Query
from mltrack_tui.sources.pages import final
from tests.sources.conftest import Given
from tests.sources.facts import CandidateFacts, in_step_order

LR, LAYERS = Column.parse("params.lr"), Column.parse("params.layers")
LOSS, MAX_LOSS = Column.parse("metrics.loss"), Column.parse("max(metrics.loss)")
OPTIMIZER = Column.parse("params.optimizer")


def everything(given: Given, where: Filter | None = None, *order: str) -> Query:
    keys = tuple(map(Order.parse, order))
    return Query(given.project, given.facts.ids, where, Lifecycle.ALL, keys)


async def chosen(given: Given, where: Filter) -> set[str]:
    return {one.candidate_id for one in (await final(given.source.candidates(everything(given, where)))).items}


def number(member: CandidateFacts, key: str) -> float:
    return float(member.params.get(key, nan))


@pytest.mark.parametrize("comparison", Comparison)
async def test_a_parameter_compares_as_the_number_that_it_says(given: Given, comparison: Comparison) -> None:
    found = await chosen(given, Compare(LR, comparison, 0.1))
    compare = {
        Comparison.EQUAL: operator.eq,
        Comparison.DIFFERENT: operator.ne,
        Comparison.LESS: operator.lt,
        Comparison.AT_MOST: operator.le,
        Comparison.GREATER: operator.gt,
        Comparison.AT_LEAST: operator.ge,
    }[comparison]
    expected = {
        member.candidate_id
        for member in given.facts.candidates
        if "lr" in member.params and compare(float(member.params["lr"]), 0.1)
    }
    assert found == expected
    assert 0 < len(found) < len(given.facts.candidates)


async def test_clauses_join_and_turn_into_their_contrary(given: Given) -> None:
    adam, slow = Compare(OPTIMIZER, Comparison.EQUAL, "adam"), Compare(LR, Comparison.LESS, 0.05)
    facts = given.facts.candidates
    is_adam = {member.candidate_id for member in facts if member.params.get("optimizer") == "adam"}
    is_slow = {member.candidate_id for member in facts if number(member, "lr") < 0.05}
    every = {member.candidate_id for member in facts}
    assert await chosen(given, And((adam, slow))) == is_adam & is_slow
    assert await chosen(given, Or((adam, slow))) == is_adam | is_slow
    assert await chosen(given, Not(Or((adam, slow)))) == every - is_adam - is_slow
    assert await chosen(given, And(())) == every
    assert await chosen(given, Or(())) == set()


async def test_what_is_missing_fits_nothing_but_that_it_is_missing(given: Given) -> None:
    without = {member.candidate_id for member in given.facts.candidates if "layers" not in member.params}
    assert without
    assert await chosen(given, Missing(LAYERS)) == without
    for clause in (
        Compare(LAYERS, Comparison.DIFFERENT, "7"),
        Compare(LAYERS, Comparison.DIFFERENT, 7.0),
        Among(LAYERS, (), negated=True),
        Like(LAYERS, "%"),
        Matches(LAYERS, ""),
    ):
        assert not await chosen(given, clause) & without
        assert await chosen(given, Not(clause)) >= without


async def test_nan_differs_and_does_nothing_else(given: Given) -> None:
    for member in given.facts.candidates:
        for key, value in member.metrics.items():
            column = Column(Kind.METRIC, key)
            assert (member.candidate_id in await chosen(given, IsNan(column))) is isnan(value)
            if isnan(value):
                assert member.candidate_id in await chosen(given, Compare(column, Comparison.DIFFERENT, 0.0))
                assert member.candidate_id not in await chosen(given, Compare(column, Comparison.AT_MOST, 0.0))
                assert member.candidate_id not in await chosen(given, Compare(column, Comparison.EQUAL, 0.0))


@pytest.mark.parametrize("how", [how for how in Aggregate if how is not Aggregate.BEST])
async def test_aggregates_are_of_the_whole_history_without_nan(given: Given, how: Aggregate) -> None:
    members = {member.candidate_id: member for member in given.facts.candidates}
    ids = (await final(given.source.candidates(everything(given)))).items
    columns = [Column(Kind.METRIC, key, how) for key in ("loss", "grad_norm", "nobody")]
    for candidate in await given.source.read(ids, columns):
        history = members[candidate.id.candidate_id].history
        expected = {
            column: aggregated([value for _, _, value in in_step_order(history[column.name])], how)
            for column in columns
            if column.name in history
        }
        assert candidate.metrics == {}
        assert candidate.aggregates == pytest.approx(expected, nan_ok=True)


def aggregated(values: Sequence[float], how: Aggregate) -> float:
    numbers = [value for value in values if not isnan(value)] or [nan]
    known = {Aggregate.FIRST: numbers[0], Aggregate.LAST: numbers[-1], Aggregate.MIN: min(numbers)}
    return {**known, Aggregate.MAX: max(numbers), Aggregate.MEAN: sum(numbers) / len(numbers)}[how]


async def test_an_aggregate_filters_and_sorts_like_any_number(given: Given) -> None:
    highest = {
        member.candidate_id: max(value for _, _, value in member.history["loss"])
        for member in given.facts.candidates
        if "loss" in member.history
    }
    middle = sorted(highest.values())[len(highest) // 2]
    above = Compare(MAX_LOSS, Comparison.GREATER, middle)
    assert await chosen(given, above) == {one for one, value in highest.items() if value > middle}
    mixed = Or((Missing(MAX_LOSS), And((Words(("sgd",)), Not(above)))))
    names = {member.candidate_id: member.name or "" for member in given.facts.candidates}
    assert await chosen(given, mixed) == {
        one for one in names if one not in highest or ("sgd" in names[one] and highest[one] <= middle)
    }
    found = (await final(given.source.candidates(everything(given, None, "-max(metrics.loss)")))).items
    values = [highest[one.candidate_id] for one in found[: len(highest)]]
    assert values == sorted(highest.values(), reverse=True)


async def test_the_values_of_a_column_stand_in_the_order_of_the_candidates(given: Given) -> None:
    query = everything(given, Not(Words(("sgd",))), "params.lr", "-name")
    ids = (await final(given.source.candidates(query))).items
    for text in ("params.lr", "metrics.loss", "tags.stage", "name", "created", "duration", "id", "experiment",
                 "experiment_id", "status", "user", "mean(metrics.loss)", "params.nobody"):  # fmt: skip
        column = Column.parse(text)
        page = await final(given.source.values(query, column))
        expected = [logged_value(one, column) for one in await given.source.read(ids, [column])]
        assert repr([float_of(value) for value in page.items]) == repr([float_of(value) for value in expected]), text
        assert page.complete


def float_of(value: object) -> object:
    return float(value) if isinstance(value, int) else value


async def test_mlflows_order_takes_text_by_its_characters(given: Given) -> None:
    for key in ("lr", "layers", "optimizer"):
        query = everything(given, None)
        order = Order(Column(Kind.PARAM, key), as_mlflow=True)
        found = (await final(given.source.candidates(replace(query, order=(order,))))).items
        texts = [one.params.get(key) for one in await given.source.read(found)]
        there = [text for text in texts if text is not None]
        assert there == sorted(there)
        assert texts == [*there, *[None] * (len(texts) - len(there))]


async def test_constant_columns_are_those_in_which_no_active_candidate_differs(given: Given) -> None:
    for experiment in given.facts.ids:
        growing = [columns async for columns in given.source.columns(given.project, (experiment,))]
        assert [columns.complete for columns in growing] == [False] * (len(growing) - 1) + [True]
        ids = (await final(given.source.candidates(Query(given.project, (experiment,))))).items
        active = await given.source.read(ids)
        columns = growing[-1]
        told = {column: repr(value) for column, value in columns.constant.items()}
        assert told == {column: repr(value) for column, value in constant(columns_of(columns), active).items()}
        if active:
            assert len(told) < len(columns_of(columns))


def columns_of(columns: Columns) -> list[Column]:
    return [
        *(Column(Kind.PARAM, key) for key in columns.params),
        *(Column(Kind.METRIC, key) for key in columns.metrics),
        *(Column(Kind.TAG, key) for key in columns.tags if not key.startswith("mlflow.")),
    ]


def constant(columns: Sequence[Column], active: Sequence[Candidate]) -> dict[Column, object]:
    every = [*columns, *(Column(Kind.ATTRIBUTE, name) for name in ("status", "user") if active)]
    values = {column: [logged_value(one, column) for one in active] or [None] for column in every}
    return {column: some[0] for column, some in values.items() if len(set(map(repr, some))) == 1}


@pytest.mark.parametrize(
    "where",
    [
        And(tuple(Compare(OPTIMIZER, Comparison.DIFFERENT, f"no. {place}") for place in range(300))),
        Not(Or(tuple(Compare(OPTIMIZER, Comparison.EQUAL, f"no. {place}") for place in range(300)))),
        Among(OPTIMIZER, tuple(map(str, range(50_000))), negated=True),
        Or((Missing(LOSS), Among(LOSS, tuple(map(float, range(10**6, 10**6 + 5000))), negated=True))),
    ],
    ids=["many clauses", "many contraries", "many texts", "many numbers"],
)
async def test_a_filter_may_be_as_wide_as_anybody_writes_it(given: Given, where: Filter) -> None:
    with_one = {member.candidate_id for member in given.facts.candidates if "optimizer" in member.params}
    assert (await chosen(given, And((where, Not(Missing(OPTIMIZER)))))) == with_one


async def test_a_filter_may_be_deep(given: Given) -> None:
    where: Filter = Compare(OPTIMIZER, Comparison.EQUAL, "adam")
    adam = await chosen(given, where)
    for _ in range(50):
        where = Or((Words(("nobody",)), Not(Not(And((where, Not(Missing(OPTIMIZER))))))))
    assert await chosen(given, where) == adam


@pytest.mark.parametrize("text", ["' OR '1'='1", '"); drop table runs; --', "%' OR 1 --", "?", ":p", "\x00", "\ud800"])
async def test_what_looks_like_sql_is_text(given: Given, text: str) -> None:
    for column in (OPTIMIZER, Column(Kind.TAG, text), Column(Kind.ATTRIBUTE, "name"), Column(Kind.DATASET, "name")):
        for clause in (Compare(column, Comparison.EQUAL, text), Among(column, (text, text + "x"))):
            assert not await chosen(given, clause)
    assert len((await final(given.source.candidates(everything(given)))).items) == len(given.facts.candidates)
