"""The panes that draw values of all candidates: scatter, histogram, boxes, bars."""

from mltrack_tui.screens.plots.pane import Pane

PANES: tuple[type[Pane], ...] = ()
"""The panes behind the tabs 2 to 5, in their order."""
