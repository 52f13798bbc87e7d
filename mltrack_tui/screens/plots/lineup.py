"""The candidates of a plot: each has its slot, and may be hidden, shown alone, or be what others are compared with."""

from collections.abc import Sequence

from mltrack_tui.analysis.repeats import Repeats
from mltrack_tui.domain.entities import ENDED, Candidate, CandidateId
from mltrack_tui.domain.text import clean
from mltrack_tui.plots.picture import SERIES

LONGEST_NAME = 60


class Lineup:
    """Which candidates are drawn.

    Attributes:
        ids: those that have a slot, which is their place here.
        total: how many there are with those that have none.
        here: the slot that the legend's cursor is on.
        hidden, alone: the slots that are not drawn, unless one is shown alone.
        baseline: the slot that the others are compared with.
    """

    def __init__(self, candidates: Sequence[CandidateId]) -> None:
        self.ids = tuple(candidates[:SERIES])
        self.total = len(candidates)
        self.here = 0
        self.hidden: set[int] = set()
        self.alone: int | None = None
        self.baseline: int | None = None
        self._known: dict[CandidateId, Candidate] = {}

    def learn(self, candidates: Sequence[Candidate]) -> None:
        """Take in what the candidates are."""
        self._known = {candidate.id: candidate for candidate in candidates}

    def candidate(self, slot: int) -> Candidate | None:
        """What is known of a candidate; None before it was read, or where it is gone."""
        return self._known.get(self.ids[slot])

    def name(self, slot: int) -> str:
        """What a candidate is called, harmless for a terminal."""
        candidate = self.candidate(slot)
        return clean((candidate.name if candidate is not None else None) or self.ids[slot].candidate_id, LONGEST_NAME)

    @property
    def metrics(self) -> set[str]:
        """All that was logged by one of them."""
        return {metric for candidate in self._known.values() for metric in candidate.metrics}

    def has_ended(self, candidate_id: CandidateId) -> bool:
        """Whether a candidate is known to log no more."""
        candidate = self._known.get(candidate_id)
        return candidate is not None and candidate.status in ENDED

    def has(self, slot: int, metric: str) -> bool:
        """Whether a candidate logged a metric; as long as nobody knows, it may have."""
        candidate = self.candidate(slot)
        return candidate is None or metric in candidate.metrics

    def is_shown(self, slot: int) -> bool:
        """Whether a candidate is drawn."""
        return slot == self.alone if self.alone is not None else slot not in self.hidden

    @property
    def shown(self) -> list[int]:
        """The slots that are drawn."""
        return [slot for slot in range(len(self.ids)) if self.is_shown(slot)]

    @property
    def repeats(self) -> Repeats:
        """Which of those that are drawn are the same but for chance, in their order."""
        known = map(self.candidate, self.shown)
        return Repeats.of([candidate.params if candidate is not None else {} for candidate in known])

    def move(self, step: int) -> bool:
        """Put the legend's cursor on another candidate; False at the end."""
        before, self.here = self.here, max(min(self.here + step, len(self.ids) - 1), 0)
        return self.here != before

    def hide(self) -> None:
        """Hide the cursor's candidate, or show it again."""
        if self.alone is not None:
            self.hidden = set(range(len(self.ids))) - {self.alone}
            self.alone = None
        self.hidden ^= {self.here}

    def isolate(self) -> None:
        """Show the cursor's candidate alone, or all that were shown before."""
        self.alone = None if self.alone == self.here else self.here

    def words(self) -> str:
        """How many are drawn, where that is not all; '' where it is."""
        shown = len(self.shown)
        return "" if shown == self.total else f"{shown:,} of {self.total:,} drawn"
