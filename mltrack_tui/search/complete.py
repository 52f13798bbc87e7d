"""What can be typed next in a filter."""

from collections.abc import Sequence
from dataclasses import dataclass

from mltrack_tui.domain.query import Column
from mltrack_tui.search.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Completion:
    """What the text from ``start`` to ``end`` may become.

    Attributes:
        choices: the texts to choose from, the likeliest first; at most about fifty.
        wanted: the column whose values are typed here, if one is: those that occur are further choices (`value_choices`).
    """

    start: int
    end: int
    choices: tuple[str, ...]
    wanted: Column | None = None


def complete(text: str, cursor: int, vocabulary: Vocabulary) -> Completion:
    """The choices for what is being typed at the cursor."""
    raise NotImplementedError


def value_choices(values: Sequence[str], typed: str) -> tuple[str, ...]:
    """Those of a column's values that fit what is typed, the likeliest first, in quotes where they need them."""
    raise NotImplementedError
