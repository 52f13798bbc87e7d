"""Commands about a candidate's artifacts."""

from pathlib import Path

import click

from mltrack_tui.cli import shapes
from mltrack_tui.cli.asking import Asker, answer
from mltrack_tui.cli.find import find_candidate
from mltrack_tui.cli.options import Format, format_option, source_option
from mltrack_tui.cli.printing import at_once, write_rows


@click.command
@click.argument("candidate_id")
@click.argument("path", default="")
@source_option
@format_option
def artifacts(candidate_id: str, path: str, source: str | None, format_: Format) -> None:
    """List the artifacts of a candidate: what lies directly in its folder, or in PATH."""

    async def command(ask: Asker) -> None:
        candidate = await find_candidate(ask, candidate_id)
        found = await ask(lambda: ask.source.artifacts(candidate, path))
        await write_rows(format_, shapes.artifacts(), at_once(found))

    answer(source, command)


@click.command
@click.argument("candidate_id")
@click.argument("path", default="")
@click.option("--to", "folder", metavar="FOLDER", type=click.Path(path_type=Path), default=Path(), help="Where to.")
@source_option
def download(candidate_id: str, path: str, folder: Path, source: str | None) -> None:
    """Download a candidate's artifact, the file or folder PATH, or all; print where it lies now."""
    raise NotImplementedError
