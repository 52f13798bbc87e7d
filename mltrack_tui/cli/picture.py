"""The command that draws."""

import shutil
from enum import StrEnum

import click

from mltrack_tui.cli.asking import Asker, answer
from mltrack_tui.cli.errors import CommandError, Status
from mltrack_tui.cli.options import project_option, source_option
from mltrack_tui.domain.curves import CurveLook, Scale, Shape, XAxis

_HEIGHT = 20
_SVG_SIZE = 900, 340
_METRIC = "metrics."


class PictureFormat(StrEnum):
    """What a picture is written as."""

    TEXT = "text"
    SVG = "svg"
    CSV = "csv"


def _steps(_context: click.Context, _option: click.Parameter, text: str | None) -> tuple[int, int] | None:
    """The steps of ``100:200``, ``100:`` or ``:200``."""
    if text is None:
        return None
    first, colon, last = text.partition(":")
    try:
        steps = int(first or -(2**63)), int(last or 2**63 - 1)
    except ValueError:
        colon, steps = "", (0, 0)
    if not colon or steps[0] > steps[1]:
        raise click.BadParameter(f"{text} is not from one step to another, such as 100:200, 100: or :200")
    return steps


def _over(_context: click.Context, _option: click.Parameter, text: str) -> tuple[XAxis, str | None]:
    if text.startswith(_METRIC):
        return XAxis.METRIC, text.removeprefix(_METRIC)
    if text not in {"step", "relative", "wall"}:
        raise click.BadParameter(f"{text} is none of step, relative, wall and {_METRIC}NAME")
    return XAxis(text), None


@click.command
@click.argument("candidate_id")
@click.argument("metrics", metavar="METRIC...", nargs=-1, required=True)
@source_option
@project_option
@click.option("--with", "others", metavar="CANDIDATE", multiple=True, help="Draw this candidate too, in each plot.")
@click.option(
    "--x",
    "over",
    metavar="X",
    default="step",
    show_default=True,
    callback=_over,
    help="step, relative (time), wall (time), or metrics.NAME.",
)
@click.option(
    "--y",
    "scale",
    type=click.Choice([each.value for each in Scale]),
    default="linear",
    show_default=True,
    callback=lambda _context, _option, value: Scale(value),
    help="How values become heights.",
)
@click.option(
    "--smooth",
    metavar="W",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.0,
    help="The weight of the past in an exponential average: TensorBoard's, 0 to less than 1.",
)
@click.option("--slope", is_flag=True, help="Draw how fast values change.")
@click.option("--baseline", metavar="CANDIDATE", help="Draw differences to this candidate.")
@click.option("--band", is_flag=True, help="Draw the mean of the candidates and one standard deviation around it.")
@click.option("--clip", is_flag=True, help="Draw outliers at the edge: what is not within the middle nine tenths.")
@click.option("--steps", metavar="A:B", callback=_steps, help="Draw these steps only.")
@click.option(
    "--style",
    type=click.Choice(["braille", "block", "ascii"]),
    help="The characters of a text; the setting's, else what the terminal shows.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice([each.value for each in PictureFormat]),
    default="text",
    callback=lambda _context, _option, value: PictureFormat(value),
    show_default=True,
    help="csv has every point, and what is drawn of it.",
)
@click.option(
    "--width",
    metavar="W",
    type=click.IntRange(20, 10_000),
    help="Columns, the terminal's if not given; of an SVG pixels.",
)
@click.option("--height", metavar="H", type=click.IntRange(6, 10_000), help="Lines a plot; of an SVG pixels.")
def plot(
    *,
    candidate_id: str,
    metrics: tuple[str, ...],
    source: str | None,
    project: str | None,
    others: tuple[str, ...],
    over: tuple[XAxis, str | None],
    scale: Scale,
    smooth: float,
    slope: bool,
    baseline: str | None,
    band: bool,
    clip: bool,
    steps: tuple[int, int] | None,
    style: str | None,
    format_: PictureFormat,
    width: int | None,
    height: int | None,
) -> None:
    """Draw metrics over their steps, or over something else.

    One plot below the other, of one candidate or of several.

    \b
    mltrack plot 0dcb210f2260477c86dec97050ef4a9b loss val/loss --height 12
    mltrack plot 0dcb210f2260477c86dec97050ef4a9b loss --with 1b5a1c6f7d264f1f8a31d4c6ab01c2d3 --y log --smooth 0.9
    """
    shapes = [(Shape.SLOPE, slope), (Shape.DIFFERENCE, baseline is not None), (Shape.BAND, band)]
    chosen = [shape for shape, wanted in shapes if wanted]
    if len(chosen) > 1:
        raise CommandError("choose one of --slope, --baseline and --band", Status.WRONG_COMMAND_LINE)
    look = CurveLook(*over, scale, chosen[0] if chosen else Shape.VALUES, smooth, clip)
    if format_ is PictureFormat.SVG:
        columns, lines = width or _SVG_SIZE[0], height or _SVG_SIZE[1]
    else:
        columns, lines = width or shutil.get_terminal_size((80, _HEIGHT)).columns, height or _HEIGHT

    async def command(ask: Asker) -> None:
        from mltrack_tui.cli import charts

        asked = charts.Asked(
            (candidate_id, *others), baseline, metrics, look, steps, project, whole=format_ is PictureFormat.CSV
        )
        found = await charts.charts(ask, asked, columns)
        if format_ is PictureFormat.CSV:
            await charts.write_csv(found, dated=bool(ask.source.capabilities.times))
        elif format_ is PictureFormat.SVG:
            charts.write_svg(found, columns, lines)
        else:
            charts.write_pictures(found, columns, lines, style)

    answer(source, command)
