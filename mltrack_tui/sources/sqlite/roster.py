"""Which candidates there are, and those of their columns that were asked about: kept in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from mltrack_tui.analysis.order import SortColumn, arrange, by_number
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.query import Column, Kind, Order, Value
from mltrack_tui.sources.sqlite.aggregates import Aggregates
from mltrack_tui.sources.sqlite.attributes import LOGGED_NAME
from mltrack_tui.sources.sqlite.kept import KeptColumn
from mltrack_tui.sources.sqlite.reader import Reader
from mltrack_tui.sources.sqlite.reading import FEW, read_column

_MOST_COLUMNS = 16

_NAME = Column(Kind.ATTRIBUTE, "name")


@dataclass(slots=True)
class Roster:
    """Candidates in base order.

    Attributes:
        ids: the candidates.
        looked_at: how many they were chosen from.
        aggregates: where aggregates are had from.
        whole: the roster that they were chosen from, where it is known, with the places that they have in it.
    """

    ids: tuple[CandidateId, ...]
    looked_at: int
    aggregates: Aggregates
    whole: "tuple[Roster, Sequence[int]] | None" = None
    _columns: dict[Column, KeptColumn] = field(default_factory=dict)
    _positions: dict[str, int] = field(default_factory=dict)

    @property
    def positions(self) -> dict[str, int]:
        """Where each candidate stands."""
        if not self._positions:
            self._positions = {identity.candidate_id: place for place, identity in enumerate(self.ids)}
        return self._positions

    def chosen(self, places: Sequence[int]) -> "Roster":
        """Those in some places, which go up."""
        return Roster(tuple(map(self.ids.__getitem__, places)), len(self.ids), self.aggregates, (self, places))

    def knows(self, column: Column) -> bool:
        """Whether the column was read before."""
        return column in self._columns or (self.whole is not None and self.whole[0].knows(column))

    def column(self, reader: Reader, column: Column) -> KeptColumn:
        """A column's values."""
        kept = self._columns.pop(column, None) or self._find(reader, column)
        self._columns[column] = kept
        while len(self._columns) > _MOST_COLUMNS:
            del self._columns[next(iter(self._columns))]
        return kept

    def arranged(self, reader: Reader, order: Sequence[Order]) -> Sequence[int]:
        """The places of the candidates in some order."""
        places = range(len(self.ids))
        keys = [(self._sorting(reader, each), each.descending) for each in order]
        return arrange(places, keys) if keys else places

    def named(self, reader: Reader, words: Sequence[str]) -> list[int]:
        """The places of the candidates in whose name each of some casefolded words occurs."""
        return self.column(reader, _NAME).with_words(words)

    def values(self, reader: Reader, column: Column, places: Sequence[int]) -> list[Value]:
        """What was logged in a column, of the candidates in some places."""
        return self.column(reader, column).values(places)

    def _sorting(self, reader: Reader, order: Order) -> SortColumn:
        column = order.column
        if order.as_mlflow and column == _NAME:
            column = Column(Kind.ATTRIBUTE, LOGGED_NAME)
        return self.column(reader, column).sorting(by_number=by_number(order), as_mlflow=order.as_mlflow)

    def _find(self, reader: Reader, column: Column) -> KeptColumn:
        if self.whole is not None:
            whole, places = self.whole
            if whole.knows(column) or (len(self.ids) > FEW and not column.is_worked_out):
                return whole.column(reader, column).at(places)
        return KeptColumn.of(self._read(reader, column))

    def _read(self, reader: Reader, column: Column) -> list[Value]:
        if column.is_worked_out:
            found = self.aggregates.of(reader, column, list(self.positions))
            return [found.get(identity.candidate_id) for identity in self.ids]
        if column.kind is Kind.ATTRIBUTE and column.name == "id":
            return [identity.candidate_id for identity in self.ids]
        if column.kind is Kind.ATTRIBUTE and column.name == "experiment_id":
            return [identity.experiment_id for identity in self.ids]
        return read_column(reader, column, self.positions)
