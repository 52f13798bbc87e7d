"""What CI says of candidates, in the filter language: where it can be asked for, and where not."""

from dataclasses import replace

import pytest

from mltrack_tui.analysis.order import arranged
from mltrack_tui.domain.entities import Candidate, CandidateId
from mltrack_tui.domain.filter import Among, Compare, Comparison, Filter, Like, Matches, Missing, Not
from mltrack_tui.domain.query import CI_NAMES, Column, Columns, Kind, Order
from mltrack_tui.search.complete import complete
from mltrack_tui.search.errors import FilterError
from mltrack_tui.search.evaluate import CandidateSubject, matches
from mltrack_tui.search.mlflow_filter import filter_text, order_texts
from mltrack_tui.search.order_by import parse_order_by
from mltrack_tui.search.parse import needs_names, parse_filter
from mltrack_tui.search.vocabulary import CandidateVocabulary
from mltrack_tui.search.write import clause
from tests.search.vocabularies import NOW, VOCABULARY

TELLING = replace(VOCABULARY, no_ci=None)
SILENT = replace(VOCABULARY, no_ci="This source does not say.")
PIPELINE, MERGE_REQUEST, USER = (Column(Kind.CI, name) for name in CI_NAMES)
ID = CandidateId("", "", "1", "abc")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("ci.user = 'ana'", Compare(USER, Comparison.EQUAL, "ana")),
        ("ci.user = ana", Compare(USER, Comparison.EQUAL, "ana", any_case=True)),
        ("ci.merge_request is missing", Missing(MERGE_REQUEST)),
        ("ci.merge_request = '!12'", Compare(MERGE_REQUEST, Comparison.EQUAL, "!12")),
        ("ci.pipeline in (700, '701')", Among(PIPELINE, (700.0, "701"))),
        ("ci.pipeline > 700", Compare(PIPELINE, Comparison.GREATER, 700.0)),
        ("pipeline > 700", Compare(PIPELINE, Comparison.GREATER, 700.0)),
        ("merge_request like '!1%'", Like(MERGE_REQUEST, "!1%")),
        ("not ci.user ~ an", Not(Matches(USER, "an"))),
        ("optimizer = ci.fix", Compare(Column(Kind.PARAM, "optimizer"), Comparison.EQUAL, "ci.fix", any_case=True)),
    ],
)
def test_each_form_has_its_meaning(text: str, tree: Filter) -> None:
    assert parse_filter(text, TELLING) == tree


@pytest.mark.parametrize(
    ("text", "wrong", "words"),
    [
        ("user = 'ana'", "user", "user is an attribute and what CI says: write attributes.user or ci.user"),
        ("ci.pipline = 7", "ci.pipline", "nothing is called ci.pipline; nearest: ci.pipeline"),
        ("ci. = 7", "ci.", "nothing is called ci."),
        ("ci.user > 5", "5", "> wants a number"),
        ("ci.user is nan", "nan", "never nan"),
        ("max(ci.pipeline) > 1", "max(ci.pipeline", "pipeline is what CI says"),
        ("lr = ci.user", "ci.user", "is a column"),
    ],
)
def test_a_mistake_is_told_where_it_is(text: str, wrong: str, words: str) -> None:
    with pytest.raises(FilterError) as raised:
        parse_filter(text, TELLING)
    assert words in str(raised.value)
    assert text[raised.value.start : raised.value.end] == wrong


def test_where_the_source_does_not_know_it_its_reason_is_told_and_nothing_offered() -> None:
    with pytest.raises(FilterError, match=r"^ci\.user: This source does not say\.$"):
        parse_filter("acc > 1 and ci.user = 'ana'", SILENT)
    assert parse_filter("user = 'ana'", SILENT) == Compare(Column(Kind.ATTRIBUTE, "user"), Comparison.EQUAL, "ana")
    with pytest.raises(FilterError, match="nothing is called pipeline"):
        parse_filter("pipeline = 7", SILENT)
    for typed in ("ci", "ci.", "pipe", "ci.user"):
        assert complete(typed, len(typed), SILENT).choices == ()


def test_a_parameter_with_such_a_name_keeps_its_own() -> None:
    columns = Columns(params=("ci.stage", "pipeline"), tags=("ci.user",))
    vocabulary = CandidateVocabulary(columns, {}, NOW, no_ci=None)
    assert parse_filter("ci.stage = 'x'", vocabulary) == Compare(Column(Kind.PARAM, "ci.stage"), Comparison.EQUAL, "x")
    assert parse_filter("tags.ci.user = 'x'", vocabulary) == Compare(Column(Kind.TAG, "ci.user"), Comparison.EQUAL, "x")
    with pytest.raises(FilterError, match=r"write params\.pipeline or ci\.pipeline"):
        parse_filter("pipeline = 7", vocabulary)
    for column in vocabulary.names.columns:
        written = vocabulary.names.write(column)
        assert parse_filter(f"{written} is missing", vocabulary) == Missing(column)


@pytest.mark.parametrize(
    ("typed", "choices"),
    [
        ("ci", ("ci.pipeline", "ci.merge_request", "ci.user")),
        ("ci.", ("ci.pipeline", "ci.merge_request", "ci.user")),
        ("ci.pi", ("ci.pipeline",)),
        ("pipe", ("ci.pipeline",)),
        ("user", ("attributes.user", "mlflow.user", "ci.user")),
        ("ci.merge_request ", ("=", "!=", "~", "!~", "in (")),
        ("ci.pipeline ", ("=", "!=", "<", "<=", ">")),
    ],
)
def test_its_names_and_operators_are_completed(typed: str, choices: tuple[str, ...]) -> None:
    assert complete(typed, len(typed), TELLING).choices[: len(choices)] == choices


def test_its_values_are_wanted_where_one_is_typed() -> None:
    assert complete("ci.user = ", 10, TELLING).wanted == USER


def test_its_names_need_not_wait_for_the_columns() -> None:
    assert not needs_names("ci.user = 'ana' and ci.pipeline is missing")


@pytest.mark.parametrize("value", ["ana", "it's", "a\x1b[31m'\"b", "", None])
def test_the_clause_of_a_value_selects_it(value: str | None) -> None:
    tree = parse_filter(clause(USER, value, TELLING.names), TELLING)
    for held in ("ana", "it's", "a\x1b[31m'\"b", "", None):
        ci = {} if held is None else {"user": held}
        assert matches(tree, CandidateSubject(Candidate(ID, ci=ci))) is (held == value)


def test_a_pipeline_is_compared_as_the_number_that_it_says() -> None:
    subject = CandidateSubject(Candidate(ID, ci={"pipeline": "700", "user": "Ana"}))
    for text in ("ci.pipeline = 700", "ci.pipeline in (1, 700)", "ci.pipeline < 701", "ci.user = ana"):
        assert matches(parse_filter(text, TELLING), subject)
    for text in ("ci.pipeline = 70", "ci.user = 'ana'", "ci.merge_request = '!1'", "ci.merge_request != '!1'"):
        assert not matches(parse_filter(text, TELLING), subject)


def test_mlflow_cannot_say_it() -> None:
    for text in (
        *("ci.user = 'ana'", "ci.user = ana", "ci.user ~ an", "ci.user like 'a%'", "ci.user in ('a', 'b')"),
        *("ci.user is missing", "ci.user is not missing", "ci.pipeline > 7", "ci.pipeline not in (7)"),
    ):
        assert filter_text(parse_filter(text, TELLING)) is None
        assert filter_text(parse_filter(f"{text} and metrics.acc > 1", TELLING)) == "metrics.`acc` > 1.0"
    for text in ("ci.user", "-ci.pipeline"):
        assert order_texts([Order.parse("created"), Order.parse(text)]) is None
    with pytest.raises(FilterError, match="MLflow knows nothing of ci"):
        parse_order_by(["ci.pipeline DESC"])


@pytest.mark.parametrize(
    ("name", "values"), [("pipeline", ("9", "70", "700")), ("merge_request", ("!9", "!12", "!100"))]
)
def test_it_is_sorted_by_its_numbers_and_what_has_none_comes_last(name: str, values: tuple[str, ...]) -> None:
    members = [Candidate(ID._replace(candidate_id=value), ci={name: value}) for value in sorted(values)]
    members.insert(1, Candidate(ID._replace(candidate_id="none")))
    for sign, wanted in (("", [*values, "none"]), ("-", [*reversed(values), "none"])):
        found = arranged(members, [Order.parse(f"{sign}ci.{name}")])
        assert [member.id.candidate_id for member in found] == wanted
