"""Commands that look at a candidate's artifacts where they are."""

import sys
from codecs import getincrementaldecoder
from collections.abc import AsyncIterator, Callable, Sequence

import click

from mltrack_tui.cli import shapes
from mltrack_tui.cli.asking import Asker, answer
from mltrack_tui.cli.errors import CommandError
from mltrack_tui.cli.find import find_candidate
from mltrack_tui.cli.options import Format, format_option, project_option, source_option
from mltrack_tui.cli.printing import at_once, output, write_rows
from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.text import clean, clean_lines
from mltrack_tui.sources.artifacts import Part
from mltrack_tui.sources.base import SourceError


@click.command
@click.argument("candidate_id")
@click.argument("path", default="")
@click.option("--recursive", "-r", is_flag=True, help="What lies in the folders too, each after its folder.")
@source_option
@project_option
@format_option
def artifacts(
    candidate_id: str, path: str, source: str | None, project: str | None, format_: Format, *, recursive: bool
) -> None:
    """List the artifacts of a candidate.

    What lies directly in its folder, or in PATH; with --recursive all that does.

    \b
    mltrack artifacts 0dcb210f2260477c86dec97050ef4a9b model
    mltrack artifacts 0dcb210f2260477c86dec97050ef4a9b --recursive --format csv
    """

    async def command(ask: Asker) -> None:
        candidate = await find_candidate(ask, candidate_id, project)
        failed: list[str] = []
        if recursive:
            found: Sequence[Artifact] = await ask(lambda: _all_below(ask, candidate, path.rstrip("/"), failed))
        else:
            found = await ask(lambda: ask.source.artifacts(candidate, path))
        await write_rows(format_, shapes.artifacts(found), at_once(found))
        if failed:
            raise CommandError("not everything could be listed:", picture=failed)

    answer(source, command)


async def _all_below(ask: Asker, candidate: CandidateId, path: str, failed: list[str]) -> list[Artifact]:
    """Everything at a path; the folders that could not be listed are put into ``failed``."""
    from mltrack_tui.transfer.plan import walk

    failed.clear()
    found = []
    async for listed in walk(ask.source, candidate, path):
        found += [each.artifact for each in listed.entries]
        failed += [clean(f"  {each.path}: {each.reason}") for each in listed.failures]
    return found


@click.command
@click.argument("candidate_id")
@click.argument("path")
@source_option
@project_option
def cat(candidate_id: str, path: str, source: str | None, project: str | None) -> None:
    """Print a file of a candidate.

    Its bytes as they are; on a terminal as text without control codes.

    \b
    mltrack cat 0dcb210f2260477c86dec97050ef4a9b model/MLmodel
    mltrack cat 0dcb210f2260477c86dec97050ef4a9b log.txt | tail
    """

    async def command(ask: Asker) -> None:
        candidate = await find_candidate(ask, candidate_id, project)
        write = _to_terminal() if sys.stdout.isatty() else _as_it_is()
        async for chunk in _content(ask, candidate, path):
            write(chunk, False)
        write(b"", True)

    answer(source, command)


async def _content(ask: Asker, candidate: CandidateId, path: str) -> AsyncIterator[bytes]:
    """A file's bytes, each once: a connection that broke goes on where it was, if the file is still the same."""
    from mltrack_tui.transfer.patience import Patience

    patience = Patience()
    came, version, ranged = 0, None, True
    while True:
        try:
            async with ask.source.content(candidate, path, Part(came, None, version)) as content:
                version, ranged = content.version, content.ranged
                async for chunk in content.chunks:
                    came += len(chunk)
                    yield chunk
        except SourceError as error:
            if came and (version is None or not ranged):
                raise
            await patience.after(error, came)
        else:
            return


Write = Callable[[bytes, bool], None]
"""Writes some bytes; with True they are the last."""


def _as_it_is() -> Write:
    sys.stdout.flush()

    def write(data: bytes, last: bool) -> None:
        sys.stdout.buffer.write(data)
        if last:
            sys.stdout.buffer.flush()

    return write


def _to_terminal() -> Write:
    decoder = getincrementaldecoder("utf-8")("replace")
    out = output()

    def write(data: bytes, last: bool) -> None:
        out.write(clean_lines(decoder.decode(data, last)))

    return write
