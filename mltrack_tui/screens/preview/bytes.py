"""A file as bytes: their offset, what they are in hexadecimal, and as characters."""

from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual import work
from textual.binding import BindingType
from textual.strip import Strip

from mltrack_tui.commands.preview import PAGER
from mltrack_tui.preview.file import BLOCK, ArtifactFile
from mltrack_tui.screens.preview.view import View
from mltrack_tui.widgets.line import Line

if TYPE_CHECKING:
    from mltrack_tui.screens.preview.place import PreviewPlace

_WIDTHS = (32, 16, 8, 4)
"""Bytes in a line: as many of these as fit."""
_CHARACTERS = bytes(code if 32 <= code < 127 else ord(".") for code in range(256))


class BytesView(View, can_focus=True):
    """Lines of bytes; those on screen are fetched, whatever the file's size."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"bytes--plain", "bytes--offset"}
    BINDINGS: ClassVar[list[BindingType]] = [*PAGER.bindings()]

    def __init__(self, place: "PreviewPlace", file: ArtifactFile) -> None:
        super().__init__(place, file)
        self._first = 0
        self._from, self._data = 0, b""

    async def load(self) -> None:
        """The first lines."""
        self._take(*await self._on_screen())

    @property
    def _total(self) -> int:
        return self.file.size or 0

    @property
    def _digits(self) -> int:
        return max(len(f"{self._total:x}"), 6)

    @property
    def _across(self) -> int:
        """Bytes in a line."""
        room = self.size.width - self._digits - 5
        return next((each for each in _WIDTHS if each * 4 + each // 8 <= room), _WIDTHS[-1])

    @property
    def _shown(self) -> int:
        """Bytes on the screen."""
        return max(self.size.height, 1) * self._across

    # Moving

    def action_rows(self, step: int) -> None:
        """Scroll by so many lines."""
        self._move(self._first + step * self._across)

    def action_pages(self, step: int) -> None:
        """Scroll by whole screens."""
        self._move(self._first + step * self._shown)

    def action_across(self, step: int) -> None:
        """Scroll by single bytes, for what is not aligned."""
        self._move(self._first + step)

    def action_edge(self, side: int) -> None:
        """Go to the beginning or the end."""
        self._move(0 if side < 0 else self._total)

    def _move(self, start: int) -> None:
        last = -(-self._total // self._across) * self._across - self._shown
        self._first = max(min(start, last), 0)
        self.refresh()
        self.place.tell()
        if not self._is_here():
            self._fetch()

    def _is_here(self) -> bool:
        stop = min(self._first + self._shown, self._total)
        return self._from <= self._first and stop <= self._from + len(self._data)

    @work(exclusive=True, group="bytes")
    async def _fetch(self) -> None:
        read = await self.place.reading(self._on_screen)
        if read is not None:
            self._take(*read)

    async def _on_screen(self) -> tuple[int, bytes]:
        start = self._first // BLOCK * BLOCK
        return start, await self.file.read(start, -(-(self._first + self._shown) // BLOCK) * BLOCK)

    def _take(self, offset: int, data: bytes) -> None:
        self._from, self._data = offset, data
        self.refresh()
        self.place.tell()

    def on_resize(self) -> None:
        """More or fewer fit."""
        self._move(self._first)

    def summary(self) -> str:
        """Which bytes are on screen."""
        stop = min(self._first + self._shown, self._total)
        return f"bytes {self._first:,}–{stop - 1:,} of {self._total:,}" if self._total else "empty"

    def value_under_cursor(self) -> tuple[str, str] | None:
        """There is no cursor."""
        return None

    # Painting

    def _ink(self, name: str) -> Style:
        return self.rich_style + self.get_component_rich_style(f"bytes--{name}", partial=True)

    def render_line(self, y: int) -> Strip:
        """An offset, bytes in groups of eight, and the same as characters."""
        plain, dim = self._ink("plain"), self._ink("offset")
        line, across = Line(plain), self._across
        start = self._first + y * across
        data = self._data[start - self._from : start - self._from + across] if start >= self._from else b""
        if start < self._total:
            line.put(1, f"{start:0{self._digits}x}", dim)
            hexes = "  ".join(data[at : at + 8].hex(" ") for at in range(0, len(data), 8))
            line.put(self._digits + 3, hexes or "·", plain)
            line.put(
                self._digits + 4 + across * 3 + (across - 1) // 8, data.translate(_CHARACTERS).decode("ascii"), dim
            )
        return line.strip(self.size.width)
