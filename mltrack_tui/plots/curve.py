"""One metric as text, for who shows no inks."""

from mltrack_tui.domain.history import History
from mltrack_tui.plots.chart import Chart, Curve, draw


def plot_history(history: History, width: int, height: int) -> str:
    """Draw a history as exactly ``height`` lines of at most ``width`` cells, joined by line ends, without any codes."""
    return draw(Chart(history.metric, [Curve(0, "", history)]), width, height).picture.text
