"""Statistics that are lists: a line for each value or range of a column, and a cursor on one of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.screens.plots.statistics_pane import StatisticsPane

if TYPE_CHECKING:
    from mltrack_tui.analysis.grouping import Group


class ListPane(StatisticsPane):
    """Lines, of which the cursor is on one.

    Attributes:
        ids: the candidates that were read, in the table's order.
        extent: how many these are of how many.
        at: the line of the cursor.
    """

    ids: Sequence[CandidateId] = ()
    extent = ""
    at = 0

    @property
    def groups(self) -> "Sequence[Group]":
        """The candidates of each line, by their places."""
        raise NotImplementedError

    @property
    def labels(self) -> list[str]:
        """What the lines are called."""
        from mltrack_tui.plots.histogram import group_labels

        return group_labels(self.groups)

    def step(self, step: int) -> bool:
        """To the line below, or above."""
        before, self.at = self.at, max(min(self.at + step, len(self.groups) - 1), 0)
        return self.at != before

    def count(self) -> tuple[int, int]:
        """The line, from the top."""
        return self.at, len(self.groups)

    def neighbours(self) -> tuple[Sequence[CandidateId], int]:
        """The candidates of the line, in the table's order."""
        places = self.groups[self.at].places if self.at < len(self.groups) else ()
        return [self.ids[place] for place in places], 0

    def candidate_under_cursor(self) -> CandidateId | None:
        """The first of the line."""
        places = self.groups[self.at].places if self.at < len(self.groups) else ()
        return self.ids[places[0]] if places else None

    @property
    def position(self) -> str:
        """How many candidates there are."""
        return self.extent

    def keep_cursor(self, before: str | None) -> None:
        """On the line of this name, else on the first that has candidates."""
        labels = self.labels
        filled = [index for index, group in enumerate(self.groups) if group.places]
        self.at = labels.index(before) if before in labels else next(iter(filled), 0)

    @property
    def line(self) -> str | None:
        """The name of the cursor's line."""
        return self.labels[self.at] if self.at < len(self.groups) else None
