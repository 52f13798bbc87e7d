"""The points that charts are of, as a table."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from mltrack_tui.export.shape import Form
from mltrack_tui.export.table import Exportable, Heading, Row
from mltrack_tui.screens.plots.charts import Charts, steps_within
from mltrack_tui.screens.plots.histories import Key

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from mltrack_tui.domain.history import History

_HEADINGS = (
    Heading("candidate_id"),
    Heading("candidate"),
    Heading("metric"),
    Heading("step", Form.EXACT),
    Heading("time", Form.TIME),
    Heading("value", Form.EXACT),
)
_BATCH = 1000


def points_table(name: str, charts: Charts, metrics: Sequence[str]) -> Exportable:
    """All points at hand of what some charts show, in the order of the charts, the candidates, the steps."""
    parts = [(key, history, span) for key, history in _shown(charts, metrics) if (span := _span(charts, key, history))]
    count = sum(len(span) for _, _, span in parts)
    of = sum(history.total or 0 for _, history, _ in parts)
    all_there = all(len(history) == history.total for _, history, _ in parts)
    note = "" if all_there else f"These are the {count:,} points that are drawn, of {of:,} that were logged."
    names = {charts.lineup.ids[slot]: charts.lineup.name(slot) for slot in range(len(charts.lineup.ids))}

    def rows() -> Iterator[Row]:
        for (candidate, metric), history, span in parts:
            for at in span:
                point = history.steps[at], history.timestamps[at] or None, history.values[at]
                yield candidate.candidate_id, names[candidate], metric, *point

    async def batches() -> "AsyncIterator[Sequence[Row]]":
        left = rows()
        while batch := list(islice(left, _BATCH)):
            yield batch

    return Exportable(name, _HEADINGS, count, batches, note)


def _shown(charts: Charts, metrics: Sequence[str]) -> "Iterator[tuple[Key, History]]":
    for metric in metrics:
        for slot in charts.lineup.shown:
            key = charts.lineup.ids[slot], metric
            if (history := charts.histories.get(key)) is not None:
                yield key, history


def _span(charts: Charts, key: Key, history: "History") -> range:
    """The places of the points that are looked at."""
    if charts.zoom.x is None:
        return range(len(history))
    steps = steps_within(history, charts.zoom.x, charts.look, charts.over(key))
    if steps is None:
        return range(0)
    return range(bisect_left(history.steps, steps[0]), bisect_right(history.steps, steps[1]))
