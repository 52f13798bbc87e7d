"""The names that columns have, found fast: what a bare name means, which are near one that nobody has."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest

from mltrack_tui.domain.query import FIXED_NAMES, Column, Kind
from mltrack_tui.search.tokens import is_plain_word, tokens_of

_LOOKED_AT = 100
"""Names that are compared letter by letter, those of about the same length: all would take a tenth of a second."""


@dataclass(frozen=True)
class Names:
    """Columns by their names.

    Attributes:
        columns: all there are.
        attributes: every name that an attribute goes by.
        first: those of them that mean the attribute whatever else is called so.
    """

    columns: Sequence[Column]
    attributes: Collection[str]
    first: Collection[str]

    @cached_property
    def _by_name(self) -> dict[str, tuple[Column, ...]]:
        found: dict[str, tuple[Column, ...]] = {}
        for column in self.columns:
            if column.kind not in {Kind.DATASET, Kind.USAGE}:
                found[column.name] = (*found.get(column.name, ()), column)
        return found

    @cached_property
    def folded(self) -> Sequence[tuple[str, Column]]:
        """Each column with its name casefolded, what is written with its kind always (`FIXED_NAMES`) with that."""
        return [
            (str(column) if column.kind in FIXED_NAMES else column.name.casefold(), column) for column in self.columns
        ]

    def called(self, name: str) -> tuple[Column, ...]:
        """The columns that this bare name may mean; aliases of attributes are not among them."""
        return self._by_name.get(name, ())

    def write(self, column: Column) -> str:
        """A column as a filter has it: bare where that is clear, else with its kind, in quotes where needed.

        What has `FIXED_NAMES` has its kind always: ``pipeline`` or ``cost`` alone says too little.
        """
        alone = column.kind not in FIXED_NAMES and self.called(column.name) == (column,)
        if column.kind is Kind.ATTRIBUTE:
            return name_of(column, bare=alone or column.name in self.first)
        return name_of(column, bare=alone and column.name not in self.attributes)


def name_of(column: Column, *, bare: bool) -> str:
    """A column's name as a filter has it, its kind before it unless it is ``bare``, in quotes where it needs them."""
    if bare:
        name = column.name if is_plain_word(column.name) else quoted_key(column.name)
    else:
        name = f"{column.kind}.{column.name}"
        if len(tokens_of(name)) != 1 or any(letter in "'\"`" or letter.isspace() for letter in name):
            name = f"{column.kind}.{quoted_key(column.name)}"
    return name if column.aggregate is None else f"{column.aggregate}({name})"


def quoted_key(key: str) -> str:
    """A name in those quotes that it does not hold itself; in backticks where a backslash would escape the others."""
    quotes = "`\"'" if key.endswith("\\") else "\"`'"
    return next((f"{quote}{key}{quote}" for quote in quotes if quote not in key), f"`{key}`")


def nearest(word: str, names: Iterable[str], count: int = 3) -> list[str]:
    """The names that look most like a word, the likest first; letters' case is no difference."""
    from difflib import get_close_matches

    folded_word = word.casefold()[:100]
    by_folded: dict[str, str] = {}
    for name in names:
        by_folded.setdefault(name.casefold(), name)
    within = sorted((folded for folded in by_folded if folded_word in folded), key=len)
    alike = nsmallest(_LOOKED_AT, by_folded, key=lambda folded: abs(len(folded) - len(folded_word)))
    close = get_close_matches(folded_word, alike, n=count, cutoff=0.5)
    return [by_folded[folded] for folded in [*close, *(each for each in within if each not in close)][:count]]


def nearest_hint(word: str, names: Iterable[str], otherwise: str = "") -> str:
    """The end of a message that names what may have been meant."""
    near = nearest(word, names)
    return f"; nearest: {', '.join(near)}" if near else otherwise
