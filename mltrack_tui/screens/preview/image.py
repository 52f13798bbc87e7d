"""An image in a terminal: each cell two pixels, or what the terminal itself makes of it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual import work
from textual.binding import BindingType
from textual.strip import Strip

from mltrack_tui.commands import Command, hints
from mltrack_tui.commands.preview import IMAGE
from mltrack_tui.preview.file import ArtifactFile
from mltrack_tui.preview.image import Part, Picture, decoded, fitted, half_blocks
from mltrack_tui.screens.preview.inks import background_of
from mltrack_tui.screens.preview.rendered import block_style
from mltrack_tui.screens.preview.view import View

if TYPE_CHECKING:
    from PIL.Image import Image

    from mltrack_tui.screens.preview.place import PreviewPlace

CLOSEST = 64
"""Times that an image is enlarged at most."""
_STEP = 0.25
"""Of what is seen, that a step to the side goes."""
_INK = Color.from_rgb(0, 95, 215)
"""Whose number a terminal with graphics knows the image by; one that also terminals of 256 colours have."""
_CELL = 8
"""Pixels that a cell is taken to be wide, and twice as many high: nobody asks the terminal."""


class ImageView(View, can_focus=True):
    """All of an image, or a part of it."""

    BINDINGS: ClassVar[list[BindingType]] = [*IMAGE.bindings()]
    HINTS: ClassVar[tuple[Command, ...]] = hints(IMAGE)

    def __init__(self, place: "PreviewPlace", file: ArtifactFile) -> None:
        super().__init__(place, file)
        self._image: Image | None = None
        self._part = Part()
        self._strips: list[Strip] = []
        self._graphics = place.session.graphics
        self._number = 0
        """That of the image in the terminal; 0 where the terminal has none."""

    async def load(self) -> None:
        """Read and decode it."""
        data = await self.file.read(0)
        self._image = await asyncio.to_thread(decoded, data, background_of(self))
        await self._draw()

    async def _draw(self) -> None:
        image, part, size = self._image, self._part, self.size
        if image is None or not size.width or not size.height:
            return
        background = background_of(self)
        if self._graphics is not None and (number := _number_of(self.app.console.color_system)):
            await self._send(image, self._graphics, number)
            return

        def strips() -> list[Strip]:
            return _strips(half_blocks(fitted(image, size.width, size.height, part), background), size.width)

        self._strips = await asyncio.to_thread(strips)
        self.refresh()
        self.place.tell()

    async def _send(self, image: "Image", graphics: Callable[[str], None], number: int) -> None:
        from mltrack_tui.preview.kitty import MOST_CELLS, row_of, sent  # where the user says that there is kitty

        part = self._part
        columns, rows = min(self.size.width, MOST_CELLS), min(self.size.height, MOST_CELLS)

        def codes() -> str:
            return sent(fitted(image, columns * _CELL, rows * _CELL, part), number, columns, rows)

        graphics(await asyncio.to_thread(codes))
        self._number = number
        ink = Style(color=_INK)
        self._strips = [Strip([Segment(row_of(row, columns), ink)], columns) for row in range(rows)]
        self.refresh()
        self.place.tell()

    def on_unmount(self) -> None:
        """Leave nothing in the terminal."""
        if self._graphics is not None and self._number:
            from mltrack_tui.preview.kitty import forgotten

            self._graphics(forgotten(self._number))

    @work(exclusive=True, group="image")
    async def _draw_again(self) -> None:
        await self._draw()

    def on_resize(self) -> None:
        """Fit it anew."""
        self._draw_again()

    # Commands

    def action_zoom(self, step: int) -> None:
        """Twice or half as large; 0 shows all of it."""
        zoom = self._part.zoom
        zoom = min(zoom * 2, CLOSEST) if step > 0 else max(zoom // 2, 1)
        self._look_at(replace(self._part, zoom=zoom) if step else Part())

    def action_pan(self, across: int, down: int) -> None:
        """Look beside what is seen."""
        share = 1 / self._part.zoom
        x, y = self._part.x + across * _STEP * share, self._part.y + down * _STEP * share
        least, most = share / 2, 1 - share / 2
        self._look_at(replace(self._part, x=min(max(x, least), most), y=min(max(y, least), most)))

    def _look_at(self, part: Part) -> None:
        if part != self._part:
            self._part = part
            self._draw_again()

    def summary(self) -> str:
        """How large it is, and how closely it is seen."""
        if self._image is None:
            return ""
        zoom = f" · {self._part.zoom}× zoom" if self._part.zoom > 1 else ""
        return f"{self._image.width:,}×{self._image.height:,} pixels{zoom}"

    def render_line(self, y: int) -> Strip:
        """Two lines of pixels."""
        if y < len(self._strips):
            return self._strips[y].adjust_cell_length(self.size.width, self.rich_style)
        return Strip.blank(self.size.width, self.rich_style)


def _number_of(system: str | None) -> int:
    """What the colour of an image's cells comes to in a terminal of so many colours; 0 where that is too few."""
    match system:
        case "truecolor":
            red, green, blue = _INK.get_truecolor()
            return red << 16 | green << 8 | blue
        case "256":
            return _INK.downgrade(ColorSystem.EIGHT_BIT).number or 0
    return 0


def _strips(picture: Picture, width: int) -> list[Strip]:
    """The lines of a picture, in the middle of so many cells; neighbours of the same colours are one piece."""
    strips = []
    for row in picture.rows:
        segments = [Segment(" " * ((width - len(row)) // 2))]
        start = 0
        for at in range(1, len(row) + 1):
            if at == len(row) or row[at] != row[start]:
                segments.append(Segment("▀" * (at - start), block_style(*row[start])))
                start = at
        strips.append(Strip(segments))
    return strips
