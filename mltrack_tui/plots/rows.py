"""What a chart draws, as rows of a table."""

from collections.abc import Iterator

from mltrack_tui.plots.chart import Chart

HEADINGS = ("candidate_id", "name", "metric", "step", "timestamp", "value", "drawn")

Row = tuple[str, str, str, int, int | None, float, float | None]


def rows(chart: Chart, *, dated: bool = True) -> Iterator[Row]:
    """Each point in the chart's window, by curve and in order of x, with what is drawn at its place.

    ``dated`` says whether the source knows when points were logged; otherwise they have no timestamps.
    """
    lines = chart.lines
    for place, (curve, of) in enumerate(zip(chart.curves, lines.logged, strict=True)):
        history = curve.history
        first, last = (0, len(of.xs)) if chart.window.x is None else of.within(*chart.window.x)
        as_one = lines.drawn_by_place(place)
        for at in range(first, last):
            point = of.places[at]
            yield (
                curve.candidate_id,
                curve.name,
                history.metric,
                history.steps[point],
                history.timestamps[point] if dated else None,
                history.values[point],
                lines.drawn_at(place, of.xs[at]) if as_one is None else as_one.get(point),
            )
