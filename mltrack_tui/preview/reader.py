"""Reading a text on, in both directions, from wherever somebody looks."""

import re

from mltrack_tui.preview.file import BLOCK, ArtifactFile
from mltrack_tui.preview.text import encoding_of, reach_above, reach_below
from mltrack_tui.preview.window import Window

NEAR = 1_000_000
"""Bytes that are read on rather than left out: so line numbers stay known."""


FARTHEST = 8_000_000
"""Bytes that are searched at once."""
_PIECE = 16 * BLOCK


class TextReader:
    """A file as text, of which a `Window` was read. All that reads raises as `ArtifactFile.read`."""

    def __init__(self, file: ArtifactFile, head: bytes) -> None:
        """``head`` is its beginning, one block or all it has."""
        self.file = file
        self.encoding = encoding_of(head)
        self.window = Window(self.encoding, head, is_end=self._is_end(len(head)))

    def _is_end(self, stop: int) -> bool:
        return self.file.size is not None and stop >= self.file.size

    async def begin(self) -> bool:
        """Have the first rows; always True."""
        if not self.window.is_begin:
            data = await self.file.read(0, BLOCK)
            self.window = Window(self.encoding, data, is_end=self._is_end(len(data)))
        return True

    async def end(self) -> bool:
        """Have the last rows, those between too, where they are not many; always True."""
        size = self.file.size
        if size is None or size - self.window.stop <= NEAR:
            while await self.below():
                pass
            return True
        start, data = await self.file.tail(size - reach_above(size))
        begin = -(-start // BLOCK) * BLOCK
        self.window = Window(self.encoding, data[begin - start :], begin, is_end=True)
        return True

    async def around(self, offset: int) -> int:
        """Have the row that a byte is in, and say its index: in another window, where it is far from this one."""
        window = self.window
        if offset < window.begin or offset > window.stop + NEAR:
            begin = reach_above(offset)
            data = await self.file.read(begin, reach_below(offset))
            self.window = window = Window(self.encoding, data, begin, is_end=self._is_end(begin + len(data)))
        while offset >= window.stop and await self.below():
            pass
        return window.index_of(offset)

    async def below(self) -> bool:
        """Have more rows behind the last; False where there are none."""
        window, stop = self.window, self.window.stop
        if window.is_end:
            return False
        data = await self.file.read(stop, reach_below(stop))
        if window.stop == stop:  # else somebody else had them meanwhile
            window.add_below(data, is_end=self._is_end(stop + len(data)))
        return True

    async def above(self) -> int:
        """Have more rows before the first, and say how many."""
        window, begin = self.window, self.window.begin
        if window.is_begin:
            return 0
        data = await self.file.read(reach_above(begin), begin)
        return window.add_above(data) if window is self.window and window.begin == begin else 0

    async def grown(self) -> bool:
        """Look whether the file has changed; if so, have its last rows."""
        size = self.file.size or 0
        if not await self.file.renew():
            return False
        if (self.file.size or 0) < size:  # begun anew, as logs are
            self.window = Window(self.encoding, await self.file.read(0, BLOCK), is_end=self._is_end(BLOCK))
        elif self.window.is_end:
            self.window.reopen()
        await self.end()
        return True

    async def find(self, text: str, offset: int, step: int) -> tuple[int | None, int]:
        """The offset of the next place that has a text, from ``offset`` on or before it; None where there is none.

        Nor is there if it is too far: the other offset is how far was looked, at most `FARTHEST` bytes. A text in
        lower case is found in capitals, too, of ASCII.
        """
        needle = text.encode(self.encoding.name, "backslashreplace")
        pattern = re.compile(re.escape(needle), re.IGNORECASE if text.islower() else 0)
        end = min(offset + FARTHEST, self.file.size or offset + FARTHEST) if step > 0 else max(offset - FARTHEST, 0)
        place = offset
        while (end - place) * step > 0:
            start, stop = (place, place + _PIECE) if step > 0 else (max(place - _PIECE, 0), place)
            data = await self.file.read(start, stop + len(needle) - 1)
            found = [
                at
                for match in pattern.finditer(data)
                if (at := start + match.start()) % self.encoding.unit == 0 and at < stop
            ]
            if found:
                return found[0 if step > 0 else -1], place
            if not data:
                break
            place = stop if step > 0 else start
        return None, min(place, self.file.size or place)
