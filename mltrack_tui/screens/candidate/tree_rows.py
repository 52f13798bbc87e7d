"""How the lines of the tree of artifacts look."""

from collections.abc import Container, Sequence

from rich.cells import cell_len

from mltrack_tui.domain.artifacts import ArtifactKind
from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.domain.text import clean
from mltrack_tui.export.shape import Form
from mltrack_tui.export.table import Heading, Row
from mltrack_tui.screens.candidate.tree import LONGEST, Node, Tree
from mltrack_tui.screens.place import counted
from mltrack_tui.widgets.cells import Cell, GridColumn, Tone

MARK, NAME, SIZE, ABOUT = range(4)
_WIDEST_SIZE, _LEAST_NAME = 10, 24
_MARKED, _UNMARKED, _NOTHING = Cell("✓", Tone.STRONG), Cell(""), Cell("")
_CALLED = {
    ArtifactKind.MODEL: "logged model",
    ArtifactKind.DATASET: "dataset",
    ArtifactKind.LINK: "link",
    ArtifactKind.REFUSED: "refused",
}


_HEADINGS = (*map(Heading, ("path", "kind", "folder", "about")), Heading("size", Form.EXACT))


class TreeRows:
    """Lines of a tree, as a grid shows them."""

    def __init__(self, tree: Tree, marks: Container[str], nodes: Sequence[Node] = ()) -> None:
        self.nodes = nodes
        self.paths: Sequence[str] = [node.artifact.path for node in nodes]
        self._tree, self._marks = tree, marks
        self._unreadable = {node.artifact.path: node for node in nodes if not node.artifact.is_readable}

    def __len__(self) -> int:
        return len(self.nodes)

    def cells(self, row: int, columns: tuple[int, ...]) -> list[Cell]:
        """The cells of a line."""
        node = self.nodes[row]
        makers = (self._mark, _name, self._size, self._about)
        return [makers[column](node) for column in columns]

    def columns(self, width: int) -> list[GridColumn]:
        """The name has what the others leave."""
        told = max((cell_len(self.about(node)) for node in self.nodes if _says_more(node)), default=0)
        longest = max((node.width for node in self.nodes), default=0)
        room = max(width - _WIDEST_SIZE - 8, _LEAST_NAME)
        about = min(told, max(room - min(longest, room), room // 3))
        name = min(longest, max(room - about, _LEAST_NAME))
        columns = [GridColumn("", 1), GridColumn("artifact", max(name, 9)), GridColumn("size", _WIDEST_SIZE, True)]
        return [*columns, GridColumn("", about)] if about else columns

    def _mark(self, node: Node) -> Cell:
        return _MARKED if node.artifact.path in self._marks else _UNMARKED

    def _size(self, node: Node) -> Cell:
        artifact, total = node.artifact, self._tree.totals.get(node.artifact.path)
        if artifact.is_dir and total is not None:
            sure = total.whole and not total.unknown
            return Cell(("" if sure else "≥ ") + bytes_text(total.size), Tone.PLAIN if sure else Tone.DIM)
        return _NOTHING if artifact.size is None else Cell(bytes_text(artifact.size), Tone.DIM)

    def _about(self, node: Node) -> Cell:
        tone = Tone.BAD if node.artifact.path in self._tree.problems else Tone.DIM
        return Cell(clean(self.about(node), LONGEST), tone)

    def about(self, node: Node) -> str:
        """What there is to say of a line: what kind it is, what lies in it, why it is not listed."""
        artifact, tree = node.artifact, self._tree
        told = [_CALLED.get(artifact.kind, ""), artifact.about, tree.problems.get(artifact.path, "")]
        told.append(artifact.name if artifact.title else "")
        total, inside = tree.totals.get(artifact.path), tree.folders.get(artifact.path)
        if total is not None:
            told.append(counted(total.files, "file") + ("" if total.whole else ", not all counted"))
        elif artifact.is_dir and inside is not None:
            told.append(f"{len(inside):,} in it" if inside else "empty")
        elif node.unfolded and artifact.path not in tree.problems:
            told.append("listing …")
        return " · ".join(filter(None, told))

    def why_not_downloaded(self, path: str) -> str:
        """Why there is nothing to be downloaded of an artifact, in a sentence; '' where there is."""
        node = self._unreadable.get(path)
        return f"This cannot be downloaded: {self.about(node)}." if node is not None else ""

    def exact(self) -> tuple[Sequence[Heading], Sequence[Row]]:
        """The lines with whole paths and sizes in bytes; what is not known is missing."""
        shown = [node.artifact for node in self.nodes]
        rows = [(a.path, a.kind.value, "yes" if a.is_dir else "no", a.remark or None, a.size) for a in shown]
        return _HEADINGS, rows

    def full(self, node: Node) -> str:
        """The whole path, the size to the byte, and what else there is to say."""
        artifact = node.artifact
        size = "" if artifact.size is None else f"{artifact.size:,} bytes"
        return "   ".join(filter(None, (artifact.path, size, self.about(node))))


def _says_more(node: Node) -> bool:
    artifact = node.artifact
    return artifact.is_dir or bool(artifact.about) or artifact.kind is not ArtifactKind.LOGGED


def _name(node: Node) -> Cell:
    sign = ("▾ " if node.unfolded else "▸ ") if node.can_unfold else "  "
    text = "  " * node.depth + sign + clean(node.artifact.called, LONGEST)
    if not node.artifact.is_readable:
        return Cell(text, Tone.DIM)
    return Cell(text, Tone.STRONG if node.artifact.is_dir else Tone.PLAIN)
