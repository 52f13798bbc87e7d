"""The command that downloads a candidate's artifacts."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from mltrack_tui.cli.asking import Asker, answer
from mltrack_tui.cli.errors import CommandError
from mltrack_tui.cli.find import find_candidate
from mltrack_tui.cli.options import project_option, source_option
from mltrack_tui.cli.printing import write_text
from mltrack_tui.domain.text import clean

if TYPE_CHECKING:
    from mltrack_tui.transfer.downloads import Download, Existing, Progress, Wanted

_BAR = 24  # columns
_MOST_JOBS = 32


@click.command
@click.argument("candidate_id")
@click.argument("path", default="")
@click.option("--to", "folder", metavar="FOLDER", type=click.Path(path_type=Path), default=".", help="Where to.")
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1, _MOST_JOBS),
    default=3,
    show_default=True,
    help="How many files at a time.",
)
@click.option("--force", is_flag=True, help="Replace files that are there already.")
@click.option("--skip", is_flag=True, help="Keep files that are there already, and fetch the others.")
@click.option(
    "--manifest",
    metavar="[FILE]",
    type=click.Path(path_type=Path),
    is_flag=False,
    flag_value="SHA256SUMS",
    help="Write names, sizes and sha256 of what came into FILE (SHA256SUMS); sha256sum --check reads it.",
)
@source_option
@project_option
def download(
    candidate_id: str,
    path: str,
    folder: Path,
    *,
    jobs: int,
    manifest: Path | None,
    source: str | None,
    project: str | None,
    force: bool,
    skip: bool,
) -> None:
    """Download artifacts of a candidate.

    The file or folder PATH, or all, which come into a folder of the candidate's id. Prints where it lies now. What is
    there already is not overwritten, unless --force says so. What was interrupted goes on where it was when it is
    asked for again; with --skip, of a folder of which some files came.

    \b
    mltrack download 0dcb210f2260477c86dec97050ef4a9b model --to /tmp
    mltrack download 0dcb210f2260477c86dec97050ef4a9b --skip --manifest
    """
    from mltrack_tui.transfer.downloads import Existing, Wanted

    if force and skip:
        raise click.UsageError("--force and --skip contradict each other")
    existing = Existing.REPLACE if force else Existing.SKIP if skip else Existing.REFUSE

    async def command(ask: Asker) -> None:
        candidate = await find_candidate(ask, candidate_id, project)
        await _bring(ask, Wanted(candidate, path), folder, jobs=jobs, existing=existing, manifest=manifest)

    answer(source, command)


async def _bring(
    ask: Asker, wanted: "Wanted", folder: Path, *, jobs: int, existing: "Existing", manifest: Path | None
) -> None:
    from mltrack_tui.transfer.downloads import Downloads, Existing
    from mltrack_tui.transfer.errors import TransferError
    from mltrack_tui.transfer.manifest import refuse_manifest, write_manifest

    try:
        if manifest is not None and existing is not Existing.REPLACE:
            refuse_manifest(manifest)
        with _progress_line() as tell:
            downloads = Downloads(tell, jobs)
            try:
                one = downloads.add(ask.source, [wanted], folder, existing, wanted.path)
                await downloads.ended()
                if manifest is not None and one.targets and not one.problem:
                    await write_manifest(one, manifest, existing)
            finally:
                await downloads.aclose()
    except TransferError as error:
        raise CommandError(str(error)) from None
    _tell_end(one)


def _tell_end(one: "Download") -> None:
    """Say where it lies, or why it does not."""
    failed = [clean(f"  {each.path}: {each.reason}") for each in one.failures]
    if one.problem:
        raise CommandError(one.problem, picture=failed)
    for target in one.targets:
        write_text(f"{clean(str(target))}\n")
    if failed:
        of = len(failed) + len(one.finished)
        raise CommandError(f"{len(failed):,} of {of:,} could not be downloaded:", picture=failed)


@contextmanager
def _progress_line() -> Iterator[Callable[["Download"], None]]:
    """A line on standard error that says how far a download is, if somebody is there to see it."""
    if not sys.stderr.isatty():
        yield lambda _download: None
        return

    def show(download: "Download") -> None:
        width = get_terminal_size().columns - 1
        sys.stderr.write(f"\r\x1b[K{_line(download.progress)[:width]}")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _line(progress: "Progress") -> str:
    """A bar, how much came of how much, how fast, how long still, how many files."""
    if progress.files_total is None:
        return "listing..."
    from mltrack_tui.transfer.words import bytes_words, files_words, left_words, pace_words, percent, share

    far, left = share([progress]), left_words(progress)
    full = int((far or 0.0) * _BAR)
    bar = "" if far is None else f"[{'=' * full}{' ' * (_BAR - full)}] {percent(far):>4}"
    said = [bar, bytes_words(progress), pace_words(progress), f"{left} left" if left else "", files_words(progress)]
    return "  ".join(filter(None, said))
