"""Clauses that are added to a filter, and taken away again, for what the user pointed at."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from math import isfinite

from mltrack_tui.analysis.histogram import Bin
from mltrack_tui.analysis.spread import Part
from mltrack_tui.domain.filter import And, Filter
from mltrack_tui.domain.query import Column, Kind, Value
from mltrack_tui.domain.times import DAY, HOUR, MINUTE, SECOND
from mltrack_tui.search.errors import FilterError
from mltrack_tui.search.names import Names, name_of
from mltrack_tui.search.write import both, clause, value_text

TIMES = {"created", "ended"}


def cell_clause(column: Column, value: Value, names: Names) -> str:
    """The clause of a cell: its value, or that it has none; of a time, its day."""
    if is_time(column) and isinstance(value, (int, float)):
        return f"{_name(column, names)} = {_local(value):%Y-%m-%d}"
    return clause(column, value, names)


def parts_clause(column: Column, parts: Sequence[Part], names: Names) -> str:
    """The clause of some parts of a column: of one value, of several, of ranges; neighbouring ranges become one."""
    name = _name(column, names)
    listed = [text for part in parts if not isinstance(part, Bin) and (text := _listed(part.value, column))]
    clauses = [f"{name} in ({', '.join(listed)})"] if len(listed) > 1 else []
    clauses += [
        clause(column, part.value, names)
        for part in parts
        if not isinstance(part, Bin) and not (len(listed) > 1 and _listed(part.value, column))
    ]
    clauses += [_range(name, column, each) for each in _joined([part for part in parts if isinstance(part, Bin)])]
    return clauses[0] if len(clauses) == 1 else f"({' or '.join(clauses)})"


def toggled(text: str, more: str, read: Callable[[str], Filter | None]) -> str:
    """A filter with one clause more, or without it where it has it already."""
    held, wanted = _clauses(read(text)), _clauses(read(more))
    if not all(each in held for each in wanted):
        return both(text, more)
    rest = [each for each in held if each not in wanted]
    for shorter in _without(text, more):
        try:
            if _clauses(read(shorter)) == rest:
                return shorter
        except FilterError:
            continue
    return text


def is_time(column: Column) -> bool:
    """Whether a column holds points in time."""
    return column.kind is Kind.ATTRIBUTE and column.name in TIMES


def is_length(column: Column) -> bool:
    """Whether a column holds lengths of time."""
    return column == Column(Kind.ATTRIBUTE, "duration")


def edge_text(column: Column, edge: float) -> str:
    """The end of a range as a filter has it; read back it is the same number."""
    if is_time(column):
        return _time(edge)
    if is_length(column):
        units = ((DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (SECOND, "s"))
        return next(
            (f"{round(edge / size)}{unit}" for size, unit in units if edge and edge % size == 0), f"{edge:.0f}ms"
        )
    return repr(edge).removesuffix(".0")


def _name(column: Column, names: Names) -> str:
    return names.write(column) if column.kind is Kind.ATTRIBUTE else name_of(column, bare=False)


def _listed(value: Value, column: Column) -> str | None:
    """A value as a list in a filter holds it, or None where it can hold none."""
    if isinstance(value, str):
        text = value_text(value)
        return text if text is None or text != value else f"'{value}'"
    no_number = value is None or not isfinite(value) or is_time(column) or is_length(column)
    return None if no_number or value is None else repr(value).removesuffix(".0")


def _joined(bins: Sequence[Bin]) -> Iterator[Bin]:
    """Ranges in their order, those that touch as one."""
    before: Bin | None = None
    for each in sorted(bins, key=lambda part: part.low):
        if before is not None and before.high == each.low:
            before = Bin(before.low, each.high, before.count + each.count, each.closed)
            continue
        if before is not None:
            yield before
        before = each
    if before is not None:
        yield before


def _range(name: str, column: Column, part: Bin) -> str:
    low, high = edge_text(column, part.low), edge_text(column, part.high)
    if part.closed and not is_time(column):  # between takes in all of the last day or minute
        return f"{name} between {low} and {high}"
    return f"{name} >= {low} and {name} {'<=' if part.closed else '<'} {high}"


def _local(ms: float) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone()


def _time(ms: float) -> str:
    try:
        at = _local(ms)
    except (ValueError, OverflowError, OSError):
        return f"{ms:.0f}"
    if at.second or at.microsecond:
        return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds")
    return f"{at:%Y-%m-%dT%H:%M}" if at.hour or at.minute else f"{at:%Y-%m-%d}"


def _clauses(tree: Filter | None) -> list[Filter]:
    """The clauses that all have to be true."""
    if isinstance(tree, And):
        return [each for part in tree.parts for each in _clauses(part)]
    return [] if tree is None else [tree]


def _without(text: str, more: str) -> Iterator[str]:
    """A text without another that is a part of it, and without the ``and`` that joined them."""
    start = text.rfind(more)
    while start >= 0:
        before, after = text[:start].rstrip(), text[start + len(more) :].lstrip()
        if before[-4:].lower() in {" and", "and"}:
            before = before[:-3].rstrip()
        elif after[:4].lower() == "and ":
            after = after[4:].lstrip()
        shorter = f"{before} {after}".strip()
        if shorter.startswith("(") and shorter.endswith(")"):
            yield shorter[1:-1]
        yield shorter
        start = text.rfind(more, 0, start)
