"""What was listed of a candidate's artifacts, and the lines of the tree that follow from it."""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from math import inf
from typing import TYPE_CHECKING

from rich.cells import cell_len

from mltrack_tui.domain.artifacts import MODELS_FOLDER, Artifact, ArtifactKind
from mltrack_tui.domain.text import clean

if TYPE_CHECKING:
    from mltrack_tui.domain.filter import Words

LONGEST = 200
"""Characters of a name that are shown."""
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
        width: terminal cells of its name with what stands before it.
        fits: whether the filter admits it, not only something that lies in it.
    """

    artifact: Artifact
    depth: int
    width: int
    unfolded: bool
    fits: bool = True

    @property
    def can_unfold(self) -> bool:
        """Whether it is a folder that can be listed."""
        return self.artifact.is_dir and self.artifact.is_readable


class Folder:
    """What was listed of a folder, at most 100,000 artifacts, and what each letter of a filter would ask of all."""

    def __init__(self, artifacts: Sequence[Artifact], depth: int) -> None:
        self.artifacts = sorted(artifacts, key=_by_name)
        self.lines = [Node(each, depth, _width(each, depth), unfolded=False) for each in self.artifacts]
        self.paths = {each.path for each in self.artifacts}
        self.inner = [each for each in self.artifacts if each.is_dir]

    def __len__(self) -> int:
        return len(self.artifacts)

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {each.path: f"{each.path} {each.title}".casefold() for each in self.artifacts}

    @cached_property
    def _by_size(self) -> list[Node]:
        return sorted(self.lines, key=lambda line: _by_bytes(line.artifact, line.artifact.size))

    def fitting(self, where: "Words") -> set[str]:
        """The paths of those that have these words in path or title."""
        texts = list(self._folded.items())
        for word in where.words:
            texts = [each for each in texts if word in each[1]]
        return {path for path, _ in texts}

    def largest_first(self, size: Callable[[Artifact], int | None]) -> list[Node]:
        """The lines by ``size``, which is another than the artifact's own only for folders that were counted."""
        if all(size(each) == each.size for each in self.inner):
            return self._by_size
        return sorted(self.lines, key=lambda line: _by_bytes(line.artifact, size(line.artifact)))


class Tree:
    """The folders that were listed, those that are unfolded, what is filtered and how it is sorted.

    Attributes:
        folders: what lies in each that was listed, by its path and sorted by name; '' is the top.
        unfolded: the paths of the folders that are open.
        problems: why a folder could not be listed.
        totals: what some folders come to.
        where: the words of the filter, which are looked for in paths and titles.
        by_size: whether the largest come first; else names decide.
    """

    def __init__(self) -> None:
        self.folders: dict[str, Folder] = {}
        self.unfolded: set[str] = set()
        self.problems: dict[str, str] = {}
        self.totals: dict[str, Total] = {}
        self.where: Words | None = None
        self.by_size = False

    def have(self, path: str, artifacts: Sequence[Artifact]) -> None:
        """Know what lies in a folder; folders that are there no longer are forgotten with all below them."""
        before = self.folders.get(path)
        now = self.folders[path] = Folder(artifacts, _depth_in(path))
        self.problems.pop(path, None)
        there = {each.path for each in now.inner}
        for each in before.inner if before is not None else ():
            if each.path not in there:
                self._forget(each.path)

    def _forget(self, path: str) -> None:
        folder = self.folders.pop(path, None)
        self.unfolded.discard(path)
        for each in folder.inner if folder is not None else ():
            self._forget(each.path)

    @property
    def listed(self) -> Iterator[Artifact]:
        """Everything that is known."""
        return chain.from_iterable(folder.artifacts for folder in self.folders.values())

    @property
    def number_listed(self) -> int:
        """How many artifacts are known."""
        return sum(map(len, self.folders.values()))

    @property
    def unlisted(self) -> int:
        """How many folders are known of which it is not known what lies in them."""
        inner = chain.from_iterable(folder.inner for folder in self.folders.values())
        return sum(each.is_readable and each.path not in self.folders for each in inner)

    def size(self, artifact: Artifact) -> int | None:
        """Its bytes, of a folder once all below it were counted and have sizes."""
        total = self.totals.get(artifact.path)
        if artifact.is_dir and total is not None:
            return total.size if total.whole and not total.unknown else None
        return artifact.size

    def nodes(self) -> list[Node]:
        """The lines, from the top."""
        return list(self._below(""))

    def _below(self, path: str) -> Iterator[Node]:
        if (folder := self.folders.get(path)) is None:
            return
        lines = folder.largest_first(self.size) if self.by_size else folder.lines
        if self.where is None:
            fitting: Container[str] = folder.paths
        else:
            fitting = folder.fitting(self.where)
            lines = [line for line in lines if line.artifact.path in fitting or line.artifact.is_dir]
        for line in lines:
            if not line.artifact.is_dir:
                yield line
            else:
                yield from self._folder(line, fits=line.artifact.path in fitting, deeper_than=path)

    def _folder(self, line: Node, *, fits: bool, deeper_than: str) -> Iterator[Node]:
        """A folder and what is shown of what lies in it."""
        path = line.artifact.path
        deeper = len(path) > len(deeper_than)  # a listing that runs in circles ends here
        if fits:
            unfolded = deeper and path in self.unfolded
            yield replace(line, unfolded=unfolded)
            if unfolded:
                yield from self._below(path)
        elif deeper and (inside := list(self._below(path))):
            yield replace(line, unfolded=True, fits=False)
            yield from inside


def _width(artifact: Artifact, depth: int) -> int:
    name = artifact.called
    return 2 * depth + 2 + (len(name) if name.isascii() else cell_len(clean(name, LONGEST)))


def _depth_in(path: str) -> int:
    """How deep what lies in a folder is; ``models:/<id>`` lies at the top, as its two parts are one name."""
    return path.removeprefix(MODELS_FOLDER).count("/") + 1 if path else 0


def _by_name(artifact: Artifact) -> tuple[int, bool, str, str]:
    """Logged models and datasets after all others, folders before files."""
    return _LAST.get(artifact.kind, 0), not artifact.is_dir, artifact.title, artifact.path


def _by_bytes(artifact: Artifact, size: int | None) -> tuple[int, bool, float]:
    """In the same way, the largest first; what has no size comes last."""
    return _LAST.get(artifact.kind, 0), not artifact.is_dir, inf if size is None else -size
