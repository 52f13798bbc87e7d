"""What draws, imported while nobody waits for it: that takes longer than the first picture."""

AHEAD = 0.4
"""Seconds after the candidates were opened: their own beginning comes first."""


def import_plots() -> None:
    """Import the plots place and what it draws with; called in a thread."""
    import mltrack_tui.plots.drawing
    import mltrack_tui.screens.plots.place  # noqa: F401
