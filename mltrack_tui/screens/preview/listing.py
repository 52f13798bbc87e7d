"""What an archive holds, as a table."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from mltrack_tui.commands import Command, Group
from mltrack_tui.commands.files import SORT, SORTS
from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.domain.text import clean
from mltrack_tui.preview.archive import MOST_READ, Entry, Listing, tar_listing, zip_listing
from mltrack_tui.preview.file import ArtifactFile
from mltrack_tui.preview.kinds import is_zip
from mltrack_tui.screens.preview.view import View
from mltrack_tui.screens.rows import Field, Rows
from mltrack_tui.screens.sorting import Sorted
from mltrack_tui.widgets.cells import Cell, Tone
from mltrack_tui.widgets.grid import Grid

if TYPE_CHECKING:
    from mltrack_tui.screens.preview.place import PreviewPlace

_SIGNS = {"folder": "▸ ", "link": "→ ", "other": "? "}


def _name(entry: Entry) -> Cell:
    return Cell(_SIGNS.get(entry.kind, "  ") + clean(entry.name, 200), Tone.PLAIN if entry.kind == "file" else Tone.DIM)


def _size(size: int | None) -> Cell:
    return Cell("" if size is None else bytes_text(size), Tone.DIM)


def _bytes(size: int | None) -> str:
    return "" if size is None else f"{size:,} bytes"


_FIELDS = (
    Field[Entry]("name", _name, lambda entry: entry.name, lambda entry: entry.name, widest=90),
    Field[Entry](
        "size", lambda entry: _size(entry.size), lambda entry: entry.size, lambda entry: _bytes(entry.size), right=True
    ),
    Field[Entry](
        "packed",
        lambda entry: _size(entry.packed),
        lambda entry: entry.packed,
        lambda entry: _bytes(entry.packed),
        right=True,
        optional=True,
    ),
)


class ListingView(View, Sorted[int]):
    """The entries of a ZIP or tar archive, in its order until they are sorted. Nothing is unpacked."""

    BINDINGS: ClassVar[list[BindingType]] = [*Group("", SORTS).bindings()]
    HINTS: ClassVar[tuple[Command, ...]] = (SORT,)

    def __init__(self, place: "PreviewPlace", file: ArtifactFile, head: bytes) -> None:
        super().__init__(place, file)
        self._head = head
        self.grid = Grid(frozen=1)
        self._listing = Listing(())
        self._rows: Rows[Entry] = Rows(_FIELDS)

    def compose(self) -> ComposeResult:
        """The table."""
        yield self.grid

    async def load(self) -> None:
        """Read the archive's directory, or as much of it as tells its entries."""
        self._listing = await self._listed()
        fields = [
            field
            for field in _FIELDS
            if not field.optional or any(field.value(entry) is not None for entry in self._listing.entries)
        ]
        self._rows = Rows(fields)
        self.grid.empty = "This archive holds nothing."
        self.rearrange()

    async def _listed(self) -> Listing:
        if is_zip(self._head):
            return await zip_listing(self.file)
        if self._head[257:262] == b"ustar":
            return await tar_listing(self._sparingly)
        from mltrack_tui.preview.unpacking import Unpacked  # few are packed

        return await tar_listing(Unpacked(self.file, self._head).read)

    async def _sparingly(self, start: int, stop: int) -> bytes:
        """What is read to know the entries: their headers, not what lies between."""
        return await self.file.read(start, stop) if self.file.fetched < MOST_READ else b""

    # Order

    def rearrange(self) -> None:
        """Sort them, with the cursor on the same one."""
        here = self._rows.items[self.grid.cursor_row] if len(self._rows) else None
        rows = Rows(self._rows.fields, self._listing.entries).arranged(lambda _: True, self.order)
        row = next((row for row, entry in enumerate(rows.items) if entry is here), None)
        self._rows = rows
        self.grid.show(rows, columns=rows.columns(), cursor_row=row, sort_marks=self.sort_marks())

    def sort_key(self, column: int) -> int | None:
        """Every column has something to sort by."""
        return column

    def sort_choices(self) -> Sequence[tuple[str, int]]:
        """All columns."""
        return [(field.title, place) for place, field in enumerate(self._rows.fields)]

    def sort_place(self, key: int) -> int | None:
        """A column tells itself."""
        return key

    def focus_view(self) -> None:
        """The table has the keys."""
        self.grid.focus()

    def summary(self) -> str:
        """How many entries there are, and how many are not shown."""
        listing = self._listing
        total = f"{len(listing.entries):,}" if listing.total is None else f"{listing.total:,}"
        entries = "entry" if total == "1" else "entries"
        return f"{total} {entries}" + (f", {listing.cut}" if listing.cut else "")

    def value_under_cursor(self) -> tuple[str, str] | None:
        """The entry's full name, or its sizes in bytes."""
        if not len(self._rows):
            return None
        field = self._rows.fields[self.grid.cursor_column]
        return field.title, field.full(self._rows.items[self.grid.cursor_row])

    @on(Grid.Moved)
    def _moved(self) -> None:
        self.place.tell()
