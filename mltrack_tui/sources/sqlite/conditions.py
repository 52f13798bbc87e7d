"""A filter's tree as a condition on the table of candidates.

A condition is 0 or 1, never NULL, so that NOT is exact. What a user wrote is bound, never spliced.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from math import isnan
from operator import eq, ge, gt, le, lt
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Exists,
    LargeBinary,
    SQLColumnExpression,
    String,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    true,
)
from sqlmodel import col

from mltrack_tui.domain.filter import (
    Among,
    And,
    Compare,
    Comparison,
    Filter,
    IsNan,
    Like,
    Matches,
    Missing,
    Not,
    Or,
    Words,
)
from mltrack_tui.domain.numbers import MAX_DOUBLE, as_stored
from mltrack_tui.domain.query import Column, Kind
from mltrack_tui.search.value_tests import TextTest, folded_is, is_among, says_nan, says_number
from mltrack_tui.sources.sqlite.attributes import ATTRIBUTES
from mltrack_tui.sources.sqlite.dataset_tables import DatasetRow, Input, InputTag
from mltrack_tui.sources.sqlite.keyed import TABLES
from mltrack_tui.sources.sqlite.schema import Schema
from mltrack_tui.sources.sqlite.tables import Run
from mltrack_tui.sources.sqlite.value_tables import LatestMetric
from mltrack_tui.sources.sqlite.values import CONTEXT_TAG

FUNCTION = "mltrack_fits"
"""The SQL function by which a condition asks one of its tests about a text."""

_MANY = 100  # values; of more, a set knows quicker, and SQLite binds some ten thousand at most
_REMEMBERED = 4096  # texts that a test was asked about
_LONGEST_PATTERN = 50_000  # bytes of a LIKE (https://sqlite.org/limits.html)
_NUMBERS = ("created", "ended", "duration")

Expression = SQLColumnExpression[Any]
Test = Callable[[Expression], ColumnElement[bool]]
"""What is asked of a value, which may be NULL; the answer then may be, too."""

_COMPARED: dict[Comparison, Callable[[Expression, Expression], ColumnElement[bool]]] = {
    Comparison.EQUAL: eq,
    Comparison.LESS: lt,
    Comparison.AT_MOST: le,
    Comparison.GREATER: gt,
    Comparison.AT_LEAST: ge,
}


class Conditions:
    """Makes conditions for a store of one schema; their tests are put into SQLite by `answer` under `FUNCTION`."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._tests: list[Callable[[Any], bool]] = []

    def answer(self, number: int, value: bytes | float | None) -> bool | None:
        """What the test of a number says about a value; of text, about its bytes."""
        return None if value is None else self._tests[number](value)

    def of(self, where: Filter) -> ColumnElement[bool]:
        """The condition of a tree without aggregates."""
        match where:
            case And(parts):
                return and_(true(), *map(self.of, parts))
            case Or(parts):
                return or_(false(), *map(self.of, parts))
            case Not(part):
                return not_(self.of(part))
            case Words():
                return self._by_text(where.occur_in)(func.coalesce(ATTRIBUTES["name"], ""))
            case Missing(column):
                return not_(self._some(column, None))
            case _:
                test = self._number_test(where) if is_number(where.column) else self._text_test(where)
                return self._some(where.column, test) if test else false()

    def _some(self, column: Column, test: Test | None) -> ColumnElement[bool]:
        """That a candidate has a value there that fits, or any at all."""
        match column.kind:
            case Kind.ATTRIBUTE:
                return self._attribute(column.name, test)
            case Kind.DATASET:
                return self._dataset(column.name, test)
            case Kind.CI:
                return false()  # a store knows of no CI, whatever a saved view asks
            case _:
                model = TABLES[column.kind]
                found = exists().where(col(model.key) == _text(column.name), col(model.run_uuid) == col(Run.run_uuid))
                return _correlated(found if test is None else found.where(test(col(model.value))))

    def _attribute(self, name: str, test: Test | None) -> ColumnElement[bool]:
        value = ATTRIBUTES[name]
        return value.is_not(None) if test is None else func.coalesce(test(value), 0) == 1

    def _dataset(self, name: str, test: Test | None) -> ColumnElement[bool]:
        if not self._schema.has_datasets:
            return false()
        found = exists().where(
            col(Input.source_type) == "DATASET",
            col(Input.destination_type) == "RUN",
            col(Input.destination_id) == col(Run.run_uuid),
            col(Input.source_id) == col(DatasetRow.dataset_uuid),
        )
        value: Expression = col(DatasetRow.digest if name == "digest" else DatasetRow.name)
        if name == "context":
            value = col(InputTag.value)
            found = found.where(col(InputTag.input_uuid) == col(Input.input_uuid), col(InputTag.name) == CONTEXT_TAG)
        return _correlated(found.where(value.is_not(None) if test is None else test(value)))

    def _number_test(self, clause: Compare | Among | IsNan | Like | Matches) -> Test | None:
        nan = col(LatestMetric.is_nan) == 1 if clause.column.kind is Kind.METRIC else false()
        match clause:
            case Compare(_, comparison, value):
                return _compares(comparison, value, nan)
            case Among(_, values, negated):
                among = self._among_numbers(values)
                if negated:
                    return lambda value: or_(nan, not_(among(value)))
                return lambda value: and_(not_(nan), among(value))
            case IsNan():
                return lambda _: nan
            case _:
                return None

    def _text_test(self, clause: Compare | Among | IsNan | Like | Matches) -> Test | None:
        match clause:
            case Compare(_, comparison, str(text), any_case):
                return self._text_compares(comparison, text, any_case=any_case)
            case Compare(_, comparison, (int() | float()) as number):
                return self._by_text(says_number(comparison, number))
            case Among(_, values, negated, any_case):
                test = self._among(values, any_case=any_case)
                return (lambda value: not_(test(value))) if negated else test
            case IsNan():
                return self._by_text(says_nan)
            case Like(_, pattern, any_case):
                return _like(pattern, any_case=any_case)
            case Matches(_, pattern):
                from mltrack_tui.search.regular import compiled

                return self._by_text(compiled(pattern))
            case _:
                raise TypeError(clause)

    def _text_compares(self, comparison: Comparison, text: str, *, any_case: bool) -> Test:
        test = self._by_text(folded_is(text)) if any_case else lambda value: value == _text(text)
        return test if comparison is Comparison.EQUAL else lambda value: not_(test(value))

    def _among_numbers(self, values: tuple[float | str, ...]) -> Test:
        numbers = {as_stored(value) for value in values if not isinstance(value, str) and not isnan(value)}
        if len(numbers) > _MANY:
            return self._by(lambda number: as_stored(number) in numbers)
        return lambda value: _in(_clamped(value, numbers), list(numbers))

    def _among(self, values: tuple[float | str, ...], *, any_case: bool) -> Test:
        texts = [value for value in values if isinstance(value, str)]
        if any_case or len(texts) < len(values) or len(values) > _MANY:
            return self._by_text(is_among(values, any_case=any_case))
        return lambda value: _in(value, [_text(text) for text in texts])

    def _by(self, test: Callable[[Any], bool]) -> Test:
        self._tests.append(test)
        number = len(self._tests) - 1
        return lambda value: func.mltrack_fits(number, value) == 1

    def _by_text(self, test: TextTest) -> Test:
        """Text is taken as bytes, for in a store it may be no UTF-8; and it repeats."""
        ask = self._by(lru_cache(maxsize=_REMEMBERED)(lambda text: test(text.decode("utf-8", "replace"))))
        return lambda value: ask(cast(value, LargeBinary))


def is_number(column: Column) -> bool:
    """Whether a column's values are numbers, and not text that may say one."""
    return column.kind is Kind.METRIC or (column.kind is Kind.ATTRIBUTE and column.name in _NUMBERS)


def _compares(comparison: Comparison, wanted: float | str, nan: ColumnElement[bool]) -> Test | None:
    if isinstance(wanted, str) or isnan(wanted):  # which the database would take for NULL
        alike = comparison is Comparison.EQUAL if isinstance(wanted, str) else comparison is not Comparison.DIFFERENT
        return None if alike else lambda value: value.is_not(None)
    number = as_stored(wanted)
    if comparison is Comparison.DIFFERENT:
        return lambda value: or_(nan, _clamped(value, [number]) != number)
    return lambda value: and_(not_(nan), _COMPARED[comparison](_clamped(value, [number]), literal(number)))


def _in(value: Expression, wanted: Sequence[Any]) -> ColumnElement[bool]:
    """NULL for NULL also where nothing is wanted, which SQLite's IN is not."""
    return value.in_(wanted) if wanted else value != value  # noqa: PLR0124


def _clamped(value: Expression, wanted: Iterable[float]) -> Expression:
    """A value whose infinities are the greatest doubles, where that makes a difference."""
    if all(abs(number) < MAX_DOUBLE for number in wanted):
        return value
    return func.min(func.max(value, -MAX_DOUBLE), MAX_DOUBLE)


def _like(pattern: str, *, any_case: bool) -> Test | None:
    if len(pattern.encode("utf-8", "surrogatepass")) > _LONGEST_PATTERN:
        return None
    text = _text(pattern)
    if any_case:
        return lambda value: func.lower(value).like(func.lower(text))
    return lambda value: value.like(text)


def _text(text: str) -> ColumnElement[str]:
    """Text to compare with. Lone surrogates, which the driver refuses, become bytes that are in no store."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return cast(literal(text.encode("utf-8", "surrogatepass"), LargeBinary), String)
    return literal(text)


def _correlated(found: Exists) -> ColumnElement[bool]:
    return found.correlate(Run)
