"""The candidate table as a tree: which candidates are shown, and how their names say what lies under them."""

from collections.abc import Collection, Sequence

from mltrack_tui.analysis.nesting import Branch, Forest
from mltrack_tui.domain.entities import Candidate, CandidateId
from mltrack_tui.domain.query import Value
from mltrack_tui.screens.candidates.looks import attribute_cells
from mltrack_tui.widgets.cells import Cell, Ink, Tone

_INDENT, _DEEPEST = 2, 5
"""Terminal cells of a level; how many levels are indented: what lies deeper stands below them all."""
_FOLDED, _UNFOLDED, _LEAF = "▸ ", "▾ ", "  "

_name = attribute_cells("name", lambda: 0)


class Nest:
    """Candidates under their parents as they are folded just now. It never changes: folding makes another.

    Attributes:
        ids: those that are shown, from the top.
        unfolded: the ids of those whose children are shown.
    """

    def __init__(self, candidates: Sequence[CandidateId], forest: Forest, unfolded: Collection[str]) -> None:
        self._candidates = candidates
        self._forest = forest
        self.unfolded = frozenset(unfolded)
        self._lines = forest.lines(self.unfolded)
        self.ids: Sequence[CandidateId] = [candidates[line.place] for line in self._lines]
        self._row_of_place = {line.place: row for row, line in enumerate(self._lines)}

    @classmethod
    def of(cls, candidates: Sequence[CandidateId], parents: Sequence[Value], unfolded: Collection[str]) -> "Nest":
        """The tree of some candidates; ``parents`` are the ids that they name, one each."""
        texts = [parent if isinstance(parent, str) else None for parent in parents]
        return cls(candidates, Forest([each.candidate_id for each in candidates], texts), unfolded)

    def __bool__(self) -> bool:
        """Whether anybody lies under anybody."""
        return next(self._forest.parents(), None) is not None

    # Rows

    def row(self, candidate: CandidateId) -> int | None:
        """Where a candidate is, or the one that it is folded under; None where it is not among them."""
        place = self._forest.places.get(candidate.candidate_id)
        while place is not None and place not in self._row_of_place:
            place = self._forest.above[place]
        return None if place is None else self._row_of_place[place]

    def _line(self, candidate: CandidateId) -> Branch | None:
        place = self._forest.places.get(candidate.candidate_id)
        row = None if place is None else self._row_of_place.get(place)
        return None if row is None else self._lines[row]

    # Folding

    def as_in(self, unfolded: Collection[str]) -> "Nest":
        """The same tree with these unfolded."""
        return self if self.unfolded == unfolded else Nest(self._candidates, self._forest, unfolded)

    def turned(self, candidate: CandidateId) -> "tuple[Nest, CandidateId]":
        """With a candidate folded or unfolded, or where nothing lies under it, its parent folded; and which it was."""
        row = self.row(candidate)
        if row is None:
            return self, candidate
        place = self._lines[row].place
        if not self._forest.below[place]:
            above = self._forest.above[place]
            place = place if above is None else above
        turned = self._candidates[place]
        return self.as_in(self.unfolded ^ {turned.candidate_id}), turned

    def all_turned(self) -> "Nest":
        """With all unfolded; where nothing is left to unfold, all folded."""
        parents = frozenset(self._forest.parents())
        return self.as_in(frozenset() if parents <= self.unfolded else self.unfolded | parents)

    def revealing(self, candidate: CandidateId) -> "Nest":
        """With all unfolded that a candidate is under."""
        unfolded = set(self.unfolded)
        place = self._forest.places.get(candidate.candidate_id)
        while place is not None and (place := self._forest.above[place]) is not None:
            unfolded.add(self._candidates[place].candidate_id)
        return self.as_in(unfolded)

    # Names

    @property
    def extra(self) -> int:
        """Terminal cells that stand before and behind names at most."""
        deepest = max((line.depth for line in self._lines), default=0)
        most = max(self._forest.below, default=0)
        return _INDENT * min(deepest, _DEEPEST) + len(_LEAF) + (len(_count(most)) if most else 0)

    def name_cell(self, candidate: Candidate) -> Cell:
        """A name under its parent's, with a sign where something lies under it, and how many."""
        name, line = _name(candidate), self._line(candidate.id)
        if line is None:
            return name
        sign = _LEAF if not line.below else _UNFOLDED if candidate.id.candidate_id in self.unfolded else _FOLDED
        text = " " * _INDENT * min(line.depth, _DEEPEST) + sign + name.text
        return Cell(text, name.tone, tail=Ink(_count(line.below) if line.below else "", Tone.DIM))


def _count(below: int) -> str:
    return f"  ({below:,})"
