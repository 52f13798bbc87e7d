"""Pages of a search: keyset cursors, which are opaque and tied to an order."""

import base64
import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from tests.gitlab import errors

T = TypeVar("T")
MOST = 1000
"""The most that a page of the tracking API has."""


def page_size(asked: int | None) -> int:
    return max(1, min(200 if asked is None else asked, MOST))


def keyset(
    items: Iterable[T],
    key: Callable[[T], Any],
    id_of: Callable[[T], int],
    *,
    order: str,
    descending: bool,
    size: int,
    token: str | None,
) -> tuple[list[T], str | None]:
    """A page of what is sorted by a key, then the latest id first; and the token of the next page, if there is one."""
    ranked = sorted(items, key=id_of, reverse=True)
    ranked.sort(key=key, reverse=descending)
    begin = 0
    if token:
        last = _decoded(token, order)
        begin = next((place for place, one in enumerate(ranked, 1) if id_of(one) == last), len(ranked))
    page = ranked[begin : begin + size]
    more = begin + size < len(ranked)
    return page, encoded({"order": order, "id": id_of(page[-1]), "_kd": "n"}) if more else None


def encoded(cursor: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(cursor).encode()).decode()


def decoded(token: str) -> dict[str, Any]:
    """What a token stands for. Raises `ValueError` or `TypeError` if it is none of ours."""
    return dict(json.loads(base64.urlsafe_b64decode(token.encode())))


def _decoded(token: str, order: str) -> int:
    """The contract leaves open what becomes of a bad token: here it is refused, so that nobody relies on one."""
    try:
        cursor = decoded(token)
    except (TypeError, ValueError):
        cursor = {}
    if cursor.get("order") != order:
        raise errors.malformed("page_token is invalid")
    return int(cursor["id"])
