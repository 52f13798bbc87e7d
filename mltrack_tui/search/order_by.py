"""MLflow's order_by."""

import re
from collections.abc import Sequence

from mltrack_tui.domain.query import FIXED_NAMES, Column, Kind, Order
from mltrack_tui.domain.text import clean
from mltrack_tui.search.errors import FilterError
from mltrack_tui.search.names import nearest_hint
from mltrack_tui.search.tokens import KINDS, Type, key_of, tokens_of

_ATTRIBUTES = {
    "start_time": "created",
    "created": "created",
    "Created": "created",
    "end_time": "ended",
    "status": "status",
    "run_id": "id",
    "run_name": "name",
    "user_id": "user",
    "artifact_uri": "artifact_uri",
}
_DIRECTION = re.compile(r"\s+(asc|desc)$", re.IGNORECASE)


def parse_order_by(texts: Sequence[str]) -> tuple[Order, ...]:
    """The orders that MLflow's ``order_by`` means: ``metrics.acc DESC``, ``start_time``.

    Raises:
        FilterError: MLflow would refuse it (`SearchUtils.parse_order_by_for_search_runs`, `SqlAlchemyStore`); its
            ``index`` tells which text.
    """
    orders: list[Order] = []
    for index, text in enumerate(texts):
        order = _order(text, index)
        if any(order.column == earlier.column for earlier in orders):
            raise FilterError(f"{clean(text, 60)} sorts by what came before it already", 0, len(text), index)
        orders.append(order)
    return tuple(orders)


def _order(text: str, index: int) -> Order:
    direction = _DIRECTION.search(text)
    name = text[: direction.start()] if direction else text
    tokens = tokens_of(name)
    if len(tokens) != 1 or tokens[0].text != name or tokens[0].type not in {Type.QUALIFIED, Type.WORD, Type.QUOTED}:
        raise FilterError(
            f"{clean(text, 60) or 'nothing'} is no order: write a column, or one and ASC or DESC: metrics.acc DESC",
            *(0, len(text), index),
        )
    try:
        return Order(_column(name), direction is not None and direction[1].lower() == "desc", as_mlflow=True)
    except ValueError as error:
        raise FilterError(str(error), 0, len(name), index) from None


def _column(name: str) -> Column:
    entity, dot, key = name.partition(".")
    kind = KINDS.get(entity.strip("`")) if dot else Kind.ATTRIBUTE
    key = key_of(key if dot else name)
    if kind is None:
        near = nearest_hint(entity, KINDS)
        raise ValueError(f"there is nothing called {clean(name, 60)} to sort by{near}")
    if kind is Kind.DATASET:
        raise ValueError("candidates are not sorted by their datasets")
    if kind in FIXED_NAMES:
        raise ValueError(f"MLflow knows nothing of {kind} to sort by; --sort does")
    if kind is Kind.ATTRIBUTE and key not in _ATTRIBUTES:
        near = nearest_hint(key, _ATTRIBUTES, "; metrics.…, params.… and tags.… need their kind before them")
        raise ValueError(f"there is no attribute {clean(key, 60)} to sort by{near}")
    return Column(kind, _ATTRIBUTES[key] if kind is Kind.ATTRIBUTE else key)
