"""What charts are of, for files: their points as a table, and a picture of lines."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

from mltrack_tui.export.shape import Form
from mltrack_tui.export.table import Exportable, Heading, Row
from mltrack_tui.plots.rows import HEADINGS, rows
from mltrack_tui.plots.svg import svg

if TYPE_CHECKING:
    from mltrack_tui.plots.chart import Chart

_FORMS = {"step": Form.EXACT, "timestamp": Form.TIME, "value": Form.EXACT, "drawn": Form.EXACT}
_BATCH = 1000
_WIDTH, _HEIGHT = 900, 420


def points_table(name: str, charts: "Sequence[Chart]", *, dated: bool) -> Exportable:
    """All points that charts show, in the order of the charts, the curves, the steps.

    ``dated`` says whether the source knows when they were logged.
    """
    histories = [curve.history for chart in charts for curve in chart.curves]
    count = sum(map(_points, charts))
    whole = all(len(history) == history.total for history in histories)
    note = "" if whole else "These are the points that were read: of some metrics more were logged."

    async def batches() -> AsyncIterator[Sequence[Row]]:
        left = chain.from_iterable(rows(chart, dated=dated) for chart in charts)
        while batch := await asyncio.to_thread(lambda: list(islice(left, _BATCH))):
            yield batch

    headings = [Heading(heading, _FORMS.get(heading, Form.TEXT)) for heading in HEADINGS]
    return Exportable(name, headings, count, batches, note)


def _points(chart: "Chart") -> int:
    x = chart.window.x
    spans = (of.within(*x) if x is not None else (0, len(of.xs)) for of in chart.lines.logged)
    return sum(last - first for first, last in spans)


def drawn_as_lines(charts: "Sequence[Chart]") -> str:
    """The charts as SVG, below each other."""
    return svg(charts, _WIDTH, _HEIGHT)
