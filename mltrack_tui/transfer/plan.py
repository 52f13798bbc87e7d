"""What a download will write, decided before anything is written.

Listings come from others: a path of theirs is used only where it is its folder's path and one harmless name more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mltrack_tui.domain.entities import DATASETS_FOLDER, MODELS_FOLDER, Artifact, ArtifactKind, CandidateId
from mltrack_tui.domain.paths import no_name
from mltrack_tui.sources.artifacts import ArtifactSource
from mltrack_tui.sources.base import SourceError, UnreachableError
from mltrack_tui.transfer.errors import TransferError, shown
from mltrack_tui.transfer.order import Failure
from mltrack_tui.transfer.patience import Patience

MOST_DEEP = 64
"""Folders in each other: a listing that never ends would else be followed for ever."""
MOST_ENTRIES = 200_000
_SAME_AGAIN = 3  # times that a folder looks like the one it lies in before it is taken for a way round in a circle


@dataclass(frozen=True, slots=True)
class Plan:
    """The files and folders of a download.

    Attributes:
        name: what the file or folder at the top is called.
        is_dir: whether the top is a folder.
        files: each with its path below the top, '' where it is the top itself.
        folders: paths below the top, each after the one it lies in.
        failures: what is listed there and cannot be brought here.
    """

    name: str
    is_dir: bool
    files: list[tuple[Artifact, str]] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


async def plan(source: ArtifactSource, candidate: CandidateId, path: str) -> Plan:
    """Look at all that lies at a path of a candidate's artifacts; '' is everything, named after the candidate.

    What has no name that can be written, is listed twice, or lies too deep is a failure of its own; so is a folder
    that the source cannot list.

    Raises:
        TransferError: the path itself could lead elsewhere, or is nothing that can be read.
        SourceError: the source could not answer, or has no such artifact.
    """
    path = path.rstrip("/")
    if path.startswith(DATASETS_FOLDER):
        raise TransferError(f"{shown(path)} lies elsewhere: a candidate has only the address of its datasets.")
    below = path.removeprefix(MODELS_FOLDER) if path else candidate.candidate_id
    if (why := no_name(below)) is not None:
        raise TransferError(f"{shown(path or below)} is refused: {why}.")
    name = below.rpartition("/")[2]
    entries = await _listed(source, candidate, path)
    if path and [(entry.path, entry.is_dir) for entry in entries] == [(path, False)]:
        return Plan(name, is_dir=False, files=[(entries[0], "")])
    return await _Walk(source, candidate, Plan(name, is_dir=True)).all_below(path, entries)


async def _listed(source: ArtifactSource, candidate: CandidateId, path: str) -> Sequence[Artifact]:
    patience = Patience()
    while True:
        try:
            return await source.artifacts(candidate, path)
        except SourceError as error:
            await patience.after(error, 0)


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder to be listed: its artifact's path, its path below the top, and what those around it look like."""

    path: str
    below: str
    around: tuple[int, ...] = ()


class _Walk:
    """Goes through the folders of a plan, one after the other, and fills it in."""

    def __init__(self, source: ArtifactSource, candidate: CandidateId, planned: Plan) -> None:
        self._source, self._candidate, self._planned = source, candidate, planned
        self._seen: set[str] = set()

    async def all_below(self, path: str, entries: Sequence[Artifact]) -> Plan:
        """The plan with everything below a folder that has these entries. Raises UnreachableError."""
        waiting = [_Folder(path, "")]
        while waiting:
            folder = waiting.pop()
            if folder.below:
                try:
                    entries = await _listed(self._source, self._candidate, folder.path)
                except UnreachableError:
                    raise
                except SourceError as error:
                    self._fail(folder.path, str(error))
                    continue
            waiting += reversed(list(self._entered(folder, entries)))
        return self._planned

    def _entered(self, folder: _Folder, entries: Sequence[Artifact]) -> Iterator[_Folder]:
        """Put a folder's files into the plan; yield the folders in it."""
        looks = hash(frozenset((entry.name, entry.is_dir, entry.size) for entry in entries))
        around = (*folder.around, looks)
        if around.count(looks) >= _SAME_AGAIN and any(entry.is_dir for entry in entries):
            self._fail(folder.path, "It leads round in a circle: it lists what the folders around it do.")
            return
        for entry in entries:
            if entry.kind is ArtifactKind.DATASET:
                continue
            below, why = self._place(folder, entry)
            if why:
                self._fail(entry.path, why)
            elif len(self._seen) >= MOST_ENTRIES:
                self._fail(folder.path, f"Not all of it is here: there are more than {MOST_ENTRIES:,} artifacts.")
                return
            else:
                self._seen.add(below)
                if entry.is_dir:
                    self._planned.folders.append(below)
                    yield _Folder(entry.path, below, around)
                else:
                    self._planned.files.append((entry, below))

    def _place(self, folder: _Folder, entry: Artifact) -> tuple[str, str]:
        """Where an entry goes below the top, or why it goes nowhere."""
        if entry.kind is ArtifactKind.LINK:
            return "", f"It is a link, which is not followed: {entry.about}" if entry.about else "It is a link."
        if entry.kind is ArtifactKind.REFUSED:
            return "", _refused(entry.about or "its name could do harm")
        of_model = entry.kind is ArtifactKind.MODEL and not folder.path
        prefix = MODELS_FOLDER if of_model else f"{folder.path}/" if folder.path else ""
        name = entry.path.removeprefix(prefix)
        below = f"{folder.below}/{name}" if folder.below else name
        if not entry.path.startswith(prefix):
            why: str | None = "it does not lie in the folder it is listed in"
        else:
            why = self._harm(name, below)
        return (below, "") if why is None else ("", _refused(why))

    def _harm(self, name: str, below: str) -> str | None:
        """Why a name may not be written below the top; None where it may."""
        if (why := no_name(name) or no_name(below)) is not None:
            return why
        if "/" in name:
            return "it does not lie in the folder it is listed in"
        if below in self._seen:
            return "it is listed twice"
        return f"it lies more than {MOST_DEEP} folders deep" if below.count("/") >= MOST_DEEP else None

    def _fail(self, path: str, reason: str) -> None:
        self._planned.failures.append(Failure(path, reason))


def _refused(why: str) -> str:
    return f"Refused: {why}."
