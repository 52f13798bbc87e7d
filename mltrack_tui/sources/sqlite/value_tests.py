"""Questions about a value that SQLite cannot answer, as functions of the value."""

from collections.abc import Callable, Iterable
from math import isnan
from operator import eq, ge, gt, le, lt, ne

from mltrack_tui.domain.filter import Among, Clause, Compare, Comparison, IsNan, Missing
from mltrack_tui.domain.numbers import MAX_DOUBLE, number_of

TextTest = Callable[[str], bool]

OPERATORS: dict[Comparison, Callable[..., bool]] = {
    Comparison.EQUAL: eq,
    Comparison.DIFFERENT: ne,
    Comparison.LESS: lt,
    Comparison.AT_MOST: le,
    Comparison.GREATER: gt,
    Comparison.AT_LEAST: ge,
}


def stored(number: float) -> float:
    """A number as MLflow stores it: the infinities as the greatest doubles. NaN stays what it is."""
    return min(max(number, -MAX_DOUBLE), MAX_DOUBLE)


def number_fits(number: float, comparison: Comparison, value: float) -> bool:
    """Whether a number compares as told; NaN differs from every number, and does nothing else."""
    if isnan(number) or isnan(value):
        return comparison is Comparison.DIFFERENT
    return OPERATORS[comparison](stored(number), stored(value))


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
    numbers = {stored(value) for value in values if not isinstance(value, str) and not isnan(value)}

    def test(text: str) -> bool:
        if (text.casefold() if any_case else text) in texts:
            return True
        number = number_of(text) if numbers else None
        return number is not None and stored(number) in numbers

    return test


def has_words(words: Iterable[str]) -> TextTest:
    """Whether each of some casefolded words occurs in a text, in any case."""
    words = tuple(words)

    def test(text: str) -> bool:
        folded = text.casefold()
        return all(word in folded for word in words)

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
            numbers = {stored(value) for value in values if not isinstance(value, str) and not isnan(value)}
            return lambda number: number is not None and (stored(number) in numbers) is not negated
        case _:
            return lambda _: False
