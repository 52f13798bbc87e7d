"""Bring artifacts into a folder: whole, or not at all.

Everything is written in a hidden folder beside the target, readable by its owner only, and moved to its name when it
is complete. Whatever ends a download early, cancelling included, leaves nothing behind but folders asked for.
"""

import asyncio
import errno
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from mltrack_tui.domain.entities import Artifact, CandidateId
from mltrack_tui.domain.text import clean
from mltrack_tui.sources.artifacts import ArtifactSource
from mltrack_tui.transfer.errors import TargetExistsError, TransferError
from mltrack_tui.transfer.plan import Plan, plan

_LONGEST_SHOWN = 200
_DISK_FULL = "the disk is full. Make room, or choose another folder."
_NOT_ALLOWED = "no permission to write there. Choose another folder."
_REASONS = {
    errno.ENOSPC: _DISK_FULL,
    errno.EDQUOT: _DISK_FULL,
    errno.EACCES: _NOT_ALLOWED,
    errno.EPERM: _NOT_ALLOWED,
    errno.EROFS: _NOT_ALLOWED,
    errno.EEXIST: "something of that name is in the way. Choose another folder.",
    errno.ENOTDIR: "what should hold it is no folder. Choose another one.",
    errno.ENAMETOOLONG: "its name is too long for this disk.",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a download is; ``bytes_total`` is None where the source does not tell every size."""

    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int | None


async def download(
    source: ArtifactSource, candidate: CandidateId, path: str, folder: Path, *, progress: Callable[[Progress], None]
) -> Path:
    """Copy an artifact of a candidate, file or folder, into ``folder``, and say where it lies now.

    ``path`` is relative to the candidate's artifact root; '' is all artifacts, which come to lie below the
    candidate's id. ``folder`` is made where it is missing. ``progress`` is called on the event loop, before the first
    byte, after each chunk and each file.

    Raises:
        TargetExistsError: the target is there already. Nothing is overwritten.
        TransferError: a path would leave the folder, a file came short or long, or writing failed.
        SourceError: the source could not answer, or has no such artifact.
    """
    planned = await plan(source, candidate, path)
    target = folder / planned.name
    _refuse_existing(target)
    async with _staging(folder) as staging:
        report = _Report(Progress(0, len(planned.files), 0, planned.size), progress)
        await _fetch(source, candidate, planned, staging / planned.name, report)
        _refuse_existing(target)  # it may have come up while the bytes came in
        with _told(str(target)):
            (staging / planned.name).replace(target)
    return target


class _Report:
    """The latest progress, told on to whoever wants to know."""

    def __init__(self, start: Progress, tell: Callable[[Progress], None]) -> None:
        self._now = start
        self._tell = tell
        tell(start)

    def add(self, *, files: int = 0, size: int = 0) -> None:
        now = self._now
        self._now = replace(now, files_done=now.files_done + files, bytes_done=now.bytes_done + size)
        self._tell(self._now)


async def _fetch(source: ArtifactSource, candidate: CandidateId, planned: Plan, top: Path, report: _Report) -> None:
    for below in ["", *planned.folders] if planned.is_dir else []:
        with _told(f"{planned.name}/{below}"):
            (top / below).mkdir()
    for artifact, below in planned.files:
        async with source.content(candidate, artifact.path) as content:
            await _write(content.chunks, artifact, top / below, report)
        report.add(files=1)


async def _write(chunks: AsyncIterator[bytes], artifact: Artifact, to: Path, report: _Report) -> None:
    written = 0
    with _created(to, artifact.path) as file:
        async for chunk in chunks:
            written += len(chunk)
            if artifact.size is not None and written > artifact.size:
                break  # no more than was announced: what never ends would fill the disk
            with _told(artifact.path):
                await asyncio.to_thread(file.write, chunk)
            report.add(size=len(chunk))
    if artifact.size is not None and written != artifact.size:
        came = f"{written:,}" if written < artifact.size else "more"
        raise TransferError(f"{_shown(artifact.path)}: {came} came of {artifact.size:,} bytes. Try again.")


@contextmanager
def _created(path: Path, name: str) -> Iterator[BinaryIO]:
    """A new file, closed at the end. Closing waits for a write that a cancelled thread is still at."""
    with _told(name):
        file = path.open("xb")
    try:
        yield file
        with _told(name):
            file.close()
    finally:
        with suppress(OSError):  # what ended it early is what counts; a closed file closes again without effect
            file.close()


@asynccontextmanager
async def _staging(folder: Path) -> AsyncIterator[Path]:
    """A private folder within ``folder``, gone with all that is still in it at the end."""
    staging = _private_folder(folder)
    try:
        yield staging
    finally:
        await asyncio.to_thread(shutil.rmtree, staging, ignore_errors=True)


def _private_folder(folder: Path) -> Path:
    with _told(str(folder)):
        folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".mltrack-", dir=folder))


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Turn what the system refuses into one line about ``name``."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, f"{error.strerror or 'writing failed'}.")
        raise TransferError(f"{_shown(name)} could not be written: {reason}") from error


def _refuse_existing(target: Path) -> None:
    if os.path.lexists(target):  # a dangling link is something too
        raise TargetExistsError(f"{_shown(str(target))} is there already. Move it away, or choose another folder.")


def _shown(name: str) -> str:
    return clean(name, _LONGEST_SHOWN)
