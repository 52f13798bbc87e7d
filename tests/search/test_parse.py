"""What our own language has beyond MLflow's: each form and its tree."""

from zoneinfo import ZoneInfo

import pytest

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
from mltrack_tui.domain.numbers import MAX_DOUBLE
from mltrack_tui.domain.query import Aggregate, Column, Columns, Kind
from mltrack_tui.domain.times import DAY, HOUR, MINUTE
from mltrack_tui.search.parse import needs_names, parse_filter
from mltrack_tui.search.vocabulary import CandidateVocabulary
from tests.search.vocabularies import NOW, VOCABULARY

ACC, LOSS = Column(Kind.METRIC, "acc"), Column(Kind.METRIC, "loss")
LR, OPTIMIZER = Column(Kind.PARAM, "lr"), Column(Kind.PARAM, "optimizer")
TEAM = Column(Kind.TAG, "team")
NAME, STATUS, CREATED, DURATION = (Column(Kind.ATTRIBUTE, name) for name in ("name", "status", "created", "duration"))
EQUAL, DIFFERENT, LESS = Comparison.EQUAL, Comparison.DIFFERENT, Comparison.LESS
AT_MOST, GREATER, AT_LEAST = Comparison.AT_MOST, Comparison.GREATER, Comparison.AT_LEAST
MIDNIGHT = NOW - 12 * HOUR - 30 * MINUTE
HIGH, LOW = Compare(ACC, GREATER, 0.9), Compare(LOSS, LESS, 0.1)
ADAM = Compare(OPTIMIZER, EQUAL, "adam", any_case=True)


def there_but(part: Filter, column: Column) -> Filter:
    return And((Not(part), Not(Missing(column))))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        # nothing, and words
        ("", None),
        (" \n", None),
        ("resnet", Words(("resnet",))),
        ("ResNet Große", Words(("resnet", "grosse"))),
        ("it's", Words(("it's",))),
        ("run (copy)", Words(("run", "(copy)"))),
        ("'a = b' c", Words(("a = b", "c"))),
        # or, not, parentheses
        ("acc > 0.9 or loss < 0.1", Or((HIGH, LOW))),
        ("acc > 0.9 and loss < 0.1 or optimizer = adam", Or((And((HIGH, LOW)), ADAM))),
        ("acc > 0.9 and (loss < 0.1 OR optimizer = adam)", And((HIGH, Or((LOW, ADAM))))),
        ("acc > 0.9 (loss < 0.1 or optimizer = adam)", And((HIGH, Or((LOW, ADAM))))),
        ("not acc > 0.9 and loss < 0.1", And((Not(HIGH), LOW))),
        ("not (acc > 0.9 or not loss < 0.1)", Not(Or((HIGH, Not(LOW))))),
        ("acc>0.9 || loss<0.1", Or((HIGH, LOW))),
        # bare names
        ("val/loss <= -1e-4", Compare(Column(Kind.METRIC, "val/loss"), AT_MOST, -1e-4)),
        ("точность > .5", Compare(Column(Kind.METRIC, "точность"), GREATER, 0.5)),
        ("`a b` = x", Compare(Column(Kind.PARAM, "a b"), EQUAL, "x", any_case=True)),
        ("metrics.both > 1", Compare(Column(Kind.METRIC, "both"), GREATER, 1.0)),
        ("mlflow.user = 'ada'", Compare(Column(Kind.TAG, "mlflow.user"), EQUAL, "ada")),
        ("nan is nan", IsNan(Column(Kind.METRIC, "nan"))),
        ("name = 'x'", Compare(NAME, EQUAL, "x")),
        ("attributes.name = 'x'", Compare(NAME, EQUAL, "x")),
        ("metrics.val/loss > 1", Compare(Column(Kind.METRIC, "val/loss"), GREATER, 1.0)),
        ("metrics.nosuch > 1", Compare(Column(Kind.METRIC, "nosuch"), GREATER, 1.0)),
        # numbers and text of parameters and tags
        ("lr < 0.1", Compare(LR, LESS, 0.1)),
        ("lr = '0.1'", Compare(LR, EQUAL, "0.1")),
        ("lr between 1e-4 and 1e-2", And((Compare(LR, AT_LEAST, 1e-4), Compare(LR, AT_MOST, 1e-2)))),
        ("lr not between 1 and 2", Or((Compare(LR, LESS, 1.0), Compare(LR, GREATER, 2.0)))),
        ("lr in (0.1, .01)", Among(LR, (0.1, 0.01))),
        ("optimizer != Adam", Compare(OPTIMIZER, DIFFERENT, "Adam", any_case=True)),
        ("optimizer in (adam, SGD)", Among(OPTIMIZER, ("adam", "SGD"), any_case=True)),
        ("optimizer not in ('adam', 'sgd')", Among(OPTIMIZER, ("adam", "sgd"), negated=True)),
        (
            "team in (a, 'B', 3)",
            Or((Among(TEAM, ("B", 3.0)), Among(TEAM, ("a",), any_case=True))),
        ),
        ("acc < inf", Compare(ACC, LESS, MAX_DOUBLE)),
        ("acc > '0.9'", HIGH),
        ("acc == 0.9", Compare(ACC, EQUAL, 0.9)),
        ("acc <> 0.9", Compare(ACC, DIFFERENT, 0.9)),
        # what is missing, and nan
        ("lr is missing", Missing(LR)),
        ("acc IS NOT Missing", Not(Missing(ACC))),
        ("acc is nan", IsNan(ACC)),
        ("lr is not nan", there_but(IsNan(LR), LR)),
        ("datasets.name is missing", Missing(Column(Kind.DATASET, "name"))),
        # patterns
        ("name ~ res", Matches(NAME, "res")),
        ("name =~ 'res|vgg'", Matches(NAME, "res|vgg")),
        ("optimizer !~ ^a", there_but(Matches(OPTIMIZER, "^a"), OPTIMIZER)),
        ("name like res%", Like(NAME, "res%")),
        ("name not ilike 'RES%'", there_but(Like(NAME, "RES%", any_case=True), NAME)),
        # status
        ("status = finished", Compare(STATUS, EQUAL, "FINISHED")),
        ("status in (failed, Killed)", Among(STATUS, ("FAILED", "KILLED"))),
        ("status = 'finished'", Compare(STATUS, EQUAL, "finished")),
        # times
        ("created > -7d", Compare(CREATED, GREATER, NOW - 7 * DAY)),
        ("created > -1h30m", Compare(CREATED, GREATER, NOW - 90 * MINUTE)),
        ("created <= now", Compare(CREATED, AT_MOST, NOW)),
        ("created < today", Compare(CREATED, LESS, MIDNIGHT)),
        ("created <= today", Compare(CREATED, LESS, MIDNIGHT + DAY)),
        ("created > yesterday", Compare(CREATED, AT_LEAST, MIDNIGHT)),
        ("created >= 2026-11-21", Compare(CREATED, AT_LEAST, MIDNIGHT)),
        (
            "created = 2026-11-21",
            And((Compare(CREATED, AT_LEAST, MIDNIGHT), Compare(CREATED, LESS, MIDNIGHT + DAY))),
        ),
        (
            "created != '2026-11-21'",
            Or((Compare(CREATED, LESS, MIDNIGHT), Compare(CREATED, AT_LEAST, MIDNIGHT + DAY))),
        ),
        (
            "created between 2026-11-20 and 2026-11-21",
            And((Compare(CREATED, AT_LEAST, MIDNIGHT - DAY), Compare(CREATED, LESS, MIDNIGHT + DAY))),
        ),
        ("created <= 2026-11-21T12:30", Compare(CREATED, LESS, NOW + MINUTE)),
        ("created <= 2026-11-21 12:30:00", Compare(CREATED, LESS, NOW + 1000)),
        ("created < 2026-11-21T12:30:00.250Z", Compare(CREATED, LESS, NOW + 250)),
        ("created < 2026-11-21T13:30+01:00", Compare(CREATED, LESS, NOW)),
        ("created < 2026-12", Compare(CREATED, LESS, MIDNIGHT + 10 * DAY)),
        ("created <= 2026-11", Compare(CREATED, LESS, MIDNIGHT + 10 * DAY)),
        ("created > 1500", Compare(CREATED, GREATER, 1500)),
        # durations
        ("duration > 1h30m", Compare(DURATION, GREATER, 90 * MINUTE)),
        ("duration between 1s and 1.5h", And((Compare(DURATION, AT_LEAST, 1000), Compare(DURATION, AT_MOST, 5400000)))),
        ("duration < 500ms", Compare(DURATION, LESS, 500)),
        ("duration > 0", Compare(DURATION, GREATER, 0)),
        # aggregates
        ("min(loss) < 0.1", Compare(Column(Kind.METRIC, "loss", Aggregate.MIN), LESS, 0.1)),
        ("mean( metrics.`val/loss` ) < 1", Compare(Column(Kind.METRIC, "val/loss", Aggregate.MEAN), LESS, 1.0)),
        ("best(loss) < 0.1", Compare(Column(Kind.METRIC, "loss", Aggregate.MIN), LESS, 0.1)),
        ("best(acc) > 1", Compare(Column(Kind.METRIC, "acc", Aggregate.MAX), GREATER, 1.0)),
        ("last(both) > 1", Compare(Column(Kind.METRIC, "both", Aggregate.LAST), GREATER, 1.0)),
        ("first(acc) is missing", Missing(Column(Kind.METRIC, "acc", Aggregate.FIRST))),
    ],
)  # fmt: skip
def test_each_form_has_its_meaning(text: str, tree: Filter | None) -> None:
    assert parse_filter(text, VOCABULARY) == tree


def test_a_day_is_as_long_as_the_zone_has_it() -> None:
    berlin = CandidateVocabulary(Columns(), {}, NOW, ZoneInfo("Europe/Berlin"))
    tree = parse_filter("created = 2026-10-25", berlin)  # winter time begins
    assert isinstance(tree, And)
    start, end = tree.parts
    assert isinstance(start, Compare)
    assert isinstance(end, Compare)
    assert (float(end.value) - float(start.value)) == 25 * HOUR


def test_a_name_of_mlflow_means_the_attribute_whatever_else_is_called_so() -> None:
    named_alike = CandidateVocabulary(Columns(params=("status", "start_time")), {}, NOW)
    assert parse_filter("status = 'x'", named_alike) == Compare(STATUS, EQUAL, "x")
    assert parse_filter("start_time > 5", named_alike) == Compare(CREATED, GREATER, 5)


@pytest.mark.parametrize(
    "text", ["acc > 1", "metrics.a > 1 or lr < 1", "min(loss) > 1", "not name ~ x", '"a b" is missing']
)
def test_bare_names_are_told_before_the_columns_are_known(text: str) -> None:
    assert needs_names(text)


@pytest.mark.parametrize(
    "text", ["", "resnet fifty", "metrics.acc > 1", "status = failed", "created > -7d", "max(metrics.a) > 1", "x in"]
)
def test_what_needs_no_names_need_not_wait(text: str) -> None:
    assert needs_names(text) is (text == "x in")


def test_a_long_list_is_read_whole() -> None:
    ids = tuple(f"{number:032x}" for number in range(3000))
    text = f"run_id in ({', '.join(map(repr, ids))})"
    assert len(text) > 100_000
    assert parse_filter(text, VOCABULARY) == Among(Column(Kind.ATTRIBUTE, "id"), ids)
