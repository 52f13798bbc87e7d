"""The bottom axis of a canvas, as text."""

from collections.abc import Mapping

from mltrack_tui.plots.style import Glyphs


def bottom_axis(labels: Mapping[int, str], columns: int, gutter: int, width: int, made_of: Glyphs) -> tuple[str, str]:
    """The bottom axis of so many columns behind a gutter, and its labels, no longer than ``width``.

    A label that has no room beside those before it is left out, with its tick.
    """
    placed = _placed(labels, gutter + 1, width)
    axis = "".join(made_of.level_tick if column in placed else made_of.level for column in range(columns))
    texts = ""
    for start, text in placed.values():
        texts = texts.ljust(start) + text
    return " " * gutter + made_of.corner + axis, texts


def _placed(bottom: Mapping[int, str], origin: int, width: int) -> dict[int, tuple[int, str]]:
    """Where each label begins: under the middle of its tick, yet inside the picture and clear of the one before."""
    placed: dict[int, tuple[int, str]] = {}
    taken = 0
    for column, text in sorted(bottom.items()):
        start = max(0, min(origin + column - (len(text) - 1) // 2, width - len(text)))
        if start >= taken and start + len(text) <= width:
            placed[column] = start, text
            taken = start + len(text) + 1
    return placed
