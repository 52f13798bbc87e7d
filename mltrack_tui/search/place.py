"""Where in a filter one stands: what the pieces before say may come next. Unlike the parser it bears any mistake."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from mltrack_tui.search.tokens import Token, Type


class Expected(Enum):
    """What may come next."""

    CLAUSE = auto()
    AGGREGATE_OPEN = auto()
    AGGREGATE_NAME = auto()
    AGGREGATE_CLOSE = auto()
    OPERATOR = auto()
    VALUE = auto()
    LIST = auto()
    ITEM = auto()
    COMMA = auto()
    LOW = auto()
    BETWEEN_AND = auto()
    ABSENCE = auto()
    JOINER = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """What may come next, the column that the clause begun there is about, and its operator."""

    expected: Expected = Expected.CLAUSE
    column: Token | None = None
    aggregate: Token | None = None
    operator: Token | None = None

    def after(self, token: Token) -> "Place":
        """The place behind one more piece."""
        if self.expected is Expected.OPERATOR and token.type in _OPERATORS:
            return replace(self, expected=_OPERATORS[token.type], operator=token)
        if self.expected is Expected.AGGREGATE_NAME and token.type in _NAMES:
            return replace(self, expected=Expected.AGGREGATE_CLOSE, column=token)
        if (next_ := _MOVES.get((self.expected, token.type))) is not None:
            return replace(self, expected=next_)
        if self.expected in _STAY and token.type is Type.NOT:
            return self
        return _begun(token)


_NAMES = {Type.QUALIFIED, Type.WORD, Type.QUOTED}
_OPERATORS = {
    Type.COMPARE: Expected.VALUE,
    Type.LIKE: Expected.VALUE,
    Type.IN: Expected.LIST,
    Type.BETWEEN: Expected.LOW,
    Type.IS: Expected.ABSENCE,
}
_STAY = {Expected.OPERATOR, Expected.ABSENCE}
_MOVES = {
    (Expected.AGGREGATE_OPEN, Type.OPEN): Expected.AGGREGATE_NAME,
    (Expected.AGGREGATE_CLOSE, Type.CLOSE): Expected.OPERATOR,
    (Expected.LIST, Type.OPEN): Expected.ITEM,
    (Expected.COMMA, Type.COMMA): Expected.ITEM,
    (Expected.COMMA, Type.CLOSE): Expected.JOINER,
    (Expected.ITEM, Type.CLOSE): Expected.JOINER,
    (Expected.BETWEEN_AND, Type.AND): Expected.VALUE,
    (Expected.ABSENCE, Type.WORD): Expected.JOINER,
    **{(Expected.VALUE, name): Expected.JOINER for name in _NAMES},
    **{(Expected.LOW, name): Expected.BETWEEN_AND for name in _NAMES},
    **{(place, name): Expected.COMMA for name in _NAMES for place in (Expected.ITEM, Expected.COMMA)},
}


def _begun(token: Token) -> Place:
    """The place where a clause begins, behind one piece of it."""
    if token.type in _NAMES:
        return Place(Expected.OPERATOR, column=token)
    if token.type is Type.AGGREGATE:
        return Place(Expected.AGGREGATE_OPEN, aggregate=token)
    return Place(Expected.JOINER if token.type is Type.CLOSE else Expected.CLAUSE)


def places(tokens: Iterable[Token]) -> Iterator[Place]:
    """The place behind each piece."""
    place = Place()
    for token in tokens:
        place = place.after(token)
        yield place


def place_after(tokens: Iterable[Token]) -> Place:
    """The place behind all pieces."""
    place = Place()
    for place in places(tokens):  # noqa: B007 - the last is the answer
        pass
    return place
