"""What candidates used of their machines, as filters and orders name it."""

from dataclasses import replace

import pytest

from mltrack_tui.domain.filter import And, Compare, Comparison, IsNan, Missing
from mltrack_tui.domain.query import USAGE_NAMES, Column, Columns, Kind, Order
from mltrack_tui.search.complete import complete
from mltrack_tui.search.errors import FilterError
from mltrack_tui.search.mlflow_filter import filter_text, order_texts
from mltrack_tui.search.order_by import parse_order_by
from mltrack_tui.search.parse import needs_names, parse_filter
from mltrack_tui.search.write import clause
from tests.search.vocabularies import COLUMNS, VOCABULARY

MACHINES = replace(COLUMNS, metrics=(*COLUMNS.metrics, "system/gpu_0_utilization_percentage"))
PRICED = replace(VOCABULARY, columns=MACHINES, no_cost=None)
UNPRICED = replace(VOCABULARY, columns=MACHINES, no_cost="No rate is set.")
HOURS, COST = Column(Kind.USAGE, "gpu_hours"), Column(Kind.USAGE, "cost")


def test_usage_is_compared_as_a_number_and_written_back_as_it_was() -> None:
    tree = parse_filter("usage.gpu_hours > 10 and usage.cost is missing", PRICED)
    assert tree == And((Compare(HOURS, Comparison.GREATER, 10.0), Missing(COST)))
    assert clause(HOURS, 10.5, PRICED.names) == "usage.gpu_hours = 10.5"
    assert parse_filter("usage.mean_gpu is nan", PRICED) == IsNan(Column(Kind.USAGE, "mean_gpu"))
    assert not needs_names("usage.gpu_hours > 10")


def test_what_costs_nobody_knows_is_told_and_the_rest_is_known() -> None:
    with pytest.raises(FilterError, match=r"usage\.cost: No rate is set\."):
        parse_filter("usage.cost > 5", UNPRICED)
    assert parse_filter("usage.gpu_hours > 5", UNPRICED)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("usage.gpu_hour > 5", "nothing is called usage.gpu_hour; nearest: usage.gpu_hours"),
        ("gpu_hours > 5", "nothing is called gpu_hours; nearest: usage.gpu_hours"),
        ("usage.gpu_hours > many", "many is no number"),
        ("max(usage.gpu_hours) > 5", "max is of a metric's history"),
    ],
)
def test_a_mistake_is_told(text: str, told: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(text, PRICED)
    assert told in str(caught.value)


def test_what_was_logged_under_such_a_name_stays_reachable_and_bare_names_mean_what_they_did() -> None:
    columns = Columns(params=("usage.cost", "usage.note"), metrics=("cost", "system/x", "usage.gpu_hours"))
    vocabulary = replace(PRICED, columns=columns)
    for kind, name in ((Kind.PARAM, "usage.cost"), (Kind.METRIC, "usage.gpu_hours"), (Kind.TAG, "usage.cost")):
        tree = parse_filter(f"{kind}.{name} = 5", vocabulary)
        assert tree == Compare(Column(kind, name), Comparison.EQUAL, 5.0)
        assert parse_filter(clause(Column(kind, name), 5.0, vocabulary.names), vocabulary) == tree
    assert parse_filter("cost > 5", vocabulary) == Compare(Column(Kind.METRIC, "cost"), Comparison.GREATER, 5.0)
    assert parse_filter("usage.note = 5", vocabulary) == Compare(
        Column(Kind.PARAM, "usage.note"), Comparison.EQUAL, 5.0
    )


def test_it_is_offered_where_a_machine_was_logged() -> None:
    every = tuple(f"usage.{name}" for name in USAGE_NAMES)
    assert complete("usage.", 6, PRICED).choices == every
    assert complete("usage.", 6, UNPRICED).choices == tuple(each for each in every if each != "usage.cost")
    assert complete("usage.", 6, VOCABULARY).choices == ()
    assert "is missing" in complete("usage.gpus ", 11, PRICED).choices
    assert complete("gpu_h", 5, PRICED).choices == ("usage.gpu_hours",)


def test_no_server_is_asked_for_it() -> None:
    assert filter_text(parse_filter("usage.cost > 5 and acc > 0.5", PRICED)) == "metrics.`acc` > 0.5"
    assert order_texts((Order(HOURS),)) is None
    with pytest.raises(FilterError, match="MLflow knows nothing of usage"):
        parse_order_by(["usage.cost DESC"])
