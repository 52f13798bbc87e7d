"""The tree of a filter, asked of things that are in memory."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from mltrack_tui.domain.cells import logged_value
from mltrack_tui.domain.entities import Candidate, Dataset, Experiment
from mltrack_tui.domain.filter import And, Clause, Filter, Missing, Not, Or, Words
from mltrack_tui.domain.query import Column, Kind, Value
from mltrack_tui.search.value_tests import number_test, text_test

_NAME = Column(Kind.ATTRIBUTE, "name")


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


def columns_of(tree: Filter | None) -> Iterator[Column]:
    """The columns that a filter asks about, plain words aside."""
    match tree:
        case And(parts) | Or(parts):
            for part in parts:
                yield from columns_of(part)
        case Not(part):
            yield from columns_of(part)
        case None | Words():
            return
        case clause:
            yield clause.column


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
        case Words():
            return tree.occur_in(str(subject.value(_NAME) or ""))
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
    return _text_test(clause)(value) if isinstance(value, str) else _number_test(clause)(value)


_text_test = lru_cache(maxsize=64)(text_test)
_number_test = lru_cache(maxsize=64)(number_test)
