"""Which candidates are meant, as a tree: made from text once, then answered by a store or in memory alike.

Every clause is true or false of a candidate, never unknown: one on a value that is missing is false, whatever it
compares with, as in MLflow; so ``Not`` of it is true. The rules for single clauses are MLflow's (`SearchUtils` and
`SqlAlchemyStore` in mlflow) where MLflow has such a clause.
"""

from dataclasses import dataclass
from enum import StrEnum

from mltrack_tui.domain.query import Column


class Comparison(StrEnum):
    """How a value is compared."""

    EQUAL = "="
    DIFFERENT = "!="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class Compare:
    """A value compared with a number, or with text for equality.

    With a number, a parameter or tag counts as the number that its text says; text that says none only differs from
    it. NaN, too, differs from every number and does nothing else; the infinities are the greatest doubles, as MLflow
    stores them. Text is compared exactly, or in ``any_case`` (casefolded). Of datasets, one that fits is enough.
    """

    column: Column
    comparison: Comparison
    value: float | str
    any_case: bool = False


@dataclass(frozen=True, slots=True)
class Among:
    """A value that is one of some, or, ``negated``, that is there and none of them; each as `Compare` has it."""

    column: Column
    values: tuple[float | str, ...]
    negated: bool = False
    any_case: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """No such value was logged; an attribute that is not known."""

    column: Column


@dataclass(frozen=True, slots=True)
class IsNan:
    """A metric that is NaN, a parameter or tag whose text says so."""

    column: Column


@dataclass(frozen=True, slots=True)
class Like:
    """Text that fits SQL's LIKE: ``%`` stands for any characters, ``_`` for one, and nothing escapes them.

    ``any_case`` is MLflow's ILIKE: without regard to the case of ASCII letters.
    """

    column: Column
    pattern: str
    any_case: bool = False


@dataclass(frozen=True, slots=True)
class Matches:
    """Text in which a regular expression (RE2's syntax) occurs; in any case unless it has a capital letter."""

    column: Column
    pattern: str


@dataclass(frozen=True, slots=True)
class Words:
    """A name in which each of some words occurs, in any case and any order; they are casefolded."""

    words: tuple[str, ...]

    def occur_in(self, name: str | None) -> bool:
        """Whether each of the words is in a name."""
        folded = (name or "").casefold()
        return all(word in folded for word in self.words)


@dataclass(frozen=True, slots=True)
class And:
    """All of some; of none: always."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of some; of none: never."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    part: "Filter"


Clause = Compare | Among | Missing | IsNan | Like | Matches
Filter = Clause | Words | And | Or | Not


def words_filter(text: str) -> Words | None:
    """The filter of some plain words, or None where there are none."""
    words = tuple(text.casefold().split())
    return Words(words) if words else None
