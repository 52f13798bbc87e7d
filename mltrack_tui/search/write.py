"""Filters written for the user."""

import re
from datetime import UTC, datetime
from math import isinf, isnan

from mltrack_tui.domain.query import Column, Kind, Value
from mltrack_tui.search.names import Names, name_of
from mltrack_tui.search.parse import is_everything, plain_words
from mltrack_tui.search.tokens import Type, is_plain_word, tokens_of

_TIMES = {"created", "ended", "updated", "last_activity"}
_CLEAR = {"created": "created", "ended": "end_time", "status": "status", "id": "run_id", "user": "user_id"}
"""Attributes that MLflow's names mean whatever else is called so."""
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|\\$|\\['\"]|'.*\"|\".*'", re.DOTALL)
"""Text that no quotes can hold: there is no escape for them, and a line's end has no place in a line."""
_SPECIAL = re.compile(r"[\\.^$|?*+()\[\]{}'\"\x00-\x1f\x7f-\x9f\u2028\u2029]")


def clause(column: Column, value: Value, names: Names | None = None) -> str:
    """The clause that selects exactly those with this value in this column; None is where it is missing.

    Text that no quotes can hold is written as a regular expression. ``names`` lets a name be as short as it may.
    """
    name = _name(column, names)
    if value is None:
        return f"{name} is missing"
    if isinstance(value, str):
        return f"{name} {_equal(value)}"
    if isnan(value):
        return f"{name} is nan"
    if column.kind is Kind.ATTRIBUTE and column.name in _TIMES:
        return f"{name} = {_time(round(value))}"
    if column == Column(Kind.ATTRIBUTE, "duration"):
        return f"{name} = {round(value)}ms"
    return f"{name} = {('-' * (value < 0) + 'inf') if isinf(value) else repr(value)}"


def both(text: str, more: str) -> str:
    """A filter and one clause more; plain words become clauses on the name."""
    if is_everything(text):
        return more
    if (words := plain_words(text)) is not None:
        return " and ".join([*map(_has_word, words.words), more])
    return f"({text.strip()}) and {more}" if _has_or(text) else f"{text.strip()} and {more}"


def value_text(text: str, quote: str = "") -> str | None:
    """A text as the value of a clause: in quotes where it needs or has begun them; None if none can hold it."""
    if _UNWRITABLE.search(text) is not None:
        return None
    if quote:
        return f"{quote}{text}{quote}" if quote not in text else None
    return text if is_plain_word(text) else _quoted(text)


def _quoted(text: str) -> str:
    return f'"{text}"' if "'" in text else f"'{text}'"


def _name(column: Column, names: Names | None) -> str:
    if column.kind is not Kind.ATTRIBUTE:
        return name_of(column, bare=False)
    if column.name in _CLEAR:
        return _CLEAR[column.name]
    return name_of(column, bare=False) if names is None else names.write(column)


def _equal(text: str) -> str:
    if _UNWRITABLE.search(text) is None:
        return f"= {_quoted(text)}"
    return f"~ '(?-i)\\A{_SPECIAL.sub(_escaped, text)}\\z'"


def _escaped(match: re.Match[str]) -> str:
    return f"\\x{{{ord(match[0]):x}}}"


def _has_word(word: str) -> str:
    if _SPECIAL.search(word) is None:
        return f"name ~ {_quoted(word)}"
    return f"name ~ '{_SPECIAL.sub(_escaped, word)}'"


def _has_or(text: str) -> bool:
    """Whether a filter has an ``or`` outside of parentheses."""
    depth = 0
    for token in tokens_of(text):
        depth += (token.type is Type.OPEN) - (token.type is Type.CLOSE)
        if token.type is Type.OR and not depth:
            return True
    return False


def _time(ms: int) -> str:
    """A point in time to the millisecond, or the milliseconds where the calendar does not reach."""
    try:
        at = datetime.fromtimestamp(ms / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return str(ms)
    return at.replace(microsecond=ms % 1000 * 1000).isoformat(timespec="milliseconds").replace("+00:00", "Z")
