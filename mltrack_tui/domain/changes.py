"""What became of a source since it was looked at last."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be read anew, by the ids of candidates.

    Attributes:
        mark: what to ask with the next time (`sources.base.Source.changes`).
        anything: the source cannot tell what changed, or another file has its name: everything may be another.
        began: candidates that were not there before.
        candidates: those whose status, times, name, parameters or tags may be others.
        metrics: which metrics of which candidates got points.
        others: something changed that is not told: experiments, models, a value that was overwritten or deleted.
    """

    mark: object
    anything: bool = False
    began: frozenset[str] = frozenset()
    candidates: frozenset[str] = frozenset()
    metrics: Mapping[str, frozenset[str]] = field(default_factory=dict)
    others: bool = False

    def __bool__(self) -> bool:
        return bool(self.anything or self.began or self.candidates or self.metrics or self.others)

    def concerns(self, candidate_id: str) -> bool:
        """Whether this candidate may be another now."""
        return self.anything or candidate_id in self.candidates or candidate_id in self.metrics

    def then(self, later: "Changes") -> "Changes":
        """What is to be read anew where this was not read yet when more changed."""
        metrics = dict(self.metrics)
        for candidate, names in later.metrics.items():
            metrics[candidate] = metrics.get(candidate, frozenset()) | names
        return Changes(
            later.mark,
            self.anything or later.anything,
            self.began | later.began,
            self.candidates | later.candidates,
            metrics,
            self.others or later.others,
        )
