"""A file beside a model, summarised: facts and small tables, one below the other."""

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from mltrack_tui.domain.text import clean
from mltrack_tui.preview.file import ArtifactFile
from mltrack_tui.preview.summary import LONGEST, Part, summary_of
from mltrack_tui.screens.copying import Copyable
from mltrack_tui.screens.preview.view import View
from mltrack_tui.widgets.cells import fit
from mltrack_tui.widgets.reading import TextScroll

if TYPE_CHECKING:
    from mltrack_tui.screens.preview.place import PreviewPlace

MOST_ROWS = 2000
"""Rows of a table that are laid out; more are counted."""
_WIDEST = 40
_LONGEST = 400
_GAP = "  "


class SummaryView(View):
    """What a file comes to."""

    def __init__(self, place: "PreviewPlace", file: ArtifactFile) -> None:
        super().__init__(place, file)
        self._scroll = TextScroll()
        self._text = Static()
        self._lines: Sequence[Content] = ()

    def compose(self) -> ComposeResult:
        """The text."""
        with self._scroll:
            yield self._text

    def focus_view(self) -> None:
        """It is scrolled."""
        self.screen.set_focus(self._scroll)

    async def load(self) -> None:
        """All of it."""
        data = await self.file.read(0, LONGEST + 1)
        self._lines = [line for part in summary_of(self.file.name, data) for line in _lines(part)]
        self._text.update(Content("\n").join(self._lines))

    def copyable(self) -> Sequence[Copyable]:
        """All that is said."""
        return [Copyable("s", "summary", "\n".join(line.plain for line in self._lines))]


def _lines(part: Part) -> list[Content]:
    """A part's lines, and a blank one."""
    found = [Content.styled(clean(part.title, _LONGEST), "bold")]
    width = max((len(name) for name, _ in part.facts), default=0)
    for name, value in part.facts:
        label = Content.styled(f"  {clean(name, _LONGEST).ljust(width)}{_GAP if width else ''}", "$dim")
        found.append(label + Content(clean(value, _LONGEST)))
    if part.names:
        found += _table(part)
    return [*found, Content("")]


def _table(part: Part) -> list[Content]:
    cells = [[clean(cell, _LONGEST) for cell in row] for row in islice(part.rows, MOST_ROWS)]
    widths = [
        min(max(map(cell_len, column)), _WIDEST) for column in zip(part.names, *cells, strict=True)
    ]  # of each column

    def line(row: Sequence[str]) -> str:
        return "  " + _GAP.join(fit(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()

    found = [Content.styled(line(part.names), "$dim"), *(Content(line(row)) for row in cells)]
    if (left := len(part.rows) - MOST_ROWS) > 0:
        found.append(Content.styled(f"  … {left:,} more", "$dim"))
    return found
