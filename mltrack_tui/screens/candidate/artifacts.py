"""The artifacts of a candidate as a tree whose folders are listed when they are opened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from mltrack_tui.domain.entities import Artifact
from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.domain.text import clean, clean_lines
from mltrack_tui.screens.rows import Field, Rows
from mltrack_tui.widgets.cells import Cell, Tone
from mltrack_tui.widgets.grid import Grid


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the tree."""

    artifact: Artifact
    depth: int
    unfolded: bool


def _name(node: Node) -> Cell:
    sign = ("▾ " if node.unfolded else "▸ ") if node.artifact.is_dir else "  "
    text = "  " * node.depth + sign + clean(node.artifact.name, 200)
    return Cell(text, Tone.STRONG if node.artifact.is_dir else Tone.PLAIN)


def _size(node: Node) -> Cell:
    return Cell("" if node.artifact.size is None else bytes_text(node.artifact.size), Tone.DIM)


_FIELDS = (
    Field[Node]("artifact", _name, lambda _: None, lambda node: node.artifact.path, widest=60),
    Field[Node](
        "size",
        _size,
        lambda node: node.artifact.size,
        lambda node: "folder" if node.artifact.size is None else f"{node.artifact.size:,} bytes",
        right=True,
    ),
)


class ArtifactsPane(Vertical):
    """A tree of files and folders with their sizes."""

    class FolderWanted(Message):
        """A folder was opened that is not listed yet."""

        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.grid = Grid()
        self.words = Static(classes="words")
        self._folders: dict[str, Sequence[Artifact]] = {}
        self._unfolded: set[str] = set()
        self._rows: Rows[Node] = Rows(_FIELDS)

    def compose(self) -> ComposeResult:
        """The tree, or a sentence in its place."""
        yield self.grid
        yield self.words

    def clear(self) -> None:
        """Forget everything: another candidate is shown."""
        self._folders.clear()
        self._unfolded.clear()
        self._arrange()

    def show(self, path: str, artifacts: Sequence[Artifact]) -> None:
        """Show what lies in a folder."""
        self._folders[path] = artifacts
        self._arrange()
        self.say("" if self._folders.get("") else "This candidate logged no artifacts.")

    def say(self, text: str) -> None:
        """Say something in place of the tree, until ''."""
        self.set_class(bool(text), "-wordy")
        self.words.update(Content(clean_lines(text)))

    @property
    def unfolded(self) -> list[str]:
        """The paths of the folders that are open, outer ones first."""
        return sorted(self._unfolded)

    @property
    def listed(self) -> bool:
        """Whether the root was listed."""
        return "" in self._folders

    def artifact_under_cursor(self) -> Artifact | None:
        """What the cursor is on."""
        return self._rows.items[self.grid.cursor_row].artifact if len(self._rows) else None

    def value_under_cursor(self) -> tuple[str, str] | None:
        """The path of what the cursor is on, or its size in bytes."""
        if not len(self._rows):
            return None
        field = _FIELDS[self.grid.cursor_column]
        return field.title, field.full(self._rows.items[self.grid.cursor_row])

    @on(Grid.Opened)
    def _fold(self) -> None:
        artifact = self.artifact_under_cursor()
        if artifact is None or not artifact.is_dir:
            return
        self._unfolded ^= {artifact.path}
        if artifact.path in self._unfolded and artifact.path not in self._folders:
            self.post_message(self.FolderWanted(artifact.path))
        self._arrange()

    def _arrange(self) -> None:
        self._rows = Rows(_FIELDS, list(self._tree("", 0)))
        self.grid.show(self._rows, columns=self._rows.columns())

    def _tree(self, path: str, depth: int) -> Iterator[Node]:
        for artifact in self._folders.get(path, ()):
            unfolded = artifact.path in self._unfolded
            yield Node(artifact, depth, unfolded)
            if unfolded:
                yield from self._tree(artifact.path, depth + 1)
