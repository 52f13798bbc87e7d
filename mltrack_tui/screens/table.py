"""The rows of the candidate table: what is fetched of them, and how each value looks."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from math import isfinite
from typing import TypeVar

from rich.cells import cell_len

from mltrack_tui.domain.entities import Candidate, CandidateId
from mltrack_tui.domain.numbers import NumberFormat, aligned, exact, number_of
from mltrack_tui.domain.query import Column, Columns, Kind, Lifecycle
from mltrack_tui.domain.text import clean
from mltrack_tui.domain.times import ago, duration, instant
from mltrack_tui.widgets.cells import MISSING, Cell, GridColumn, Tone

T = TypeVar("T")

MARK = Column(Kind.ATTRIBUTE, "mark")
LEADING = (MARK, *(Column(Kind.ATTRIBUTE, name) for name in ("status", "name", "created", "duration", "user")))
FROZEN = 3
"""Mark, status and name stay while the rest scrolls."""
NAME = 2
"""The column the cursor begins in."""

STATUS = {
    "FINISHED": Cell("●", Tone.GOOD),
    "RUNNING": Cell("◐", Tone.BUSY),
    "FAILED": Cell("✗", Tone.BAD),
    "KILLED": Cell("○", Tone.WARN),
    "SCHEDULED": Cell("◌", Tone.DIM),
}
DELETED = Cell("⊘", Tone.DIM)

BLOCK = 32
"""Columns that are fetched together."""
_WIDEST_NAME, _WIDEST_PARAM, _WIDEST_NUMBER, _WIDEST_USER = 28, 20, 24, 12
_MOST_DECIMALS = 8
_MOST_KEPT = 4000
"""Candidates, by block of columns, whose values stay at hand; those looked at longest ago go first."""


class ParamFormat:
    """How the texts of a parameter are shown: as they were logged, numbers with their points in line."""

    def __init__(self) -> None:
        self.right = True
        self.width = 1
        self._decimals = 0

    def learn(self, sample: Sequence[str]) -> bool:
        """Take in more texts; says whether they change how the column looks."""
        before = (self.right, self.width, self._decimals)
        texts = [clean(text, 200) for text in sample]
        self.right = self.right and all(number_of(text) is not None for text in texts)
        tails = [len(text.partition(".")[2]) for text in texts if text.partition(".")[2].isdigit()]
        self._decimals = min(max([self._decimals, *tails]), _MOST_DECIMALS)
        widest = _WIDEST_NUMBER if self.right else _WIDEST_PARAM
        self.width = min(max([self.width, *(cell_len(self.text(text)) for text in texts)]), widest)
        return before != (self.right, self.width, self._decimals)

    def text(self, value: str) -> str:
        """A value, harmless and padded."""
        text = clean(value, 200)
        return aligned(text, self._decimals) if self.right else text


def _natural(name: str) -> list[tuple[int, str]]:
    """In the order of the numbers in names: ``layer2`` before ``layer10``."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d{1,18})", name) if part]


class CandidateRows:
    """Candidates in a source's order; their values come in blocks of columns, as the user looks at them."""

    def __init__(self, columns: Columns, now: Callable[[], int]) -> None:
        self.ids: Sequence[CandidateId] = ()
        self.columns: tuple[Column, ...] = (
            *LEADING,
            *(Column(Kind.PARAM, name) for name in sorted(columns.params, key=_natural)),
            *(Column(Kind.METRIC, name) for name in sorted(columns.metrics, key=_natural)),
        )
        self.marks: set[CandidateId] = set()
        self._now = now
        self._fetched: dict[tuple[int, CandidateId], Candidate] = {}
        self._numbers: dict[Column, NumberFormat] = {}
        self._params: dict[Column, ParamFormat] = {}
        self._name_width = 8
        self._user_width = 4

    def __len__(self) -> int:
        return len(self.ids)

    # Fetching

    def block(self, number: int) -> Sequence[Column]:
        """The columns of a block; the first one holds the attributes too."""
        return [column for column in self.columns[number * BLOCK : (number + 1) * BLOCK] if column not in LEADING]

    def missing(self, wanted: Sequence[CandidateId], columns: Iterable[int]) -> dict[int, list[CandidateId]]:
        """What is yet to be fetched of these candidates: which of them, by block of columns."""
        lacking: dict[int, list[CandidateId]] = {}
        for block in sorted({0, *(column // BLOCK for column in columns)}):
            for id_ in wanted:
                if (block, id_) in self._fetched:
                    self._fetched[block, id_] = self._fetched.pop((block, id_))  # now the last to go
                else:
                    lacking.setdefault(block, []).append(id_)
        return lacking

    def keep(self, block: int, candidates: Iterable[Candidate]) -> bool:
        """Keep what was fetched; says whether some column only now knows how to look."""
        candidates = list(candidates)
        self._fetched.update({(block, candidate.id): candidate for candidate in candidates})
        for oldest in list(islice(self._fetched, max(len(self._fetched) - _MOST_KEPT, 0))):
            del self._fetched[oldest]
        return self._learn(block, candidates)

    def get(self, row: int, column: int = 0) -> Candidate | None:
        """The candidate of a row as far as it was fetched for a column."""
        return self._fetched.get((column // BLOCK, self.ids[row])) if row < len(self.ids) else None

    def _learn(self, block: int, candidates: Sequence[Candidate]) -> bool:
        learned = False
        if block == 0 and candidates:
            names = max(cell_len(clean(candidate.name or "", _WIDEST_NAME)) for candidate in candidates)
            users = max(cell_len(clean(candidate.user or "", _WIDEST_USER)) for candidate in candidates)
            learned = names > self._name_width or users > self._user_width
            self._name_width, self._user_width = max(names, self._name_width), max(users, self._user_width)
        for column in self.block(block):
            if column.kind is Kind.PARAM:
                texts = [c.params[column.name] for c in candidates if column.name in c.params]
                learned |= bool(texts) and self._params.setdefault(column, ParamFormat()).learn(texts)
            elif values := [c.metrics[column.name] for c in candidates if column.name in c.metrics]:
                known = self._numbers.get(column)
                self._numbers[column] = known.wide_enough(values) if known else NumberFormat.of(values)
                learned |= self._numbers[column] != known
        return learned

    # Showing

    def grid_columns(self, width: int) -> list[GridColumn]:
        """The columns for a table of this many terminal cells."""
        return [self._grid_column(index, column, width) for index, column in enumerate(self.columns)]

    def _grid_column(self, index: int, column: Column, width: int) -> GridColumn:
        first_of_kind = index >= len(LEADING) and column.kind is not self.columns[index - 1].kind
        title = clean(column.name, 24)
        if column.kind is Kind.METRIC:
            number = self._numbers.get(column)
            return GridColumn(
                title, max(number.width if number else 4, cell_len(title) + 1), right=True, rule=first_of_kind
            )
        if column.kind is Kind.PARAM:
            param = self._params.get(column)
            right = param.right if param else False
            return GridColumn(title, max(param.width if param else 1, cell_len(title) + 1), right, rule=first_of_kind)
        widths = {
            "mark": 1,
            "status": 1,
            "name": min(max(self._name_width, 6), _WIDEST_NAME, max(width // 4, 8)),
            "created": 10,
            "duration": 9,
            "user": max(self._user_width, 5),
        }
        titles = {"mark": "", "status": ""}
        return GridColumn(titles.get(column.name, title), widths[column.name], right=column.name == "duration")

    def cells(self, row: int, columns: tuple[int, ...]) -> list[Cell] | None:
        """The cells of a candidate, or None while it is not fetched."""
        id_ = self.ids[row]
        fetched = {block: self._fetched.get((block, id_)) for block in {column // BLOCK for column in columns}}
        cells: list[Cell] = []
        for column in columns:
            candidate = fetched[column // BLOCK]
            if candidate is None:
                return None
            cells.append(self._cell(candidate, self.columns[column]))
        return cells

    def _cell(self, candidate: Candidate, column: Column) -> Cell:
        if column.kind is Kind.METRIC:
            value = candidate.metrics.get(column.name)
            if value is None:
                return MISSING
            return Cell(self._numbers[column].text(value), Tone.PLAIN if isfinite(value) else Tone.WARN)
        if column.kind is Kind.PARAM:
            text = candidate.params.get(column.name)
            return MISSING if text is None else Cell(self._params[column].text(text))
        return self._attribute(candidate, column.name)

    def _attribute(self, candidate: Candidate, name: str) -> Cell:
        deleted = not Lifecycle.ACTIVE.admits(candidate.lifecycle_stage)
        match name:
            case "mark":
                return Cell("✓", Tone.STRONG) if candidate.id in self.marks else Cell("")
            case "status":
                return DELETED if deleted else STATUS.get(candidate.status or "", MISSING)
            case "created":
                return _or_missing(candidate.start_time, lambda ms: ago(ms, self._now()))
            case "duration":
                return _or_missing(candidate.duration, duration)
            case "user":
                return _or_missing(candidate.user, lambda text: clean(text, 200))
            case _:
                tone = Tone.DIM if deleted else Tone.STRONG
                return Cell(clean(candidate.name, 200), tone) if candidate.name is not None else MISSING

    def full(self, row: int, column: int) -> tuple[str, str] | None:
        """A cell's column and all of its value."""
        candidate = self.get(row, column)
        if candidate is None:
            return None
        wanted = self.columns[column]
        if wanted == MARK:
            return "mark", "marked" if candidate.id in self.marks else "not marked"
        return str(wanted), full_value(candidate, wanted)


def full_value(candidate: Candidate, column: Column) -> str:
    """All of a value: every digit, every character; ``missing`` where there is none."""
    value: str | None = None
    if column.kind is Kind.METRIC:
        value = exact(candidate.metrics[column.name]) if column.name in candidate.metrics else None
    elif column.kind is Kind.PARAM:
        value = candidate.params.get(column.name)
    elif column.name == "created":
        value = instant(candidate.start_time, None) if candidate.start_time is not None else None
    elif column.name == "duration":
        value = (
            f"{duration(candidate.duration)}  ({candidate.duration:,} ms)" if candidate.duration is not None else None
        )
    elif column.name == "status":
        deleted = not Lifecycle.ACTIVE.admits(candidate.lifecycle_stage)
        value = (candidate.status or "missing") + ("  deleted" if deleted else "")
    else:
        value = candidate.user if column.name == "user" else candidate.name
    return "missing" if value is None else value


def _or_missing(value: T | None, text: Callable[[T], str]) -> Cell:
    return MISSING if value is None else Cell(text(value))
