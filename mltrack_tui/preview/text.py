"""Rows of text, found in any part of a file without what lies before it.

A row is a line, or a piece of one that is very long: it begins behind a line's end, or at a multiple of `LONGEST`
before which so many bytes had no line's end. So it is known from a few bytes around it where rows begin, and who goes
up finds the same ones as who goes down, be it in a single line of 100 MB.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mltrack_tui.domain.text import clean
from mltrack_tui.preview.file import BLOCK

LONGEST = 16_384
"""Bytes; a row has fewer than twice as many."""
REACH = 2 * LONGEST + 8
"""Bytes in which a row certainly lies, with what tells its end."""
TAB = 8
"""Terminal cells from one tab stop to the next."""
_CODES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
"""What a terminal would take for a colour or a movement (ECMA-48, CSI): programs write it into their logs."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How text is written in bytes.

    Attributes:
        name: as Python calls it.
        unit: bytes of which a character has one or more.
        begins: bytes before the text: its byte order mark.
        ends: a line's end: of Unix, Windows, or alone as progress bars write it.
    """

    name: str
    unit: int
    begins: int
    ends: re.Pattern[bytes]

    def line_ends(self, data: bytes, offset: int, *, is_end: bool) -> list[int]:
        """The offsets behind the ends of lines; ``data`` begins at ``offset``, and ends with its file if ``is_end``."""
        found = [match.end() for match in self.ends.finditer(data) if (offset + match.start()) % self.unit == 0]
        if found and not is_end and found[-1] == len(data) and data.endswith("\r".encode(self.name)):
            found.pop()  # the other half of a Windows line's end may follow
        return [offset + end for end in found]

    def is_inside(self, data: bytes, at: int) -> bool:
        """Whether the byte at an index is one within a character, not its first."""
        if self.unit == 1:
            return data[at] & 0xC0 == 0x80
        return data[at + (self.name == "utf-16-le")] & 0xFC == 0xDC if at + 1 < len(data) else False

    def text(self, data: bytes) -> str:
        """A row's text, without its end, harmless for a terminal: broken bytes are shown as ``\\xff``."""
        text = data.decode(self.name, "backslashreplace").rstrip("\r\n")
        return clean(_CODES.sub("", text).expandtabs(TAB))


_UTF_8 = Encoding("utf-8", 1, 0, re.compile(rb"\r\n|\n|\r"))
_BOMS = (
    (b"\xef\xbb\xbf", Encoding("utf-8", 1, 3, _UTF_8.ends)),
    (b"\xff\xfe", Encoding("utf-16-le", 2, 2, re.compile(rb"\r\0\n\0|\n\0|\r\0"))),
    (b"\xfe\xff", Encoding("utf-16-be", 2, 2, re.compile(rb"\0\r\0\n|\0\n|\0\r"))),
)


def encoding_of(head: bytes) -> Encoding:
    """UTF-8, unless a mark at the beginning says otherwise."""
    return next((encoding for mark, encoding in _BOMS if head.startswith(mark)), _UTF_8)


def reach_above(offset: int) -> int:
    """From where to read to be sure of the row before the one that begins at ``offset``: a multiple of `BLOCK`."""
    begin = max(offset - 1, 0) // BLOCK * BLOCK
    return begin if offset - begin >= REACH else max(begin - BLOCK, 0)


def reach_below(offset: int) -> int:
    """To where to read to be sure of the row that begins at ``offset``: a multiple of `BLOCK`."""
    return -(-(offset + REACH) // BLOCK) * BLOCK


@dataclass(frozen=True, slots=True)
class Row:
    """A line of text or, of a very long one, a piece.

    Attributes:
        start: the offset of its first byte.
        data: its bytes, a line's end among them.
        begins: whether a line begins with it.
    """

    start: int
    data: bytes
    begins: bool

    @property
    def stop(self) -> int:
        """The offset behind it."""
        return self.start + len(self.data)


def rows_of(
    data: bytes, offset: int, encoding: Encoding, *, begins: bool | None, is_end: bool
) -> tuple[list[Row], bool]:
    """The rows of some bytes from ``offset`` on, and whether a line begins behind them.

    A row begins there, with a line if ``begins``; None: nobody knows, ``offset`` is a multiple of `LONGEST`, and the
    rows are those behind the first beginning that is found. ``is_end`` if a row ends with the data, as at the file's
    end; else the last one, of which more may come, is left out.
    """
    stop = offset + len(data)
    ends = encoding.line_ends(data, offset, is_end=is_end)
    forced = set(_forced(data, offset, ends, encoding, begins=begins))
    starts = sorted({*ends, *forced, *([] if begins is None else [max(encoding.begins, offset)])})
    if is_end and starts and starts[-1] < stop:
        starts.append(stop)
    pieces = forced | ({offset} if begins is False else set())
    rows = [Row(start, data[start - offset : end - offset], start not in pieces) for start, end in pairwise(starts)]
    return rows, not starts or starts[-1] not in pieces


def _forced(data: bytes, offset: int, ends: Sequence[int], encoding: Encoding, *, begins: bool | None) -> Iterator[int]:
    """Where a row begins because of `LONGEST` bytes without a line's end, and never within a character."""
    block = offset // LONGEST  # of which nothing is known to end a line
    if begins and offset % LONGEST:
        block += 1
    stop = offset + len(data)
    for place in range((block + 1) * LONGEST, stop, LONGEST):
        before = bisect_right(ends, place)
        if before and ends[before - 1] > place - LONGEST:
            continue
        begin = place
        while begin < min(place + 3, stop) and encoding.is_inside(data, begin - offset):
            begin += encoding.unit
        if begin < stop:
            yield begin
