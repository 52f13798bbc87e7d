"""What the filter's language means in a table of a file: every column by its title, nothing by anything else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property

from mltrack_tui.domain.query import Aggregate, Column, Kind, Value
from mltrack_tui.domain.text import clean
from mltrack_tui.preview.table import Cells
from mltrack_tui.search.names import Names, nearest_hint
from mltrack_tui.search.tokens import KINDS
from mltrack_tui.search.vocabulary import Holds

WHOLE_ROW = Column(Kind.ATTRIBUTE, "name")
"""What plain words are looked for in, as `search.evaluate` asks for it: here all cells of a row."""


def column_of(name: str) -> Column:
    """A title as the search knows it: what a cell holds is what a parameter holds, text or the number that it says."""
    return Column(Kind.PARAM, name)


@dataclass(frozen=True)
class TableVocabulary:
    """The titles of a table; ``params.lr`` is the title that is spelt so."""

    titles: Sequence[str]
    now: int
    zone: tzinfo | None = None

    @cached_property
    def names(self) -> Names:
        """The columns there are."""
        return Names([column_of(title) for title in self.titles], (), ())

    def column(self, entity: Kind | None, key: str) -> Column:
        """The column of a title. Raises ValueError where there is none."""
        spelt = [key] if entity is None else [f"{prefix}.{key}" for prefix, kind in KINDS.items() if kind is entity]
        found = next((name for name in spelt if name in self._known), None)
        if found is None:
            raise ValueError(f"no column is called {clean(spelt[0], 60)}{nearest_hint(key, self.titles)}")
        return column_of(found)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.titles)

    def aggregated(self, aggregate: Aggregate, entity: Kind | None, key: str) -> Column:  # noqa: ARG002 - the protocol's
        """Raises ValueError: a cell has no history."""
        raise ValueError(f"{aggregate} is of a metric's history, which a file's table has not")

    def holds(self, column: Column) -> Holds:  # noqa: ARG002 - the protocol's
        """Text, or a number in it."""
        return Holds.LOGGED


@dataclass(slots=True)
class RowSubject:
    """A row to be asked: one for all rows, ``cells`` being the one it is about."""

    places: Mapping[str, int]
    cells: Cells = ()

    def of(self, cells: Cells) -> "RowSubject":
        """The same of another row."""
        self.cells = cells
        return self

    def value(self, column: Column) -> Value:
        """A cell's text, None where it is missing."""
        if column == WHOLE_ROW:
            return "\n".join(cell for cell in self.cells if cell)
        place = self.places[column.name]
        return (self.cells[place] or None) if place < len(self.cells) else None

    def datasets(self) -> Iterable[Mapping[str, str | None]]:
        """None: datasets are the candidates'."""
        return ()
