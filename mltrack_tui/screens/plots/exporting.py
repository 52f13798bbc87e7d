"""Writing a picture to a file or the clipboard: as SVG, as text, or the data that it is of."""

import asyncio
from pathlib import Path

from mltrack_tui.export.saving import saved
from mltrack_tui.export.table import Exportable, FileFormat
from mltrack_tui.screens.exporting import ExportDialog, Target, table_of
from mltrack_tui.screens.plots.pane import Drawing

_SVG, _TEXT = "svg", "txt"
_DATA: tuple[Target, ...] = (
    ("c", "CSV file of the data", FileFormat.CSV, True),
    ("C", "CSV of the data to the clipboard", FileFormat.CSV, False),
)


class DrawingDialog(ExportDialog):
    """Asks for the format, then for a file's name; ``escape`` cancels. Answers with what to tell the user."""

    def __init__(self, drawing: Drawing, table: Exportable | None) -> None:
        """``table`` is the data, where there is such."""
        targets: list[Target] = [("v", "SVG file of the picture", _SVG, True)] if drawing.svg is not None else []
        targets += [("t", "text file of the picture", _TEXT, True), ("T", "picture to the clipboard", _TEXT, False)]
        super().__init__(table or table_of(drawing.name, (), ()), [*targets, *(_DATA if table is not None else ())])
        self._drawing = drawing
        self._has_data = table is not None

    @property
    def title_text(self) -> str:
        """What is exported."""
        return "Export the picture" if not self._has_data else f"{super().title_text}, or the picture"

    async def save(self, path: Path, *, overwrite: bool) -> str:
        """Write a file; returns what to tell the user."""
        if self.format == FileFormat.CSV:
            return await super().save(path, overwrite=overwrite)
        svg = self._drawing.svg
        text = await asyncio.to_thread(svg) if self.format == _SVG and svg is not None else self._text
        with saved(path, overwrite=overwrite) as file:
            file.write(text)
        return f"Wrote {path}"

    async def copy(self) -> str:
        """Put it on the clipboard; returns what to tell the user."""
        if self.format == FileFormat.CSV:
            return await super().copy()
        self.app.copy_to_clipboard(self._text)
        return f"Copied the picture, {len(self._drawing.picture.lines):,} lines."

    @property
    def _text(self) -> str:
        return self._drawing.picture.text + "\n"
