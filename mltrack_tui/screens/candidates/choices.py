"""What the user can choose about columns: each choice turns one view into another."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from mltrack_tui.domain.query import Aggregate, Column, Direction, Kind, Order
from mltrack_tui.domain.view import Look, View
from mltrack_tui.screens.candidates.layout import Catalogue, is_shown, ordered, staying

KT = TypeVar("KT")
VT = TypeVar("VT")

_TURNS = (None, Aggregate.BEST, Aggregate.MIN, Aggregate.MAX, Aggregate.MEAN, Aggregate.FIRST)
"""What a metric's column shows one after the other; None is the latest value."""
NARROWEST, WIDEST = 4, 80


def _with(mapping: Mapping[KT, VT], key: KT, value: VT | None) -> dict[KT, VT]:
    """The same with another value, or without any."""
    rest = {each: kept for each, kept in mapping.items() if each != key}
    return rest if value is None else {**rest, key: value}


def hidden(view: View, column: Column) -> View:
    """Without a column."""
    return replace(view, hidden=view.hidden | {column}, shown=view.shown - {column})


def toggled(view: View, column: Column, catalogue: Catalogue) -> View:
    """With a column that was not shown, or without one that was."""
    if is_shown(column, catalogue, view):
        return hidden(view, column)
    by_itself = catalogue.says_something(column)
    return replace(view, hidden=view.hidden - {column}, shown=view.shown if by_itself else view.shown | {column})


def pinned(view: View, column: Column) -> View:
    """With a column that stays on the left, or no longer does."""
    if column in view.pinned:
        return replace(view, pinned=tuple(each for each in view.pinned if each != column))
    return view if staying(column, view) else replace(view, pinned=(*view.pinned, column))


def moved(view: View, column: Column, to: Column, catalogue: Catalogue) -> View:
    """With a column at the place of another: among those that scroll, or among those that stay."""
    order = [each for each in ordered(catalogue, view) if staying(each, view) == staying(column, view)]
    if to not in order:
        return view
    here, there = order.index(column), order.index(to)
    order.insert(there, order.pop(here))
    if staying(column, view):
        return replace(view, pinned=tuple(each for each in order if each in view.pinned))
    return replace(view, sequence=tuple(order[: max(here, there) + 1]))


def widened(view: View, column: Column, now: int, by: int) -> View:
    """With a column that is wider or narrower than it is now."""
    return replace(view, widths=_with(view.widths, column, min(max(now + by, NARROWEST), WIDEST)))


def looking(view: View, column: Column, look: Look) -> View:
    """With another look of a column."""
    return replace(view, looks=_with(view.looks, column, None if look is Look.VALUE else look))


def next_aggregate(now: Aggregate | None) -> Aggregate | None:
    """What comes after it when a column is turned."""
    return _TURNS[(_TURNS.index(now) + 1) % len(_TURNS)] if now in _TURNS else None


def aggregated(view: View, metric: str, aggregate: Aggregate | None) -> View:
    """With a metric's column that shows this of its history; where it is sorted by the column, so is it afterwards."""
    before = effective(view, Column(Kind.METRIC, metric))
    changed = replace(view, aggregates=_with(view.aggregates, metric, aggregate))
    after = effective(changed, Column(Kind.METRIC, metric))
    order = tuple(replace(key, column=after) if key.column == before else key for key in view.order)
    return replace(changed, order=order)


def effective(view: View, column: Column) -> Column:
    """The column whose values are shown: a metric's with the aggregate that was chosen for it."""
    if column.kind is not Kind.METRIC or column.aggregate is not None:
        return column
    aggregate = view.aggregates.get(column.name)
    return column if aggregate is None else replace(column, aggregate=aggregate)


def asked(view: View, column: Column) -> Column:
    """The same as a source can be asked for it; where the direction of a best is not known, the latest value."""
    shown = effective(view, column)
    if shown.aggregate is Aggregate.BEST and column.name not in view.directions:
        return column
    return shown.resolved(view.directions)


def directed(view: View, metric: str, direction: Direction | None) -> View:
    """With a direction of a metric, or without one; then it is the target no longer, and has no best value."""
    changed = replace(view, directions=_with(view.directions, metric, direction))
    if direction is not None:
        return changed
    target = None if view.target == metric else view.target
    if view.aggregates.get(metric) is Aggregate.BEST:
        changed = aggregated(changed, metric, None)
    return replace(changed, target=target)


def best_first(view: View, metric: str) -> View:
    """Sorted by a metric's column, the best on top; its direction is known."""
    column = effective(view, Column(Kind.METRIC, metric))
    return replace(view, order=(Order(column, view.directions[metric] is Direction.MAX),))


def askable(view: View) -> tuple[Order, ...]:
    """The order as a source can be asked for it."""
    return tuple(
        replace(key, column=key.column.resolved(view.directions))
        for key in view.order
        if key.column.aggregate is not Aggregate.BEST or key.column.name in view.directions
    )
