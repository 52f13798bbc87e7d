"""The rows of a text that were read around what is looked at, growing on both sides."""

from bisect import bisect_right

from mltrack_tui.preview.text import Encoding, Row, rows_of

MOST_ROWS = 20_000
"""Rows that are kept; those on the other side go first."""


class Window:
    """Neighbouring rows of one text, read from its beginning on or around any other place.

    Attributes:
        rows: from the first to the last that was read, none between them left out.
        numbers: those of their lines, counted from 1, or None as long as nobody knows.
        begin, stop: the offsets between which these rows lie.
        is_end: whether the last of them is the text's last.
    """

    def __init__(self, encoding: Encoding, data: bytes, offset: int = 0, *, is_end: bool) -> None:
        """Begin with the rows of some bytes; ``offset`` is a multiple of `preview.text.LONGEST`."""
        self.encoding = encoding
        self.rows: list[Row] = []
        self.numbers: list[int] | None = None if offset else []
        self.begin = self.stop = offset
        self._next_begins: bool | None = None if offset else True
        self.add_below(data, is_end=is_end)
        if offset and self.rows:
            self.begin = self.rows[0].start

    @property
    def is_begin(self) -> bool:
        """Whether the first row is the text's first."""
        return self.begin == 0

    def index_of(self, offset: int) -> int:
        """The index of the row that a byte is in, or of the nearest."""
        return max(bisect_right(self.rows, offset, key=lambda row: row.start) - 1, 0)

    def add_below(self, data: bytes, *, is_end: bool) -> None:
        """Go on with the bytes from ``stop`` on; ``is_end`` if the text ends with them."""
        rows, self._next_begins = rows_of(data, self.stop, self.encoding, begins=self._next_begins, is_end=is_end)
        self.is_end = is_end
        if self.numbers is not None:
            last = self.numbers[-1] if self.numbers else 0
            for row in rows:
                last += row.begins
                self.numbers.append(last)
        self.rows += rows
        if rows:
            self.stop = rows[-1].stop

    def reopen(self) -> None:
        """The text goes on behind what was its end: its last row may be longer than it was."""
        if self.rows:
            last = self.rows.pop()
            self.stop, self._next_begins = last.start, last.begins
            if self.numbers is not None:
                self.numbers.pop()
        self.is_end = False

    def add_above(self, data: bytes) -> int:
        """Put the rows of the bytes up to ``begin`` before the others, and say how many that are."""
        offset = self.begin - len(data)
        rows, _ = rows_of(data, offset, self.encoding, begins=None if offset else True, is_end=True)
        if self.numbers:
            number, begins = self.numbers[0], self.rows[0].begins
            numbers = []
            for row in reversed(rows):
                number -= begins
                numbers.append(number)
                begins = row.begins
            self.numbers[:0] = numbers[::-1]
        self.rows[:0] = rows
        self.begin = rows[0].start if rows and offset else offset
        if self.is_begin and not self.numbers:
            self._count()
        return len(rows)

    def _count(self) -> None:
        number, self.numbers = 0, []
        for row in self.rows:
            number += row.begins
            self.numbers.append(number)

    def forget_above(self, top: int) -> int:
        """Leave out what is too much before the row of this index, and say how many rows that were."""
        surplus = max(min(len(self.rows) - MOST_ROWS, top), 0)
        if surplus:
            del self.rows[:surplus]
            if self.numbers is not None:
                del self.numbers[:surplus]
            self.begin = self.rows[0].start
        return surplus

    def forget_below(self, bottom: int) -> None:
        """Leave out what is too much behind the row of this index."""
        kept = max(MOST_ROWS, bottom + 1)
        if kept < len(self.rows):
            self.stop, self._next_begins, self.is_end = self.rows[kept].start, self.rows[kept].begins, False
            del self.rows[kept:]
            if self.numbers is not None:
                del self.numbers[kept:]
