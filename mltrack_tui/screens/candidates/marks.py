"""Which candidates are marked: commands work on them, whatever is sorted, filtered or read again."""

from collections.abc import Iterable, Sequence

from mltrack_tui.domain.entities import CandidateId


class Marks:
    """Some candidates, and where a range of more begins.

    Attributes:
        anchor: one end of a range whose other end is still looked for.
    """

    def __init__(self) -> None:
        self._marked: set[CandidateId] = set()
        self.anchor: CandidateId | None = None

    def __len__(self) -> int:
        return len(self._marked)

    def __contains__(self, candidate: CandidateId) -> bool:
        return candidate in self._marked

    def ordered(self, candidates: Iterable[CandidateId]) -> list[CandidateId]:
        """All that are marked: those of these in their order, then the others by their ids."""
        shown = [candidate for candidate in candidates if candidate in self._marked]
        return [*shown, *sorted(self._marked.difference(shown))]

    def invert(self, candidates: Iterable[CandidateId]) -> None:
        """Mark those of these that are not marked, and no longer those that are."""
        self._marked ^= set(candidates)

    def clear(self) -> None:
        """Mark none."""
        self._marked.clear()
        self.anchor = None

    def span(self, candidates: Sequence[CandidateId], row: int) -> range:
        """The rows from the range's beginning to this one; none where the beginning is not shown."""
        try:
            start = candidates.index(self.anchor) if self.anchor is not None else None
        except ValueError:
            start = None
        return range(0) if start is None else range(min(start, row), max(start, row) + 1)

    def mark_range(self, candidates: Sequence[CandidateId], row: int) -> int:
        """Mark all from the range's beginning to this row, and look for no other end; returns how many they are."""
        rows = self.span(candidates, row)
        self._marked.update(candidates[rows.start : rows.stop])
        self.anchor = None
        return len(rows)
