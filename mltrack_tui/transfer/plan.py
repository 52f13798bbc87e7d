"""What a download will write, decided before anything is written.

Listings come from others: a path of theirs is used only where it is its folder's path and one harmless name more.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mltrack_tui.domain.entities import Artifact, CandidateId
from mltrack_tui.domain.text import clean
from mltrack_tui.sources.artifacts import ArtifactSource
from mltrack_tui.transfer.errors import TransferError

_MOST_FOLDERS_DEEP = 64  # a listing that never ends would else be followed for ever
_HARMFUL = re.compile(r"\.{0,2}|[A-Za-z]:.*|.*[/\\\x00-\x1f\x7f-\x9f].*", re.DOTALL)
_LONGEST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """The files and folders of a download.

    Attributes:
        name: what the file or folder at the top is called.
        is_dir: whether the top is a folder.
        files: each with its path below the top, '' where it is the top itself.
        folders: paths below the top, each after the one it lies in.
    """

    name: str
    is_dir: bool
    files: list[tuple[Artifact, str]] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)

    @property
    def size(self) -> int | None:
        """Bytes of all files, or None where the source does not tell one of them."""
        sizes = [artifact.size for artifact, _ in self.files]
        return None if None in sizes else sum(size or 0 for size in sizes)


async def plan(source: ArtifactSource, candidate: CandidateId, path: str) -> Plan:
    """Look at all that lies at a path of a candidate's artifacts; '' is everything, named after the candidate.

    Raises:
        TransferError: a path that would leave its folder, two entries of one path, or folders without an end.
        SourceError: the source could not answer, or has no such artifact.
    """
    path = path.rstrip("/")
    name = path.rpartition("/")[2] if path else candidate.candidate_id
    for part in path.split("/") if path else [name]:
        _refuse_harmful(part, path or name)
    entries = await source.artifacts(candidate, path)
    if path and [(entry.path, entry.is_dir) for entry in entries] == [(path, False)]:
        return Plan(name, is_dir=False, files=[(entries[0], "")])

    planned = Plan(name, is_dir=True)
    waiting = [path]
    seen: set[str] = set()
    while waiting:
        folder = waiting.pop()
        if folder != path:
            entries = await source.artifacts(candidate, folder)
        for entry, below in _checked(entries, folder, path, seen):
            if entry.is_dir:
                waiting.append(entry.path)
                planned.folders.append(below)
            else:
                planned.files.append((entry, below))
    return planned


def _checked(entries: Sequence[Artifact], folder: str, top: str, seen: set[str]) -> Iterator[tuple[Artifact, str]]:
    """Each entry with its path below the top, once it is known to be harmless."""
    prefix = folder + "/" if folder else ""
    start = len(top) + 1 if top else 0
    for entry in entries:
        if not entry.path.startswith(prefix):
            raise TransferError(f"{_shown(entry.path)} is refused: it does not lie in the folder it is listed in.")
        _refuse_harmful(entry.path[len(prefix) :], entry.path)
        below = entry.path[start:]
        if below in seen:
            raise TransferError(f"{_shown(entry.path)} is refused: it is listed twice.")
        if below.count("/") >= _MOST_FOLDERS_DEEP:
            raise TransferError(f"{_shown(entry.path)} is refused: more than {_MOST_FOLDERS_DEEP} folders deep.")
        seen.add(below)
        yield entry, below


def _refuse_harmful(name: str, path: str) -> None:
    if _HARMFUL.fullmatch(name):
        raise TransferError(f"{_shown(path)} is refused: {_shown(name)!r} is no name for a file.")


def _shown(path: str) -> str:
    return clean(path, _LONGEST_SHOWN)
