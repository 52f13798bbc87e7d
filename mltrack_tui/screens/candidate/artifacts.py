"""The artifacts of a candidate as a tree whose folders are listed when they are opened."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from mltrack_tui.commands import ARTIFACTS
from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.filter import words_filter
from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.domain.text import clean_lines
from mltrack_tui.screens.candidate.artifact_grid import ArtifactGrid
from mltrack_tui.screens.candidate.fetching import look_inside
from mltrack_tui.screens.candidate.folders import Folders
from mltrack_tui.screens.candidate.tree import Node, Total, Tree
from mltrack_tui.screens.candidate.tree_rows import NAME, TreeRows
from mltrack_tui.screens.candidates.marking import MarkingGrid
from mltrack_tui.screens.place import counted
from mltrack_tui.screens.plots.naming import NameFilter
from mltrack_tui.screens.preview.ahead import AHEAD, import_previews
from mltrack_tui.widgets.difference import cells_on_screen, repaint_difference
from mltrack_tui.widgets.grid import Grid

if TYPE_CHECKING:
    from mltrack_tui.export.table import Heading, Row
    from mltrack_tui.screens.candidate.place import CandidatePlace

NOTHING = "This candidate logged no artifacts."


class ArtifactsPane(Vertical):
    """A tree of files and folders with their sizes, and a line that says how many there are."""

    BINDINGS: ClassVar[list[BindingType]] = [*ARTIFACTS.bindings()]

    def __init__(self, place: "CandidatePlace", id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.grid = ArtifactGrid()
        self.words = Static(classes="words")
        self._can_be_named = False
        self.names = NameFilter(self.take_keys, "words of the path")
        self.folders = Folders(place, self)
        self._place = place
        self._counts = Static(classes="counts")
        self._told = ""
        self._told_of: tuple[int, str | None] = (0, None)
        self._tree = Tree()
        self._rows = TreeRows(self._tree, self.grid.marks)

    def compose(self) -> ComposeResult:
        """The filter's box, the tree or a sentence in its place, the counts."""
        yield self.names
        yield self.grid
        yield self.words
        yield self._counts

    def on_show(self) -> None:
        """Have at hand what looks into a file."""
        self.set_timer(AHEAD, lambda: self.run_worker(import_previews, group="previews", thread=True))

    def take_keys(self) -> None:
        """Have the keys, which the tree has even where a sentence stands in its place."""
        self.screen.set_focus(self.grid)

    # What it shows

    def clear(self) -> None:
        """Forget everything but the filter and the order: another candidate is shown."""
        where, by_size = self._tree.where, self._tree.by_size
        self._tree = Tree()
        self._tree.where, self._tree.by_size = where, by_size
        self.grid.marks.clear()
        self.rearrange()

    def read(self) -> None:
        """List everything again that is listed; what was counted counts no longer."""
        self._tree.totals.clear()
        for folder in ("", *sorted(self._tree.unfolded)):
            self.folders.read(folder)

    def show(self, path: str, artifacts: Sequence[Artifact]) -> None:
        """Show what lies in a folder."""
        self._tree.have(path, artifacts)
        self.rearrange()
        self.say("" if self._tree.folders.get("") else NOTHING)

    def show_problem(self, path: str, problem: str) -> None:
        """Say beside a folder why it is not listed."""
        self._tree.problems[path] = problem
        self.rearrange()

    def show_total(self, path: str, total: Total) -> None:
        """Show what a folder comes to, as far as it was counted."""
        before = cells_on_screen(self.grid)
        self._tree.totals[path] = total
        columns = self._rows.columns(self.size.width)
        if self._tree.by_size:
            self.rearrange()
        elif columns != self.grid.columns:
            self.grid.show_columns(columns)
        else:
            repaint_difference(self.grid, before)
        self.tell_counts()

    def say(self, text: str, *, can_be_named: bool = False) -> None:
        """Say something in place of the tree, until ''; perhaps that the address of a server is missing."""
        self._can_be_named = can_be_named
        self.set_class(bool(text), "-wordy")
        self.words.update(Content(clean_lines(text)))

    @property
    def listed(self) -> bool:
        """Whether the root was listed."""
        return "" in self._tree.folders

    def rearrange(self) -> None:
        """Show the lines that follow from what is known; the cursor stays on what it is on."""
        here = self.node_under_cursor()
        self._rows = TreeRows(self._tree, self.grid.marks, self._tree.nodes())
        paths = self._rows.paths
        row = paths.index(here.artifact.path) if here is not None and here.artifact.path in paths else None
        where = self._tree.where
        self.grid.empty = "Nothing that was listed has these words in its path." if where is not None else ""
        columns = self._rows.columns(self.size.width)
        self.grid.show(self._rows, columns=columns, cursor_row=row, cursor_column=NAME)
        self.tell_counts()

    def on_resize(self) -> None:
        """The names have what is left."""
        self.grid.show_columns(self._rows.columns(self.size.width))

    # What there is to say

    @on(Grid.Moved)
    def _marked_others(self) -> None:
        if (self.grid.marks.changes, self.grid.marks.anchor) != self._told_of:
            self.tell_counts()

    def tell_counts(self) -> None:
        """Say how many are listed, shown and marked, and how much is not known."""
        self._told_of = (self.grid.marks.changes, self.grid.marks.anchor)
        listed, unlisted = self._tree.number_listed, self._tree.unlisted
        shown = sum(node.fits for node in self._rows.nodes)
        told = [
            f"{counted(listed, 'artifact')} listed" if self._tree.where is None else f"{shown:,} of {listed:,} listed",
            f"{counted(unlisted, 'folder')} not listed" if unlisted else "",
            "largest first" if self._tree.by_size else "",
            self._marked_words(),
        ]
        text = " · ".join(filter(None, told)) if self.listed and listed else ""
        if text != self._told:
            self._told = text
            self._counts.update(Content(text))

    def _marked_words(self) -> str:
        """How many are marked, and their bytes as far as these are known."""
        marks = self.grid.marks
        if not len(marks):
            return ""
        sizes = [self._tree.size(each) for each in self.wanted()]
        size = bytes_text(sum(each or 0 for each in sizes))
        begun = "   v marks from the range's beginning to here" if marks.anchor else ""
        return f"{len(marks):,} marked, {'at least ' if None in sizes else ''}{size}{begun}"

    def node_under_cursor(self) -> Node | None:
        """The line that the cursor is on."""
        nodes = self._rows.nodes
        return nodes[self.grid.cursor_row] if self.grid.cursor_row < len(nodes) else None

    def value_under_cursor(self) -> tuple[str, str] | None:
        """The path of what the cursor is on."""
        here = self.node_under_cursor()
        return None if here is None else ("artifact", here.artifact.path)

    def exact(self) -> "tuple[Sequence[Heading], Sequence[Row]]":
        """The lines of the tree, exactly."""
        return self._rows.exact()

    def told_of_cursor(self) -> tuple[str, str]:
        """Where the cursor is among the lines, and all there is to say of what it is on."""
        here = self.node_under_cursor()
        return (
            ("", "") if here is None else (f"{self.grid.cursor_row + 1:,}/{len(self._rows):,}", self._rows.full(here))
        )

    def wanted(self) -> list[Artifact]:
        """What is marked, else what the cursor is on, as far as it can be read: nothing that lies in another of it."""
        marks, here = self.grid.marks, self.node_under_cursor()
        if not len(marks):
            return [here.artifact] if here is not None and here.artifact.is_readable else []
        known = {each.path: each for each in self._tree.listed if each.path in marks and each.is_readable}
        folders = tuple(each.path + "/" for each in known.values() if each.is_dir)
        return [each for path, each in known.items() if not path.startswith(folders)]

    def why_nothing(self) -> str:
        """Why what the cursor is on cannot be downloaded, in a sentence; '' where there is nothing or it can."""
        here = self.grid.cursor_id
        return self.grid.why_not_marked(here) if here is not None else ""

    # Commands

    @on(Grid.Opened)
    def _opened(self) -> None:
        """A folder folds or unfolds; a file is looked into."""
        if (here := self.node_under_cursor()) is not None:
            if here.can_unfold and here.fits:
                self._fold(here)
            elif not here.artifact.is_dir:
                self.action_look_inside()
        elif self._can_be_named:
            self.folders.ask_for_server()

    def _fold(self, node: Node) -> None:
        path = node.artifact.path
        self._tree.unfolded ^= {path}
        if path in self._tree.unfolded and path not in self._tree.folders:
            self._tree.problems.pop(path, None)
            self.folders.read(path)
        self.rearrange()

    def action_unfold(self) -> None:
        """Unfold the folder, or go to the first that lies in it."""
        here = self.node_under_cursor()
        if here is not None and here.can_unfold and not here.unfolded:
            self._fold(here)
        elif here is not None and here.unfolded and self._depth(self.grid.cursor_row + 1) > here.depth:
            self.grid.action_cursor(1, 0)

    def action_fold_up(self) -> None:
        """Fold the folder; of anything else, go to the folder that it lies in."""
        here = self.node_under_cursor()
        if here is not None and here.unfolded and here.fits:
            self._fold(here)
        elif here is not None and here.depth:
            above = (row for row in range(self.grid.cursor_row, -1, -1) if self._depth(row) < here.depth)
            self.grid.move(next(above), NAME)

    def _depth(self, row: int) -> int:
        return self._rows.nodes[row].depth if row < len(self._rows) else 0

    def action_narrow(self) -> None:
        """Type words of paths."""
        self.names.open()

    @on(NameFilter.Changed)
    def _narrowed(self) -> None:
        self._tree.where = words_filter(self.names.text)
        self.rearrange()

    @on(Grid.TitlePressed)
    def action_turn_order(self) -> None:
        """Sort by size, or by name."""
        self._tree.by_size = not self._tree.by_size
        self.rearrange()

    def action_count_total(self) -> None:
        """Count what lies in the marked folders, or in the cursor's."""
        here = self.node_under_cursor()
        folders = [each for each in self.wanted() if each.is_dir]
        if not folders and here is not None and here.can_unfold:
            folders = [here.artifact]
        if folders:
            self.folders.count(folders)
        else:
            self._place.status.show_notice("Put the cursor on a folder: all that lies in it is counted.")

    def action_look_inside(self) -> None:
        """Look into the file without downloading it."""
        here = self.node_under_cursor()
        if here is None or here.artifact.is_dir:
            return
        if not here.artifact.is_readable:
            self._place.status.show_notice(f"This cannot be opened: {self._rows.about(here)}.")
        else:
            shown = (node.artifact for node in self._rows.nodes)
            files = [each for each in shown if each.folder == here.artifact.folder and not each.is_dir]
            look_inside(self._place, files, files.index(here.artifact))

    @on(MarkingGrid.Told)
    def _tell(self, told: MarkingGrid.Told) -> None:
        self._place.status.show_notice(told.text, told.tone)

    def stop(self) -> bool:
        """Count no longer, or end the range of marks, or filter no longer; says whether one of them was done."""
        if self.grid.marks.anchor is not None:
            self.grid.forget_range()
            return True
        return self.folders.stop() or self.names.clear()
