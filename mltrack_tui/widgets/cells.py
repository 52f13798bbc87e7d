"""One cell of a table: its text, what it means for the eye, and how both fit a width."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol, overload

from rich.cells import cell_len, set_cell_size


class Tone(StrEnum):
    """What a text means; the stylesheet says how that looks."""

    PLAIN = "plain"
    DIM = "dim"
    STRONG = "strong"
    GOOD = "good"
    BAD = "bad"
    WARN = "warn"
    BUSY = "busy"
    BEST = "best"
    GRAPH = "graph"


class Ink(NamedTuple):
    """A few characters, each a terminal cell wide, and what they mean for the eye."""

    text: str
    tone: Tone


NOTHING = Ink("", Tone.PLAIN)


class Cell(NamedTuple):
    """A cell's text, already harmless for a terminal; ``lead`` stands before a number, ``tail`` behind it or a text."""

    text: str
    tone: Tone = Tone.PLAIN
    lead: Ink = NOTHING
    tail: Ink = NOTHING


MISSING = Cell("–", Tone.DIM)
LOADING = Cell("·", Tone.DIM)


def fit(text: str, width: int, right: bool = False) -> str:
    """Exactly ``width`` terminal cells: padded on one side, or cut with ``…`` at the end."""
    length = len(text) if text.isascii() else cell_len(text)
    if length <= width:
        pad = " " * (width - length)
        return pad + text if right else text + pad
    if width <= 1:
        return "…"[:width]
    return set_cell_size(text, width - 1) + "…"


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column's title and its width in terminal cells.

    ``right`` aligns to the right, as numbers want; ``rule`` sets it apart, where another kind begins.
    """

    title: str
    width: int
    right: bool = False
    rule: bool = False


class GridColumns(Sequence[GridColumn]):
    """So many columns, each made when it is first looked at: of ten thousand, a few dozen ever are."""

    def __init__(self, count: int, make: Callable[[int], GridColumn]) -> None:
        self._count = count
        self._make = make
        self._made: dict[int, GridColumn] = {}

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> GridColumn: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[GridColumn]: ...
    def __getitem__(self, index: int | slice) -> GridColumn | Sequence[GridColumn]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(self._count))]
        place = index + self._count if index < 0 else index
        if not 0 <= place < self._count:
            raise IndexError(index)
        if place not in self._made:
            self._made[place] = self._make(place)
        return self._made[place]


class GridRows(Protocol):
    """The rows that a grid shows."""

    def __len__(self) -> int: ...

    def cells(self, row: int, columns: tuple[int, ...], /) -> list[Cell] | None:
        """The cells of a row in these columns, or None while they are not loaded."""
        ...


class NoRows:
    """A grid's rows before there are any."""

    def __len__(self) -> int:
        return 0

    def cells(self, _row: int, _columns: tuple[int, ...]) -> list[Cell] | None:
        """Nothing."""
        return None
