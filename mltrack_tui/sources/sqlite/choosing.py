"""Which candidates of some rows a filter admits.

Most filters are one condition. What one statement cannot hold (SQLite takes expressions of some depth and width only)
or should not work out for every row (aggregates of long histories) is brought together here, as sets.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select
from sqlmodel import col

from mltrack_tui.domain.filter import And, Filter, Not, Or, Words
from mltrack_tui.search.value_tests import number_test
from mltrack_tui.sources.sqlite.aggregates import Aggregates
from mltrack_tui.sources.sqlite.conditions import FUNCTION, Conditions
from mltrack_tui.sources.sqlite.reader import AT_ONCE, Reader
from mltrack_tui.sources.sqlite.scope import RunRow
from mltrack_tui.sources.sqlite.tables import Run

_HEAVIEST = 100  # clauses in a statement
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class _Range:
    """The candidates that are being chosen from."""

    reader: Reader
    statement: Select[str, int | None, int | None]
    aggregates: Aggregates

    def among(self, condition: ColumnElement[bool] | None, runs: frozenset[str] | None) -> list[RunRow]:
        """Those that a condition admits; where ``runs`` are few, only they are looked at."""
        statement = self.statement
        if condition is not None:
            statement = statement.where(condition)
        if runs is not None and len(runs) <= AT_ONCE:
            statement = statement.where(col(Run.run_uuid).in_(list(runs)))
        return self.reader.rows(statement)


Step = Callable[[_Range, frozenset[str]], frozenset[str]]
"""Which of some candidates are admitted."""


class Chooser:
    """A filter, made ready for a store."""

    def __init__(self, where: Filter, conditions: Conditions, aggregates: Aggregates) -> None:
        self._conditions = conditions
        self._aggregates = aggregates
        self._condition = conditions.of(where) if _is_plain(where) else None
        self._step = None if self._condition is not None else self._step_of(where)

    @property
    def is_one_condition(self) -> bool:
        """Whether a single statement does it all."""
        return self._step is None

    def choose(self, reader: Reader, statement: Select[str, int | None, int | None]) -> list[RunRow]:
        """Which rows of a statement about ``runs`` are admitted."""
        reader.teach(FUNCTION, 2, self._conditions.answer)
        rows = _Range(reader, statement, self._aggregates)
        if self._step is None:
            return rows.among(self._condition, None)
        found = rows.among(None, None)
        admitted = self._step(rows, frozenset(run for run, _, _ in found))
        return [row for row in found if row[0] in admitted]

    def _step_of(self, where: Filter) -> Step:
        if _is_plain(where):
            condition = self._conditions.of(where)
            return lambda rows, runs: runs & {run for run, _, _ in rows.among(condition, runs)} if runs else runs
        match where:
            case And(parts):
                return _all_of([self._step_of(part) for part in _grouped(parts, And)])
            case Or(parts):
                return _one_of([self._step_of(part) for part in _grouped(parts, Or)])
            case Not(part):
                step = self._step_of(part)
                return lambda rows, runs: runs - step(rows, runs)
            case Words():
                raise TypeError(where)
            case clause:
                test = number_test(clause)

        def of_histories(rows: _Range, runs: frozenset[str]) -> frozenset[str]:
            values = rows.aggregates.of(rows.reader, clause.column, list(runs))
            return frozenset(run for run in runs if test(values.get(run)))

        return of_histories


def _all_of(steps: Sequence[Step]) -> Step:
    def step(rows: _Range, runs: frozenset[str]) -> frozenset[str]:
        for one in steps:
            runs = one(rows, runs)
        return runs

    return step


def _one_of(steps: Sequence[Step]) -> Step:
    def step(rows: _Range, runs: frozenset[str]) -> frozenset[str]:
        left = runs
        for one in steps:
            left -= one(rows, left)
        return runs - left

    return step


def _grouped(parts: Sequence[Filter], whole: type[And] | type[Or]) -> list[Filter]:
    """The plain parts first, as many together as a statement takes; then the others."""
    groups: list[list[Filter]] = [[]]
    weight = 0
    others: list[Filter] = []
    for part in parts:
        if not _is_plain(part):
            others.append(part)
            continue
        weight += _extent(part)[0]
        if weight > _HEAVIEST:
            groups.append([])
            weight = _extent(part)[0]
        groups[-1].append(part)
    return [*(whole(tuple(group)) for group in groups if group), *others]


def _is_plain(where: Filter) -> bool:
    weight, depth = _extent(where)
    return weight <= _HEAVIEST and depth <= _DEEPEST


def _extent(where: Filter) -> tuple[int, int]:
    """How many clauses a tree has, and how deep it is; with what is worked out of histories, too many."""
    match where:
        case And(parts) | Or(parts):
            extents = [_extent(part) for part in parts]
            return sum(weight for weight, _ in extents), 1 + max((depth for _, depth in extents), default=0)
        case Not(part):
            weight, depth = _extent(part)
            return weight, depth + 1
        case Words():
            return 1, 1
        case clause:
            return (_HEAVIEST + 1, 1) if clause.column.is_worked_out else (1, 1)
