"""Clauses made of a column and the values beside it."""

from collections.abc import Sequence
from math import inf, isinf

from mltrack_tui.domain.filter import Among, And, Compare, Comparison, Filter, IsNan, Missing, Not, Or
from mltrack_tui.domain.query import Column
from mltrack_tui.search.literals import Literal
from mltrack_tui.search.moments import Period


def compared(column: Column, comparison: Comparison, value: Literal | Period) -> Filter:
    """A column compared with a value; a period is meant as a whole, so that ``<=`` is up to its end."""
    if isinstance(value, Literal):
        if isinstance(value.value, float) and isinf(value.value):
            return _beyond(column, comparison, value)
        return Compare(column, comparison, value.value, value.any_case)
    before = Compare(column, Comparison.LESS, value.start)
    from_start = Compare(column, Comparison.AT_LEAST, value.start)
    up_to_end = Compare(column, Comparison.LESS, value.end)
    after = Compare(column, Comparison.AT_LEAST, value.end)
    meant: dict[Comparison, Filter] = {
        Comparison.EQUAL: And((from_start, up_to_end)),
        Comparison.DIFFERENT: Or((before, after)),
        Comparison.LESS: before,
        Comparison.AT_MOST: up_to_end,
        Comparison.GREATER: after,
        Comparison.AT_LEAST: from_start,
    }
    return meant[comparison]


def _beyond(column: Column, comparison: Comparison, value: Literal) -> Filter:
    """A comparison with what no double can be, as 1e400: MLflow stores nothing so great, the infinities neither."""
    if comparison is Comparison.DIFFERENT:
        return Not(Missing(column))
    always = {Comparison.LESS, Comparison.AT_MOST} if value.value == inf else {Comparison.GREATER, Comparison.AT_LEAST}
    return And((Not(Missing(column)), Not(IsNan(column)))) if comparison in always else Or(())


def between(column: Column, low: Literal | Period, high: Literal | Period, *, negated: bool) -> Filter:
    """A column within two values, which belong to it."""
    if negated:
        return Or((compared(column, Comparison.LESS, low), compared(column, Comparison.GREATER, high)))
    return And((compared(column, Comparison.AT_LEAST, low), compared(column, Comparison.AT_MOST, high)))


def among(column: Column, values: Sequence[Literal | Period], *, negated: bool) -> Filter:
    """A column that is one of some values, or is there and none of them."""
    parts: list[Filter] = []
    for any_case in (False, True):
        alike = tuple(each.value for each in values if isinstance(each, Literal) and each.any_case is any_case)
        if alike:
            parts.append(Among(column, alike, negated, any_case))
    comparison = Comparison.DIFFERENT if negated else Comparison.EQUAL
    parts += [compared(column, comparison, each) for each in values if isinstance(each, Period)]
    return all_of(parts) if negated else any_of(parts)


def present(column: Column, part: Filter, *, negated: bool) -> Filter:
    """A clause; negated, its contrary of a value that is there, as MLflow's ``!=`` is false of one that is not."""
    return And((Not(part), Not(Missing(column)))) if negated else part


def all_of(parts: Sequence[Filter]) -> Filter:
    """Several parts, all of which must hold."""
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def any_of(parts: Sequence[Filter]) -> Filter:
    """Several parts, one of which must hold."""
    return parts[0] if len(parts) == 1 else Or(tuple(parts))
