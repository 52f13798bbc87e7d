"""All experiments of a project as one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from mltrack_tui.domain.entities import Experiment


@dataclass(frozen=True, slots=True)
class AllExperiments(Experiment):
    """The row that stands for all experiments shown; ``members`` are they."""

    members: tuple[Experiment, ...] = ()

    @classmethod
    def of(cls, project: str, members: Sequence[Experiment]) -> "AllExperiments":
        """Their sum."""
        return cls(
            experiment_id="",
            name="All experiments",
            project=project,
            lifecycle_stage="",
            candidates=sum(each.candidates for each in members),
            last_activity=max((each.last_activity for each in members if each.last_activity is not None), default=None),
            counted=all(each.counted for each in members),
            members=tuple(members),
        )
