"""The rows of the candidate table: what is known of them, arranged as a view has it."""

from collections.abc import Callable, Collection, Iterable, Sequence

from rich.cells import cell_len

from mltrack_tui.analysis.best import Extent, direction_of
from mltrack_tui.domain.entities import Candidate, CandidateId
from mltrack_tui.domain.query import FIXED_NAMES, Aggregate, Column, Direction, Kind
from mltrack_tui.domain.text import clean
from mltrack_tui.domain.view import Look, View
from mltrack_tui.screens.candidates.choices import asked, effective
from mltrack_tui.screens.candidates.layout import MARK, NAME, Catalogue, Layout
from mltrack_tui.screens.candidates.looks import (
    BEST,
    PERHAPS_BEST,
    CellMaker,
    Formats,
    Tail,
    attribute_cells,
    bars,
    full_value,
    number_cells,
    sparklines,
    text_cells,
)
from mltrack_tui.screens.candidates.marks import Marks
from mltrack_tui.screens.candidates.nest import Nest
from mltrack_tui.screens.candidates.values import Values
from mltrack_tui.widgets.cells import LOADING, MISSING, Cell, GridColumn, GridColumns, Ink, Tone

_LONGEST_TITLE = 24
_TARGET = "◎"
_MARKED, _UNMARKED = Cell("✓", Tone.STRONG), Cell("")


class CandidateRows:
    """Candidates in a source's order; their values come in blocks of columns, as the user looks at them.

    Attributes:
        ids: which candidates, from the top.
        nest: the tree that they stand in, if it is one.
        layout: which columns, as the view has them.
        asked: the same columns as a source is asked for them, aggregates resolved.
        extents: of columns as asked, over all rows: for their best values and bars.
        curves: sparklines by metric and candidate.
    """

    def __init__(self, catalogue: Catalogue, view: View, marks: Marks[CandidateId], now: Callable[[], int]) -> None:
        self.ids: Sequence[CandidateId] = ()
        self.nest: Nest | None = None
        self.values = Values()
        self.extents: dict[Column, Extent] = {}
        self._outdated: set[Column] = set()
        self.curves: dict[tuple[str, CandidateId], str] = {}
        self._marks = marks
        self._now = now
        self._formats = Formats()
        self._makers: dict[int, tuple[int, CellMaker]] = {}
        self.arrange(catalogue, view)

    def __len__(self) -> int:
        return len(self.ids)

    def arrange(self, catalogue: Catalogue, view: View, kept: Column | None = None) -> None:
        """Have the columns of another view, or of more columns than were known; ``kept`` is shown in any case."""
        self.catalogue, self.view = catalogue, view
        self.layout = Layout(catalogue, view, kept)
        columns = self.layout.columns
        self.asked = tuple(asked(view, column) for column in columns) if view.aggregates else columns
        self._makers.clear()

    def stand(self, ids: Sequence[CandidateId], nest: Nest | None) -> bool:
        """Have these candidates, flat or in a tree; says whether names are another column now."""
        tree = nest is not self.nest
        self.ids, self.nest = ids, nest
        if tree:
            self._makers.clear()
        return tree

    @property
    def exported(self) -> list[Column]:
        """What is written elsewhere: the id, and every column once as it is asked for."""
        return list(dict.fromkeys([Column(Kind.ATTRIBUTE, "id"), *(each for each in self.asked if each != MARK)]))

    # Fetching

    def missing(self, wanted: Iterable[CandidateId], places: Iterable[int]) -> dict[int, list[CandidateId]]:
        """What is yet to be fetched of these candidates: which of them, by block of columns."""
        lacking = self.values.missing(wanted, self.values.look_at(places, self.asked))
        if lacking:
            self._makers.clear()  # columns may be in a block only now
        return lacking

    def keep(self, block: int, candidates: Iterable[Candidate]) -> bool:
        """Keep what was fetched; says whether some column only now knows how to look."""
        candidates = list(candidates)
        self.values.keep(block, candidates)
        learned = self._formats.learn(self.values.columns_of(block), candidates)
        if block == 0:
            learned |= self._formats.learn_attributes(candidates)
        if learned:
            self._makers.clear()
        return learned

    def know_extent(self, column: Column, extent: Extent) -> bool:
        """Mark the best values of a column and draw its bars; says whether others were marked before."""
        before = self.extents.get(column)
        self.extents[column] = extent
        self._outdated.discard(column)
        self._makers.clear()
        return before is not None and before != extent

    def outdate_extents(self, metrics: Collection[str] | None = None) -> None:
        """There are more candidates, or others of some metrics' values, among which others may be the best."""
        concerned = [each for each in self.extents if each.kind is Kind.METRIC and each.name in (metrics or ())]
        self._outdated.update(self.extents if metrics is None else concerned)

    def forget_extents(self) -> None:
        """Other candidates have other best values."""
        self.extents.clear()
        self._makers.clear()

    def wants_extent(self, place: int) -> bool:
        """Whether a column marks its best value or draws bars, and does not know yet how."""
        column, look = self.asked[place], self.view.looks.get(self.layout.columns[place])
        known = column in self.extents and column not in self._outdated
        if known or column.kind not in {Kind.METRIC, Kind.PARAM, Kind.USAGE}:
            return False
        return look is Look.BAR or self._direction(column)[0] is not None

    def wants_curves(self, place: int) -> bool:
        """Whether a column draws histories."""
        column = self.layout.columns[place]
        return column.kind is Kind.METRIC and self.view.looks.get(column) is Look.SPARKLINE

    def _direction(self, column: Column) -> tuple[Direction | None, bool]:
        return direction_of(column.name, self.view.directions) if column.kind is Kind.METRIC else (None, False)

    # Showing

    def grid_columns(self, width: int) -> GridColumns:
        """The columns for a table of this many terminal cells."""
        return GridColumns(len(self.layout.columns), lambda place: self._grid_column(place, width))

    def width_of(self, column: Column) -> int:
        """How wide a column is by itself, as far as its values are known."""
        place = self.layout.place(column)
        return self._grid_column(place, 100).width if place is not None else max(len(column.name) + 1, 8)

    def _grid_column(self, place: int, screen: int) -> GridColumn:
        column = self.layout.columns[place]
        rule = place > self.layout.frozen and column.kind is not self.layout.columns[place - 1].kind
        title, chosen = self.title(column), self.view.widths.get(column)
        if column.kind is Kind.ATTRIBUTE:
            width = self._attribute_width(column, title, screen)
            return GridColumn(title, chosen or width, right=column.name == "duration", rule=rule)
        number, texts = self._formats.number(self.asked[place]), self._formats.text(column)
        right = column.kind in {Kind.METRIC, Kind.USAGE} or (texts is not None and texts.right)
        width = number.width if number is not None else texts.width if texts is not None else 4
        width += self._direction(column)[0] is not None  # the star's
        tail = self._tail(place) if right else None
        width = max(width, cell_len(title) + 1 - (tail.width if tail else 0)) + (tail.width if tail else 0)
        return GridColumn(title, chosen or width, right, rule)

    def _attribute_width(self, column: Column, title: str, screen: int) -> int:
        width = max(self._formats.width(column.name), cell_len(title) + bool(title))
        if column != NAME:
            return width
        most = max(screen // 4, 8)
        return min(width, most) if self.nest is None else min(width + self.nest.extra, most + most // 2)

    def title(self, column: Column) -> str:
        """What stands above a column."""
        if column.kind is Kind.ATTRIBUTE:
            return "" if column.name in {"mark", "status"} else column.name
        if column.kind in FIXED_NAMES:
            return str(column)  # there is a user among the attributes, too
        target = _TARGET if column.kind is Kind.METRIC and column.name == self.view.target else ""
        aggregate = effective(self.view, column).aggregate
        return target + (f"{aggregate} " if aggregate else "") + clean(column.name, _LONGEST_TITLE)

    def cells(self, row: int, columns: tuple[int, ...]) -> list[Cell]:
        """The cells of a candidate; what is not fetched yet says so."""
        id_ = self.ids[row]
        fetched: dict[int, Candidate | None] = {}
        cells = []
        for place in columns:
            block, make = self._makers.get(place) or self._maker(place)
            if block not in fetched:
                fetched[block] = self.values.get(block, id_)
            candidate = fetched[block]
            cells.append(LOADING if candidate is None else make(candidate))
        return cells

    def _maker(self, place: int) -> tuple[int, CellMaker]:
        """The block of a column, and how its cells are made: found once for all rows."""
        column = self.asked[place]
        maker = self._makers[place] = (self.values.block_of(column), self._make_cells(place, column))
        return maker

    def _make_cells(self, place: int, column: Column) -> CellMaker:
        if column == MARK:
            return lambda candidate: _MARKED if candidate.id in self._marks else _UNMARKED
        if column == NAME and self.nest is not None:
            return self.nest.name_cell
        if column.kind is Kind.ATTRIBUTE:
            return attribute_cells(column.name, self._now)
        if (number := self._formats.number(column)) is not None and column.kind in {Kind.METRIC, Kind.USAGE}:
            return number_cells(column, number, self._star(column), self._tail(place))
        if (texts := self._formats.text(column)) is not None:
            return text_cells(column, texts, self._tail(place))
        return lambda _candidate: MISSING

    def _star(self, column: Column) -> tuple[float | None, Ink]:
        direction, told = self._direction(column)
        extent = self.extents.get(column)
        best = extent.best(direction) if extent is not None and direction is not None else None
        return best, BEST if told else PERHAPS_BEST

    def _tail(self, place: int) -> Tail | None:
        look = self.view.looks.get(self.layout.columns[place])
        if look is Look.BAR:
            return bars(self.extents.get(self.asked[place]))
        return sparklines(self.asked[place].name, self.curves) if self.wants_curves(place) else None

    def name(self, row: int) -> str | None:
        """A candidate's name, where it has one and was fetched."""
        return self.name_of(self.ids[row]) if row < len(self.ids) else None

    def name_of(self, candidate: CandidateId) -> str | None:
        """The same of a candidate."""
        known = self.values.get(0, candidate)
        return known.name if known is not None else None

    def full(self, row: int, place: int) -> tuple[str, str] | None:
        """A cell's column and all of its value, or None while it is not fetched."""
        column = self.asked[place]
        if row >= len(self.ids):
            return None
        candidate = self.values.get(self.values.block_of(column), self.ids[row])
        if candidate is None:
            return None
        if column == MARK:
            return "mark", "marked" if candidate.id in self._marks else "not marked"
        best = effective(self.view, self.layout.columns[place]).aggregate is Aggregate.BEST
        return f"best: {column}" if best else str(column), full_value(candidate, column)
