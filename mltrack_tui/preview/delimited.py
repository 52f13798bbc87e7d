"""Rows of text with separators (CSV, TSV), taken in as they come and taken apart when they are looked at.

A row is kept as the text that it was: a tenth of the memory that its cells would need.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mltrack_tui.domain.numbers import number_of
from mltrack_tui.preview.file import Unreadable

SEPARATORS = ",\t;|"
LONGEST_ROW = 1_000_000
"""Characters of a row; what is longer is no table."""
_SAMPLE = 100
"""Rows that the separator and the titles are told by."""
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OTHERWISE = "cp1252"
_SENTINEL = "\x00end"


class Form(NamedTuple):
    """How a table is written: its encoding, what separates its cells, and whether its first row has the titles."""

    encoding: str
    separator: str
    titled: bool


def form_of(name: str, head: bytes) -> Form:
    """How a table is written, by its name and its beginning. Raises Unreadable where there is no row."""
    encoding = encoding_of(head)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    lines = list(io.StringIO(text, newline=""))
    lines = lines[:-1] or lines  # the last one may be cut
    separator = _separator(name, lines)
    rows = [row for row, _ in zip(csv_rows(lines, separator), range(_SAMPLE), strict=False)]
    if not rows:
        raise Unreadable("There is no row in it.")
    return Form(encoding, separator, _is_titled(rows, separator))


def encoding_of(head: bytes) -> str:
    """UTF-8, unless the file's first bytes say that it is UTF-16, or are none of UTF-8: then what Windows calls 1252.

    Every file is one of that, so that letters may be others than meant, but nothing is lost or looks like an error.
    """
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)
    if marked is not None:
        return marked
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return _OTHERWISE
    return "utf-8"


def csv_rows(lines: Sequence[str], separator: str) -> Iterator[list[str]]:
    """The rows of some lines up to the first that none can be made of, blank lines left out."""
    try:
        yield from filter(None, csv.reader(lines, delimiter=separator))
    except csv.Error:
        return


def _separator(name: str, lines: Sequence[str]) -> str:
    """The separator by which the most rows have equally many cells, of several the one with the most numbers.

    Where that is equal too, what the name says (``.tsv``) goes first, then the comma. (`csv.Sniffer` counts letters,
    and finds separators in words and dates.)
    """
    preferred = "\t" if name.lower().endswith((".tsv", ".tab")) else ","
    best, best_score = preferred, (0.0, 0.0)
    for separator in sorted(SEPARATORS, key=lambda each: each != preferred):
        rows = [row for row, _ in zip(csv_rows(lines, separator), range(_SAMPLE), strict=False)]
        counts = Counter(map(len, rows))
        width, agreeing = max(counts.items(), key=lambda each: (each[1], each[0]), default=(0, 0))
        if width < 2:
            continue
        cells = [cell for row in rows for cell in row if cell]
        numbers = sum(_says_number(cell, separator) for cell in cells)
        score = (agreeing / len(rows), numbers / max(len(cells), 1))
        if score > best_score:
            best, best_score = separator, score
    return best


def _says_number(cell: str, separator: str) -> bool:
    """Whether a cell is a number; between semicolons also one with a comma, which is why they are used."""
    return number_of(cell.replace(",", ".", 1) if separator == ";" else cell) is not None


def _is_titled(rows: Sequence[Sequence[str]], separator: str) -> bool:
    """Whether the first row has the titles: none of it is a number, and no title is there twice.

    Of numbers, these are titles: 0, 1, 2 … as pandas calls columns without a name, alone or behind the empty title of
    its index.
    """
    first = rows[0]
    names = first[1:] if not first[0] and len(first) > 1 else first
    if list(names) == [str(place) for place in range(len(names))] and (len(names) > 1 or names is not first):
        return True
    return not any(_says_number(cell, separator) for cell in first) and len(set(first)) == len(first)


class Rows:
    """The rows of a table, as far as they were fed.

    Attributes:
        names: the columns' titles, each another one; of those without, their place.
        odd: how many rows have more or fewer cells than there are titles.
        broken: how many have a quote that is never closed; they are cut at every separator.
        stopped: why no more can be read, at the end of a sentence; '' where it can.
    """

    def __init__(self, form: Form) -> None:
        self.form = form
        self.names: Sequence[str] = ()
        self.odd = self.broken = 0
        self.stopped = ""
        self._decoder = codecs.getincrementaldecoder(form.encoding)("replace")
        self._rest = ""
        self._rows: list[str] = []
        self._literal: set[int] = set()
        self._titles: list[str] | None = None
        self._width = 0
        self._last: tuple[int, list[str]] = -1, []

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, index: int) -> list[str]:
        """The cells of a row; '' is a missing one."""
        last = self._last
        if last[0] != index:  # a thread that sorts may ask, too
            last = self._last = index, self._cells(self._rows[index], literal=index in self._literal)
        return last[1]

    def feed(self, data: bytes, *, last: bool) -> None:
        """Take in more bytes of the file; ``last`` are those up to its end. One thread at a time may do so."""
        text = self._rest + self._decoder.decode(data, last)
        lines = list(io.StringIO(text, newline=""))
        self._rest = "" if last or not lines or lines[-1].endswith("\n") else lines.pop()
        start = 0
        while start < len(lines):
            start = self._take(lines, start, last=last)
        if len(self._rest) > LONGEST_ROW:
            self._rest, self.stopped = "", f"a row is longer than {LONGEST_ROW:,} characters"

    def _take(self, lines: list[str], start: int, *, last: bool) -> int:
        """Keep the rows from a line on; says where to go on. Rows that are not at their end wait for the rest."""
        if not any('"' in line for line in lines[start:]):
            self._keep(lines[start:])
            return len(lines)
        taken = start

        def each() -> Iterator[str]:
            nonlocal taken
            for line in lines[start:]:
                taken += 1
                yield line
            taken += 1
            yield _SENTINEL

        begun, found = start, []
        try:
            for _ in csv.reader(each(), delimiter=self.form.separator):
                if taken > len(lines):
                    break
                found.append("".join(lines[begun:taken]))
                begun = taken
        except csv.Error:  # a quote is open for more than any cell holds
            self._keep(found)
            self._keep(lines[begun : begun + 1], literal=True)
            return begun + 1
        self._keep(found)
        rest = "".join(lines[begun:])
        if last and rest:
            self._keep([rest])
        elif not last:
            self._rest = rest + self._rest
        return len(lines)

    def _keep(self, rows: Sequence[str], *, literal: bool = False) -> None:
        separator = self.form.separator
        for text in rows:
            if not text.strip("\r\n"):
                continue
            plain = literal or '"' not in text
            width = text.count(separator) + 1 if plain else len(self._cells(text))
            if self._titles is None:
                self._titles = self._cells(text, literal=literal) if self.form.titled else []
                self._widen(width)
                if self.form.titled:
                    continue
            elif self._titles and not self._rows and width == len(self._titles) + 1:
                self._titles.insert(0, "")  # R writes no title for the names of its rows
                self._widen(width)
            self.odd += width != self._expected
            if width > self._width:
                self._widen(width)
            if literal:
                self.broken += 1
                self._literal.add(len(self._rows))
            self._rows.append(text)

    @property
    def _expected(self) -> int:
        return len(self._titles or ()) or self._width

    def _widen(self, width: int) -> None:
        self._width = width
        self.names = distinct(self._titles or (), width)

    def _cells(self, text: str, *, literal: bool = False) -> list[str]:
        if literal or '"' not in text:
            return text.rstrip("\r\n").split(self.form.separator)
        return next(csv.reader([text], delimiter=self.form.separator), [])


def distinct(titles: Sequence[str], width: int) -> Sequence[str]:
    """So many columns' names, each another one: by their titles, else by their places."""
    found: dict[str, None] = {}
    for place in range(width):
        title = titles[place] if place < len(titles) and titles[place].strip() else f"column {place + 1}"
        name, times = title, 1
        while name in found:
            times += 1
            name = f"{title} ({times})"
        found[name] = None
    return tuple(found)
