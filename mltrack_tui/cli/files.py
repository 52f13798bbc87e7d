"""Commands about a candidate's artifacts."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mltrack_tui.cli import shapes
from mltrack_tui.cli.asking import Asker, answer
from mltrack_tui.cli.errors import CommandError
from mltrack_tui.cli.find import find_candidate
from mltrack_tui.cli.options import Format, format_option, project_option, source_option
from mltrack_tui.cli.printing import at_once, write_rows, write_text
from mltrack_tui.domain.text import clean

if TYPE_CHECKING:
    from mltrack_tui.transfer.downloads import Progress


@click.command
@click.argument("candidate_id")
@click.argument("path", default="")
@source_option
@project_option
@format_option
def artifacts(candidate_id: str, path: str, source: str | None, project: str | None, format_: Format) -> None:
    """List the artifacts of a candidate.

    What lies directly in its folder, or in PATH.

    \b
    mltrack artifacts 0dcb210f2260477c86dec97050ef4a9b model
    """

    async def command(ask: Asker) -> None:
        candidate = await find_candidate(ask, candidate_id, project)
        found = await ask(lambda: ask.source.artifacts(candidate, path))
        await write_rows(format_, shapes.artifacts(), at_once(found))

    answer(source, command)


@click.command
@click.argument("candidate_id")
@click.argument("path", default="")
@click.option("--to", "folder", metavar="FOLDER", type=click.Path(path_type=Path), default=".", help="Where to.")
@source_option
@project_option
def download(candidate_id: str, path: str, folder: Path, source: str | None, project: str | None) -> None:
    """Download artifacts of a candidate.

    The file or folder PATH, or all. Prints where it lies now; what is there already is never overwritten.

    \b
    mltrack download 0dcb210f2260477c86dec97050ef4a9b model --to /tmp
    """
    from mltrack_tui.transfer.download import download as fetch
    from mltrack_tui.transfer.errors import TransferError

    async def command(ask: Asker) -> None:
        candidate = await find_candidate(ask, candidate_id, project)
        with _progress_line() as progress:
            try:
                target = await ask(lambda: fetch(ask.source, candidate, path, folder, progress=progress))
            except TransferError as error:
                raise CommandError(str(error)) from None
        write_text(f"{clean(str(target))}\n")

    answer(source, command)


@contextmanager
def _progress_line() -> Iterator[Callable[["Progress"], None]]:
    """A line on standard error that says how far a download is, if somebody is there to see it."""
    if not sys.stderr.isatty():
        yield lambda _progress: None
        return

    def show(progress: "Progress") -> None:
        total = "" if progress.bytes_total is None else f" of {progress.bytes_total:,}"
        files = f"{progress.files_done} of {progress.files_total} files"
        sys.stderr.write(f"\r\x1b[K{files}, {progress.bytes_done:,}{total} bytes")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
