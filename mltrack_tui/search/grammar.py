"""The grammar of filters, and the parser that lark makes of it."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from mltrack_tui.search.tokens import Token, Type

if TYPE_CHECKING:
    import lark

GRAMMAR = """
any: all (_OR all)*
all: (AND | _one)+                               // MLflow lets AND be missing, doubled, and stand at either end

_one: inverse | _OPEN any _CLOSE | _clause
inverse: NOT _one

_clause: compare | range | like | among | absent
compare: _column COMPARE _value
range: _column NOT? _BETWEEN _value AND _value
like: _column NOT? LIKE _value
among: _column NOT? _IN _OPEN _value (_COMMA? _value)* _COMMA? _CLOSE
absent: _column _IS NOT? WORD

_column: QUALIFIED | WORD | QUOTED | aggregate
aggregate: AGGREGATE _OPEN (QUALIFIED | WORD | QUOTED) _CLOSE
_value: QUALIFIED | WORD | QUOTED
"""
_UNWANTED = {Type.UNCLOSED, Type.ODD}


class NotInGrammar(Exception):  # noqa: N818 - caught where the sentence for the user is made
    """No filter. ``position`` is that of the first that does not fit, their number where one is missing."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


def tree_of(tokens: Sequence[Token]) -> "lark.Tree[lark.Token]":
    """The pieces as the grammar sees them. Raises NotInGrammar."""
    import lark

    try:
        return _parser().parse(tokens)
    except lark.UnexpectedToken as error:
        position = error.token.line
        raise NotInGrammar(len(tokens) if error.token.type == "$END" or position is None else position) from None


@cache
def _parser() -> "lark.Lark":
    import lark

    class Pieces(lark.lexer.Lexer):
        """Gives lark the pieces that we cut; a piece's line is its position."""

        def __init__(self, _: object) -> None:
            pass

        def lex(self, data: Sequence[Token]) -> Iterator[lark.Token]:  # type: ignore[override] # as lark hands it on
            for position, token in enumerate(data):
                yield lark.Token(token.type.value, token.text, token.start, position, end_pos=token.end)

    declared = " ".join(each.value for each in Type if each not in _UNWANTED)
    return lark.Lark(f"%declare {declared}\n{GRAMMAR}", parser="lalr", lexer=Pieces, start="any")
