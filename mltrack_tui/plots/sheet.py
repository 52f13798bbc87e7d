"""Layers of drawing in different inks, and the lines of text that come of them."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from mltrack_tui.plots.canvas import Canvas, Dot
from mltrack_tui.plots.picture import TEXT, Ink, Run
from mltrack_tui.plots.style import Glyphs

_EMPTY = bytes([255, *[0] * 255])  # a cell without dots as 255, any other as 0


class Sheet:
    """A canvas of several layers: the dots of all are seen, each cell in the ink of the last one that has some."""

    def __init__(self, columns: int, rows: int, made_of: Glyphs) -> None:
        self.canvas = Canvas(columns, rows, made_of)
        self.made_of = made_of
        self._dots = 0
        self._owners = 0
        self._inks: list[Ink] = [TEXT]
        self._marks: dict[int, dict[int, Run]] = {}

    def lay(self, strokes: Iterable[Sequence[Dot]], ink: Ink, dashes: str = "") -> None:
        """Draw lines over what is there; ``dashes`` says by 1 and 0 in which columns of dots, again and again."""
        drawn = self.canvas.drawn(strokes, dashes)
        if ink not in self._inks:
            self._inks.append(ink)
        owner = self._inks.index(ink)
        here = drawn.translate(bytes([0, *[owner] * 255]))
        self._owners = self._owners & int.from_bytes(drawn.translate(_EMPTY)) | int.from_bytes(here)
        self._dots |= int.from_bytes(drawn)

    def mark(self, column: int, row: int, character: str, ink: Ink) -> None:
        """Put a character over a cell; row 0 is the top, and a column may lie to the right of the canvas."""
        self._marks.setdefault(row, {})[column] = Run(character, ink)

    def is_free(self, column: int, row: int) -> bool:
        """Whether nothing was drawn to a cell."""
        if column in self._marks.get(row, ()):
            return False
        cells = self.canvas.columns * self.canvas.rows
        at = 8 * (cells - 1 - (column * self.canvas.rows + row))
        return column >= self.canvas.columns or not self._dots >> at & 0xFF

    def lines(self, *, numbered: bool = False) -> list[list[Run]]:
        """The rows as runs, with nothing behind the last that is seen.

        ``numbered`` makes curves of the numbers of their slots, where characters are too coarse to show any line.
        """
        rows, cells = self.canvas.rows, self.canvas.columns * self.canvas.rows
        dots, owners = self._dots.to_bytes(cells), self._owners.to_bytes(cells)
        names = dict(enumerate(self.made_of.cells))
        found = []
        for row in range(rows):
            inks = owners[row::rows]
            text = dots[row::rows].decode("latin-1").translate(names)
            if numbered:
                text = "".join(map(self._number, text, inks))
            found.append(self._runs(text, inks, self._marks.get(row, {})))
        return found

    def _number(self, character: str, owner: int) -> str:
        ink = self._inks[owner]
        return character if character == " " or ink.slot is None or ink.kind != "curve" else str(ink.slot + 1)

    def _runs(self, text: str, owners: bytes, marks: dict[int, Run]) -> list[Run]:
        pieces = []
        start = 0
        for column in sorted(marks):
            pieces += self._inked(text[start:column].ljust(column - start), owners[start:column])
            pieces.append(marks[column])
            start = column + 1
        pieces += self._inked(text[start:].rstrip(" "), owners[start:])
        return pieces

    def _inked(self, text: str, owners: bytes) -> list[Run]:
        """Runs of a text: blanks, which nobody owns, are of the ink beside them, so that there are few."""
        cuts = [(0, 0)]
        start = 0
        for owner, cells in groupby(owners[: len(text)]):
            if not cuts[-1][1]:
                cuts[-1] = cuts[-1][0], owner
            elif owner not in (0, cuts[-1][1]):
                cuts.append((start, owner))
            start += len(list(cells))
        ends = [*(at for at, _ in cuts[1:]), start]
        runs = [Run(text[at:end], self._inks[owner]) for (at, owner), end in zip(cuts, ends, strict=True) if end]
        return [*runs, Run(text[start:], TEXT)] if start < len(text) else runs
