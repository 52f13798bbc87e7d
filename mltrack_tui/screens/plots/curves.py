"""The metrics of some candidates as curves over each other: a grid of small charts, and one large."""

from mltrack_tui.screens.plots.pane import Pane


class CurvesPane(Pane):
    """All metrics of the candidates."""

    TITLE = "Curves"

    def begin(self) -> None:
        """Read which metrics there are."""
