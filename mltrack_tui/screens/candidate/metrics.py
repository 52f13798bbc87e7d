"""The metrics of a candidate: numbers on the left, the curve of the highlighted one on the right."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from mltrack_tui.commands import LOAD_ALL
from mltrack_tui.domain.curves import CurveLook
from mltrack_tui.domain.history import History, MetricSummary
from mltrack_tui.domain.numbers import NumberFormat, exact
from mltrack_tui.domain.text import clean
from mltrack_tui.export.shape import Form
from mltrack_tui.export.table import Heading, Row
from mltrack_tui.screens.place import Place
from mltrack_tui.screens.plots.looking import LookingPane
from mltrack_tui.screens.rows import Field, Rows
from mltrack_tui.sources.base import Capability
from mltrack_tui.widgets.cells import LOADING, MISSING, Cell, GridColumn
from mltrack_tui.widgets.chart import ChartView
from mltrack_tui.widgets.grid import Grid

ROOM_BESIDE_NAMES, NARROWEST_NAMES = 100, 16
"""Terminal cells that numbers and curve take before long names get more than the least."""
NARROW, ROOMY = 64, 132
"""Terminal cells below which there is no room for a curve, and from which on there is some for a wider table."""


@dataclass(frozen=True, slots=True)
class MetricRow:
    """A metric's last value, and the rest as far as it was read."""

    name: str
    summary: MetricSummary
    read: bool = False
    """Whether all was read that is read without being asked for."""

    @property
    def values(self) -> tuple[float | None, ...]:
        """Last, minimum and maximum; None where it is not known."""
        return self.summary.last, self.summary.minimum, self.summary.maximum

    def exact(self) -> Row:
        """The same and the number of points; None where it is not known."""
        return *self.values, self.summary.points


def _number(title: str, place: int) -> Field[MetricRow]:
    """A column of one of a row's values, written as suits the row: its numbers are of one kind."""

    def value(row: MetricRow) -> float | None:
        return row.values[place]

    def cell(row: MetricRow) -> Cell:
        number = value(row)
        form = NumberFormat.of([each for each in row.values if each is not None])
        return _lacking(row) if number is None else Cell(form.text(number))

    def full(row: MetricRow) -> str:
        number = value(row)
        return _lacking_text(row) if number is None else exact(number)

    return Field(title, cell, value, full, right=True, widest=10)


def _lacking(row: MetricRow) -> Cell:
    return MISSING if row.read else LOADING


def _lacking_text(row: MetricRow) -> str:
    return f"not read: {LOAD_ALL.shown_key} reads the whole history" if row.read else "not read yet"


def _points(row: MetricRow) -> Cell:
    return _lacking(row) if row.summary.points is None else Cell(f"{row.summary.points:,}")


def _points_text(row: MetricRow) -> str:
    return _lacking_text(row) if row.summary.points is None else _points(row).text


_FIELDS = (
    Field[MetricRow](
        "metric", lambda row: Cell(clean(row.name, 200)), lambda row: row.name, lambda row: row.name, widest=40
    ),
    _number("last", 0),
    _number("min", 1),
    _number("max", 2),
    Field[MetricRow]("steps", _points, lambda _: None, _points_text, right=True),
)
_HEADINGS = (Heading("metric"), *(Heading(name, Form.EXACT) for name in ("last", "min", "max", "steps")))


class MetricsPane(LookingPane):
    """A table of metrics beside the curve of the one under the cursor."""

    class CurveWanted(Message):
        """The curve of another metric is to be shown, or the same one in another size or look."""

    def __init__(self, place: Place, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.grid = Grid()
        self.plot = ChartView(id="plot")
        self._place = place
        self._look = CurveLook()
        self._rows: Rows[MetricRow] = Rows(_FIELDS)

    def compose(self) -> ComposeResult:
        """The table, then the curve."""
        self._suit(self.app.size.width)
        yield self.grid
        yield self.plot

    @property
    def metric(self) -> str | None:
        """The metric under the cursor."""
        return self._rows.items[self.grid.cursor_row].name if len(self._rows) else None

    def show(self, last: Mapping[str, float], summaries: Iterable[MetricSummary] = (), *, read: bool = False) -> None:
        """Show a candidate's metrics; the cursor stays on the metric of the same name.

        ``read`` says that no more of them is read unless it is asked for.
        """
        self.grid.empty = "This candidate logged no metrics."
        known = {summary.metric: summary for summary in summaries}
        self._arrange(
            [MetricRow(name, known.get(name) or MetricSummary(name, last[name]), read) for name in sorted(last)]
        )

    def know(self, history: History) -> None:
        """A whole history was read: its extremes are among the points of a reduced one too."""
        rows = list(self._rows.items)
        place = next((place for place, row in enumerate(rows) if row.name == history.metric), None)
        numbers = [value for value in history.values if not isnan(value)] or list(history.values)
        if place is not None and numbers and rows[place].summary.points is None:
            last = rows[place].summary.last
            whole = MetricSummary(history.metric, last, min(numbers), max(numbers), history.total)
            rows[place] = replace(rows[place], summary=whole)
            self._arrange(rows)

    def _arrange(self, rows: Sequence[MetricRow]) -> None:
        here = self.metric
        self._rows = Rows(_FIELDS, rows)
        row = next((index for index, item in enumerate(rows) if item.name == here), None)
        self.grid.show(self._rows, columns=self._columns(), cursor_row=row)

    def _columns(self) -> list[GridColumn]:
        """The names get what a wide screen has to spare."""
        names, *numbers = self._rows.columns()
        return [
            replace(names, width=min(names.width, max(self.size.width - ROOM_BESIDE_NAMES, NARROWEST_NAMES))),
            *numbers,
        ]

    def on_resize(self) -> None:
        """Another width, other names."""
        self._suit(self.size.width)
        self.grid.show_columns(self._columns())

    def _suit(self, width: int) -> None:
        # Textual's own breakpoints style every widget of every screen again, when it is opened.
        self.update_classes({"-narrow": width < NARROW, "-roomy": width >= ROOMY})

    def value_under_cursor(self) -> tuple[str, str] | None:
        """The metric, which of its numbers, and all digits of that."""
        if not len(self._rows):
            return None
        row, field = self._rows.items[self.grid.cursor_row], _FIELDS[self.grid.cursor_column]
        return ("metric" if field is _FIELDS[0] else f"{row.name} {field.title}"), field.full(row)

    def exact(self) -> tuple[Sequence[Heading], Sequence[Row]]:
        """The table with all digits; what was not read yet is missing."""
        return _HEADINGS, [(row.name, *row.exact()) for row in self._rows.items]

    # How the curve looks

    @property
    def look(self) -> CurveLook:
        """How curves are drawn."""
        return self._look

    @property
    def times(self) -> Capability:
        """Whether it is known when points were logged."""
        return self._place.session.source.capabilities.times

    def metrics_to_draw_over(self) -> list[str]:
        """All of them."""
        return [row.name for row in self._rows.items]

    def relook(self, look: CurveLook) -> None:
        """Draw curves in another way."""
        self._look = look
        self.post_message(self.CurveWanted())

    def say(self, text: str, tone: str = "warning") -> None:
        """In the status line."""
        self._place.status.show_notice(text, tone)

    @on(Grid.Moved)
    @on(ChartView.Resized)
    def _other_curve(self) -> None:
        self.post_message(self.CurveWanted())
