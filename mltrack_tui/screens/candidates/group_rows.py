"""The rows of a table of groups: a value, how many candidates have it, and what each metric comes to among them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import NamedTuple

from rich.cells import cell_len

from mltrack_tui.analysis.nesting import Group, Spread, groups, spread
from mltrack_tui.analysis.order import text_value
from mltrack_tui.domain.numbers import NumberFormat, exact
from mltrack_tui.domain.query import Column, Direction, Kind, Value
from mltrack_tui.export.shape import Form
from mltrack_tui.export.table import Heading, Row
from mltrack_tui.screens.candidates.looks import BEST, PERHAPS_BEST, TextFormat
from mltrack_tui.screens.rows import Field, Rows
from mltrack_tui.screens.values import value_label
from mltrack_tui.widgets.cells import LOADING, MISSING, NOTHING, Cell, GridColumn, Tone

_WIDEST_VALUE = 40
_PLUS_MINUS = " ± "


@dataclass(slots=True, eq=False)
class Line:
    """A group, and what is known of its metrics."""

    group: Group
    label: str
    spreads: dict[Column, Spread] = field(default_factory=dict)


class Metric(NamedTuple):
    """A metric as the candidate table shows it: its column as sources are asked for it, its title, which way is better
    and whether the user said so."""

    column: Column
    title: str
    direction: Direction | None
    told: bool


@dataclass(frozen=True)
class GroupField(Field[Line]):
    """A column of the table of groups.

    Attributes:
        name: what it is called where its neighbours are not seen.
        width: terminal cells of its values.
    """

    name: str = ""
    width: int = 0
    rule: bool = False


class GroupRows(Rows[Line]):
    """Groups as a grid shows them."""

    def __init__(self, fields: Sequence[GroupField], items: Sequence[Line] = ()) -> None:
        super().__init__(fields, items)
        self.fields: Sequence[GroupField] = fields

    def columns(self) -> list[GridColumn]:
        """As wide as was found when the fields were made: there may be as many groups as candidates."""
        return [
            GridColumn(each.title, max(each.width, cell_len(each.title) + 1), each.right, each.rule)
            for each in self.fields
        ]


def lines_of(by: Column, values: Sequence[Value]) -> list[Line]:
    """The groups of candidates with these values."""
    return [Line(group, value_label(by, group.value)) for group in groups(values)]


def measured(lines: Sequence[Line], metric: Metric, values: Sequence[Value]) -> tuple[list[Spread], list[GroupField]]:
    """What a metric comes to in each group, from its values of all candidates, and the columns that show it."""
    found = [spread((values[place] for place in line.group.places), metric.direction) for line in lines]
    return found, metric_fields(metric, found)


def group_fields(by: Column, title: str, lines: Sequence[Line]) -> list[GroupField]:
    """The value, and how many have it."""
    texts = TextFormat(_WIDEST_VALUE)
    texts.learn([line.label for line in lines if line.group.value is not None])
    count = max((len(f"{len(line.group.places):,}") for line in lines), default=0)

    def value_cell(line: Line) -> Cell:
        return Cell("missing", Tone.DIM) if line.group.value is None else Cell(texts.text(line.label))

    def value(line: Line) -> Value:
        own = line.group.value
        return text_value(own) if isinstance(own, str) else own

    def full(line: Line) -> str:
        return line.group.value if isinstance(line.group.value, str) else line.label

    return [
        GroupField(title, value_cell, value, full, texts.right, name=str(by), width=max(texts.width, len("missing"))),
        GroupField(
            "candidates",
            lambda line: Cell(f"{len(line.group.places):,}"),
            lambda line: float(len(line.group.places)),
            lambda line: str(len(line.group.places)),
            right=True,
            name="candidates",
            width=count,
        ),
    ]


def metric_fields(metric: Metric, known: Sequence[Spread] = ()) -> list[GroupField]:
    """Mean and deviation in one column; beside it the best, where a direction is told or guessed.

    What of the metric is not read yet says so.
    """
    column = metric.column
    numbers = NumberFormat.of([n for each in known for n in (each.mean, each.deviation, each.best) if n is not None])

    def of(read: Callable[[Spread], float | None]) -> Callable[[Line], Value]:
        def value(line: Line) -> Value:
            found = line.spreads.get(column)
            return None if found is None else read(found)

        return value

    def full(line: Line) -> str:
        found = line.spreads.get(column)
        return "not read yet" if found is None else told(found, len(line.group.places))

    mean_cell, width = _mean_cells(column, numbers, known)
    mean = GroupField(
        metric.title,
        mean_cell,
        of(lambda found: found.mean),
        full,
        right=True,
        name=str(column),
        width=width,
        rule=True,
    )
    if metric.direction is None:
        return [mean]
    bests = [each.best for each in known if each.best is not None]
    best = (max if metric.direction is Direction.MAX else min)(bests, default=None)
    star = BEST if metric.told else PERHAPS_BEST

    def best_cell(line: Line) -> Cell:
        found = line.spreads.get(column)
        if found is None:
            return LOADING
        if found.best is None:
            return MISSING
        tone = Tone.PLAIN if isfinite(found.best) else Tone.WARN
        return Cell(numbers.text(found.best), tone, star if found.best == best else NOTHING)

    width = max((len(numbers.text(each)) for each in bests), default=0) + 1
    name = f"best {column}"
    return [mean, GroupField("best", best_cell, of(lambda found: found.best), full, right=True, name=name, width=width)]


def _mean_cells(column: Column, numbers: NumberFormat, known: Sequence[Spread]) -> tuple[Callable[[Line], Cell], int]:
    """The cells of ``0.9712 ± 0.0031``, the signs in line, and their width."""
    deviations = [len(numbers.text(each)) for found in known if (each := _deviation(found)) is not None]
    behind = len(_PLUS_MINUS) + max(deviations) if deviations else 0
    means = [len(numbers.text(each.mean)) for each in known if each.mean is not None]

    def cell(line: Line) -> Cell:
        found = line.spreads.get(column)
        if found is None:
            return LOADING
        if found.mean is None:
            return Cell("NaN" + " " * behind, Tone.WARN) if found.nans else MISSING
        deviation = _deviation(found)
        text = "" if deviation is None else numbers.text(deviation).rjust(behind - len(_PLUS_MINUS))
        tone = Tone.PLAIN if isfinite(found.mean) else Tone.WARN
        return Cell(numbers.text(found.mean) + (_PLUS_MINUS + text if text else " " * behind), tone)

    return cell, max(means, default=len("NaN")) + behind


def _deviation(found: Spread) -> float | None:
    """The deviation, where there is a mean that something may deviate from."""
    return found.deviation if found.mean is not None and isfinite(found.mean) else None


def told(found: Spread, candidates: int) -> str:
    """All that is known of a metric in a group of so many candidates."""
    parts = [
        f"mean {_worked_out(found.mean)}" if found.mean is not None else "",
        f"sd {_worked_out(found.deviation)} (n-1)" if found.deviation is not None else "",
        f"best {exact(found.best)}" if found.best is not None else "",
        f"n {found.numbers:,}",
        f"{found.nans:,} NaN" if found.nans else "",
        f"{missing:,} missing" if (missing := candidates - found.numbers - found.nans) else "",
    ]
    return ", ".join(part for part in parts if part)


def _worked_out(value: float) -> str:
    """As many digits of a number that nobody logged as somebody may want to read; an export has them all."""
    return f"{value:.8g}" if isfinite(value) else exact(value)


def headings(by: Column, metrics: Sequence[Metric]) -> list[Heading]:
    """The columns of an export."""
    value = Heading(str(by), Form.PARAMETER if by.kind is Kind.PARAM else Form.TEXT)
    return [value, Heading("candidates", Form.EXACT), *(each for metric in metrics for each in _headings(metric))]


def _headings(metric: Metric) -> Iterator[Heading]:
    for what in ("mean", "sd", *(["best"] if metric.direction is not None else []), "n", "NaN"):
        yield Heading(f"{metric.column} {what}", Form.EXACT)


def exported(line: Line, metrics: Sequence[Metric]) -> Row:
    """A group's values for these headings."""
    value = line.group.value
    row: list[Value] = [value, len(line.group.places)]
    for metric in metrics:
        found = line.spreads[metric.column]
        best = [found.best] if metric.direction is not None else []
        row += [found.mean, found.deviation, *best, found.numbers, found.nans]
    return row
