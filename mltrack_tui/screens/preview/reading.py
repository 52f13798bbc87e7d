"""Markdown and notebooks, laid out to be read."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual import work
from textual.binding import BindingType
from textual.geometry import Size
from textual.strip import Strip

from mltrack_tui.commands.preview import PAGER
from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.preview.file import ArtifactFile, Unreadable
from mltrack_tui.preview.text import encoding_of
from mltrack_tui.screens.preview.inks import INKS, inks_of
from mltrack_tui.screens.preview.view import View

if TYPE_CHECKING:
    from mltrack_tui.preview.notebook import Notebook
    from mltrack_tui.screens.preview.place import PreviewPlace

LONGEST = 200_000
"""Bytes of Markdown that are laid out; what is left out is said."""
LARGEST_NOTEBOOK = 32_000_000


class ReadingView(View, can_focus=True):
    """Lines that were laid out for the screen's width, scrolled by the keys of texts."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"ink--{name}" for name in INKS}
    BINDINGS: ClassVar[list[BindingType]] = [*PAGER.bindings()]

    def __init__(self, place: "PreviewPlace", file: ArtifactFile) -> None:
        super().__init__(place, file)
        self._text = ""
        self._notebook: Notebook | None = None
        self._lines: list[list[Segment]] = []
        self._laid_out_for = Size()
        self._top = 0

    async def load(self) -> None:
        """Read all of a notebook, or Markdown as far as it is laid out."""
        if self.file.name.lower().endswith(".ipynb"):
            await self._load_notebook()
        else:
            data = await self.file.read(0, LONGEST)
            encoding = encoding_of(data)
            self._text = data[encoding.begins :].decode(encoding.name, "backslashreplace")
        await self._lay_out()

    async def _load_notebook(self) -> None:
        from mltrack_tui.preview.notebook import notebook

        size = self.file.size or 0
        if size > LARGEST_NOTEBOOK:
            raise Unreadable(f"Notebooks up to {bytes_text(LARGEST_NOTEBOOK)} are laid out; this one is larger.")
        data = await self.file.read(0)
        self._notebook = await asyncio.to_thread(notebook, data)

    async def _lay_out(self) -> None:
        from mltrack_tui.screens.preview import rendered

        seen = self.size or self.place.size
        width = max(seen.width - 2, 20)
        inks, text, book = inks_of(self), self._text, self._notebook

        def lines() -> list[list[Segment]]:
            what = (
                rendered.notebook(book, inks, (width, seen.height))
                if book is not None
                else rendered.markdown(text, inks)
            )
            return rendered.laid_out(what, width)

        self._lines, self._laid_out_for = await asyncio.to_thread(lines), seen
        self._move(self._top)

    @work(exclusive=True, group="reading")
    async def _lay_out_again(self) -> None:
        await self._lay_out()

    def on_resize(self) -> None:
        """Lay it out anew."""
        before, now = self._laid_out_for, self.size
        if before and (now.width != before.width or (self._notebook is not None and now.height != before.height)):
            self._lay_out_again()

    # Moving

    def action_rows(self, step: int) -> None:
        """Scroll by so many lines."""
        self._move(self._top + step)

    def action_pages(self, step: int) -> None:
        """Scroll by whole screens."""
        self._move(self._top + step * max(self.size.height, 1))

    def action_across(self, step: int) -> None:
        """Nothing is cut."""

    def action_edge(self, side: int) -> None:
        """Go to the beginning or the end."""
        self._move(0 if side < 0 else len(self._lines))

    def _move(self, top: int) -> None:
        self._top = max(min(top, len(self._lines) - self.size.height), 0)
        self.refresh()
        self.place.tell()

    def summary(self) -> str:
        """How far it is read."""
        stop = min(self._top + self.size.height, len(self._lines))
        cut = ""
        if self._notebook is None and (self.file.size or 0) > LONGEST:
            cut = f", the first {bytes_text(LONGEST)} laid out"
        cells = f"{len(self._notebook.cells):,} cells, " if self._notebook is not None else ""
        return f"{cells}{stop / max(len(self._lines), 1):.0%}{cut}"

    def render_line(self, y: int) -> Strip:
        """A line as it was laid out."""
        at, width = self._top + y, self.size.width
        if at >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        strip = Strip([Segment(" "), *self._lines[at]]).apply_style(self.rich_style)
        return strip.adjust_cell_length(width, self.rich_style)
