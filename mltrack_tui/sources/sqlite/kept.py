"""A column's values, kept small: what a roster remembers of what it read."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mltrack_tui.analysis.order import SortColumn, text_value
from mltrack_tui.domain.query import Value


@dataclass(slots=True)
class KeptColumn:
    """Numbers in nine bytes each, or texts in four and each different text once."""

    numbers: SortColumn | None
    texts: Sequence[str | None] = ()
    codes: "array[int]" = field(default_factory=lambda: array("i"))
    _folded: list[str] = field(default_factory=list)
    _sorted: dict[tuple[bool, bool], SortColumn] = field(default_factory=dict)

    @classmethod
    def of(cls, values: Sequence[Value]) -> "KeptColumn":
        """Take in what was logged."""
        if not any(isinstance(value, str) for value in values):
            return cls(SortColumn.of(values))
        known: dict[Value, int] = {}
        codes = array("i", [known.setdefault(value, len(known)) for value in values])
        return cls(None, [None if value is None else str(value) for value in known], codes)

    def values(self, places: Iterable[int]) -> list[Value]:
        """What was logged, of some."""
        if self.numbers is None:
            texts, codes = self.texts, self.codes
            return [texts[codes[place]] for place in places]
        numbers = self.numbers
        return [numbers.number(place) for place in places]

    def at(self, places: Sequence[int]) -> "KeptColumn":
        """The same column of some only."""
        if self.numbers is None:
            return KeptColumn(None, self.texts, array("i", map(self.codes.__getitem__, places)))
        return KeptColumn(self.numbers.at(places))

    def sorting(self, *, by_number: bool, as_mlflow: bool) -> SortColumn:
        """What to sort by: text that says numbers counts as these if ``by_number``."""
        if self.numbers is not None:
            return self.numbers
        if (by_number, as_mlflow) not in self._sorted:
            values: list[Value] = [text_value(text) if by_number else text for text in self.texts]
            self._sorted[by_number, as_mlflow] = SortColumn.of(values, as_mlflow=as_mlflow).at(self.codes)
        return self._sorted[by_number, as_mlflow]

    def with_words(self, words: Sequence[str]) -> list[int]:
        """The places of texts in which each of some casefolded words occurs."""
        if not self._folded:
            self._folded = [(text or "").casefold() for text in self.texts]
        found = [True] * len(self._folded)
        for word in words:
            found = [there and word in text for there, text in zip(found, self._folded, strict=True)]
        return [place for place, code in enumerate(self.codes) if found[code]]
