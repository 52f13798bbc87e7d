"""What is wrong with a text that is no filter, in words for its writer."""

from collections.abc import Sequence

from mltrack_tui.domain.text import clean
from mltrack_tui.search.errors import FilterError
from mltrack_tui.search.place import Expected, Place, place_after
from mltrack_tui.search.tokens import Token, Type

DEEPEST = 50
"""How deep parentheses and ``not`` may be nested."""
MOST_CLAUSES = 500
LONGEST = 1_000_000
"""Characters of a filter: a list of 30,000 ids."""

_CLAUSES = {Type.COMPARE, Type.LIKE, Type.IN, Type.BETWEEN, Type.IS}
_AS_IN = "as in metrics.acc > 0.9"
_ODD = {";": "; has no meaning here: join clauses with and", "!": "! has no meaning here: write not, or !="}


def require_reasonable(tokens: Sequence[Token]) -> None:
    """Raise a FilterError where quotes or parentheses do not pair, or there is more than anybody can mean."""
    opened: list[Token] = []
    inversions = clauses = 0
    for token in tokens:
        inversions = inversions + 1 if token.type is Type.NOT else inversions * (token.type is Type.OPEN)
        clauses += token.type in _CLAUSES
        if token.type is Type.UNCLOSED:
            raise FilterError(f"the quote {token.text} is never closed", token.start, token.end)
        if token.type is Type.OPEN:
            opened.append(token)
        elif token.type is Type.CLOSE:
            if not opened:
                raise FilterError("this ) closes nothing", token.start, token.end)
            opened.pop()
        if len(opened) + inversions > DEEPEST:
            raise FilterError(f"this is nested deeper than {DEEPEST} times", token.start, token.end)
        if clauses > MOST_CLAUSES:
            raise FilterError(
                f"there are more than {MOST_CLAUSES} clauses; in ('a', 'b') takes any number of values",
                token.start,
                token.end,
            )
    if opened:
        raise FilterError("this ( is never closed", opened[-1].start, opened[-1].end)


def mistake(tokens: Sequence[Token], position: int) -> FilterError:
    """What is wrong, where the piece at a position is the first that does not fit, or one is missing at the end."""
    before, found = tokens[:position], tokens[position] if position < len(tokens) else None
    if found is not None and found.type is Type.ODD:
        return FilterError(_ODD[found.text], found.start, found.end)
    place = place_after(before)
    if place.expected is Expected.OPERATOR and place.column is not None:
        return _no_operator(place, place.column)
    at = found or (before[-1] if before else None)
    text = _sentence(place, found, before[-1] if before else None)
    return FilterError(text, at.start if at else 0, at.end if at else 0)


def _no_operator(place: Place, column: Token) -> FilterError:
    name = _told(column)
    if place.aggregate is not None:
        return FilterError(
            f"an operator is missing after {place.aggregate.text}({name}), as in > 0.9",
            place.aggregate.start,
            column.end,
        )
    if column.type is Type.QUALIFIED:
        return FilterError(
            f"an operator is missing after {name}: = != < <= > >= ~ in, like, between, is", column.start, column.end
        )
    return FilterError(
        f"{name} is no clause: to look for it in names write name ~ {name}, or compare it, {_AS_IN}",
        column.start,
        column.end,
    )


_VALUE = "a value is expected after {operator}{here}; put quotes around it if it holds blanks or signs"
_AGGREGATE = "an aggregate is of one metric, as in min(metrics.loss) < 0.1{here}"
_SENTENCES = {
    Expected.CLAUSE: f"a clause is expected{{after}}, {_AS_IN}{{here}}",
    Expected.VALUE: _VALUE,
    Expected.LOW: _VALUE,
    Expected.BETWEEN_AND: "between takes two values, as in between 1e-4 and 1e-2{here}",
    Expected.LIST: "in takes a list in parentheses, as in in ('a', 'b'){here}",
    Expected.ITEM: "a value is expected in the list{here}",
    Expected.COMMA: "a comma or ) is expected in the list{here}",
    Expected.ABSENCE: "after is comes missing, null or nan, or not and one of them{here}",
    Expected.AGGREGATE_OPEN: _AGGREGATE,
    Expected.AGGREGATE_NAME: _AGGREGATE,
    Expected.AGGREGATE_CLOSE: _AGGREGATE,
    Expected.OPERATOR: "an operator is expected{here}",
    Expected.JOINER: "and, or, or the end is expected after the clause{here}",
}


def _sentence(place: Place, found: Token | None, last: Token | None) -> str:
    return _SENTENCES[place.expected].format(
        operator=_told(place.operator) if place.operator is not None else "the operator",
        here=f", not {_told(found)}" if found is not None else "",
        after=f" after {_told(last)}" if found is None and last is not None else "",
    )


def _told(token: Token) -> str:
    return clean(token.text, 40)
