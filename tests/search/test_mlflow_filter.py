"""What is sent to a server as its filter is accepted there, and admits all that the tree admits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltrack_tui.domain.entities import Candidate, CandidateId, Dataset
from mltrack_tui.domain.filter import And, Clause, Compare, Comparison, Filter, Missing, Not, Or, Words
from mltrack_tui.domain.query import Column, Columns, Kind, Order, Value
from mltrack_tui.search.evaluate import CandidateSubject, matches
from mltrack_tui.search.mlflow_filter import filter_text, order_texts
from mltrack_tui.search.order_by import parse_order_by
from mltrack_tui.search.parse import parse_filter
from mltrack_tui.search.vocabulary import CandidateVocabulary
from tests.search import corpus
from tests.search.mlflows import UTILS, mlflows_column, mlflows_tree
from tests.search.vocabularies import VOCABULARY
from tests.sources.trees import trees

NOBODYS = CandidateVocabulary(Columns(), {}, 0)
NAMES = ("sgd-small", "SGD large", "naïve 実験 🚀", "adam [b]bold[/b]", "a\\b", "it's", "", None)


def subject(number: int) -> CandidateSubject:
    name = NAMES[number % len(NAMES)]
    candidate = Candidate(
        CandidateId("", "default", "1", f"{number:032x}"),
        name,
        "digits",
        ("FINISHED", "FAILED", "RUNNING")[number % 3],
        start_time=1500 * number,
        end_time=1500 * number + 40 if number % 3 else None,
        user=("ada", "Adam", None)[number % 3],
        artifact_uri=f"/a/{number}",
        params={"lr": ("1e-3", "0.1", "x", "ADAM", "%")[number % 5]} if number % 4 else {},
        metrics={"loss": (0.5, float("nan"), float("inf"), -1.0, 0.0)[number % 5]} if number % 4 != 1 else {},
        tags={**({"mlflow.runName": name} if name else {}), "team": ("a", "", "\n", "it's")[number % 4]},
    )
    used = [Dataset(f"d{number % 3}", "abc", "train" if number % 2 else None, None, None, None, None)]
    return CandidateSubject(candidate, used if number % 3 else ())


SUBJECTS = [subject(number) for number in range(60)]
KNOWN: dict[Column, list[Value]] = {
    column: [each.value(column) for each in SUBJECTS[:20]]
    for column in (
        *(Column(Kind.PARAM, "lr"), Column(Kind.METRIC, "loss"), Column(Kind.TAG, "team")),
        *(Column(Kind.ATTRIBUTE, name) for name in ("status", "created", "ended", "user", "id", "artifact_uri")),
        *(Column(Kind.TAG, "mlflow.runName"), Column(Kind.ATTRIBUTE, "duration")),
    )
}


def test_what_mlflow_can_say_is_said_as_it_was_meant() -> None:
    for text in corpus.FILTERS:
        meant = parse_filter(text, NOBODYS)
        parts = meant.parts if isinstance(meant, And) else () if meant is None else (meant,)
        sayable = [part for part in parts if not (is_different_metric(part) or isinstance(part, Or | Words))]
        if any(isinstance(part, And | Or) for part in sayable):
            continue  # a number beyond all numbers
        said = filter_text(meant)
        expected = sayable[0] if len(sayable) == 1 else And(tuple(dict.fromkeys(sayable)))
        if said is None:
            assert all(map(is_unsayable, sayable)), text
        elif not any(map(is_unsayable, sayable)):
            assert mlflows_tree(said) == expected, (text, said)


def is_different_metric(part: Filter) -> bool:
    """Servers before 3.17 answer ``!=`` wrongly where a metric is NaN."""
    return isinstance(part, Compare) and part.column.kind is Kind.METRIC and part.comparison is Comparison.DIFFERENT


def is_unsayable(part: Filter) -> bool:
    """That a metric is there, what some database takes for an escape, half milliseconds, lists of odd texts."""
    signs = ("\\\\", "[", "\"'", ".5", "''", "it's", "Among", "`", "223372036854775807", "Not(")
    return any(sign in repr(part) for sign in signs)


@settings(max_examples=150, deadline=None)
@given(trees(KNOWN))
def test_whatever_is_sent_is_accepted_and_admits_all_that_is_meant(tree: Filter) -> None:
    said = filter_text(tree)
    if said is None:
        return
    theirs = mlflows_tree(said)
    for each in SUBJECTS:
        if matches(tree, each):
            assert matches(theirs, each), (said, each.candidate)


@given(st.text(max_size=8) | st.text("'\"`\\ .a=%\n", max_size=8))
def test_a_key_or_a_value_of_any_letters_is_sent_rightly_or_not_at_all(text: str) -> None:
    for kind in (Kind.PARAM, Kind.TAG):
        for clause in (
            Compare(Column(kind, text), Comparison.EQUAL, "x"),
            Compare(Column(kind, "k"), Comparison.EQUAL, text),
        ):
            said = filter_text(clause)
            assert said is None or mlflows_tree(said) == clause
    said = filter_text(And((Compare(Column(Kind.PARAM, "k"), Comparison.EQUAL, text), Missing(Column(Kind.TAG, text)))))
    if said is not None and " AND " in said:
        mlflows_tree(said)
    for order in (Order(Column(Kind.METRIC, text)), Order(Column(Kind.TAG, text), descending=True, as_mlflow=True)):
        if (texts := order_texts([order])) is not None:
            kind_, key, ascending = UTILS.parse_order_by_for_search_runs(texts[0])
            assert (mlflows_column(kind_, key), ascending) == (order.column, not order.descending)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sgd Large", "attributes.run_name ILIKE '%sgd%' AND attributes.run_name ILIKE '%large%'"),
        ("naïve 実験", "attributes.run_name ILIKE '%na%ve%' AND attributes.run_name ILIKE '%実験%'"),
        ("loss < 1 and (lr = 0.1 or model = mlp)", "metrics.`loss` < 1.0"),
        ("not (loss >= 1 or status = failed)", "attributes.status != 'FAILED'"),
        ("status not in (failed, killed)", "attributes.status != 'FAILED' AND attributes.status != 'KILLED'"),
        ("status in (failed, killed)", None),
        ("model = mlp", "params.`model` ILIKE 'mlp'"),
        ("model ~ ^Ml and team ~ 'a|b'", "params.`model` LIKE 'Ml%'"),
        ("model is not missing and team is missing", "params.`model` IS NOT NULL AND tags.`team` IS NULL"),
        ("model not like 'a%'", "params.`model` IS NOT NULL"),
        ("min(loss) < 1", None),
        ("lr > 0.1", None),
        ("loss is nan", None),
        ("loss < 1e300 and loss > -inf", "metrics.`loss` < 1e300 AND metrics.`loss` > -1.7976931348623157e308"),
        ("created >= 2026-11-01", "attributes.start_time >= 1793491200000"),
        ("duration > 5m", None),
    ],
)
def test_what_is_sent_of_ours(text: str, said: str | None) -> None:
    assert filter_text(parse_filter(text, VOCABULARY)) == said


def test_absence_is_left_out_for_servers_that_do_not_know_it() -> None:
    tree = parse_filter("model is missing and loss < 1", VOCABULARY)
    assert filter_text(tree, absence=False) == "metrics.`loss` < 1.0"
    assert filter_text(Missing(Column(Kind.PARAM, "model")), absence=False) is None


def test_a_filter_of_a_hundred_clauses_is_sent_in_part() -> None:
    clause: Clause = Compare(Column(Kind.METRIC, "loss"), Comparison.LESS, 1.0)
    many = And(tuple(Compare(Column(Kind.METRIC, "loss"), Comparison.LESS, float(number)) for number in range(100)))
    said = filter_text(many)
    assert said is not None
    assert said.count("metrics.") == 20
    assert filter_text(Not(Not(And((clause, clause))))) == "metrics.`loss` < 1.0"


def test_orders_that_mlflow_knows_are_said_again() -> None:
    for text in corpus.ORDERS:
        orders = parse_order_by([text])
        (said,) = order_texts(orders) or ("",)
        assert parse_order_by([said]) == orders


@pytest.mark.parametrize(
    ("orders", "said"),
    [
        (["-metrics.val/loss", "created"], ("metrics.`val/loss` DESC", "attributes.start_time ASC")),
        (["metrics.loss", "params.lr"], None),
        (["min(metrics.loss)"], None),
        (["name"], None),
        (["duration"], None),
        (["created", "-created"], ("attributes.start_time ASC",)),
        ([], ()),
    ],
)
def test_an_order_is_sent_whole_or_not_at_all(orders: list[str], said: tuple[str, ...] | None) -> None:
    assert order_texts([Order.parse(text) for text in orders]) == said
