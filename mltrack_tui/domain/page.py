"""An answer that may grow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from mltrack_tui.domain.query import Query

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Page(Generic[T_co]):
    """What a source has answered so far, whole and in order: each page replaces the one before it.

    Attributes:
        items: what matches, of what is loaded.
        loaded: how many the source has looked at so far.
        total: how many there are to look at, or None where the source does not know yet.
        complete: whether this is the last page.
        on_demand: whether the next page costs a server a request, and is asked for when somebody wants it; otherwise
            it is best asked for at once.
        appends: of an order that was asked for, whether it is the server's own, so that what is still to come stands
            behind ``items``: one that is finished here, over what is loaded, puts it anywhere. Without an order it
            stands behind in any case.
    """

    items: Sequence[T_co]
    loaded: int
    total: int | None
    complete: bool = True
    on_demand: bool = False
    appends: bool = False

    def in_place(self, query: "Query") -> bool:
        """Whether these items are the first that there are of a query, whatever is still to come."""
        return self.complete or self.appends or not query.order
