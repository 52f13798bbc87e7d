"""The one door to plotext: strokes on a grid of dots in, lines of braille out.

plotext gets whole numbers that lie on its canvas and nothing else. It never meets a NaN, an infinity, a range of no
width or a text of ours, each of which it fails on or passes on to the terminal; axes and labels are laid out beside
it, where every line can be counted.
"""

from collections.abc import Sequence
from itertools import chain
from threading import Lock

Dot = tuple[int, int]
"""Column and row of a dot, (0, 0) at the lower left."""

DOTS_ACROSS = 2
"""Dots side by side in one cell of braille."""

DOTS_DOWN = 4
"""Dots above each other in one cell of braille."""

_GAP: tuple[None, None] = (None, None)  # what plotext draws no line to, and none from
_one_at_a_time = Lock()  # plotext has one figure for the whole process


def braille(strokes: Sequence[Sequence[Dot]], columns: int, rows: int) -> list[str]:
    """Draw lines through the dots of each stroke: ``rows`` texts of ``columns`` characters each.

    ``columns`` and ``rows`` are at least 1; every dot lies on the canvas of ``columns * DOTS_ACROSS`` by
    ``rows * DOTS_DOWN``.
    """
    dots = list(chain.from_iterable((*stroke, _GAP) for stroke in strokes if stroke))
    if not dots:
        return [" " * columns] * rows
    # One signal for all strokes: of two signals in one cell plotext keeps only the later one's dots.
    with _one_at_a_time:
        return _drawn([x for x, _ in dots[:-1]], [y for _, y in dots[:-1]], columns, rows)


def _drawn(xs: list[int | None], ys: list[int | None], columns: int, rows: int) -> list[str]:
    import plotext

    plotext.clear_figure()
    plotext.limit_size(False, False)  # else it asks how large standard output is
    plotext.plot_size(columns, rows)
    plotext.frame(False)
    plotext.xfrequency(0)
    plotext.yfrequency(0)
    plotext.xlim(0, columns * DOTS_ACROSS - 1)
    plotext.ylim(0, rows * DOTS_DOWN - 1)
    plotext.plot(xs, ys, marker="braille")
    text: str = plotext.uncolorize(plotext.build())
    plotext.clear_figure()
    return text.splitlines()
