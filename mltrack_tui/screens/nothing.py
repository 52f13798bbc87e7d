"""What is said where a filter leaves nothing: what was looked for, what is probably wrong, and how to go on."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mltrack_tui.domain.filter import And, Filter, Not, Or, Words
from mltrack_tui.domain.query import Column, Kind
from mltrack_tui.domain.text import clean

if TYPE_CHECKING:
    from mltrack_tui.search.names import Names

_LONGEST = 200
"""Characters of a filter that are repeated."""
_LOGGED = {Kind.PARAM: "parameter", Kind.METRIC: "metric", Kind.TAG: "tag"}


def nothing_found(noun: str, text: str, where: Filter | None, total: int | None, names: "Names | None" = None) -> str:
    """The sentences for a filter of ``total`` things, if that is known, that fits none; ``names`` were logged."""
    if isinstance(where, Words):
        lines = [f"No {noun}'s name has “{clean(text, _LONGEST)}”."]
    else:
        lines = [f"No {noun} fits the filter", clean(text, _LONGEST)]
    if names is not None and where is not None:
        lines += dict.fromkeys(
            _never_logged(column, names) for column in columns_of(where) if _is_unknown(column, names)
        )
    return "\n".join([*lines, f"esc shows all{'' if total is None else f' {total:,}'} again."])


def columns_of(tree: Filter) -> Iterator[Column]:
    """The columns that a filter asks for."""
    match tree:
        case And(parts) | Or(parts):
            for part in parts:
                yield from columns_of(part)
        case Not(part):
            yield from columns_of(part)
        case Words():
            yield Column(Kind.ATTRIBUTE, "name")
        case clause:
            yield clause.column


def _is_unknown(column: Column, names: "Names") -> bool:
    alike = names.called(column.name)
    return column.kind in _LOGGED and all(column.kind is not each.kind for each in alike)


def _never_logged(column: Column, names: "Names") -> str:
    from mltrack_tui.search.names import nearest_hint

    near = nearest_hint(column.name, (each.name for each in names.columns if each.kind is column.kind))
    return f"Nobody logged the {_LOGGED[column.kind]} {clean(column.name, 60)} here{near}."
