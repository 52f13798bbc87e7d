"""A view as JSON: for the database, and for a file that a colleague can use.

``{"mltrack_view": 1, "filter": "acc > 0.9", "order": [{"column": "metrics.acc", "descending": true}], …}``: what is as
it is by default is left out, what is not known is ignored, so that a newer mltrack may add to it.
"""

import json
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TypeVar

from mltrack_tui.domain.query import Aggregate, Column, Direction, Lifecycle, Order
from mltrack_tui.domain.view import Look, Nesting, View

T = TypeVar("T")
K = TypeVar("K")
W = TypeVar("W", bound=StrEnum)
VERSION = 1
"""Another one only where this mltrack would misunderstand a view."""
LONGEST = 10_000_000
"""Characters of a text that may still be a view."""
WIDEST = 1000
"""Terminal cells of a column."""


def view_to_json(view: View, indent: int | None = None) -> str:
    """A view as JSON in ASCII, whatever the names in it are made of."""
    fields: dict[str, object] = {
        "filter": view.filter,
        "order": [_order_fields(order) for order in view.order],
        "lifecycle": view.lifecycle.value,
        "everything": view.everything,
        "shown": sorted(map(str, view.shown)),
        "hidden": sorted(map(str, view.hidden)),
        "pinned": [str(column) for column in view.pinned],
        "sequence": [str(column) for column in view.sequence],
        "widths": {str(column): width for column, width in view.widths.items()},
        "looks": {str(column): look.value for column, look in view.looks.items()},
        "aggregates": {metric: aggregate.value for metric, aggregate in view.aggregates.items()},
        "directions": {metric: direction.value for metric, direction in view.directions.items()},
        "target": view.target,
        "tree": view.nesting.tree,
        "by": None if view.nesting.by is None else str(view.nesting.by),
    }
    if view.lifecycle is Lifecycle.ACTIVE:
        del fields["lifecycle"]
    told = {name: value for name, value in fields.items() if value not in ("", None, False, [], {})}
    return json.dumps({"mltrack_view": VERSION} | told, indent=indent)


def _order_fields(order: Order) -> dict[str, object]:
    flags = {"descending": order.descending, "as_mlflow": order.as_mlflow}
    return {"column": str(order.column)} | {name: flag for name, flag in flags.items() if flag}


def view_from_json(text: str) -> View:
    """The view that a JSON text describes.

    Raises:
        ValueError: it describes none; the message is one line that says what is wrong.
    """
    if len(text) > LONGEST:
        raise ValueError(f"a view has no more than {LONGEST:,} characters")
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    if not isinstance(fields, dict) or "mltrack_view" not in fields:
        raise ValueError('it is not a view: "mltrack_view" is missing')
    if fields["mltrack_view"] != VERSION:
        raise ValueError(f"it is a view of another version of mltrack; this one reads version {VERSION}")
    return _view(fields)


def _view(fields: dict[str, object]) -> View:
    lifecycle, by = _text(fields, "lifecycle"), _text(fields, "by")
    return View(
        filter=_text(fields, "filter") or "",
        order=tuple(_order(item) for item in _list(fields, "order")),
        lifecycle=Lifecycle.ACTIVE if lifecycle is None else _word("lifecycle", lifecycle, Lifecycle),
        everything=_flag(fields, "everything"),
        shown=frozenset(_columns(fields, "shown")),
        hidden=frozenset(_columns(fields, "hidden")),
        pinned=tuple(_columns(fields, "pinned")),
        sequence=tuple(_columns(fields, "sequence")),
        widths=_mapping(fields, "widths", _column, _width),
        looks=_mapping(fields, "looks", _column, lambda name, value: _word(name, value, Look)),
        aggregates=_mapping(fields, "aggregates", _key, lambda name, value: _word(name, value, Aggregate)),
        directions=_mapping(fields, "directions", _key, lambda name, value: _word(name, value, Direction)),
        target=_text(fields, "target"),
        nesting=Nesting(_flag(fields, "tree"), None if by is None else _column("by", by)),
    )


def _wrong(name: str, wanted: str, value: object) -> ValueError:
    return ValueError(f'"{name}" must be {wanted}, not {json.dumps(value)[:60]}')


def _text(fields: dict[str, object], name: str) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise _wrong(name, "text", value)
    return value


def _flag(fields: dict[str, object], name: str) -> bool:
    value = fields.get(name, False)
    if not isinstance(value, bool):
        raise _wrong(name, "true or false", value)
    return value


def _list(fields: dict[str, object], name: str) -> list[object]:
    value = fields.get(name, [])
    if not isinstance(value, list):
        raise _wrong(name, "a list", value)
    return value


def _columns(fields: dict[str, object], name: str) -> Iterable[Column]:
    return dict.fromkeys(_column(name, item) for item in _list(fields, name))


def _mapping(
    fields: dict[str, object], name: str, key: Callable[[str, str], K], value: Callable[[str, object], T]
) -> dict[K, T]:
    mapping = fields.get(name, {})
    if not isinstance(mapping, dict):
        raise _wrong(name, "an object", mapping)
    return {key(name, each): value(name, what) for each, what in mapping.items()}


def _key(_name: str, key: str) -> str:
    return key


def _column(name: str, value: object) -> Column:
    try:
        return Column.parse(value if isinstance(value, str) else "")
    except ValueError:
        raise _wrong(name, "made of columns such as params.lr", value) from None


def _word(name: str, value: object, words: type[W]) -> W:
    for word in words:
        if word == value:
            return word
    raise _wrong(name, f"one of {', '.join(words)}", value)


def _width(name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= WIDEST:
        raise _wrong(name, f"whole numbers from 1 to {WIDEST:,}", value)
    return value


def _order(item: object) -> Order:
    if not isinstance(item, dict):
        raise _wrong("order", "made of objects", item)
    return Order(_column("order", item.get("column")), _flag(item, "descending"), _flag(item, "as_mlflow"))
