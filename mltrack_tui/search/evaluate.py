"""The tree of a filter, asked of things that are in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from mltrack_tui.domain.entities import Candidate, Dataset, Experiment
from mltrack_tui.domain.filter import Filter
from mltrack_tui.domain.query import Column, Value


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
        raise NotImplementedError

    def datasets(self) -> Iterable[Mapping[str, str | None]]:
        """Name, digest and context of each dataset."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class ExperimentSubject:
    """An experiment to be asked."""

    experiment: Experiment

    def value(self, column: Column) -> Value:
        """A column's value."""
        raise NotImplementedError

    def datasets(self) -> Iterable[Mapping[str, str | None]]:
        """None: datasets are the candidates'."""
        return ()


def matches(tree: Filter | None, subject: Subject) -> bool:
    """Whether a filter admits something; None admits everything."""
    raise NotImplementedError
