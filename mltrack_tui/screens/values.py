"""The values of a column with their counts, to choose a filter from: the values themselves, or bins of many numbers."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from mltrack_tui.analysis.histogram import Bin, length_edges, round_edges, time_edges
from mltrack_tui.analysis.spread import Edges, Part, spread
from mltrack_tui.commands import VALUES
from mltrack_tui.domain.numbers import exact
from mltrack_tui.domain.query import Column, Query, Value
from mltrack_tui.domain.text import clean
from mltrack_tui.domain.times import duration, instant
from mltrack_tui.screens.clauses import edge_text, is_length, is_time, parts_clause
from mltrack_tui.screens.dialogs import Dialog
from mltrack_tui.screens.place import counted
from mltrack_tui.screens.session import Session
from mltrack_tui.search.names import Names
from mltrack_tui.sources.base import SourceError
from mltrack_tui.widgets.cells import Cell, GridColumn, Tone
from mltrack_tui.widgets.grid import Grid

_EIGHTHS = " ▏▎▍▌▋▊▉"
_BAR = 20
"""Terminal cells of the longest bar."""
_HIGHEST = 25
"""Lines of the list and its titles."""
_FRAME = 5
"""Lines of the dialog around it."""
_WIDEST = 44
"""Terminal cells of a value."""
_LONGEST = 200
"""Characters of a value that are looked at."""


class ValueRows:
    """Parts of a column as a grid shows them: a mark, the part, how many are in it, a bar."""

    def __init__(self, column: Column, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.marked: set[int] = set()
        self._column = column
        self._bar = _BAR
        self._most = max((part.count for part in parts), default=0)

    def __len__(self) -> int:
        return len(self.parts)

    def columns(self, room: int) -> list[GridColumn]:
        """Columns for so many terminal cells: the bar gives way first."""
        widest = max((cell_len(self._label(part)) for part in self.parts[:1000]), default=0)
        count = max(len(f"{self._most:,}"), 5)
        value = max(min(widest, _WIDEST, room - count - 8), 5)
        self._bar = max(min(_BAR, room - value - count - 8), 1)
        return [
            GridColumn("", 1),
            GridColumn("value", value),
            GridColumn("count", count, right=True),
            GridColumn("", self._bar),
        ]

    def cells(self, row: int, columns: tuple[int, ...]) -> list[Cell]:
        """A part's cells."""
        part = self.parts[row]
        plain = isinstance(part, Bin) or part.value is not None
        cells = (
            Cell("✓" if row in self.marked else "", Tone.STRONG),
            Cell(self._label(part), Tone.PLAIN if plain else Tone.DIM),
            Cell(f"{part.count:,}", Tone.PLAIN if part.count else Tone.DIM),
            Cell(bar(part.count, self._most, self._bar), Tone.BUSY),
        )
        return [cells[column] for column in columns]

    def _label(self, part: Part) -> str:
        if isinstance(part, Bin):
            low, high = (edge_text(self._column, edge).replace("T", " ") for edge in (part.low, part.high))
            return f"{low} – {high}" if part.closed else f"{low} – < {high}"
        return value_label(self._column, part.value)

    def chosen(self, row: int) -> Sequence[Part]:
        """The marked parts in their order, else that of a row; those that hold nothing say nothing."""
        rows = sorted(self.marked) or [row]
        return [self.parts[each] for each in rows if self.parts[each].count]


def value_label(column: Column, value: Value) -> str:
    """A value as the list shows it."""
    if value is None:
        return "missing"
    if isinstance(value, str):
        return clean(value, _LONGEST) or "(empty text)"
    if is_time(column):
        return instant(round(value), None)
    return duration(round(value)) if is_length(column) else exact(value).removesuffix(".0")


def bar(count: int, most: int, longest: int) -> str:
    """A bar of at most so many cells, in eighths; what is there at all shows."""
    eighths = max(round(count / most * longest * 8), 1) if count else 0
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


class ValuesDialog(Dialog[str]):
    """A column's values among some candidates; answers with a clause for those that are chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [*VALUES.bindings()]

    def __init__(self, session: Session, query: Query, column: Column, names: Names) -> None:
        """``query`` tells the candidates whose values are counted."""
        super().__init__()
        self._session, self._query, self._column, self._names = session, query, column, names
        self._rows = ValueRows(column, ())
        self._part = ""
        """What is said where not all candidates were counted."""
        self._grid = Grid()
        self._told = Static(classes="label")

    def compose(self) -> ComposeResult:
        """The list, and a line that says how much of it there is."""
        with Vertical(classes="dialog values") as frame:
            frame.border_title = Content(clean(str(self._column), 60))
            frame.border_subtitle = "enter filters · space marks · esc closes"
            yield self._grid
            yield self._told

    def on_mount(self) -> None:
        """Begin to count."""
        self._grid.focus()
        self._tell("counting …")
        self._count()

    @work(exclusive=True)
    async def _count(self) -> None:
        try:
            async for page in self._session.source.values(self._query, self._column):
                if not page.complete and not page.on_demand:
                    of = f" of {page.total:,}" if page.total is not None else ""
                    self._tell(f"counting … {page.loaded:,}{of}")
                    continue
                parts = await asyncio.to_thread(spread, page.items, _edges(self._column))
                self._rows = ValueRows(self._column, parts)
                self._part = " · server has more" if page.on_demand else ""
                self._show()
                if page.on_demand:
                    break
        except SourceError as error:
            self._tell(str(error), "error")

    def _show(self) -> None:
        self._make_room()
        self._grid.move(0, 1)
        self._tell_marks()

    def _make_room(self) -> None:
        """The list is as high as it needs, the bars as long as they may."""
        self._grid.styles.height = max(min(len(self._rows) + 1, _HIGHEST, self.size.height * 9 // 10 - _FRAME), 2)
        room = min(self.size.width * 8 // 10, 100) - 6
        self._grid.show(self._rows, columns=self._rows.columns(room))

    def _tell_marks(self) -> None:
        whole = sum(part.count for part in self._rows.parts)
        if not self._rows.marked:
            self._tell(f"{counted(whole, 'candidate')} shown, {counted(len(self._rows), 'line')}{self._part}")
            return
        held = sum(part.count for part in self._rows.chosen(0))
        self._tell(f"{len(self._rows.marked):,} marked: {held:,} of {counted(whole, 'candidate')}{self._part}")

    def _tell(self, text: str, tone: str = "dim") -> None:
        self._told.update(Content.styled(clean(text), f"${tone}"))

    def on_resize(self) -> None:
        """The bars take what is left."""
        if len(self._rows):
            self._make_room()

    def action_mark_value(self) -> None:
        """Mark the line, or unmark it, and go on to the next."""
        if len(self._rows):
            self._rows.marked ^= {self._grid.cursor_row}
            self._grid.refresh()
            self._grid.action_cursor(1, 0)
            self._tell_marks()

    @on(Grid.Opened)
    def _opened(self) -> None:
        if chosen := self._rows.chosen(self._grid.cursor_row):
            self.dismiss(parts_clause(self._column, chosen, self._names))
        else:
            self._tell("Nobody is in this bin.", "warning")


def _edges(column: Column) -> Edges:
    """How numbers are cut: points in time where the machine's days begin, lengths of time by their units."""
    if is_time(column):
        offset = datetime.now(UTC).astimezone().utcoffset()
        return partial(time_edges, offset=round(offset.total_seconds() * 1000) if offset is not None else 0)
    return length_edges if is_length(column) else round_edges
