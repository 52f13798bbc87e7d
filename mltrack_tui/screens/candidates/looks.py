"""How the values of the candidate table look: formats that learn from what was fetched, marks, bars, sparklines."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isfinite
from operator import attrgetter
from typing import NamedTuple

from rich.cells import cell_len

from mltrack_tui.analysis.best import Extent
from mltrack_tui.analysis.order import logged_value
from mltrack_tui.analysis.small_pictures import bar
from mltrack_tui.domain.entities import Candidate, CandidateId
from mltrack_tui.domain.numbers import NumberFormat, aligned, exact, number_of
from mltrack_tui.domain.query import Column, Kind, Lifecycle
from mltrack_tui.domain.text import clean
from mltrack_tui.domain.times import ago, duration, instant
from mltrack_tui.widgets.cells import MISSING, NOTHING, Cell, Ink, Tone

CellMaker = Callable[[Candidate], Cell]

STATUS_CELLS = {
    "FINISHED": Cell("●", Tone.GOOD),
    "RUNNING": Cell("◐", Tone.BUSY),
    "FAILED": Cell("✗", Tone.BAD),
    "KILLED": Cell("○", Tone.WARN),
    "SCHEDULED": Cell("◌", Tone.DIM),
}
DELETED = Cell("⊘", Tone.DIM)
BEST, PERHAPS_BEST = Ink("★", Tone.BEST), Ink("☆", Tone.DIM)
"""Before the best value of a metric, as the user said or as its name suggests."""

BAR, SPARK = 8, 12
"""Characters of a bar, of a sparkline."""
LONGEST = 200
"""Characters of a text that are looked at for a cell."""
_WIDEST_TEXT, _WIDEST_NUMBER = 20, 24
_MOST_DECIMALS = 8
_TEXTS: Mapping[Kind, Callable[[Candidate], Mapping[str, str]]] = {
    Kind.PARAM: attrgetter("params"),
    Kind.TAG: attrgetter("tags"),
    Kind.CI: attrgetter("ci"),
}
"""Where a candidate holds texts."""
_FIXED = {"mark": 1, "status": 1, "created": 10, "ended": 10, "duration": 9}
_WIDEST = {
    "name": 28,
    "user": 12,
    "id": 32,
    "lifecycle": 9,
    "experiment": 24,
    "experiment_id": 20,
    "artifact_uri": 40,
}
"""Terminal cells of attributes: of some always, of others at most."""


class TextFormat:
    """How the texts of a parameter or tag are shown: as they were logged, numbers with their points in line."""

    def __init__(self, widest: int = _WIDEST_TEXT) -> None:
        self.right = True
        self.width = 1
        self._decimals = 0
        self._widest = widest

    def learn(self, sample: Sequence[str]) -> bool:
        """Take in more texts; says whether they change how the column looks."""
        before = (self.right, self.width, self._decimals)
        texts = [clean(text, LONGEST) for text in sample]
        self.right = self.right and all(number_of(text) is not None for text in texts)
        tails = [len(text.partition(".")[2]) for text in texts if text.partition(".")[2].isdigit()]
        self._decimals = min(max([self._decimals, *tails]), _MOST_DECIMALS)
        widest = _WIDEST_NUMBER if self.right else self._widest
        self.width = min(max([self.width, *(cell_len(self.text(text)) for text in texts)]), widest)
        return before != (self.right, self.width, self._decimals)

    def text(self, value: str) -> str:
        """A value, harmless and padded."""
        text = clean(value, LONGEST)
        return aligned(text, self._decimals) if self.right else text


class Formats:
    """What was learned of each column's values, to write them all alike."""

    def __init__(self) -> None:
        self._numbers: dict[Column, NumberFormat] = {}
        self._texts: dict[Column, TextFormat] = {}
        self._widths = dict.fromkeys(_WIDEST, 4)

    def learn_attributes(self, candidates: Iterable[Candidate]) -> bool:
        """Take in names and other attributes that are texts; says whether a column has to be wider."""
        before = sum(self._widths.values())
        for candidate in candidates:
            for name, widest in _WIDEST.items():
                text = clean(str(logged_value(candidate, Column(Kind.ATTRIBUTE, name)) or ""), widest)
                self._widths[name] = max(self._widths[name], len(text) if text.isascii() else cell_len(text))
        return sum(self._widths.values()) != before

    def width(self, attribute: str) -> int:
        """Terminal cells of an attribute's column."""
        return self._widths.get(attribute) or _FIXED[attribute]

    def learn(self, columns: Iterable[Column], candidates: Sequence[Candidate]) -> bool:
        """Take in more values; says whether some column only now knows how to look."""
        learned = False
        for column in columns:
            values = [value for each in candidates if (value := logged_value(each, column)) is not None]
            numbers = [value for value in values if not isinstance(value, str)]
            texts = [value for value in values if isinstance(value, str)]
            if numbers:
                known = self._numbers.get(column)
                self._numbers[column] = known.wide_enough(numbers) if known else NumberFormat.of(numbers)
                learned |= self._numbers[column] != known
            elif texts:
                learned |= self._texts.setdefault(column, TextFormat()).learn(texts)
        return learned

    def number(self, column: Column) -> NumberFormat | None:
        """How a metric's values are written, once one was seen."""
        return self._numbers.get(column)

    def text(self, column: Column) -> TextFormat | None:
        """How a column's texts are written, once one was seen."""
        return self._texts.get(column)


def number_cells(
    column: Column, number: NumberFormat, star: tuple[float | None, Ink], tail: "Tail | None" = None
) -> CellMaker:
    """The cells of a metric or of usage: the number, the best one with its mark, and what stands behind it."""
    value_of = _number_of(column)
    best, mark = star
    missing = MISSING if tail is None else MISSING._replace(tail=tail.blank)

    def cell(candidate: Candidate) -> Cell:
        value = value_of(candidate)
        if value is None:
            return missing
        tone = Tone.PLAIN if isfinite(value) else Tone.WARN
        behind = NOTHING if tail is None else tail.of(candidate, value)
        return Cell(number.text(value), tone, mark if value == best else NOTHING, behind)

    return cell


def _number_of(column: Column) -> Callable[[Candidate], float | None]:
    name = column.name
    if column.kind is Kind.USAGE:
        return lambda candidate: candidate.usage.get(name)
    if column.aggregate is not None:
        return lambda candidate: candidate.aggregates.get(column)
    return lambda candidate: candidate.metrics.get(name)


def text_cells(column: Column, texts: TextFormat, tail: "Tail | None" = None) -> CellMaker:
    """The cells of a parameter, a tag, or what CI says; where all say numbers, something may stand behind them."""
    name, of = column.name, _TEXTS[column.kind]
    behind = tail if texts.right else None

    def cell(candidate: Candidate) -> Cell:
        text = of(candidate).get(name)
        if behind is None:
            return MISSING if text is None else Cell(texts.text(text))
        if text is None:
            return MISSING._replace(tail=behind.blank)
        return Cell(texts.text(text), tail=behind.of(candidate, number_of(text) or 0.0))

    return cell


class Tail(NamedTuple):
    """What stands behind a number, always as wide."""

    of: Callable[[Candidate, float], Ink]
    width: int

    @property
    def blank(self) -> Ink:
        """Nothing, as wide."""
        return Ink(" " * self.width, Tone.PLAIN)


def bars(extent: Extent | None) -> Tail:
    """Each value as a bar within its column's extent, once that is known."""

    def of(_candidate: Candidate, value: float) -> Ink:
        share = extent.share(value) if extent is not None else None
        return Ink(" " + (" " * BAR if share is None else bar(share, BAR)), Tone.GRAPH)

    return Tail(of, BAR + 1)


def sparklines(metric: str, known: Mapping[tuple[str, CandidateId], str]) -> Tail:
    """The histories of a metric, as far as they are known."""

    def of(candidate: Candidate, _value: float) -> Ink:
        return Ink(" " + known.get((metric, candidate.id), " " * SPARK), Tone.GRAPH)

    return Tail(of, SPARK + 1)


def attribute_cells(name: str, now: Callable[[], int]) -> CellMaker:
    """The cells of an attribute."""
    match name:
        case "status":
            return _status
        case "name":
            return _name
        case "created":
            return lambda candidate: _time(candidate.start_time, now)
        case "ended":
            return lambda candidate: _time(candidate.end_time, now)
        case "duration":
            return lambda candidate: MISSING if candidate.duration is None else Cell(duration(candidate.duration))
        case _:
            column = Column(Kind.ATTRIBUTE, name)
            return lambda candidate: _text(logged_value(candidate, column))


def _status(candidate: Candidate) -> Cell:
    return DELETED if _is_deleted(candidate) else STATUS_CELLS.get(candidate.status or "", MISSING)


def _name(candidate: Candidate) -> Cell:
    tone = Tone.DIM if _is_deleted(candidate) else Tone.STRONG
    return MISSING if candidate.name is None else Cell(clean(candidate.name, LONGEST), tone)


def _time(ms: int | None, now: Callable[[], int]) -> Cell:
    return MISSING if ms is None else Cell(ago(ms, now()))


def _text(value: object) -> Cell:
    return MISSING if value is None else Cell(clean(str(value), LONGEST))


def _is_deleted(candidate: Candidate) -> bool:
    return not Lifecycle.ACTIVE.admits(candidate.lifecycle_stage)


def full_value(candidate: Candidate, column: Column) -> str:
    """All of a value: every digit, every character; ``missing`` where there is none."""
    value = logged_value(candidate, column)
    if column.name == "status" and column.kind is Kind.ATTRIBUTE:
        return (candidate.status or "missing") + ("  deleted" if _is_deleted(candidate) else "")
    if value is None:
        return "missing"
    if isinstance(value, str):
        return value
    if column.kind in {Kind.METRIC, Kind.USAGE}:
        return exact(value)
    ms = int(value)
    return f"{duration(ms)}  ({ms:,} ms)" if column.name == "duration" else instant(ms, None)
