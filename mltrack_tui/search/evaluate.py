"""The tree of a filter, asked of things that are in memory."""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isnan
from typing import Protocol

from mltrack_tui.domain.cells import logged_value
from mltrack_tui.domain.entities import Candidate, Dataset, Experiment
from mltrack_tui.domain.filter import (
    Among,
    And,
    Clause,
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
from mltrack_tui.domain.numbers import MAX_DOUBLE, number_of
from mltrack_tui.domain.query import Column, Kind, Value
from mltrack_tui.search.regular import compiled

_NAME = Column(Kind.ATTRIBUTE, "name")
_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
_ASCII_LOWER = str.maketrans(_UPPER, _LOWER)


class Subject(Protocol):
    """What a filter is asked of."""

    def value(self, column: Column) -> Value:
        """A column's value as it was logged: text of parameters and tags, milliseconds of times, None where missing."""
        ...

    def datasets(self) -> Iterable[Mapping[str, str | None]]:
        """The datasets that it used: name, digest and context of each."""
        ...


@dataclass(frozen=True, slots=True)
class CandidateSubject:
    """A candidate to be asked, with the datasets that it used."""

    candidate: Candidate
    used: Iterable[Dataset] = ()

    def value(self, column: Column) -> Value:
        """A column's value."""
        return logged_value(self.candidate, column)

    def datasets(self) -> Iterable[Mapping[str, str | None]]:
        """Name, digest and context of each dataset."""
        return [{"name": each.name, "digest": each.digest, "context": each.context} for each in self.used]


@dataclass(frozen=True, slots=True)
class ExperimentSubject:
    """An experiment to be asked."""

    experiment: Experiment

    def value(self, column: Column) -> Value:
        """A column's value, of those that `ExperimentVocabulary` names."""
        experiment = self.experiment
        if column.kind is Kind.TAG:
            return experiment.tags.get(column.name)
        attributes: dict[str, Value] = {
            "name": experiment.name,
            "id": experiment.experiment_id,
            "created": experiment.creation_time,
            "updated": experiment.last_update_time,
            "candidates": experiment.candidates,
            "last_activity": experiment.last_activity,
            "lifecycle": experiment.lifecycle_stage,
            "description": experiment.description or None,
        }
        return attributes[column.name]

    def datasets(self) -> Iterable[Mapping[str, str | None]]:
        """None: datasets are the candidates'."""
        return ()


def matches(tree: Filter | None, subject: Subject) -> bool:
    """Whether a filter admits something; None admits everything."""
    return tree is None or _admits(tree, subject)


def _admits(tree: Filter, subject: Subject) -> bool:
    match tree:
        case And(parts):
            return all(_admits(part, subject) for part in parts)
        case Or(parts):
            return any(_admits(part, subject) for part in parts)
        case Not(part):
            return not _admits(part, subject)
        case Words(words):
            folded = str(subject.value(_NAME) or "").casefold()
            return all(word in folded for word in words)
        case Missing(column):
            return all(value is None for value in _values(subject, column))
        case _:
            return any(value is not None and _fits(tree, value) for value in _values(subject, tree.column))


def _values(subject: Subject, column: Column) -> Iterable[Value]:
    """The value of a column; of datasets those of each."""
    if column.kind is Kind.DATASET:
        return [dataset[column.name] for dataset in subject.datasets()]
    return (subject.value(column),)


def _fits(clause: Clause, value: float | str) -> bool:
    match clause:
        case Compare(_, comparison, wanted, any_case):
            return _compares(value, comparison, wanted, any_case=any_case)
        case Among(_, wanted, negated, any_case):
            return negated is not any(_compares(value, Comparison.EQUAL, each, any_case=any_case) for each in wanted)
        case IsNan():
            number = _number(value)
            return number is not None and isnan(number)
        case Like(_, pattern, any_case):
            return isinstance(value, str) and _like(pattern, any_case=any_case)(value)
        case Matches(_, pattern):
            return isinstance(value, str) and compiled(pattern)(value)
        case Missing():
            return False


_COMPARED: Mapping[Comparison, Callable[[float, float], bool]] = {
    Comparison.EQUAL: operator.eq,
    Comparison.DIFFERENT: operator.ne,
    Comparison.LESS: operator.lt,
    Comparison.AT_MOST: operator.le,
    Comparison.GREATER: operator.gt,
    Comparison.AT_LEAST: operator.ge,
}


def _compares(value: float | str, comparison: Comparison, wanted: float | str, *, any_case: bool) -> bool:
    if isinstance(wanted, str):
        equal = isinstance(value, str) and (value.casefold() == wanted.casefold() if any_case else value == wanted)
        return equal is (comparison is Comparison.EQUAL)
    number = _number(value)
    if number is None or isnan(number) or isnan(wanted):
        return comparison is Comparison.DIFFERENT
    return _COMPARED[comparison](_stored(number), _stored(wanted))


def _stored(number: float) -> float:
    return max(min(number, MAX_DOUBLE), -MAX_DOUBLE)


def _number(value: float | str) -> float | None:
    return number_of(value) if isinstance(value, str) else value


@lru_cache(maxsize=64)
def _like(pattern: str, *, any_case: bool) -> Callable[[str], bool]:
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
