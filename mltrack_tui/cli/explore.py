"""``mltrack [SOURCE]`` with its options."""

import click

from mltrack_tui.cli import explorer
from mltrack_tui.cli.errors import CommandError, Status
from mltrack_tui.cli.options import mouse_option, project_option, source_option


@click.command("open", hidden=True)
@click.argument("place", metavar="[SOURCE]", required=False)
@source_option
@project_option
@click.option("--experiment", metavar="E", help="Begin at the candidates of this experiment.")
@mouse_option
def explore(
    place: str | None, source: str | None, project: str | None, experiment: str | None, *, no_mouse: bool
) -> int:
    """Explore SOURCE from the keyboard."""
    if place is not None and source is not None:
        raise CommandError("name the source once: as a word or with --source", Status.WRONG_COMMAND_LINE)
    if place is not None:
        explorer.require_location(place)
    chosen = source if place is None else place
    return explorer.explore(chosen, project=project, experiment=experiment, mouse=not no_mouse)
