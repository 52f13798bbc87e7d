"""Rows of text as lines of a screen: cut at its edge, or wrapped."""

from collections.abc import Iterator, Sequence
from itertools import islice

from rich.cells import chop_cells

from mltrack_tui.preview.reader import TextReader

Place = tuple[int, int]
"""The index of a row, and that of its piece."""
_KEPT = 400
"""Rows whose text is kept."""


class Lines:
    """The rows of a reader's window in a width.

    Attributes:
        width: terminal cells that a line has.
        wraps: whether what is longer goes on in the next line.
    """

    def __init__(self, reader: TextReader) -> None:
        self._reader = reader
        self.width = 1
        self.wraps = False
        self._texts: dict[tuple[int, int], str] = {}
        self._pieces: dict[tuple[int, int, int], Sequence[str]] = {}

    def text(self, index: int) -> str:
        """A row's text, harmless."""
        row = self._reader.window.rows[index]
        key = row.start, len(row.data)
        if key not in self._texts:
            _make_room(self._texts)
            self._texts[key] = self._reader.encoding.text(row.data)
        return self._texts[key]

    def pieces(self, index: int) -> Sequence[str]:
        """A row's lines: one, unless it wraps."""
        text, width = self.text(index), self.width
        if not self.wraps or (text.isascii() and len(text) <= width):
            return (text,)
        row = self._reader.window.rows[index]
        key = row.start, len(row.data), width
        if key not in self._pieces:
            _make_room(self._pieces)
            ascii_ = [text[at : at + width] for at in range(0, len(text), width)] if text.isascii() else None
            self._pieces[key] = (ascii_ if ascii_ is not None else chop_cells(text, width)) or ("",)
        return self._pieces[key]

    def shown(self, top: Place, height: int) -> list[Place]:
        """So many lines from one on."""
        return list(islice(self._from(top), height))

    def after(self, place: Place, number: int) -> Place:
        """The line so many behind one, or the last."""
        return _nth(self._from(place), number + 1) or place

    def before(self, place: Place, number: int) -> Place:
        """The line so many before one, or the first."""
        return _nth(self._back_from(place), number) or place

    def last_top(self, height: int) -> Place:
        """The first line of the last page."""
        return _nth(self._back_from((len(self._reader.window.rows), 0)), height) or (0, 0)

    def _from(self, place: Place) -> Iterator[Place]:
        row, piece = place
        for index in range(row, len(self._reader.window.rows)):
            for each in range(piece, len(self.pieces(index))):
                yield index, each
            piece = 0

    def _back_from(self, place: Place) -> Iterator[Place]:
        row, piece = place
        for index in range(min(row, len(self._reader.window.rows) - 1), -1, -1):
            first = piece if index == row else len(self.pieces(index))
            for each in range(first - 1, -1, -1):
                yield index, each


def _nth(lines: Iterator[Place], number: int) -> Place | None:
    line = None
    for line in islice(lines, number):  # noqa: B007 - the last one is meant
        pass
    return line


def _make_room(kept: dict) -> None:  # type: ignore[type-arg]
    while len(kept) >= _KEPT:
        del kept[next(iter(kept))]
