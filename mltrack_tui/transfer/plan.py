"""What a download will write, decided before anything is written.

Listings come from others: a path of theirs is used only where it is its folder's path and one harmless name more.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from mltrack_tui.domain.artifacts import DATASETS_FOLDER, MODELS_FOLDER, Artifact, ArtifactKind
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.paths import no_name
from mltrack_tui.sources.artifacts import ArtifactSource
from mltrack_tui.sources.base import SourceError, UnreachableError
from mltrack_tui.transfer.errors import TransferError, shown
from mltrack_tui.transfer.order import Failure, Wanted
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


async def plans_of(source: ArtifactSource, wanted: Sequence[Wanted]) -> Sequence[Plan]:
    """The plan of each; raises as `plan` does."""
    return [await plan(source, each.candidate, each.path) for each in wanted]


async def plan(source: ArtifactSource, candidate: CandidateId, path: str) -> Plan:
    """Look at all that lies at a path of a candidate's artifacts; '' is everything, named after the candidate.

    What has no name that can be written, is listed twice, or lies too deep is a failure of its own; so is a folder
    that the source cannot list. Datasets are left out: they are not the candidate's own.

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
    planned = Plan(below.rpartition("/")[2], is_dir=True)
    async for listed in walk(source, candidate, path):
        for each in listed.entries:
            if each.refused:
                planned.failures.append(Failure(each.artifact.path, each.refused))
            elif each.below == "":
                return Plan(planned.name, is_dir=False, files=[(each.artifact, "")])
            elif each.artifact.is_dir:
                planned.folders.append(each.below)
            elif each.artifact.kind is not ArtifactKind.DATASET:
                planned.files.append((each.artifact, each.below))
        planned.failures.extend(listed.failures)
    return planned


@dataclass(frozen=True, slots=True)
class Met:
    """An artifact on the way through all of them: its path below the top, or why it can have none there."""

    artifact: Artifact
    below: str
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """What lies directly in a folder, and why that is not all or not gone into."""

    entries: Sequence[Met]
    failures: Sequence[Failure] = ()


async def walk(source: ArtifactSource, candidate: CandidateId, path: str) -> AsyncIterator[Listed]:
    """Go through all folders at a path of a candidate's artifacts, each before those in it; of a file, that alone.

    It ends, whatever a source lists: after `MOST_DEEP` folders in each other, after `MOST_ENTRIES` artifacts, and where
    folders lead round in a circle.

    Raises:
        SourceError: the path cannot be listed, or the source cannot be reached any more.
    """
    entries = await _patiently(source, candidate, path)
    if path and [(entry.path, entry.is_dir) for entry in entries] == [(path, False)]:
        yield Listed([Met(entries[0], "")])
        return
    walker = _Walker()
    waiting = [_Folder(path, "")]
    while waiting:
        folder = waiting.pop()
        if folder.below:
            try:
                entries = await _patiently(source, candidate, folder.path)
            except UnreachableError:
                raise
            except SourceError as error:
                yield Listed([], [Failure(folder.path, str(error))])
                continue
        listed, further = walker.enter(folder, entries)
        waiting += reversed(further)
        yield listed


async def _patiently(source: ArtifactSource, candidate: CandidateId, path: str) -> Sequence[Artifact]:
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


class _Walker:
    """What was met so far."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def enter(self, folder: _Folder, entries: Sequence[Artifact]) -> tuple[Listed, list[_Folder]]:
        """What lies in a folder, and the folders in it that may be entered."""
        looks = hash(frozenset((entry.name, entry.is_dir, entry.size) for entry in entries))
        around = (*folder.around, looks)
        if around.count(looks) >= _SAME_AGAIN and any(entry.is_dir for entry in entries):
            circle = "It leads round in a circle: it lists what the folders around it do."
            return Listed([], [Failure(folder.path, circle)]), []
        met: list[Met] = []
        for entry in entries:
            if len(self._seen) >= MOST_ENTRIES:
                most = f"Not all of it is here: there are more than {MOST_ENTRIES:,} artifacts."
                return Listed(met, [Failure(folder.path, most)]), []
            met.append(self._met(folder, entry))
        further = [_Folder(each.artifact.path, each.below, around) for each in met if _is_folder(each)]
        return Listed(met), further

    def _met(self, folder: _Folder, entry: Artifact) -> Met:
        of_model = entry.kind is ArtifactKind.MODEL and not folder.path
        prefix = MODELS_FOLDER if of_model else f"{folder.path}/" if folder.path else ""
        name = entry.path.removeprefix(prefix)
        below = f"{folder.below}/{name}" if folder.below else name
        if entry.kind is ArtifactKind.DATASET and not folder.path:
            return Met(entry, below)
        if entry.kind is ArtifactKind.LINK:
            why: str | None = f"a link is not followed; {entry.about}" if entry.about else "a link is not followed"
        elif entry.kind is ArtifactKind.REFUSED:
            why = entry.about or "its name could do harm"
        elif not entry.path.startswith(prefix):
            why = "it does not lie in the folder it is listed in"
        else:
            why = self._harm(name, below)
        if why is None:
            self._seen.add(below)
        return Met(entry, below, "" if why is None else f"Refused: {why}.")

    def _harm(self, name: str, below: str) -> str | None:
        """Why a name may not be written below the top; None where it may."""
        if (why := no_name(name) or no_name(below)) is not None:
            return why
        if "/" in name:
            return "it does not lie in the folder it is listed in"
        if below in self._seen:
            return "it is listed twice"
        return f"it lies more than {MOST_DEEP} folders deep" if below.count("/") >= MOST_DEEP else None


def _is_folder(met: Met) -> bool:
    return met.artifact.is_dir and not met.refused and met.artifact.kind is not ArtifactKind.DATASET
