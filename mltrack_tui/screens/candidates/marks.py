"""What is marked: commands work on that, whatever is sorted, filtered or read again."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from mltrack_tui.domain.entities import CandidateId

K = TypeVar("K", CandidateId, str)


class Marks(Generic[K]):
    """Some candidates, or artifacts by their paths, and where a range of more begins.

    Attributes:
        anchor: one end of a range whose other end is still looked for.
        changes: how often others were marked.
    """

    def __init__(self) -> None:
        self._marked: set[K] = set()
        self.anchor: K | None = None
        self.changes = 0

    def __len__(self) -> int:
        return len(self._marked)

    def __contains__(self, each: object) -> bool:
        return each in self._marked

    def ordered(self, among: Iterable[K]) -> list[K]:
        """All that are marked: those of these in their order, then the others in theirs."""
        shown = [each for each in among if each in self._marked]
        return shown + sorted(self._marked.difference(shown))

    def invert(self, among: Iterable[K]) -> None:
        """Mark those of these that are not marked, and no longer those that are."""
        self._marked ^= set(among)
        self.changes += 1

    def clear(self) -> None:
        """Mark none."""
        self._marked.clear()
        self.changes += 1
        self.anchor = None

    def span(self, among: Sequence[K], row: int) -> range:
        """The rows from the range's beginning to this one; none where the beginning is not shown."""
        try:
            start = among.index(self.anchor) if self.anchor is not None else None
        except ValueError:
            start = None
        return range(0) if start is None else range(min(start, row), max(start, row) + 1)

    def mark_range(self, among: Sequence[K], row: int, why_not: Callable[[K], str] = lambda _: "") -> int:
        """Mark all from the range's beginning to this row, and look for no other end; returns how many they are.

        Those that ``why_not`` says something of are passed over.
        """
        rows = self.span(among, row)
        self._marked.update(each for each in among[rows.start : rows.stop] if not why_not(each))
        self.changes += 1
        self.anchor = None
        return len(rows)
