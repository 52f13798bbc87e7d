"""Charts of what a source has, and their way to standard output."""

import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from mltrack_tui.cli.asking import Asker
from mltrack_tui.cli.errors import CommandError, Status
from mltrack_tui.cli.find import find_candidate, require_metric
from mltrack_tui.cli.options import Format
from mltrack_tui.cli.printing import output, write_rows, write_text
from mltrack_tui.domain.curves import CurveLook, Shape
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.history import History
from mltrack_tui.domain.text import clean
from mltrack_tui.export.shape import Cell
from mltrack_tui.export.shape import Shape as TableShape
from mltrack_tui.plots.chart import Chart, Curve, draw
from mltrack_tui.plots.picture import SERIES, Picture, Run, Style
from mltrack_tui.sources.pages import final

_BATCH = 5000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be drawn: ``whole`` where every point is wanted, not only what a picture shows of them."""

    candidates: tuple[str, ...]
    baseline: str | None
    metrics: tuple[str, ...]
    look: CurveLook
    steps: tuple[int, int] | None
    project: str | None
    whole: bool


async def charts(ask: Asker, asked: Asked, columns: int) -> list[Chart]:
    """A chart for each metric, of all candidates.

    Raises:
        CommandError: there is no such candidate, none of them logged a metric, or they are too many to tell apart.
    """
    words = list(dict.fromkeys(asked.candidates))
    if len(words) > SERIES and asked.look.shape is not Shape.BAND:
        raise CommandError(
            f"at most {SERIES} candidates can be told apart; --band draws the mean of any number",
            Status.WRONG_COMMAND_LINE,
        )
    ids = [await find_candidate(ask, word, asked.project) for word in words]
    baseline = None if asked.baseline is None else await find_candidate(ask, asked.baseline, asked.project)
    names = {each.id: each.name for each in await ask(lambda: ask.source.read(ids, ()))}
    look = asked.look
    plain = look == CurveLook(look.x, None, look.y, clips_outliers=look.clips_outliers)
    buckets = columns * 2 if plain and not asked.whole else None  # what is left out cannot be smoothed or paired

    async def history(metric: str, candidate: CandidateId) -> History:
        return await ask(lambda: final(ask.source.history(candidate, metric, buckets, asked.steps)))

    async def curve(metric: str, slot: int, candidate: CandidateId) -> Curve:
        return Curve(
            min(slot, SERIES - 1),
            names.get(candidate) or "",
            await history(metric, candidate),
            over=None if look.x_metric is None else await history(look.x_metric, candidate),
            baseline=None if baseline is None else await history(metric, baseline),
            candidate_id=candidate.candidate_id,
        )

    async def chart(metric: str) -> Chart:
        curves = [await curve(metric, slot, candidate) for slot, candidate in enumerate(ids)]
        if not any(len(curve.history) for curve in curves):
            await require_metric(ask, ids[0], metric)
        if look.x_metric is not None and not any(len(curve.over or ()) for curve in curves):
            await require_metric(ask, ids[0], look.x_metric)
        return Chart(metric, curves, look)

    return [await chart(metric) for metric in asked.metrics]


def write_pictures(charts: Sequence[Chart], width: int, height: int, style: str | None) -> None:
    """Write charts as text below each other; of several candidates, which number is whose.

    A terminal gets colours, unless ``NO_COLOR`` is set; without them several curves are told apart by dashes too.
    """
    out = output()
    coloured = out.isatty() and not os.environ.get("NO_COLOR")
    made_of = _style(style)
    several = any(len(chart.curves) > 1 for chart in charts)
    pictures = [draw(chart, width, height, made_of, dashed=several and not coloured).picture for chart in charts]
    if several:
        pictures.append(_legend(charts[0].curves, width, made_of))
    for picture in pictures:
        if coloured:
            _paint(picture)
        else:
            write_text(picture.text + "\n")


def _style(chosen: str | None) -> Style:
    """What was asked for, else what is set, else what the terminal shows; a file can have everything."""
    from mltrack_tui.config.paths import config_path
    from mltrack_tui.config.settings import load
    from mltrack_tui.plots.style import usual_style

    if chosen := chosen or load(config_path()).plots:
        return Style(chosen)
    out = output()
    return usual_style(os.environ if out.isatty() else {}, out.encoding)


def _legend(curves: Sequence[Curve], width: int, style: Style) -> Picture:
    from mltrack_tui.plots.picture import TEXT, Ink
    from mltrack_tui.plots.style import glyphs
    from mltrack_tui.plots.words import fitted

    made_of = glyphs(style)
    texts = [made_of.words(clean(f" {curve.name}  {curve.candidate_id}", 4 * width)) for curve in curves]
    return Picture(
        tuple(
            (Run(str(curve.slot + 1), Ink("curve", curve.slot)), Run(fitted(text, width - 1, made_of.cut), TEXT))
            for curve, text in zip(curves, texts, strict=True)
        )
    )


def _paint(picture: Picture) -> None:
    from rich.console import Console
    from rich.text import Text

    from mltrack_tui.plots.palette import DARK

    looks = {"title": "bold", "axis": "dim", "caption": "dim", "mark": "red"}
    text = Text()
    for line in picture.lines:
        for run in line:
            colour = "" if run.ink.slot is None else DARK[run.ink.slot]
            look = f"dim {colour}" if run.ink.kind == "behind" else colour or looks.get(run.ink.kind, "")
            text.append(run.text, look or None)
        text.append("\n")
    Console(file=output(), highlight=False).print(text, soft_wrap=True, end="")


def write_svg(charts: Sequence[Chart], width: int, height: int) -> None:
    """Write charts as one SVG."""
    from mltrack_tui.plots.svg import svg

    write_text(svg(charts, width, height))


async def write_csv(charts: Sequence[Chart], *, dated: bool) -> None:
    """Write every point of some charts, and what is drawn of it."""
    from mltrack_tui.plots.rows import HEADINGS, Row, rows

    async def batches() -> AsyncIterator[Sequence[Row]]:
        for chart in charts:
            points = rows(chart, dated=dated)
            while batch := list(islice(points, _BATCH)):
                yield batch

    def value(place: int, row: Row) -> str | int | float | None:
        return row[place]

    cells = [Cell(heading, partial(value, place)) for place, heading in enumerate(HEADINGS)]
    await write_rows(Format.CSV, TableShape(lambda _: None, cells, cells), batches())
