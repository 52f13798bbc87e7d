import pytest

from mltrack_tui.domain.query import Column, Columns, Kind
from mltrack_tui.search.complete import MOST, complete, value_choices
from mltrack_tui.search.vocabulary import CandidateVocabulary
from tests.search.vocabularies import VOCABULARY

OPTIMIZER = Column(Kind.PARAM, "optimizer")


@pytest.mark.parametrize(
    ("text", "typed", "choices"),
    [
        ("acc|", "acc", ("acc",)),
        ("ac|", "ac", ("acc", "artifact_uri")),
        ("lo|ss > 1", "loss", ("loss", "val/loss", "mlflow.user")),
        ("both|", "both", ("metrics.both", "params.both")),
        ("a b|", "b", ("between",)),
        ("'a b|", "'a b", ('"a b"',)),
        ("metrics.lo|", "metrics.lo", ("metrics.loss", "metrics.val/loss")),
        ("attributes.dur|", "attributes.dur", ("attributes.duration",)),
        ("datasets.|", "datasets.", ("datasets.name", "datasets.digest", "datasets.context")),
        ("max|", "max", ("max(",)),
        ("max(val|", "val", ("val/loss",)),
        ("max(lr|", "lr", ()),
        ("(not lr|", "lr", ("lr",)),
        ("acc > 1 |", "", ("and", "or")),
        ("acc > 1 o|", "o", ("or",)),
        ("acc > 1 and opt|", "opt", ("optimizer",)),
        ("acc >|", "", ()),
        ("acc between 1 |", "", ("and",)),
        ("status = fa|", "fa", ("failed",)),
        ("status in (failed, ki|", "ki", ("killed",)),
        ("lr is not |", "", ("missing", "nan", "null")),
        ("status is |", "", ("missing", "not missing")),
        ("optimizer in |", "", ("(",)),
        ("optimizer in (adam |", "", (",", ")")),
        ("created > t|", "t", ("today", "yesterday")),
        ("duration > |", "", ("1m", "10m", "1h", "1d")),
        ("acc i|", "i", ("is missing", "is not missing", "is nan", "is not nan")),
    ],
)
def test_what_may_come_next(text: str, typed: str, choices: tuple[str, ...]) -> None:
    cursor = text.index("|")
    text = text.replace("|", "")
    completion = complete(text, cursor, VOCABULARY)
    assert text[completion.start : completion.end] == typed
    assert completion.choices == choices


@pytest.mark.parametrize(
    ("text", "first"), [("acc ", "<"), ("created ", ">="), ("optimizer ", "="), ("name ", "="), ("max(acc) ", "<")]
)
def test_the_operators_fit_what_the_column_holds(text: str, first: str) -> None:
    choices = complete(text, len(text), VOCABULARY).choices
    assert choices[0] == first
    assert ("~" in choices) is (text in {"optimizer ", "name "})


@pytest.mark.parametrize(
    "text", ["optimizer = ", "optimizer = ad", "optimizer != 'ad", "optimizer in (sgd, ", "acc > 1 and optimizer ~ a"]
)
def test_the_column_is_told_whose_values_are_wanted(text: str) -> None:
    assert complete(text, len(text), VOCABULARY).wanted == OPTIMIZER


@pytest.mark.parametrize("text", ["optimizer ", "acc > ", "created > ", "nosuch = ", "optimizer is "])
def test_no_values_are_wanted_where_none_help(text: str) -> None:
    assert complete(text, len(text), VOCABULARY).wanted is None


def test_values_are_quoted_where_they_need_it() -> None:
    values = ["adam", "Adagrad", "a b", "it's", "both '\"", "ends in \\"]
    assert value_choices(values, "") == ("adam", "Adagrad", "'a b'", '"it\'s"')
    assert value_choices(values, "ad") == ("adam", "Adagrad")
    assert value_choices(values, "'da") == ("'adam'", "'Adagrad'")


def test_no_more_is_offered_than_can_be_looked_through() -> None:
    names = tuple(f"layer{number}/norm" for number in range(10_000))
    vocabulary = CandidateVocabulary(Columns(metrics=names), {}, 0)
    for typed, count in (("l", MOST), ("layer99", MOST), ("norm", MOST), ("layer9999", 1), ("metrics.layer", MOST)):
        assert len(complete(typed, len(typed), vocabulary).choices) == count
