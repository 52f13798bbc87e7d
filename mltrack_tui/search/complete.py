"""What can be typed next in a filter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from mltrack_tui.domain.query import FIXED_NAMES, Aggregate, Column, Kind
from mltrack_tui.search.names import name_of
from mltrack_tui.search.parse import column_named
from mltrack_tui.search.place import Expected, Place, place_after
from mltrack_tui.search.tokens import KINDS, Token, Type, tokens_of
from mltrack_tui.search.vocabulary import STATUSES, Holds, Vocabulary
from mltrack_tui.search.write import value_text

MOST = 50
"""Choices that are offered at once."""
_LONGEST = 2000
"""Characters before the cursor that are looked at: no one types more."""

_TEXT_OPERATORS = ("=", "!=", "~", "!~", "in (", "not in (", "like", "ilike", "is missing", "is not missing")
_ORDER_OPERATORS = ("<", "<=", ">", ">=", "=", "!=", "between", "is missing", "is not missing")
_OPERATORS = {
    Holds.NUMBER: (*_ORDER_OPERATORS, "is nan", "is not nan"),
    Holds.LOGGED: ("=", "!=", "<", "<=", ">", ">=", "between", *_TEXT_OPERATORS[2:], "is nan", "is not nan"),
    Holds.TEXT: _TEXT_OPERATORS,
    Holds.EXPERIMENT_ID: _TEXT_OPERATORS,
    Holds.STATUS: _TEXT_OPERATORS,
    Holds.TIME: (">=", ">", "<=", "<", "=", "!=", "between", "is missing", "is not missing"),
    Holds.DURATION: _ORDER_OPERATORS,
}
_VALUES = {
    Holds.STATUS: tuple(status.lower() for status in STATUSES),
    Holds.TIME: ("today", "yesterday", "-1h", "-24h", "-7d", "-30d"),
    Holds.DURATION: ("1m", "10m", "1h", "1d"),
}
_ABSENCES = ("missing", "not missing", "nan", "not nan", "null", "not null")
_SIGNS = {
    Expected.JOINER: ("and", "or"),
    Expected.BETWEEN_AND: ("and",),
    Expected.LIST: ("(",),
    Expected.COMMA: (",", ")"),
    Expected.AGGREGATE_OPEN: ("(",),
    Expected.AGGREGATE_CLOSE: (")",),
}
_AGGREGATES = tuple(f"{each}(" for each in Aggregate)


@dataclass(frozen=True, slots=True)
class Completion:
    """What the text from ``start`` to ``end`` may become.

    Attributes:
        choices: the texts to choose from, the likeliest first; at most about fifty.
        wanted: the column whose values are typed here: those that occur are further choices (`value_choices`).
    """

    start: int
    end: int
    choices: tuple[str, ...]
    wanted: Column | None = None


def complete(text: str, cursor: int, vocabulary: Vocabulary) -> Completion:
    """The choices for what is being typed at the cursor: the piece that it stands in or directly behind."""
    if cursor > _LONGEST:
        return Completion(cursor, cursor, ())
    tokens = tokens_of(text[:cursor])
    typing = _typing(tokens, cursor)
    before = tokens if typing is None else tokens[: tokens.index(typing)]
    start = cursor if typing is None else typing.start
    end = next((token.end for token in tokens_of(text[: cursor + _LONGEST]) if token.start == start), cursor)
    typed = text[start:cursor]
    place = place_after(before)
    negated = bool(before) and before[-1].type is Type.NOT
    if place.expected in {Expected.CLAUSE, Expected.AGGREGATE_NAME}:
        only = Kind.METRIC if place.expected is Expected.AGGREGATE_NAME else None
        return Completion(start, max(end, cursor), _names(typed, only, vocabulary))
    column = _column(place, vocabulary)
    choices = _fixed(place.expected, vocabulary.holds(column) if column else Holds.LOGGED)
    if negated:
        choices = tuple(choice.removeprefix("not ") for choice in choices if choice.startswith("not "))
    wanted = column if column and place.expected in _TYPED_VALUES and _has_values(column, vocabulary) else None
    return Completion(start, max(end, cursor), _ranked(choices, typed), wanted)


def value_choices(values: Sequence[str], typed: str) -> tuple[str, ...]:
    """Those of a column's values that fit what is typed, the likeliest first, in quotes where they need them."""
    begun = typed[:1] if typed[:1] in {"'", '"'} else ""
    fitting = _ranked(values, typed[len(begun) :])
    return tuple(text for value in fitting if (text := value_text(value, begun)) is not None)


def _typing(tokens: Sequence[Token], cursor: int) -> Token | None:
    """The piece that is being typed: an open quote with all behind it, or a word that ends at the cursor."""
    unclosed = next((token for token in tokens if token.type is Type.UNCLOSED), None)
    if unclosed is not None or not tokens:
        return unclosed
    last = tokens[-1]
    return last if last.end == cursor and last.type not in _DONE else None


_DONE = {Type.COMPARE, Type.OPEN, Type.CLOSE, Type.COMMA, Type.AGGREGATE}
_TYPED_VALUES = {Expected.VALUE, Expected.ITEM, Expected.LOW}


def _column(place: Place, vocabulary: Vocabulary) -> Column | None:
    if place.column is None:
        return None
    qualified = place.column.type is Type.QUALIFIED
    aggregate = None if place.aggregate is None else place.aggregate.text
    try:
        return column_named(place.column.text, vocabulary, qualified=qualified, aggregate=aggregate)
    except ValueError:
        return None


def _has_values(column: Column, vocabulary: Vocabulary) -> bool:
    return column.kind is not Kind.DATASET and vocabulary.holds(column) in {Holds.LOGGED, Holds.TEXT}


def _fixed(expected: Expected, holds: Holds) -> Sequence[str]:
    match expected:
        case Expected.OPERATOR:
            return _OPERATORS[holds]
        case Expected.VALUE | Expected.LOW | Expected.ITEM:
            return _VALUES.get(holds, ())
        case Expected.ABSENCE:
            return _ABSENCES if holds in {Holds.NUMBER, Holds.LOGGED} else _ABSENCES[:2]
        case _:
            return _SIGNS.get(expected, ())


def _names(typed: str, only: Kind | None, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Columns whose name fits, and what else a clause may begin with."""
    names = vocabulary.names
    entity, dot, key = typed.partition(".")
    if dot and entity in KINDS:
        kind = KINDS[entity]
        known = (each for each in names.folded if each[1].kind is kind)
        fitting = _fitting(typed if kind in FIXED_NAMES else key, known)
        return tuple(name_of(column, bare=False) for column in fitting)
    listed = names.folded if only is None else [each for each in names.folded if each[1].kind is only]
    texts = [names.write(column) for column in _fitting(typed.strip("'\"`"), listed)]
    aggregates = _ranked(_AGGREGATES, typed) if typed and only is None else ()
    return tuple(dict.fromkeys([*aggregates, *texts]))[:MOST]


def _fitting(typed: str, listed: Iterable[tuple[str, Column]]) -> list[Column]:
    """The columns whose names begin with what is typed, then those that hold it."""
    folded_typed = typed.casefold()
    holding = [each for each in listed if folded_typed in each[0]]
    beginning = islice((each for each in holding if each[0].startswith(folded_typed)), MOST)
    return list(islice(dict.fromkeys(column for _, column in (*beginning, *holding[: 2 * MOST])), MOST))


def _ranked(choices: Iterable[str], typed: str) -> tuple[str, ...]:
    """The same of texts."""
    folded_typed = typed.casefold()
    holding = [choice for choice in choices if folded_typed in choice.casefold()]
    beginning = [choice for choice in holding if choice.casefold().startswith(folded_typed)]
    return tuple(islice(dict.fromkeys((*beginning[:MOST], *holding[: 2 * MOST])), MOST))
