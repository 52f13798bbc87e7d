"""What was listed of a candidate's artifacts, and the lines of the tree that follow from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from mltrack_tui.domain.entities import Artifact, ArtifactKind

if TYPE_CHECKING:
    from mltrack_tui.domain.filter import Words

READABLE = frozenset((ArtifactKind.LOGGED, ArtifactKind.MODEL))
"""What can be opened, looked into and downloaded."""
_LAST = {ArtifactKind.MODEL: 1, ArtifactKind.DATASET: 2}


@dataclass(frozen=True, slots=True)
class Total:
    """What lies in a folder and all folders below it, as far as it was counted.

    Attributes:
        files: how many files.
        size: the bytes of those whose size the source tells.
        unknown: how many have none that it tells.
        whole: whether everything was counted.
    """

    files: int = 0
    size: int = 0
    unknown: int = 0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the tree.

    Attributes:
        fits: whether the filter admits it, not only something that lies in it.
    """

    artifact: Artifact
    depth: int
    unfolded: bool
    fits: bool = True

    @property
    def can_unfold(self) -> bool:
        """Whether it is a folder that can be listed."""
        return self.artifact.is_dir and self.artifact.kind in READABLE


class Tree:
    """The folders that were listed, those that are unfolded, what is filtered and how it is sorted.

    Attributes:
        folders: what lies in each that was listed, by its path and sorted by name; '' is the top.
        unfolded: the paths of the folders that are open.
        problems: why a folder could not be listed.
        totals: what some folders come to.
        where: the words of the filter, which are looked for in paths.
        by_size: whether the largest come first; else names decide.
    """

    def __init__(self) -> None:
        self.folders: dict[str, Sequence[Artifact]] = {}
        self.unfolded: set[str] = set()
        self.problems: dict[str, str] = {}
        self.totals: dict[str, Total] = {}
        self.where: Words | None = None
        self.by_size = False

    def have(self, path: str, artifacts: Sequence[Artifact]) -> None:
        """Know what lies in a folder; folders that are there no longer are forgotten with all below them."""
        there = {each.path for each in artifacts if each.is_dir}
        gone = [each.path for each in self.folders.get(path, ()) if each.is_dir and each.path not in there]
        self.folders[path] = sorted(artifacts, key=_by_name)
        self.problems.pop(path, None)
        for each in gone:
            self._forget(each)

    def _forget(self, path: str) -> None:
        inside = self.folders.pop(path, ())
        self.unfolded.discard(path)
        for each in inside:
            if each.is_dir:
                self._forget(each.path)

    @property
    def listed(self) -> Iterator[Artifact]:
        """Everything that is known."""
        return (each for artifacts in self.folders.values() for each in artifacts)

    @property
    def unlisted(self) -> int:
        """How many folders are known of which it is not known what lies in them."""
        return sum(each.is_dir and each.kind in READABLE and each.path not in self.folders for each in self.listed)

    def size(self, artifact: Artifact) -> int | None:
        """Its bytes, of a folder once all below it were counted and have sizes."""
        total = self.totals.get(artifact.path)
        if artifact.is_dir and total is not None:
            return total.size if total.whole and not total.unknown else None
        return artifact.size

    def nodes(self) -> list[Node]:
        """The lines, from the top."""
        return list(self._below("", 0))

    def _below(self, path: str, depth: int) -> Iterator[Node]:
        for artifact in self._arranged(self.folders.get(path, ())):
            deeper = artifact.is_dir and len(artifact.path) > len(path)  # a listing that runs in circles ends here
            if self.where is None or self.where.occur_in(artifact.path):
                unfolded = deeper and artifact.path in self.unfolded
                yield Node(artifact, depth, unfolded)
                if unfolded:
                    yield from self._below(artifact.path, depth + 1)
            elif deeper and (inside := list(self._below(artifact.path, depth + 1))):
                yield Node(artifact, depth, unfolded=True, fits=False)
                yield from inside

    def _arranged(self, artifacts: Sequence[Artifact]) -> Sequence[Artifact]:
        """As they are sorted by name, or the largest first; what has no size comes last."""
        if not self.by_size:
            return artifacts

        def rank(artifact: Artifact) -> tuple[int, bool, float]:
            size = self.size(artifact)
            return *_by_name(artifact)[:2], inf if size is None else -size

        return sorted(artifacts, key=rank)


def _by_name(artifact: Artifact) -> tuple[int, bool, str]:
    """Logged models and datasets after all others, folders before files."""
    return _LAST.get(artifact.kind, 0), not artifact.is_dir, artifact.path
