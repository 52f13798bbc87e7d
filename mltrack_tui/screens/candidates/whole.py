"""What is asked of all candidates of a table: a column's values, and who lies under whom."""

import asyncio
from collections.abc import Sequence
from functools import partial

from mltrack_tui.domain.cells import logged_value
from mltrack_tui.domain.entities import PARENT_TAG, CandidateId
from mltrack_tui.domain.query import Column, Kind, Query, Value
from mltrack_tui.screens.candidates.nest import Nest
from mltrack_tui.screens.place import Place
from mltrack_tui.sources.pages import at_hand

_PARENT = Column(Kind.TAG, PARENT_TAG)
_AT_ONCE = 1000
"""Candidates that are read together."""


async def values_of(place: Place, query: Query, ids: Sequence[CandidateId], column: Column) -> Sequence[Value] | None:
    """A column's values of the candidates that answered a query, in their order; None where the source failed.

    Where more or fewer answer it by now, values could not be told apart: those of each candidate are read.
    """
    source = place.session.source
    page = await place.answer(lambda: at_hand(source.values(query, column), len(ids)))
    if page is None:
        return None
    if len(page.items) == len(ids):
        return page.items
    columns = [column] if column.kind is not Kind.ATTRIBUTE else []
    found: dict[CandidateId, Value] = {}
    for start in range(0, len(ids), _AT_ONCE):
        candidates = await place.answer(partial(source.read, ids[start : start + _AT_ONCE], columns))
        if candidates is None:
            return None
        found.update((candidate.id, logged_value(candidate, column)) for candidate in candidates)
    return [found.get(id_) for id_ in ids]


async def read_nest(place: Place, query: Query, ids: Sequence[CandidateId], unfolded: frozenset[str]) -> Nest | None:
    """The tree of the candidates that answered a query; None where the source failed."""
    parents = await values_of(place, query, ids, _PARENT)
    if parents is None:
        return None
    return await asyncio.to_thread(Nest.of, ids, parents, unfolded)
