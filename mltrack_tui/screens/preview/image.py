"""An image in a terminal, seen whole or closer."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.strip import Strip

from mltrack_tui.commands import Command, hints
from mltrack_tui.commands.preview import IMAGE
from mltrack_tui.preview.file import ArtifactFile
from mltrack_tui.preview.image import Part, decoded
from mltrack_tui.screens.preview.drawing import drawing_of
from mltrack_tui.screens.preview.inks import background_of
from mltrack_tui.screens.preview.view import View

if TYPE_CHECKING:
    from PIL.Image import Image

    from mltrack_tui.screens.preview.place import PreviewPlace

CLOSEST = 64
"""Times that an image is enlarged at most."""
_STEP = 0.25
"""Of what is seen, that a step to the side goes."""


class ImageView(View, can_focus=True):
    """All of an image, or a part of it."""

    BINDINGS: ClassVar[list[BindingType]] = [*IMAGE.bindings()]
    HINTS: ClassVar[tuple[Command, ...]] = hints(IMAGE)

    def __init__(self, place: "PreviewPlace", file: ArtifactFile) -> None:
        super().__init__(place, file)
        self._image: Image | None = None
        self._part = Part()
        self._strips: list[Strip] = []
        self._drawn_for = Size()
        self._drawing = drawing_of(self, place.session.graphics)

    async def load(self) -> None:
        """Read and decode it."""
        data = await self.file.read(0)
        self._image = await asyncio.to_thread(decoded, data, background_of(self))
        await self._draw()

    async def _draw(self) -> None:
        size = self.size
        if self._image is None or not size:
            return
        self._strips = await self._drawing.strips(self._image, self._part)
        self._drawn_for = size
        self.refresh()
        self.place.tell()
        self._finish()

    @work(exclusive=True, group="finish")
    async def _finish(self) -> None:
        await self._drawing.finish()

    def on_unmount(self) -> None:
        """Leave nothing in the terminal."""
        self._drawing.forget()

    @work(exclusive=True, group="image")
    async def _draw_again(self) -> None:
        await self._draw()

    def on_resize(self) -> None:
        """Fit it anew."""
        if self.size and self.size != self._drawn_for:  # it has none while another tab is open
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

    def render_lines(self, crop: Region) -> list[Strip]:
        """What is painted, which takes the place of pixels that were there."""
        self._drawing.painted()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Two lines of pixels, or one of what stands for them."""
        if y < len(self._strips):
            return self._strips[y].adjust_cell_length(self.size.width).apply_style(self.rich_style)
        return Strip.blank(self.size.width, self.rich_style)
