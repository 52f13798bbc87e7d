"""What an image on screen is made of: half-blocks, or what the terminal draws itself."""

import asyncio
from math import sqrt
from typing import TYPE_CHECKING

from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from mltrack_tui.preview.image import Part, Picture, fitted, half_blocks
from mltrack_tui.screens.preview.inks import background_of
from mltrack_tui.screens.preview.rendered import block_lines
from mltrack_tui.screens.session import Graphics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image
    from textual.timer import Timer

    from mltrack_tui.preview.sixel import Tile

MOST_PIXELS = 2_000_000
"""Of an image that is sent to a terminal: half a second to make and, of a photograph, 3 MB of sixels."""
_SHARP_FROM = 4
"""Times that an image is enlarged before its pixels are seen as such, where there are more of them than cells."""
_PAUSE = 0.1
"""Seconds that an image has to stay as it is before it has sixels."""
_QUIET = 0.05
"""Seconds without a frame before sixels are sent over it: what closes a dialog are three."""
_INK = Color.from_rgb(0, 95, 215)
"""Whose number a terminal with kitty's graphics knows the image by; one that also terminals of 256 colours have."""


class HalfBlocks:
    """Cells of two pixels each, which any terminal shows."""

    def __init__(self, view: Widget) -> None:
        self._view = view

    async def strips(self, image: "Image", part: Part) -> list[Strip]:
        """The lines of the view."""
        (width, height), background = self._view.size, background_of(self._view)

        def strips() -> list[Strip]:
            return _strips(half_blocks(fitted(image, width, 2 * height, part), background), width)

        return await asyncio.to_thread(strips)

    async def finish(self) -> None:
        """Do what may take its time, after the strips have been shown."""

    def painted(self) -> None:
        """Some of the strips go to the terminal, maybe again."""

    def forget(self) -> None:
        """Leave nothing in the terminal."""


class Kitty(HalfBlocks):
    """Characters that stand for cells of an image which the terminal has."""

    def __init__(self, view: Widget, graphics: Graphics, number: int) -> None:
        """``number`` is what the characters' colour comes to."""
        super().__init__(view)
        self._graphics, self._number = graphics, number

    async def strips(self, image: "Image", part: Part) -> list[Strip]:
        """Send the image, and stand for it."""
        from mltrack_tui.preview.kitty import MOST_CELLS, row_of, sent  # where the user says that there is kitty

        columns, rows = (min(cells, MOST_CELLS) for cells in self._view.size)
        room = _room((columns, rows), self._graphics.cell())

        def codes() -> str:
            return sent(fitted(image, *room, part, sharp_from=_SHARP_FROM), self._number, columns, rows)

        self._graphics.send(await asyncio.to_thread(codes))
        ink = Style(color=_INK)
        return [Strip([Segment(row_of(row, columns), ink)], columns) for row in range(rows)]

    def forget(self) -> None:
        """Have the terminal forget the image."""
        from mltrack_tui.preview.kitty import forgotten

        self._graphics.send(forgotten(self._number))


class Sixels(HalfBlocks):
    """Pixels over half-blocks, for as long as nothing else is written there.

    Whatever text is written to a cell takes the place of its pixels. So nothing of them can stay on another screen, and
    they are sent again after frames that may have written to their cells. Until there are sixels, below a dialog, and
    in a terminal that has none, half-blocks are seen.
    """

    def __init__(self, view: Widget, graphics: Graphics) -> None:
        super().__init__(view)
        self._graphics = graphics
        self._cell = graphics.cell()
        self._whole: Image | None = None
        self._tiles: Sequence[Tile] = ()
        self._left = 0
        self._size = view.size
        self._due: Timer | None = None

    async def strips(self, image: "Image", part: Part) -> list[Strip]:
        """Half-blocks of the cells that the pixels will cover, each to its edge."""
        from mltrack_tui.preview.sixel import in_cells  # where the user says that there are sixels

        self._tiles, self._whole = (), None
        size, background = self._view.size, background_of(self._view)
        wide, high = cell = self._graphics.cell()

        def drawn() -> "tuple[Image, list[Strip]]":
            whole = in_cells(fitted(image, *_room(size, cell), part, sharp_from=_SHARP_FROM), cell, background)
            blocks = whole.resize((whole.width // wide, 2 * whole.height // high), reducing_gap=2.0)
            return whole, _strips(half_blocks(blocks, background), size.width)

        whole, strips = await asyncio.to_thread(drawn)
        self._whole, self._cell, self._size = whole, cell, size
        self._left = (size.width - whole.width // wide) // 2
        return strips

    async def finish(self) -> None:
        """Make the pixels, and send them."""
        from mltrack_tui.preview.sixel import tiles

        await asyncio.sleep(_PAUSE)
        if (whole := self._whole) is None:
            return
        made = await asyncio.to_thread(tiles, whole, self._cell)
        if whole is self._whole:
            self._tiles = made
            self.painted()

    def painted(self) -> None:
        """Send the pixels after the frame."""
        if self._due is not None:
            self._due.stop()
        self._due = self._view.set_timer(_QUIET, self._send) if self._tiles else None

    def _send(self) -> None:
        self._due = None
        view = self._view
        if view.screen.is_active and view.region.size == self._size:
            x, y = view.region.offset
            self._graphics.send(
                "".join(
                    f"\x1b7\x1b[{y + tile.row + 1};{x + self._left + tile.column + 1}H{tile.codes}\x1b8"
                    for tile in self._tiles
                )
            )


def drawing_of(view: Widget, graphics: Graphics | None) -> HalfBlocks:
    """What an image in a view is made of."""
    if graphics is not None and graphics.kind == "sixel":
        return Sixels(view, graphics)
    if graphics is not None and (number := _number_of(view.app.console.color_system)):
        return Kitty(view, graphics, number)
    return HalfBlocks(view)


def _number_of(system: str | None) -> int:
    """What the colour of an image's cells comes to in a terminal of so many colours; 0 where that is too few."""
    match system:
        case "truecolor":
            red, green, blue = _INK.get_truecolor()
            return red << 16 | green << 8 | blue
        case "256":
            return _INK.downgrade(ColorSystem.EIGHT_BIT).number or 0
    return 0


def _room(cells: tuple[int, int], cell: tuple[int, int]) -> tuple[int, int]:
    """The width and height in pixels that an image has at most in so many cells."""
    width, height = cells[0] * cell[0], cells[1] * cell[1]
    scale = min(sqrt(MOST_PIXELS / (width * height)), 1)
    return int(width * scale), int(height * scale)


def _strips(picture: Picture, width: int) -> list[Strip]:
    """The lines of a picture, in the middle of so many cells."""
    margin = Segment(" " * ((width - max(map(len, picture.rows))) // 2))
    return [Strip([margin, *line]) for line in block_lines(picture)]
