"""The panes that draw values of all candidates: scatter, histogram, boxes, bars."""

from mltrack_tui.screens.plots.pane import Pane
from mltrack_tui.screens.plots.statistics_bars import BarsPane
from mltrack_tui.screens.plots.statistics_boxes import BoxesPane
from mltrack_tui.screens.plots.statistics_histogram import HistogramPane
from mltrack_tui.screens.plots.statistics_scatter import ScatterPane

PANES: tuple[type[Pane], ...] = (ScatterPane, HistogramPane, BoxesPane, BarsPane)
"""The panes behind the tabs 2 to 5, in their order."""
