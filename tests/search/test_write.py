from math import inf, isnan, nan

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mltrack_tui.domain.entities import Candidate, CandidateId
from mltrack_tui.domain.filter import And, Or
from mltrack_tui.domain.numbers import MAX_DOUBLE
from mltrack_tui.domain.query import Column, Kind, Value
from mltrack_tui.search.evaluate import CandidateSubject, matches
from mltrack_tui.search.parse import parse_filter
from mltrack_tui.search.write import both, clause
from tests.search.vocabularies import VOCABULARY

ID = CandidateId("", "", "1", "a")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.text("'\"\\a.*", max_size=6)


def candidate(column: Column, value: Value) -> CandidateSubject:
    if column.kind is Kind.METRIC:
        return CandidateSubject(Candidate(ID, metrics={} if value is None else {column.name: float(value)}))
    logged = {} if value is None else {column.name: str(value)}
    return CandidateSubject(Candidate(ID, params=logged, tags=logged))


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        (Column(Kind.METRIC, "acc"), 0.5, "metrics.acc = 0.5"),
        (Column(Kind.METRIC, "acc"), nan, "metrics.acc is nan"),
        (Column(Kind.METRIC, "acc"), -inf, "metrics.acc = -inf"),
        (Column(Kind.METRIC, "val/loss"), None, "metrics.val/loss is missing"),
        (Column(Kind.PARAM, "optimizer"), "adam", "params.optimizer = 'adam'"),
        (Column(Kind.PARAM, "a b"), None, 'params."a b" is missing'),
        (Column(Kind.TAG, "team"), "it's", 'tags.team = "it\'s"'),
        (Column(Kind.ATTRIBUTE, "status"), "FINISHED", "status = 'FINISHED'"),
        (Column(Kind.ATTRIBUTE, "created"), 1763728200250, "created = 2025-11-21T12:30:00.250Z"),
        (Column(Kind.ATTRIBUTE, "duration"), 5250, "attributes.duration = 5250ms"),
        (Column(Kind.ATTRIBUTE, "name"), "x", "attributes.name = 'x'"),
    ],
)
def test_a_cell_becomes_a_clause(column: Column, value: Value, text: str) -> None:
    assert clause(column, value) == text


def test_names_are_as_short_as_is_clear() -> None:
    assert clause(Column(Kind.ATTRIBUTE, "name"), "x", VOCABULARY.names) == "name = 'x'"


@settings(max_examples=200, deadline=None)
@example(Kind.PARAM, ")\\", "'", "")
@given(st.sampled_from([Kind.PARAM, Kind.TAG]), st.text(min_size=1, max_size=8), TEXTS, TEXTS)
def test_a_clause_selects_its_value_alone(kind: Kind, name: str, value: str, other: str) -> None:
    if "`" in name and (name.endswith("\\") or ('"' in name and "'" in name)):
        return  # no quotes can hold it: MLflow has no way to name it either
    column = Column(kind, name)
    tree = parse_filter(f"{clause(column, value)} and metrics.acc is missing", VOCABULARY)
    assert matches(tree, candidate(column, value))
    assert not matches(tree, candidate(column, None))
    assert matches(tree, candidate(column, other)) is (other == value)


def as_stored(value: float | None) -> float | str | None:
    """MLflow keeps the infinities as the greatest doubles."""
    return value if value is None else "nan" if isnan(value) else max(min(value, MAX_DOUBLE), -MAX_DOUBLE)


@settings(max_examples=200, deadline=None)
@given(st.none() | st.floats(), st.none() | st.floats())
def test_so_does_that_of_a_number(value: float | None, other: float | None) -> None:
    column = Column(Kind.METRIC, "acc")
    tree = parse_filter(clause(column, value), VOCABULARY)
    assert matches(tree, candidate(column, value))
    assert matches(tree, candidate(column, other)) is (as_stored(other) == as_stored(value))


@pytest.mark.parametrize("at", [0, 1763728200250, -5, 2**53, 10**18, -(10**15)])
def test_so_does_that_of_a_time(at: int) -> None:
    tree = parse_filter(clause(Column(Kind.ATTRIBUTE, "created"), at), VOCABULARY)
    subjects = {near: CandidateSubject(Candidate(ID, start_time=near)) for near in (at - 1, at, at + 1)}
    assert [near for near, subject in subjects.items() if matches(tree, subject)] == [at]


def test_a_filter_is_narrowed() -> None:
    assert both("", "acc > 1") == "acc > 1"
    assert both(" AND ", "acc > 1") == "acc > 1"
    assert both("lr < 1 ", "acc > 1") == "lr < 1 and acc > 1"
    assert both("lr < 1 or loss > 1", "acc > 1") == "(lr < 1 or loss > 1) and acc > 1"
    assert both("(lr < 1 or loss > 1)", "acc > 1") == "(lr < 1 or loss > 1) and acc > 1"
    assert both("ResNet 50", "acc > 1") == "name ~ 'resnet' and name ~ '50' and acc > 1"


def test_a_narrowed_filter_keeps_its_meaning() -> None:
    tree = parse_filter(both("lr < 1 or loss > 1", "acc > 1"), VOCABULARY)
    assert isinstance(tree, And)
    assert isinstance(tree.parts[0], Or)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text("aB.*'(\\ é", min_size=1, max_size=5), min_size=1, max_size=3).map(" ".join),
    st.text("abB.*'(\\ é"),
)
def test_words_find_the_same_names_beside_a_clause(words: str, name: str) -> None:
    subject = CandidateSubject(Candidate(ID, name=name))
    alone = matches(parse_filter(words, VOCABULARY), subject)
    assert matches(parse_filter(both(words, "acc is missing"), VOCABULARY), subject) is alone
