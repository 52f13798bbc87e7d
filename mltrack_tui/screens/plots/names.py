"""The metrics of some candidates in the order that they are drawn in."""

from collections.abc import Iterable, Sequence

from mltrack_tui.domain.filter import words_filter
from mltrack_tui.domain.query import SYSTEM
from mltrack_tui.screens.candidates.layout import natural


def group_of(metric: str) -> str:
    """What stands before the first slash of a metric's name, with it; '' where there is none."""
    before, slash, _ = metric.partition("/")
    return before + slash if slash else ""


def in_groups(metrics: Iterable[str]) -> list[str]:
    """Each once, those with the same prefix together, those without one behind them, the machine's last."""

    def key(metric: str) -> tuple[int, str, list[tuple[int, str]]]:
        group = group_of(metric)
        return 2 if group == SYSTEM else 0 if group else 1, group, natural(metric)

    return sorted(set(metrics), key=key)


def narrowed(metrics: Sequence[str], text: str) -> list[str]:
    """Those in whose names all words of a text occur."""
    words = words_filter(text)
    return [metric for metric in metrics if words is None or words.occur_in(metric)]
