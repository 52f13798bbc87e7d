"""How many candidates have which values of a column: a bar for each value or range."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rich.cells import cell_len

from mltrack_tui.analysis.grouping import Group
from mltrack_tui.analysis.histogram import Bin
from mltrack_tui.analysis.small_pictures import bar
from mltrack_tui.domain.numbers import exact
from mltrack_tui.plots.painting import (
    MIN_HEIGHT,
    MIN_WIDTH,
    caption,
    filled,
    finished,
    head,
    ink_of,
    number_of_slot,
    scrolled,
    title,
    words,
)
from mltrack_tui.plots.picture import AXIS, TEXT, Ink, Picture, Run, Style
from mltrack_tui.plots.ticks import labels

FRAME = 2
"""Lines that are no bars: title and caption."""
_LONGEST_BAR = 60


@dataclass(frozen=True, slots=True)
class Histogram:
    """What is drawn.

    Attributes:
        column: what the column is called.
        groups: its parts, from the top.
        slots: those of the marked candidates that are in each group, by its index.
        notes: what else is to be said, the weightiest first.
    """

    column: str
    groups: Sequence[Group]
    slots: Mapping[int, Sequence[int]] = field(default_factory=dict)
    notes: Sequence[str] = ()


def draw_histogram(histogram: Histogram, cursor: int, width: int, height: int, style: Style) -> Picture:
    """Draw the groups around the cursor's as ``height`` lines of at most ``width`` cells; no data raises."""
    groups = histogram.groups
    if not groups or width < MIN_WIDTH or height < MIN_HEIGHT:
        why = "no candidates" if not groups else "there is no room for a picture"
        return finished(words(why, width, height, histogram.column).lines, style)
    shown = scrolled(len(groups), cursor, height - FRAME)
    names = group_labels(groups)
    most = max(len(group.places) for group in groups)
    counts = len(f"{most:,}")
    marks = max((len(slots) for slots in histogram.slots.values()), default=0)
    left = max(min(max(map(cell_len, names)), width * 2 // 5), 4)
    longest = min(max(width - left - counts - marks - 4, 1), _LONGEST_BAR)
    lines = [title(histogram.column, width)]
    for index in shown:
        group = groups[index]
        ink = TEXT if group.says_something else AXIS
        drawn = bar(len(group.places) / most, longest) if group.places else " " * longest
        lines.append(
            (
                *head(names[index], left, chosen=index == cursor, ink=ink, right=isinstance(group.part, Bin)),
                Run(f" {drawn} ", Ink("curve") if group.says_something else AXIS),
                Run(f"{len(group.places):>{counts},}", ink),
                *(Run((" " if not place else "") + number_of_slot(slot), ink_of(slot))
                  for place, slot in enumerate(histogram.slots.get(index, ()))),
            )
        )  # fmt: skip
    extent = f"{len(shown):,} of {len(groups):,} lines" if len(shown) < len(groups) else ""
    candidates = f"{sum(len(group.places) for group in groups):,} candidates"
    return finished([*filled(lines, height - 1), caption([candidates, extent, *histogram.notes], width)], style)


def group_labels(groups: Sequence[Group]) -> list[str]:
    """What each group is called: a value, or a range whose numbers have the same decimals as those of the others."""
    edges = sorted(
        {edge for group in groups if isinstance(group.part, Bin) for edge in (group.part.low, group.part.high)}
    )
    names = dict(zip(edges, labels([Decimal(repr(edge)) for edge in edges]), strict=True))
    texts = []
    for group in groups:
        if isinstance(group.part, Bin):
            texts.append(f"{names[group.part.low]} – {names[group.part.high]}")
        elif group.part.value is None:
            texts.append("missing")
        elif isinstance(group.part.value, str):
            texts.append(group.part.value or "(empty text)")
        else:
            texts.append(exact(group.part.value).removesuffix(".0"))
    return texts
