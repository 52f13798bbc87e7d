"""Which columns the candidate table has, and in what order: what follows from a view and the columns there are."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from mltrack_tui.domain.query import ATTRIBUTES, CI_NAMES, SYSTEM, Column, Columns, Kind, Value
from mltrack_tui.domain.view import View

MARK, STATUS, NAME, EXPERIMENT = (Column(Kind.ATTRIBUTE, name) for name in ("mark", "status", "name", "experiment"))
"""The mark is no attribute of a candidate: it is no column that could be hidden, moved or sorted by."""
_FIRST = ("status", "name", "experiment", "created", "duration")
_STAYING = (STATUS, NAME)


def natural(name: str) -> list[tuple[int, str]]:
    """In the order of the numbers in names: ``layer2`` before ``layer10``."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d{1,18})", name) if part]


class Catalogue:
    """All columns of the candidates of some experiments, in the order that they have by default.

    Attributes:
        columns: the usual attributes, parameters, metrics, tags, what CI says, what the machine was used for, other
            attributes; names in natural order.
        constant: of columns that say nothing, the one value that all candidates have, or None where none has any.
            Where nothing but such columns is left, as of a single candidate, those with a value are shown after all.
        complete: whether these are all.
    """

    def __init__(self, columns: Columns, *, several: bool = False, ci: bool = False, cost: bool = False) -> None:
        """``several`` says that the experiments are, ``ci`` and ``cost`` that their source tells of these."""
        others = [name for name in ATTRIBUTES if name not in _FIRST]
        self.columns: tuple[Column, ...] = (
            *(Column(Kind.ATTRIBUTE, name) for name in _FIRST),
            *_sorted(Kind.PARAM, columns.params),
            *_sorted(Kind.METRIC, columns.metrics),
            *_sorted(Kind.TAG, columns.tags),
            *(Column(Kind.CI, name) for name in CI_NAMES if ci),
            *(column for column in columns.usage if column.name != "cost" or cost),
            *(Column(Kind.ATTRIBUTE, name) for name in others),
        )
        self.constant: Mapping[Column, Value] = columns.constant
        self.complete = columns.complete
        logged = len(columns.params) + len(columns.metrics)
        foldable = sum(column.kind in {Kind.PARAM, Kind.METRIC} for column in columns.constant)
        self._all_alike = foldable >= logged
        self._several = several

    def __contains__(self, column: Column) -> bool:
        return column in self._known

    @cached_property
    def _known(self) -> frozenset[Column]:
        return frozenset(self.columns)

    def says_something(self, column: Column) -> bool:
        """Whether a column is shown where nobody chose."""
        match column.kind:
            case Kind.ATTRIBUTE:
                return column.name in _FIRST and (column != EXPERIMENT or self._several)
            case Kind.METRIC if column.name.startswith(SYSTEM):
                return False
            case Kind.TAG | Kind.CI | Kind.USAGE:
                return False
            case _:
                return column not in self.constant or (self._all_alike and self.constant[column] is not None)


def _sorted(kind: Kind, names: Iterable[str]) -> list[Column]:
    return [Column(kind, name) for name in sorted(names, key=natural)]


class Layout:
    """The columns of a table.

    Attributes:
        columns: those shown, the marks first.
        frozen: how many of them stay on the left while the rest scrolls.
        order: all there are, shown or not, but the marks, in their order.
        folded: of parameters and metrics that are the same for all candidates and so not shown: what they are.
        silent: how many columns are not shown because they say nothing by default; those that nobody logged apart.
        put_away: how many the user hid.
    """

    def __init__(self, catalogue: Catalogue, view: View, kept: Column | None = None) -> None:
        """``kept`` is shown though it says nothing: the cursor is on it."""
        self.order = ordered(catalogue, view)
        shown, silent = [MARK], []
        self.put_away = 0
        for column in self.order:
            if column in view.hidden:
                self.put_away += 1
            elif column == kept or is_shown(column, catalogue, view):
                shown.append(column)
            elif column.kind is not Kind.USAGE:
                silent.append(column)
        self.columns: tuple[Column, ...] = tuple(shown)
        self.silent = len(silent)
        folded = [column for column in silent if column.kind in {Kind.PARAM, Kind.METRIC}]
        values = ((column, catalogue.constant.get(column)) for column in folded if not _of_machine(column))
        self.folded: tuple[tuple[Column, Value], ...] = tuple((c, value) for c, value in values if value is not None)
        stays = {MARK, *_STAYING, *view.pinned}
        self.frozen = next((index for index, column in enumerate(shown) if column not in stays), len(shown))

    @cached_property
    def _places(self) -> Mapping[Column, int]:
        return {column: place for place, column in enumerate(self.columns)}

    def place(self, column: Column | None) -> int | None:
        """Where a column is in the table, if it is shown."""
        return self._places.get(column) if column is not None else None


def _of_machine(column: Column) -> bool:
    return column.kind is Kind.METRIC and column.name.startswith(SYSTEM)


def ordered(catalogue: Catalogue, view: View) -> tuple[Column, ...]:
    """All columns as they stand in a view: those that stay, those that the user put first, the rest."""
    first = dict.fromkeys(
        column for column in (*_STAYING, *view.pinned, *view.sequence) if column in catalogue
    )  # each once, at its first place
    if tuple(first) == catalogue.columns[: len(first)]:
        return catalogue.columns
    return (*first, *(column for column in catalogue.columns if column not in first))


def is_shown(column: Column, catalogue: Catalogue, view: View) -> bool:
    """Whether a view shows a column. Everything is what was logged: usage, which is worked out, has to be chosen."""
    if column in view.hidden:
        return False
    everything = view.everything and column.kind is not Kind.USAGE
    return everything or column in view.shown or catalogue.says_something(column)


def staying(column: Column, view: View) -> bool:
    """Whether a column stays on the left while the rest scrolls."""
    return column in _STAYING or column in view.pinned
