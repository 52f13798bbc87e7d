"""The command that draws."""

import shutil

import click

from mltrack_tui.cli.asking import Asker, answer
from mltrack_tui.cli.find import find_candidate, require_metric
from mltrack_tui.cli.options import project_option, source_option
from mltrack_tui.cli.printing import write_text
from mltrack_tui.domain.history import History
from mltrack_tui.sources.base import final

_HEIGHT = 20


@click.command
@click.argument("candidate_id")
@click.argument("metrics", metavar="METRIC...", nargs=-1, required=True)
@source_option
@project_option
@click.option("--width", metavar="W", type=click.IntRange(20, 1000), help="Columns; the terminal's if not given.")
@click.option(
    "--height", metavar="H", type=click.IntRange(6, 1000), default=_HEIGHT, show_default=True, help="Lines a plot."
)
def plot(
    *,
    candidate_id: str,
    metrics: tuple[str, ...],
    source: str | None,
    project: str | None,
    width: int | None,
    height: int,
) -> None:
    """Draw metrics over their steps.

    One plot below the other.

    \b
    mltrack plot 0dcb210f2260477c86dec97050ef4a9b loss val/loss --height 12
    """
    columns = width or shutil.get_terminal_size((80, _HEIGHT)).columns

    async def command(ask: Asker) -> None:
        candidate = await find_candidate(ask, candidate_id, project)

        async def drawable(metric: str) -> History:
            history = await ask(lambda: final(ask.source.history(candidate, metric, buckets=columns * 2)))
            if not len(history):
                await require_metric(ask, candidate, metric)
            return history

        histories = [await drawable(metric) for metric in metrics]
        from mltrack_tui.plots.curve import plot_histories

        write_text(plot_histories(histories, columns, height * len(histories)) + "\n")

    answer(source, command)
