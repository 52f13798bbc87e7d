"""The lines of a tree that are unfolded."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mltrack_tui.domain.filter import Words
from mltrack_tui.preview.tree import Value, children, summary

MOST_LINES = 200_000
"""That are unfolded at once."""
MOST_OF_ONE = 10_000
"""Lines of one value that are unfolded before it is asked for more of them."""


class Line(NamedTuple):
    """A line: how deep it lies, its key or place, its value; ``left`` is how many more its parent has behind it."""

    depth: int
    key: str | int | None
    value: Value
    left: int = 0


class Folding:
    """The lines that are shown, in the order of the file; at the top what lies in the whole of it."""

    def __init__(self, value: Value) -> None:
        self._root = value
        self.lines: list[Line] = []
        self.fold_all()

    def is_open(self, index: int) -> bool:
        """Whether what lies in a line is shown below it."""
        return index + 1 < len(self.lines) and self.lines[index + 1].depth > self.lines[index].depth

    def can_open(self, index: int) -> bool:
        """Whether anything lies in a line, or is left of its parent's."""
        return bool(self.lines[index].left or children(self.lines[index].value))

    def unfold(self, index: int) -> None:
        """Show what lies in a line, or, of what is left, some more."""
        line = self.lines[index]
        if line.left:
            held = children(self._root if line.depth == 0 else self.lines[self.parent(index)].value)
            self.lines[index : index + 1] = self._some(held, len(held) - line.left, line.depth)
        elif not self.is_open(index):
            self.lines[index + 1 : index + 1] = self._some(children(line.value), 0, line.depth + 1)

    @staticmethod
    def _some(held: Sequence[tuple[str | int, Value]], start: int, depth: int) -> Iterator[Line]:
        for key, value in held[start : start + MOST_OF_ONE]:
            yield Line(depth, key, value)
        if (left := len(held) - start - MOST_OF_ONE) > 0:
            yield Line(depth, None, None, left)

    def fold(self, index: int) -> None:
        """Hide what lies in a line."""
        end = index + 1
        while end < len(self.lines) and self.lines[end].depth > self.lines[index].depth:
            end += 1
        del self.lines[index + 1 : end]

    def fold_all(self) -> None:
        """Show what lies at the top only."""
        held = children(self._root)
        self.lines = list(self._some(held, 0, 0)) if held else [Line(0, None, self._root)]

    def unfold_all(self) -> bool:
        """Unfold everything, level by level; False where there are more lines than are unfolded at once."""
        while True:
            before = len(self.lines)
            unfolded: list[Line] = []
            for index, line in enumerate(self.lines):
                unfolded.append(line)
                if not line.left and not self.is_open(index):
                    unfolded += self._some(children(line.value), 0, line.depth + 1)
                if len(unfolded) + before - index > MOST_LINES:
                    return False
            if len(unfolded) == before:
                return True
            self.lines = unfolded

    def found(self, where: Words) -> "Folding":
        """What has the words in its path or as its value, in what it lies in; the first `MOST_LINES` of it.

        All of the tree is gone through: in a thread.
        """
        lines = [(line, where.occur_in(text)) for line, text in _all(self._root)]
        kept, above = [], -1
        for line, has in reversed(lines):
            if has or line.depth == above:  # so deep lies what the next one behind it lies in
                kept.append(line)
                above = line.depth - 1
        found = Folding(self._root)
        found.lines = kept[::-1][:MOST_LINES]
        return found

    def parent(self, index: int) -> int:
        """The line that a line lies in; of one at the top, itself."""
        depth = self.lines[index].depth
        return next((at for at in range(index - 1, -1, -1) if self.lines[at].depth < depth), index)

    def path(self, index: int) -> str:
        """Where a line lies: ``layers[3].units``."""
        above = self.parent(index)
        return _below("" if above == index else self.path(above), self.lines[index].key)


def _below(path: str, key: str | int | None) -> str:
    """The path of what lies below another."""
    if key is None:
        return path
    return f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}" if path else key


def _all(root: Value) -> Iterator[tuple[Line, str]]:
    """Each line of a tree with the text that it is found by; however deep it is."""
    ways = [(iter(children(root)), "")]
    while ways:
        held, path = ways[-1]
        if (here := next(held, None)) is None:
            ways.pop()
            continue
        key, value = here
        own, inner = _below(path, key), children(value)
        yield Line(len(ways) - 1, key, value), own if inner else f"{own} {summary(value)}"
        ways.append((iter(inner), own))
