"""Which curve is whose: a line below small charts, a table with numbers below a large one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

from rich.cells import cell_len

from mltrack_tui.domain.numbers import NumberFormat
from mltrack_tui.domain.query import Direction
from mltrack_tui.domain.times import duration, instant
from mltrack_tui.plots.picture import AXIS, CAPTION, MARK, TEXT, Ink, Picture, Run
from mltrack_tui.screens.candidates.looks import STATUS_CELLS
from mltrack_tui.screens.plots.lineup import Lineup
from mltrack_tui.widgets.cells import MISSING, Tone, fit
from mltrack_tui.widgets.chart import CHOSEN

if TYPE_CHECKING:
    from mltrack_tui.domain.history import History
    from mltrack_tui.plots.chart import Reading

_NARROWEST, _WIDEST = 10, 32
"""Cells of a name."""
_GAP = "   "


def legend_lines(lineup: Lineup, width: int, most: int = 2) -> Picture:
    """The candidates by number, status and name, in a line, or in ``most`` where it is too short; one needs none."""
    if len(lineup.ids) < 2:
        return Picture()
    note = lineup.words()
    slots = range(len(lineup.ids))
    needed = sum(cell_len(_named(lineup, slot)) + 4 + len(_GAP) for slot in slots) + len(note)
    rows = 1 if needed <= width - 1 else most
    room = max((width - 1) * rows - len(note) - 2 * rows, 0) // len(slots) - 4 - len(_GAP)
    lines: list[list[Run]] = [[Run(" ", TEXT)]]
    used = 1
    for slot in slots:
        runs = _entry(lineup, slot, max(room, 4) if needed > width - 1 else _WIDEST * 2)
        length = sum(cell_len(run.text) for run in runs)
        if used + length > width and len(lines) < rows:
            lines.append([Run(" ", TEXT)])
            used = 1
        lines[-1] += [*runs, Run(_GAP, TEXT)]
        used += length + len(_GAP)
    if note:
        if used + cell_len(note) > width and len(lines) < rows:
            lines.append([Run(" ", TEXT)])
        lines[-1].append(Run(note, CAPTION))
    return Picture(tuple(cut(line, width) for line in lines))


def _entry(lineup: Lineup, slot: int, room: int) -> list[Run]:
    shown = lineup.is_shown(slot)
    name = _named(lineup, slot)
    name = fit(name, room).rstrip() if cell_len(name) > room else name
    return [
        Run(str(slot + 1), Ink("curve", slot) if shown else CAPTION),
        Run(" ", TEXT),
        _status(lineup, slot),
        Run(" ", TEXT),
        Run(name, TEXT if shown else CAPTION),
    ]


def _named(lineup: Lineup, slot: int) -> str:
    """A candidate's name, in brackets where it is hidden: colour alone says nothing to some."""
    name = lineup.name(slot)
    return name if lineup.is_shown(slot) else f"({name})"


def _status(lineup: Lineup, slot: int) -> Run:
    candidate = lineup.candidate(slot)
    cell = STATUS_CELLS.get(candidate.status or "", MISSING) if candidate is not None else MISSING
    return Run(cell.text, MARK if cell.tone is Tone.BAD else CAPTION)


@dataclass(frozen=True, slots=True)
class Summary:
    """A history in a line: its last value, its least and its greatest but NaN, and when it began."""

    last: float
    low: float | None
    high: float | None
    began: int

    @classmethod
    def of(cls, history: "History") -> "Summary | None":
        """None of no points."""
        if not len(history):
            return None
        numbers = [value for value in history.values if not isnan(value)]
        low, high = (min(numbers), max(numbers)) if numbers else (None, None)
        return cls(history.values[-1], low, high, min(history.timestamps))


@dataclass(frozen=True, slots=True)
class _Column:
    """Numbers or times of all candidates, one below the other."""

    title: str
    texts: Sequence[str]

    @property
    def width(self) -> int:
        return max(map(cell_len, (self.title, *self.texts)))


def legend_table(
    lineup: Lineup,
    readings: Sequence["Reading"],
    summaries: Sequence[Summary | None],
    direction: Direction | None,
    width: int,
    *,
    drawn: str,
    relative: bool,
) -> list[Sequence[Run]]:
    """A line of titles, then a line a candidate: number, status, name, and what its curve says, as far as it fits.

    ``readings`` are what the curves say at the cursor, ``summaries`` what is known of the slots' histories.
    ``drawn`` is what is drawn of values, where that is not they; ``relative`` gives times as those since a curve began.
    """
    columns = _columns(readings, summaries, direction, drawn, relative=relative)
    names = [_named(lineup, slot) for slot in range(len(lineup.ids))]
    widest = min(max(map(cell_len, names), default=0), _WIDEST)
    while columns and 6 + widest + sum(column.width + 2 for column in columns) > width:
        if widest > _NARROWEST:
            widest = max(_NARROWEST, width - 6 - sum(column.width + 2 for column in columns))
            if 6 + widest + sum(column.width + 2 for column in columns) <= width:
                break
            widest = _NARROWEST
        columns = columns[:-1]
    title = [
        Run(" " * (6 + widest), CAPTION),
        *(Run(fit(each.title, each.width + 2, right=True), AXIS) for each in columns),
    ]
    lines: list[Sequence[Run]] = [cut(title, width)]
    for slot, name in enumerate(names):
        shown, here = lineup.is_shown(slot), slot == lineup.here
        ink = CAPTION if not shown else CHOSEN if here else TEXT
        line = [
            Run("▌" if here else " ", CHOSEN),
            Run(str(slot + 1), Ink("curve", slot) if shown else CAPTION),
            Run(" ", TEXT),
            _status(lineup, slot),
            Run(" ", TEXT),
            Run(fit(name, widest) + " ", ink),
            *(Run(fit(each.texts[slot], each.width + 2, right=True), ink if shown else CAPTION) for each in columns),
        ]
        lines.append(cut(line, width))
    return lines


def _columns(
    readings: Sequence["Reading"],
    summaries: Sequence[Summary | None],
    direction: Direction | None,
    title: str,
    *,
    relative: bool,
) -> list[_Column]:
    at = {reading.slot: reading for reading in readings}
    slots = range(len(summaries))
    last = [each.last if each is not None else None for each in summaries]
    low = [each.low if each is not None else None for each in summaries]
    high = [each.high if each is not None else None for each in summaries]
    form = NumberFormat.of(
        [value for value in (*last, *low, *high, *(each.value for each in readings)) if value is not None]
    )

    def numbers(title: str, values: Iterable[float | None]) -> _Column:
        return _Column(title, ["–" if value is None else form.text(value) for value in values])

    found = [numbers("value", (at[slot].value if slot in at else None for slot in slots)), numbers("last", last)]
    if title:
        found.insert(0, numbers(title, (at[slot].drawn if slot in at else None for slot in slots)))
    if direction is None:
        found += [numbers("min", low), numbers("max", high)]
    else:
        found.append(numbers("best", low if direction is Direction.MIN else high))
    found.append(_Column("step", [_step(at.get(slot)) for slot in slots]))
    found.append(_Column("time", [_time(at.get(slot), summaries[slot], relative=relative) for slot in slots]))
    return found


def _step(reading: "Reading | None") -> str:
    return "–" if reading is None or reading.step is None else f"{reading.step:,}"


def _time(reading: "Reading | None", summary: Summary | None, *, relative: bool) -> str:
    if reading is None or not reading.time or summary is None:
        return "–"
    if relative:
        return duration(reading.time - summary.began)
    return instant(reading.time, None)[5:19]


def cut(line: Sequence[Run], width: int) -> tuple[Run, ...]:
    """A line in no more cells than there are."""
    kept: list[Run] = []
    for run in line:
        length = cell_len(run.text)
        kept.append(run if length <= width else Run(fit(run.text, width), run.ink))
        width -= length
        if width <= 0:
            break
    return tuple(kept)
