"""Every mistake is told where it is, in words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltrack_tui.search.complete import complete
from mltrack_tui.search.errors import FilterError, marked
from mltrack_tui.search.parse import needs_names, parse_filter
from mltrack_tui.search.write import both
from tests.search.vocabularies import VOCABULARY


@pytest.mark.parametrize(
    ("text", "wrong", "words"),
    [
        # pieces
        ("name = 'x", "'", "the quote ' is never closed"),
        ('lr = "a" and "b', '"', 'the quote " is never closed'),
        ("(acc > 1", "(", "never closed"),
        ("acc > 1)", ")", "closes nothing"),
        ("acc > 1;", ";", "join clauses with and"),
        ("! acc > 1", "!", "write not"),
        # structure
        ("resnet acc > 1", "resnet", "name ~ resnet"),
        ("acc > 1 resnet", "resnet", "name ~ resnet"),
        ("resnet or vgg", "resnet", "name ~ resnet"),
        ("not resnet", "resnet", "name ~ resnet"),
        ("metrics.acc and lr < 1", "metrics.acc", "an operator is missing after metrics.acc"),
        ("max(acc) and lr < 1", "max(acc", "an operator is missing after max(acc)"),
        ("acc >", ">", "a value is expected after >"),
        ("acc > and lr < 1", "and", "a value is expected after >, not and"),
        ("acc > 1 or", "or", "a clause is expected after or"),
        ("acc > 1 or and", "and", "and joins nothing"),
        ("() or acc > 1", ")", "a clause is expected"),
        ("> 1", ">", "a clause is expected"),
        ("acc > 1 > 2", ">", "and, or, or the end"),
        ("acc in 1", "1", "in takes a list"),
        ("acc in ()", ")", "a value is expected in the list"),
        ("acc in (1, >)", ">", "list"),
        ("optimizer in (adam sgd)", "sgd", "a comma is missing"),
        ("acc between 1", "1", "between takes two values"),
        ("acc is 1", "1", "missing, null or nan"),
        ("acc is", "is", "missing, null or nan"),
        ("max() > 1", ")", "an aggregate is of one metric"),
        # names
        ("acct > 1", "acct", "nothing is called acct; nearest: acc"),
        ("both > 1", "both", "both is a metric and a parameter: write metrics.both or params.both"),
        ("attributes.nme = 'x'", "attributes.nme", "no attribute nme; nearest: name"),
        ("datasets.size = 'x'", "datasets.size", "name, digest, context"),
        ("METRICS.acc > 1", "METRICS.acc", "nothing is called METRICS.acc"),
        ("max(lr) > 1", "max(lr", "there is no metric lr"),
        ("max(params.lr) > 1", "max(params.lr", "lr is a parameter"),
        ("best(val/loss) < 1", "best(val/loss", "--target metrics.val/loss:min"),
        # values
        ("acc > high", "high", "high is no number"),
        ("acc = nan", "nan", "write is nan"),
        ("lr = nan", "nan", "write is nan"),
        ("optimizer < adam", "adam", "< wants a number"),
        ("lr < '0.1'", "'0.1'", "leave the quotes out"),
        ("name > 5", "5", "> wants a number"),
        ("optimizer = tags.x", "tags.x", "is a column"),
        ("status = finishd", "finishd", "nearest: finished"),
        ("created > 7d", "7d", "write -7d"),
        ("created > 2026-02-30", "2026-02-30", "the calendar has no 2026-02-30"),
        ("created > soon", "soon", "2026-11-01T14:30"),
        ("duration > 5", "5", "needs a unit"),
        ("duration > long", "long", "1h30m"),
        ("status is nan", "nan", "never nan"),
        ("acc ~ 1", "~", "acc is a number"),
        ("created like '2026%'", "like", "created is a time"),
        # regular expressions
        ("name ~ '('", "'('", "a ( is not closed"),
        ("name ~ '(?=x)'", "'(?=x)'", "RE2"),
        (r"name ~ '(a)\1'", r"'(a)\1'", "back references"),
        ("name ~ a{1001}", "a{1001}", "above 1000"),
    ],
)
def test_a_mistake_is_marked_and_explained(text: str, wrong: str, words: str) -> None:
    with pytest.raises(FilterError) as raised:
        parse_filter(text, VOCABULARY)
    error = raised.value
    assert words in str(error)
    assert text[error.start : error.end] == wrong
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("(" * 51 + "acc > 1" + ")" * 51, "nested deeper than 50"),
        ("not " * 51 + "acc > 1", "nested deeper than 50"),
        ("(" * 200_000 + "acc > 1", "nested deeper than 50"),
        (" and ".join(["acc > 1"] * 501), "more than 500 clauses"),
        ("name = '" + "x" * 1_000_000 + "'", "longer than 1000000"),
        ("name like '" + "%a" * 30_000 + "'", "50000 bytes"),
        ("name ~ '(" + "a{1000}" * 5000 + ")'", "too large"),
    ],
)
def test_more_than_anybody_means_is_refused(text: str, words: str) -> None:
    with pytest.raises(FilterError, match=words):
        parse_filter(text, VOCABULARY)


def test_as_much_as_is_allowed_is_read() -> None:
    assert parse_filter("(" * 50 + "acc > 1" + ")" * 50, VOCABULARY) == parse_filter("acc > 1", VOCABULARY)
    assert parse_filter(" or ".join(["acc > 1"] * 500), VOCABULARY) is not None


def test_the_mark_stands_under_the_mistake() -> None:
    text = "名前 ~ x and \x1b[31macct > 1"
    error = FilterError("nothing is called so", text.index("acct"), text.index("acct") + 4)
    line, carets = marked(text, error)
    assert line == "名前 ~ x and ·[31macct > 1"
    assert carets == " " * 18 + "^^^^"


def test_a_long_text_is_cut_around_the_mistake() -> None:
    text = "acc > 1 and " * 40 + "acct > 1" + " and acc > 1" * 40
    with pytest.raises(FilterError) as raised:
        parse_filter(text, VOCABULARY)
    line, carets = marked(text, raised.value)
    assert len(line) == 78
    assert line.startswith("…")
    assert line.endswith("…")
    assert line[carets.index("^") : len(carets)] == "acct"


def error_of(text: str) -> FilterError | None:
    try:
        parse_filter(text, VOCABULARY)
    except FilterError as error:
        return error
    return None


_PIECES = st.sampled_from(
    [
        *("acc", "lr", "both", "metrics.acc", "params.`a b`", "name", "status", "created", "duration", "datasets.name"),
        *(">", "=", "!=", "~", "in", "not in", "is", "not", "null", "nan", "and", "or", "between", "like", "("),
        *(")", ",", "'a'", '"', "'", "`", "0.1", "-7d", "1h", "2026-11-01", "max(", "best(", ";", "!", "\\", "(?i"),
        *("9" * 400, "1e400", "\x00", "\ud800", "é", "-", ".", "metrics."),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=14).map(" ".join), st.lists(_PIECES).map("".join)))
def test_any_text_is_read_or_told_to_be_wrong(text: str) -> None:
    needs_names(text)
    both(text, "acc > 1")
    complete(text, len(text) // 2, VOCABULARY)
    complete(text, len(text), VOCABULARY)
    if (error := error_of(text)) is not None:
        assert 0 <= error.start <= error.end <= len(text)
        line, carets = marked(text, error)
        assert carets.strip(" ^") == ""
        assert "\n" not in line
