"""What MLflow accepts means to us what it means there."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlflow.exceptions import MlflowException

from mltrack_tui.domain.filter import Compare, Filter
from mltrack_tui.domain.query import Column, Columns, Kind
from mltrack_tui.search.errors import FilterError
from mltrack_tui.search.order_by import parse_order_by
from mltrack_tui.search.parse import needs_names, parse_filter
from mltrack_tui.search.vocabulary import CandidateVocabulary
from tests.search import corpus
from tests.search.mlflows import UTILS, mlflows_column, mlflows_tree

NOBODYS = CandidateVocabulary(Columns(), {}, 0)
_BEYOND = re.compile(r"value=-?inf")
"""MLflow compares with 1e400, which no tree holds: its meaning is tested where candidates are."""
_SEVERAL_WORDS = re.compile(r"name=(['\"]).*?[\s()].*?\1, agg")
"""sqlparse takes ``a b`` for a column and its alias, and so MLflow for a key: nobody means that."""


def test_all_that_mlflow_accepts_is_read_alike() -> None:
    for text in corpus.FILTERS:
        theirs = mlflows_tree(text)
        if _BEYOND.search(repr(theirs)):
            parse_filter(text, NOBODYS)
        else:
            assert parse_filter(text, NOBODYS) == theirs, text


def test_no_column_needs_to_be_known_for_mlflows_filters() -> None:
    assert [text for text in corpus.FILTERS if needs_names(text)] == []


@pytest.mark.parametrize("text", corpus.REFUSED)
def test_the_filters_called_refused_are_refused_by_mlflow(text: str) -> None:
    with pytest.raises((MlflowException, AssertionError, ValueError)):
        mlflows_tree(text)


def test_clauses_in_our_own_brackets_mean_what_they_do_alone() -> None:
    for text in corpus.FILTERS[:: len(corpus.FILTERS) // 300]:
        alone = parse_filter(text, NOBODYS)
        if alone is not None:
            assert parse_filter(f"({text})", NOBODYS) == alone


_PIECES = st.sampled_from(
    [
        *("metrics.acc", "params.`a b`", 'tags."x.y"', "status", "run_id", '"Run Name"', "datasets.name", "start_time"),
        *(">", "<=", "=", "!=", "LIKE", "ilike", "IN", "NOT IN", "IS NULL", "and", "AND", "or", "not", "(", ")", ","),
        *("'a'", '"b"', "''", "'it''s'", "1", "-.5", "1e5", "('a', 'b')", "nan", "acc", " ", "\n", "é", "\\", "'", "`"),
        *(".", ";", "--", "between", "~", "-7d", "max(", "0x1", "1_0", "metrics.", "%"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(_PIECES, st.sampled_from(["", " "])), max_size=8))
def test_whatever_mlflow_makes_of_pieces_so_do_we(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece + blank for piece, blank in pieces)
    try:
        theirs: Filter | None = mlflows_tree(text)
    except (MlflowException, AssertionError, ValueError):
        return
    if _SEVERAL_WORDS.search(repr(theirs)) is None:
        assert parse_filter(text, NOBODYS) == theirs


def test_orders_are_read_alike() -> None:
    for text in corpus.ORDERS:
        kind, key, ascending = UTILS.parse_order_by_for_search_runs(text)
        column = mlflows_column(kind, key)
        if column == Column(Kind.ATTRIBUTE, "run_name"):
            column = Column(Kind.ATTRIBUTE, "name")
        (order,) = parse_order_by([text])
        assert (order.column, order.descending, order.as_mlflow) == (column, not ascending, True), text


@pytest.mark.parametrize("text", corpus.ORDERS_REFUSED)
def test_orders_that_mlflow_refuses_are_refused(text: str) -> None:
    with pytest.raises((MlflowException, ValueError, IndexError)):
        UTILS.parse_order_by_for_search_runs(text)
    with pytest.raises(FilterError) as raised:
        parse_order_by(["metrics.loss", text])
    assert raised.value.index == 1


@pytest.mark.parametrize("texts", [["metrics.a", "metric.a DESC"], ["start_time", "created"], ["run_id", "run.run_id"]])
def test_no_order_comes_twice(texts: list[str]) -> None:
    with pytest.raises(FilterError, match="already") as raised:
        parse_order_by(texts)
    assert raised.value.index == 1


def test_a_number_beyond_64_bits_becomes_one_that_nothing_overflows_at() -> None:
    tree = parse_filter("start_time < 99999999999999999999", NOBODYS)
    assert isinstance(tree, Compare)
    assert isinstance(tree.value, float)
