"""Which candidates answer a query: what a server can say of it is asked there, and all of it is looked at here."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

from mltrack_tui.analysis.order import arranged, base_order
from mltrack_tui.domain.cells import logged_value
from mltrack_tui.domain.entities import Candidate
from mltrack_tui.domain.filter import And, Filter
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Kind, Query, Value
from mltrack_tui.search.evaluate import columns_of, matches
from mltrack_tui.search.mlflow_filter import filter_text, order_texts
from mltrack_tui.sources.remote.extras import Extras
from mltrack_tui.sources.remote.workspace import Bases, Pushed, Workspace
from server_client import BadRequestError, ServerError
from server_client.dialect import Dialect
from server_client.together import together

T = TypeVar("T")

PAUSE = 0.15
"""Seconds before a server is asked for what is shown in part already: whoever types asks for something else by then."""
_FEW = 200


class Answer(NamedTuple):
    """What answers a query, of so many that were looked at; as `domain.page.Page` has it."""

    members: Sequence[Candidate]
    loaded: int
    total: int | None
    complete: bool
    on_demand: bool
    appends: bool = False

    def page(self, items: Sequence[T]) -> Page[T]:
        """A page of what its members are shown as."""
        return Page(items, self.loaded, self.total, self.complete, self.on_demand, self.appends)


async def values(workspace: Workspace, extras: Extras, query: Query, column: Column) -> AsyncIterator[Page[Value]]:
    """One column's values: of what is loaded without a question, then of more."""
    async for answer in answers(workspace, extras, query, at_once=True):
        members = answer.members
        if extras.among((column,)):
            async for known in extras.learn(members, (column,)):
                if known < len(members):
                    some = _measured(extras, members[:known], column)
                    yield Page(some, known, len(members), complete=False)
            yield answer.page(_measured(extras, members, column))
        else:
            yield answer.page(await aside(len(members), partial(_logged, members, column)))


def _logged(members: Sequence[Candidate], column: Column) -> list[Value]:
    return [logged_value(each, column) for each in members]


def _measured(extras: Extras, members: Sequence[Candidate], column: Column) -> list[Value]:
    return _logged([extras.with_columns(each, (column,)) for each in members], column)


async def answers(
    workspace: Workspace, extras: Extras, query: Query, *, at_once: bool = False
) -> AsyncIterator[Answer]:
    """Growing answers; the last is complete.

    Where a filter or an order goes to the server, what is known already comes first. ``at_once`` takes that for an
    answer which may suffice: nothing is asked for as long as something is loaded.
    """
    experiments = await workspace.existing(query.experiments)
    if not experiments:
        yield Answer((), 0, 0, complete=True, on_demand=False)
        return
    question = _Question(workspace, extras, query, experiments)
    for pushed in forms(query, workspace.client.dialect):
        if pushed in workspace.refused:
            continue
        try:
            async for answer in question.by_server(pushed, at_once=at_once):
                yield answer
        except (BadRequestError, ServerError) as error:
            if error.status not in {400, 500}:  # MLflow says 500 where a database refuses what it made of a filter
                raise
            workspace.refused.add(pushed)
        else:
            return
    async for answer in question.by_base():
        yield answer


def forms(query: Query, dialect: Dialect) -> Iterator[Pushed]:
    """What a server can be asked for instead of everything: the most that it may understand first."""
    if dialect.metric_order is not None:
        yield from _by_metric(query, dialect.metric_order)
        return
    order = order_texts(query.order) or ()
    texts = dict.fromkeys(filter_text(query.where, absence=absence) for absence in (True, False))
    every = [*((text, order) for text in texts), *((text, ()) for text in texts), (None, order)]
    yield from dict.fromkeys(form for form in every if form != (None, ()))


def _by_metric(query: Query, text_of: Callable[[str, bool], str | None]) -> Iterator[Pushed]:
    """What a server is asked for that sorts by one metric of one experiment, and can do nothing else."""
    if len(query.order) != 1 or len(query.experiments) != 1:
        return
    (order,) = query.order
    if order.column.kind is Kind.METRIC and order.column.aggregate is None:
        text = text_of(order.column.name, order.descending)
        if text is not None:
            yield None, (text,)


class _Question:
    """One query, asked of a server and finished here."""

    def __init__(self, workspace: Workspace, extras: Extras, query: Query, experiments: tuple[str, ...]) -> None:
        self._workspace, self._extras, self._query = workspace, extras, query
        self._experiments = experiments
        self._columns = extras.among([*columns_of(query.where), *(order.column for order in query.order)])
        self._drops = workspace.client.dialect.metric_order is not None

    @property
    def _bases(self) -> Bases:
        return self._workspace.bases(self._experiments, self._query.lifecycle)

    async def by_base(self) -> AsyncIterator[Answer]:
        """What all candidates that come, the newest first, make of the query."""
        bases = self._bases
        if not bases.ready:
            await bases.begin()
        while True:
            ids, complete = bases.ids(), bases.complete
            async for answer in self._answer(ids, whole=complete, complete=complete, on_demand=not complete):
                yield answer
            if complete:
                return
            await bases.grow()

    async def by_server(self, pushed: Pushed, *, at_once: bool) -> AsyncIterator[Answer]:
        """What the server chooses and sorts; unless all candidates are here.

        Where it leaves out those without the metric that it sorts by, these follow when all others came.
        """
        bases = self._bases
        listing = self._workspace.listing(self._experiments, self._query.lifecycle, pushed)
        if not bases.ready and bases.was_complete:
            await bases.begin()
        if not bases.complete and not listing.begun:
            if bases.ready:
                ids = self._workspace.loaded(self._experiments, self._query.lifecycle)
                async for answer in self._answer(ids, whole=False, complete=False, on_demand=at_once):
                    yield answer
                await asyncio.sleep(0 if at_once else PAUSE)
                await listing.grow()
            else:
                await together(bases.begin(), listing.grow())
        while not bases.complete:
            complete = listing.complete and not self._drops
            whole = complete and pushed[0] is None
            ids = list(dict.fromkeys([*listing.ids, *bases.ids()])) if listing.complete and self._drops else listing.ids
            async for answer in self._answer(
                ids, whole=whole, complete=complete, on_demand=not complete, sorted_there=bool(pushed[1])
            ):
                yield answer
            if whole:
                self._workspace.complete(self._experiments, self._query.lifecycle, ids)
            if complete:
                return
            await (bases.grow() if listing.complete else listing.grow())
        async for answer in self.by_base():
            yield answer

    async def _answer(
        self, ids: Sequence[str], *, whole: bool, complete: bool, on_demand: bool, sorted_there: bool = False
    ) -> AsyncIterator[Answer]:
        """What some candidates make of the query, be they the whole; growing while what is needed of them comes."""
        ids = list(ids)
        members = await aside(len(ids), lambda: self._members(ids, in_base_order=not sorted_there))
        where, loaded = self._query.where, len(members)
        total = loaded if whole else self._workspace.expected(self._experiments, self._query.lifecycle, loaded)
        if self._columns:
            possible = [each for each in members if self._admits(_without(where, self._columns), each)]
            async for known in self._extras.learn(possible, self._columns):
                if known < len(possible):
                    some, _ = self._placed(possible[:known], sorted_there=sorted_there)
                    yield Answer(some, known, total, complete=False, on_demand=False)
            members = possible
        chosen, in_place = await aside(len(members), lambda: self._placed(members, sorted_there=sorted_there))
        yield Answer(chosen, loaded, total, complete, on_demand, in_place)

    def _members(self, ids: Sequence[str], *, in_base_order: bool) -> list[Candidate]:
        admits = self._query.lifecycle.admits
        found = [each for each in map(self._workspace.pool.get, ids) if each and admits(each.lifecycle_stage)]
        if in_base_order:
            found.sort(key=lambda each: base_order(each.start_time, each.id.candidate_id))
        return found

    def _placed(self, members: Sequence[Candidate], *, sorted_there: bool) -> tuple[Sequence[Candidate], bool]:
        """Those that answer, in order, and whether that is the server's.

        One that leaves candidates out may sort by another value than ours: by the one that was logged last.
        """
        if self._columns:
            members = [self._extras.with_columns(each, self._columns) for each in members]
        if self._query.where is not None:
            members = [each for each in members if self._admits(self._query.where, each)]
        if not self._query.order or (sorted_there and not self._drops):
            return members, sorted_there
        placed = arranged(members, self._query.order)
        return placed, sorted_there and placed == members

    def _admits(self, where: Filter | None, candidate: Candidate) -> bool:
        return matches(where, self._workspace.pool.subject(candidate))


def _without(where: Filter | None, columns: Sequence[Column]) -> Filter | None:
    """The part of a filter that asks about none of some columns."""
    if where is None or not set(columns).intersection(columns_of(where)):
        return where
    parts = where.parts if isinstance(where, And) else ()
    return And(tuple(part for each in parts if (part := _without(each, columns)) is not None))


async def aside(size: int, work: Callable[[], T]) -> T:
    """Do some work where it keeps no key waiting; a little of it at once."""
    return work() if size <= _FEW else await asyncio.to_thread(work)
