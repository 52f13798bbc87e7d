"""What a clause asks of a value, as functions of the value: the one meaning it has, in memory and in a store."""

import re
from collections.abc import Callable, Iterable
from math import isnan
from operator import eq, ge, gt, le, lt, ne

from mltrack_tui.domain.filter import Among, Clause, Compare, Comparison, IsNan, Like, Matches, Missing
from mltrack_tui.domain.numbers import as_stored, number_of
from mltrack_tui.search.regular import compiled

TextTest = Callable[[str], bool]

_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
_ASCII_LOWER = str.maketrans(_UPPER, _LOWER)

_OPERATORS: dict[Comparison, Callable[..., bool]] = {
    Comparison.EQUAL: eq,
    Comparison.DIFFERENT: ne,
    Comparison.LESS: lt,
    Comparison.AT_MOST: le,
    Comparison.GREATER: gt,
    Comparison.AT_LEAST: ge,
}


def number_fits(number: float, comparison: Comparison, value: float) -> bool:
    """Whether a number compares as told; NaN differs from every number, and does nothing else."""
    if isnan(number) or isnan(value):
        return comparison is Comparison.DIFFERENT
    return _OPERATORS[comparison](as_stored(number), as_stored(value))


def says_number(comparison: Comparison, value: float) -> TextTest:
    """Whether the number that a text says compares as told; text that says none only differs."""

    def test(text: str) -> bool:
        number = number_of(text)
        return comparison is Comparison.DIFFERENT if number is None else number_fits(number, comparison, value)

    return test


def says_nan(text: str) -> bool:
    """Whether a text says that it is no number."""
    number = number_of(text)
    return number is not None and isnan(number)


def folded_is(value: str) -> TextTest:
    """Whether a text is this one in any case."""
    folded = value.casefold()
    return lambda text: text.casefold() == folded


def is_among(values: Iterable[float | str], *, any_case: bool) -> TextTest:
    """Whether a text is one of some texts, or says one of some numbers."""
    values = tuple(values)
    texts = {value.casefold() if any_case else value for value in values if isinstance(value, str)}
    numbers = {as_stored(value) for value in values if not isinstance(value, str) and not isnan(value)}

    def test(text: str) -> bool:
        if (text.casefold() if any_case else text) in texts:
            return True
        number = number_of(text) if numbers else None
        return number is not None and as_stored(number) in numbers

    return test


def number_test(clause: Clause) -> Callable[[float | None], bool]:
    """Whether a number, or that there is none, fits a clause."""
    match clause:
        case Missing():
            return lambda number: number is None
        case IsNan():
            return lambda number: number is not None and isnan(number)
        case Compare(_, comparison, str()):
            return lambda number: number is not None and comparison is not Comparison.EQUAL
        case Compare(_, comparison, (int() | float()) as value):
            return lambda number: number is not None and number_fits(number, comparison, value)
        case Among(_, values, negated):
            numbers = {as_stored(value) for value in values if not isinstance(value, str) and not isnan(value)}
            return lambda number: number is not None and (as_stored(number) in numbers) is not negated
        case _:
            return lambda _: False


def text_test(clause: Clause) -> TextTest:
    """Whether a text fits a clause."""
    match clause:
        case Missing():
            return lambda _: False
        case IsNan():
            return says_nan
        case Compare():
            return _compares(clause)
        case Among(_, values, negated, any_case):
            among = is_among(values, any_case=any_case)
            return lambda text: among(text) is not negated
        case Like(_, pattern, any_case):
            return _like(pattern, any_case=any_case)
        case Matches(_, pattern):
            return compiled(pattern)
        case _:
            raise TypeError(clause)


def _compares(clause: Compare) -> TextTest:
    value = clause.value
    if not isinstance(value, str):
        return says_number(clause.comparison, value)
    same = folded_is(value) if clause.any_case else value.__eq__
    return lambda text: same(text) is (clause.comparison is Comparison.EQUAL)


def _like(pattern: str, *, any_case: bool) -> TextTest:
    """SQL's LIKE without what makes it slow: what stands between two % is looked for from left to right, once."""
    pieces = (pattern.translate(_ASCII_LOWER) if any_case else pattern).split("%")
    first, *others = [re.compile(re.escape(piece).replace("_", "."), re.DOTALL) for piece in pieces]

    def fits(text: str) -> bool:
        text = text.translate(_ASCII_LOWER) if any_case else text
        if not others:
            return first.fullmatch(text) is not None
        found = first.match(text)
        for piece in others[:-1]:
            found = found and piece.search(text, found.end())
        end = len(text) - len(pieces[-1])
        return found is not None and end >= found.end() and others[-1].fullmatch(text, end) is not None

    return fits
