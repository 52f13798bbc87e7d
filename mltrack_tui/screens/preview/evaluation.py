"""What an evaluation wrote, drawn: a matrix as a heatmap, or curves between 0 and 1."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from mltrack_tui.commands import Command
from mltrack_tui.commands.files import MATRIX
from mltrack_tui.domain.numbers import NumberFormat, exact
from mltrack_tui.domain.text import clean
from mltrack_tui.export.shape import Form
from mltrack_tui.export.table import Exportable, Heading, Row
from mltrack_tui.plots.heatmap import Heatmap, draw_heatmap
from mltrack_tui.plots.picture import Picture
from mltrack_tui.plots.rates import RateChart, draw_rates
from mltrack_tui.preview.evaluation import PRECISION_RECALL, Matrix, Rate, Rates, picture_of_rows, picture_of_value
from mltrack_tui.preview.file import ArtifactFile, Unreadable
from mltrack_tui.preview.table import DelimitedTable
from mltrack_tui.preview.table_json import value_in
from mltrack_tui.screens.exporting import table_of
from mltrack_tui.screens.preview.view import View
from mltrack_tui.widgets.chart import ChartView

if TYPE_CHECKING:
    from mltrack_tui.screens.preview.place import PreviewPlace

MOST_ROWS = 1_000_000
"""Points of curves that are drawn."""


class EvaluationView(View, can_focus=True):
    """A matrix, in which a cursor goes from cell to cell, or curves."""

    BINDINGS: ClassVar[list[BindingType]] = [*MATRIX.bindings()]
    HINTS: ClassVar[tuple[Command, ...]] = ()

    def __init__(self, place: "PreviewPlace", file: ArtifactFile) -> None:
        super().__init__(place, file)
        self._drawn: Matrix | Rates | None = None
        self._cell = (0, 0)
        self._chart = ChartView()

    def compose(self) -> ComposeResult:
        """The picture."""
        yield self._chart

    async def load(self) -> None:
        """All of it."""
        if self.file.name.lower().endswith(".json"):
            value, _ = await value_in(self.file)
            drawn = await asyncio.to_thread(picture_of_value, self.file.name, value)
        else:
            table = DelimitedTable(self.file)
            await table.open()
            while not table.complete and len(table) < MOST_ROWS:
                await table.more()
            rows = (table.row(index) for index in range(len(table)))
            drawn = await asyncio.to_thread(picture_of_rows, self.file.name, table.names, rows)
        if drawn is None:
            raise Unreadable("It holds no matrix and no curve that could be drawn.")
        self._drawn = drawn
        self._draw()

    @on(ChartView.Resized)
    def _draw(self) -> None:
        if self._drawn is not None and self._chart.size:
            self._chart.show(self._picture(*self._chart.size))

    def _picture(self, width: int, height: int) -> Picture:
        style = self.place.session.style
        match self._drawn:
            case Matrix() as matrix:
                return draw_heatmap(heatmap_of(matrix, self.file.name), self._cell, width, height, style)
            case Rates() as rates:
                return draw_rates(chart_of(rates), width, height, style)
            case _:
                return Picture()

    def action_cell(self, rows: int, columns: int) -> None:
        """Go to another cell."""
        if isinstance(self._drawn, Matrix):
            row, column = self._cell
            self._cell = (
                max(min(row + rows, len(self._drawn.rows) - 1), 0),
                max(min(column + columns, len(self._drawn.columns) - 1), 0),
            )
            self._draw()
            self.place.tell()

    def value_under_cursor(self) -> tuple[str, str] | None:
        """What the cursor's cell says, in words."""
        if not isinstance(self._drawn, Matrix):
            return None
        matrix, (row, column) = self._drawn, self._cell
        value, share = number(matrix.values[row][column]), matrix.share(row, column)
        if not matrix.is_confusion:
            return f"{matrix.rows[row]}, {matrix.columns[column]}", value
        of = f" of {number(sum(matrix.values[row]))}, {share:.1%}" if share is not None else ""
        return f"true {matrix.rows[row]}, predicted {matrix.columns[column]}", value + of

    def exportable(self) -> Exportable | None:
        """The numbers that are drawn."""
        match self._drawn:
            case Matrix() as matrix:
                headings = [
                    Heading("true" if matrix.is_confusion else ""),
                    *(Heading(name, Form.EXACT) for name in matrix.columns),
                ]
                rows: list[Row] = [[name, *values] for name, values in zip(matrix.rows, matrix.values, strict=True)]
            case Rates() as rates:
                kind = rates.kind
                headings = [Heading("curve"), Heading(kind.x, Form.EXACT), Heading(kind.y, Form.EXACT)]
                rows = [[curve.name, x, y] for curve in rates.curves for x, y in curve.points]
            case _:
                return None
        return table_of(self.file.name, headings, rows)


def number(value: float) -> str:
    """A number as it is, a whole one without a point."""
    return exact(value).removesuffix(".0")


def heatmap_of(matrix: Matrix, name: str) -> Heatmap:
    """A matrix as it is drawn: shades go by the row where it counts what was predicted, else by all values."""
    size = range(len(matrix.rows))
    if matrix.is_confusion:
        shares = [[matrix.share(row, column) for column in size] for row in size]
        total = sum(map(sum, matrix.values))
        notes = [
            f"accuracy {matrix.accuracy:.1%}" if matrix.accuracy is not None else "",
            f"{number(total)} in all",
            "shades and percents are of the row",
        ]
        return Heatmap(
            "Confusion matrix",
            "true \\ predicted",
            [clean(each, 100) for each in matrix.rows],
            [clean(each, 100) for each in matrix.columns],
            [[number(value) for value in row] for row in matrix.values],
            [[f"{share:.0%}" if share is not None else "" for share in row] for row in shares],
            [[share or 0.0 for share in row] for row in shares],
            notes,
        )
    values = [value for row in matrix.values for value in row]
    low, high = min(values), max(values)
    format_ = NumberFormat.of(values)
    return Heatmap(
        clean(name, 100),
        "",
        [clean(each, 100) for each in matrix.rows],
        [clean(each, 100) for each in matrix.columns],
        [[format_.text(value) for value in row] for row in matrix.values],
        [],
        [[(value - low) / (high - low) if high > low else 0.0 for value in row] for row in matrix.values],
        [f"{number(low)} to {number(high)}: the darker, the greater"],
    )


def chart_of(rates: Rates) -> RateChart:
    """Curves as they are drawn, each with its area."""
    kind, one = rates.kind, len(rates.curves) == 1
    left_out = sum(curve.left_out for curve in rates.curves)
    said = [_area(rates, curve) for curve in rates.curves]
    notes = [
        said[0] if one else "",
        f"{sum(len(curve.points) for curve in rates.curves):,} points",
        f"{left_out:,} that are no numbers left out" if left_out else "",
        f"{rates.left_out:,} more curves" if rates.left_out else "",
        "the dotted line is chance" if kind.diagonal and kind.name == "ROC curve" else "",
    ]
    names = [
        "" if one else " ".join(filter(None, (clean(curve.name, 100), area)))
        for curve, area in zip(rates.curves, said, strict=True)
    ]
    curves = [(name, curve.points) for name, curve in zip(names, rates.curves, strict=True)]
    return RateChart(kind.name, kind.x, kind.y, curves, kind.diagonal, notes)


def _area(rates: Rates, curve: Rate) -> str:
    area = curve.area(rates.kind)
    if area is None:
        return ""
    return f"{'average precision' if rates.kind is PRECISION_RECALL else 'AUC'} {area:.4f}"
