"""The questions which metric matters most, and which values of a metric are better."""

from dataclasses import replace
from typing import TYPE_CHECKING

from mltrack_tui.domain.query import Aggregate, Column, Kind
from mltrack_tui.screens.candidates import choices

if TYPE_CHECKING:
    from collections.abc import Callable

    from mltrack_tui.screens.candidates.direction import Answer
    from mltrack_tui.screens.candidates.table import CandidateTable


class Targets:
    """Asks on behalf of a table, and changes its view as it is told."""

    def __init__(self, table: "CandidateTable") -> None:
        self._table = table

    def ask_for_best(self, metric: str) -> None:
        """Ask which values are better, and show the best; without an answer, what comes after the best."""

        def told(answer: "Answer | None") -> None:
            view, direction = self._table.view, answer.direction if answer is not None else None
            if direction is None:
                shown, aggregate = view, choices.next_aggregate(Aggregate.BEST)
            else:
                shown, aggregate = choices.directed(view, metric, direction), Aggregate.BEST
            view = choices.aggregated(shown, metric, aggregate)
            self._table.change(choices.best_first(view, metric) if answer is not None and answer.sort else view)

        self._ask(metric, "best of", told)

    def ask_for_target(self, here: Column | None) -> None:
        """Ask about the metric of a column; of another column, about the target, or which metric is to be it."""
        if here is not None and here.kind is Kind.METRIC:
            self._ask_target(here.name)
        elif self._table.view.target is not None:
            self._ask_target(self._table.view.target)
        else:
            self._pick()

    def _pick(self) -> None:
        from mltrack_tui.screens.dialogs import Picker  # when the first dialog is opened

        rows = self._table.candidates
        names = (
            [column.name for column in rows.catalogue.columns if column.kind is Kind.METRIC] if rows is not None else []
        )
        if not names:
            self._table.tell("There is no metric here.")
            return

        def chosen(metric: str | None) -> None:
            if metric is not None:
                self._ask_target(metric)

        self._table.app.push_screen(Picker("Target metric", [(name, name) for name in names]), chosen)

    def _ask_target(self, metric: str) -> None:
        def told(answer: "Answer | None") -> None:
            if answer is None:
                return
            view = choices.directed(self._table.view, metric, answer.direction)
            if answer.direction is not None:
                view = replace(view, target=metric)
            self._table.change(choices.best_first(view, metric) if answer.sort else view)

        self._ask(metric, "target", told)

    def _ask(self, metric: str, purpose: str, told: "Callable[[Answer | None], None]") -> None:
        from mltrack_tui.screens.candidates.direction import DirectionDialog  # when it is first opened

        dialog = DirectionDialog(metric, purpose, self._table.view.directions.get(metric))
        self._table.app.push_screen(dialog, told)
