"""What was fetched of candidates: the columns that the user looks at, in blocks that are read together."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice

from mltrack_tui.domain.entities import Candidate, CandidateId
from mltrack_tui.domain.query import CI_NAMES, Column, Kind

BLOCK = 32
"""Neighbouring columns that are fetched together."""
OF_CI = -2
"""The block of what CI says of candidates."""
_UNKNOWN = -1
_MOST_KEPT = 4000
"""Candidates, by block of columns, whose values stay at hand; those looked at longest ago go first."""


class Values:
    """Candidates by block of columns. A column gets its block when it is first looked at, and keeps it.

    Attributes come with every block and so belong to the first. What a source has to work for, as an aggregate, is
    a block of its own. What CI says a source has to ask for elsewhere, all of it at once: that block stands beside the
    others, none of which waits for it.
    """

    def __init__(self) -> None:
        self._blocks: list[tuple[Column, ...]] = []
        self._block_of: dict[Column, int] = {}
        self._fetched: dict[tuple[int, CandidateId], Candidate] = {}

    def block_of(self, column: Column) -> int:
        """The number of a column's block; of one that nobody looked at yet, one that there is not."""
        if column.kind is Kind.CI:
            return OF_CI
        return 0 if column.kind is Kind.ATTRIBUTE else self._block_of.get(column, _UNKNOWN)

    def columns_of(self, block: int) -> Sequence[Column]:
        """What is to be read for a block."""
        return self._blocks[block] if block != OF_CI else tuple(Column(Kind.CI, name) for name in CI_NAMES)

    def look_at(self, places: Iterable[int], columns: Sequence[Column]) -> list[int]:
        """The blocks of the columns at some places of a table, the quick ones first; that of CI is not among them."""
        if not self._blocks:
            self._add(columns[:BLOCK])
        slow: dict[int, bool] = {0: False}
        for place in places:
            column = columns[place]
            if column.kind is Kind.CI:
                continue
            if column.is_worked_out and column not in self._block_of:
                self._block_of[column] = len(self._blocks)
                self._blocks.append((column,))
            elif column.kind is not Kind.ATTRIBUTE and column not in self._block_of:
                start = place - place % BLOCK
                self._add(columns[start : start + BLOCK])
            slow[self.block_of(column)] = column.is_worked_out
        return sorted(slow, key=lambda block: (slow[block], block))

    def _add(self, columns: Iterable[Column]) -> None:
        """Make a block of those that have none."""
        new = tuple(
            column
            for column in columns
            if column.kind not in {Kind.ATTRIBUTE, Kind.CI}
            and not column.is_worked_out
            and column not in self._block_of
        )
        self._block_of.update(dict.fromkeys(new, len(self._blocks)))
        self._blocks.append(new)

    def missing(self, wanted: Iterable[CandidateId], blocks: Iterable[int]) -> dict[int, list[CandidateId]]:
        """What is yet to be fetched of these candidates: which of them, by block of columns."""
        lacking: dict[int, list[CandidateId]] = {}
        wanted = list(wanted)
        for block in blocks:
            for id_ in wanted:
                if (block, id_) in self._fetched:
                    self._fetched[block, id_] = self._fetched.pop((block, id_))  # now the last to go
                else:
                    lacking.setdefault(block, []).append(id_)
        return lacking

    def keep(self, block: int, candidates: Iterable[Candidate]) -> None:
        """Keep what was fetched."""
        self._fetched.update({(block, candidate.id): candidate for candidate in candidates})
        for oldest in list(islice(self._fetched, max(len(self._fetched) - _MOST_KEPT, 0))):
            del self._fetched[oldest]

    def forget(self, candidates: Collection[str]) -> None:
        """Have the values of these fetched again when they are looked at; the ids are those of candidates alone."""
        self._fetched = {key: each for key, each in self._fetched.items() if key[1].candidate_id not in candidates}

    def fetched(self) -> Mapping[str, Candidate]:
        """The candidates of which something was fetched, by their ids alone."""
        return {id_.candidate_id: candidate for (_, id_), candidate in self._fetched.items()}

    def get(self, block: int, candidate: CandidateId) -> Candidate | None:
        """What was fetched of a candidate for a block."""
        return self._fetched.get((block, candidate))
