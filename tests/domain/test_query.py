import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltrack_tui.domain.query import ATTRIBUTES, Column, Kind, Order


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("created", Column(Kind.ATTRIBUTE, "created")),
        ("start_time", Column(Kind.ATTRIBUTE, "created")),
        ("attributes.name", Column(Kind.ATTRIBUTE, "name")),
        ("params.lr", Column(Kind.PARAM, "lr")),
        ("metrics.val/accuracy", Column(Kind.METRIC, "val/accuracy")),
        ("tags.mlflow.user", Column(Kind.TAG, "mlflow.user")),
        ("ci.merge_request", Column(Kind.CI, "merge_request")),
    ],
)
def test_columns_by_name(text: str, column: Column) -> None:
    assert Column.parse(text) == column


@pytest.mark.parametrize("text", ["", "lr", "params.", "metric.loss", "PARAMS.lr", "attributes.nosuch", "ci.job"])
def test_names_that_are_no_columns(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Column.parse(text)


@given(st.sampled_from([Kind.PARAM, Kind.METRIC, Kind.TAG]), st.text(min_size=1))
def test_every_column_reads_back_from_what_it_is_written_as(kind: Kind, name: str) -> None:
    column = Column(kind, name)
    assert Order.parse(f"-{column}") == Order(column, descending=True)


def test_attributes_read_back_too() -> None:
    assert [str(Column.parse(name)) for name in ATTRIBUTES] == list(ATTRIBUTES)


def test_what_ci_says_has_no_aggregates() -> None:
    with pytest.raises(ValueError, match=r"max\(ci\.pipeline\)"):
        Column.parse("max(ci.pipeline)")
