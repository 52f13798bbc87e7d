"""One cell of a table: its text, what it means for the eye, and how both fit a width."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

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


class Cell(NamedTuple):
    """A cell's text, already harmless for a terminal."""

    text: str
    tone: Tone = Tone.PLAIN


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
