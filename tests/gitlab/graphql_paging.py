"""GraphQL's connections: a page of a hundred at most, with cursors that nobody may look into."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from graphql import GraphQLError

from tests.gitlab.paging import decoded, encoded

T = TypeVar("T")
MOST = 100
COUNTED = 1000
"""As far as is counted: of more, the count is one more than this."""


def connection(
    items: Sequence[T],
    node: Callable[[T], Any],
    id_of: Callable[[T], int],
    *,
    first: int | None = None,
    last: int | None = None,
    after: str | None = None,
    before: str | None = None,
) -> dict[str, Any]:
    """A page of items in their order; ``node`` is how one is told."""
    begin = _place(items, id_of, after) + 1 if after else 0
    end = _place(items, id_of, before) if before else len(items)
    if first is None and last is not None:
        begin = max(begin, end - min(last, MOST))
    size = min(last if last is not None and first is None else MOST if first is None else first, MOST)
    page = items[begin : min(end, begin + size)]
    end = begin + len(page)
    cursors = [encoded({"id": str(id_of(one))}) for one in page]
    return {
        "count": lambda _info, limit=None: min(len(items), min(limit or COUNTED, COUNTED) + 1),
        "nodes": lambda _info: [node(one) for one in page],
        "edges": lambda _info: [{"cursor": at, "node": node(one)} for at, one in zip(cursors, page, strict=True)],
        "pageInfo": {
            "hasNextPage": end < len(items),
            "hasPreviousPage": begin > 0,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }


def _place(items: Sequence[T], id_of: Callable[[T], int], cursor: str) -> int:
    try:
        wanted = int(decoded(cursor)["id"])
    except (ValueError, TypeError, KeyError) as error:
        raise GraphQLError("Please provide a valid cursor") from error
    return next((place for place, one in enumerate(items) if id_of(one) == wanted), len(items))
