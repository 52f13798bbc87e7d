"""What MLflow's own parser makes of a filter, as our tree."""

from typing import Any

from mlflow.utils.search_utils import SearchUtils

from mltrack_tui.domain.filter import Among, And, Compare, Comparison, Filter, Like, Missing, Not
from mltrack_tui.domain.query import Column, Kind
from mltrack_tui.search.vocabulary import RUN_NAME

UTILS: Any = SearchUtils
"""Without its types, which it has only in part."""
_KINDS = {"metric": Kind.METRIC, "parameter": Kind.PARAM, "tag": Kind.TAG, "dataset": Kind.DATASET}
_ATTRIBUTES = {"start_time": "created", "end_time": "ended", "run_id": "id", "user_id": "user"}


def mlflows_tree(text: str) -> Filter | None:
    """Raises whatever MLflow raises where it refuses a filter."""
    clauses = tuple(_clause(clause) for clause in UTILS.parse_search_filter(text))
    return None if not clauses else clauses[0] if len(clauses) == 1 else And(clauses)


def mlflows_column(kind: str, key: str) -> Column:
    key = UTILS.translate_key_alias(key)
    return Column(_KINDS[kind], key) if kind in _KINDS else Column(Kind.ATTRIBUTE, _ATTRIBUTES.get(key, key))


def _clause(parsed: dict[str, Any]) -> Filter:
    kind, key, value, comparator = parsed["type"], parsed["key"], parsed["value"], parsed["comparator"].upper()
    assert any(
        (
            UTILS.is_metric(kind, comparator),
            UTILS.is_param(kind, comparator),
            UTILS.is_tag(kind, comparator),
            UTILS.is_dataset(kind, comparator),
            UTILS.is_attribute(kind, UTILS.translate_key_alias(key), comparator),
        )
    )
    column = mlflows_column(kind, key)
    if column == Column(Kind.ATTRIBUTE, "run_name"):
        column = RUN_NAME
    if comparator in {"IS NULL", "IS NOT NULL"}:
        return Missing(column) if comparator == "IS NULL" else Not(Missing(column))
    if comparator in {"LIKE", "ILIKE"}:
        return Like(column, value, comparator == "ILIKE")
    if comparator in {"IN", "NOT IN"}:
        return Among(column, value, comparator == "NOT IN")
    return Compare(column, Comparison(comparator), float(value) if kind == "metric" else value)
