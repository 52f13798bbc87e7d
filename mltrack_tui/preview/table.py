"""A table in a file, of whatever format: read from its beginning, as far as somebody goes."""

import asyncio
from collections.abc import Callable, Sequence
from typing import ParamSpec, Protocol, TypeVar

from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.preview.delimited import Rows, form_of
from mltrack_tui.preview.file import BLOCK, ArtifactFile, Unreadable
from mltrack_tui.preview.kinds import HEAD

T = TypeVar("T")
P = ParamSpec("P")
PART = 16 * BLOCK
"""Bytes that are taken in at once behind the first page."""
Cells = Sequence[str | None]
"""The cells of a row as they are written, None or '' where there is none; there may be fewer than columns."""


class Table(Protocol):
    """Rows in the order of the file."""

    @property
    def names(self) -> Sequence[str]:
        """The columns' names, each another one; more may come with more rows."""
        ...

    @property
    def complete(self) -> bool:
        """Whether all rows are there."""
        ...

    def __len__(self) -> int:
        """How many rows are there."""
        ...

    def row(self, index: int) -> Cells:
        """A row's cells."""
        ...

    @property
    def total(self) -> str:
        """How many rows there will be, as far as that is known: ``5,000``, ``about 21,230``, '' where nothing tells."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What is odd about it, a few words each."""
        ...

    @property
    def taken(self) -> int:
        """Bytes of the file that were taken in, of which a guard wants to know."""
        ...

    async def open(self) -> None:
        """Have the first rows; of one that is open, anew. Raises as `ArtifactFile.read`, and Unreadable: no table."""
        ...

    async def more(self) -> bool:
        """Have some more rows behind the last; whether there were. Who asks meanwhile, waits, and has those after them.

        Before it was opened there are none. Raises as `ArtifactFile.read`.
        """
        ...


class DelimitedTable:
    """Text with separators. The first block makes the first page; nothing else is fetched for it."""

    def __init__(self, file: ArtifactFile) -> None:
        self._file = file
        self._one_by_one = asyncio.Lock()
        self._rows: Rows | None = None
        self.taken = 0
        self.complete = False

    def __len__(self) -> int:
        return len(self._rows) if self._rows is not None else 0

    @property
    def names(self) -> Sequence[str]:
        """The titles."""
        return self._rows.names if self._rows is not None else ()

    def row(self, index: int) -> Cells:
        """A row, taken apart."""
        return self._rows.row(index) if self._rows is not None else ()

    async def open(self) -> None:
        """Find out how it is written."""
        async with self._one_by_one:
            head = await self._file.read(0, HEAD)
            self._rows = rows = Rows(form_of(self._file.name, head))
            self.taken = 0
            self._take(rows, head)
            if not len(rows) and rows.stopped:
                raise Unreadable(f"This is no table: {rows.stopped}.")

    async def more(self) -> bool:
        """The next part."""
        async with self._one_by_one:
            rows = self._rows
            if rows is None or self.complete:
                return False
            data = await self._file.read(self.taken, self.taken + PART)
            await to_its_end(self._take, rows, data)
            return True

    def _take(self, rows: Rows, data: bytes) -> None:
        taken, size = self.taken + len(data), self._file.size
        last = not data or (size is not None and taken >= size) or (size is None and taken < HEAD)
        rows.feed(data, last=last)
        self.taken, self.complete = taken, last or bool(rows.stopped)

    @property
    def total(self) -> str:
        """Estimated by the length of the rows until now."""
        if self._file.size is None or not self.taken:
            return ""
        return f"about {max(round(len(self) * self._file.size / self.taken), len(self)):,}"

    @property
    def notes(self) -> Sequence[str]:
        """Rows that differ from the others, another encoding."""
        rows = self._rows
        if rows is None:
            return ()
        told = [f"{rows.odd:,} with more or fewer cells than titles"] if rows.odd else []
        told += [f"{rows.broken:,} with an open quote"] if rows.broken else []
        told += [f"ends after {bytes_text(self.taken)}: {rows.stopped}"] if rows.stopped else []
        return [*told, *(["not UTF-8: read as Windows 1252"] if rows.form.encoding == "cp1252" else [])]


class ListedTable:
    """Rows that are all at hand already: of JSON, of a signature."""

    complete = True
    taken = 0

    def __init__(self, names: Sequence[str], rows: Sequence[Cells], notes: Sequence[str] = ()) -> None:
        self.names, self.notes, self.rows = names, notes, rows

    def __len__(self) -> int:
        return len(self.rows)

    def row(self, index: int) -> Cells:
        """A row."""
        return self.rows[index]

    @property
    def total(self) -> str:
        """All there are."""
        return f"{len(self):,}"

    async def open(self) -> None:
        """Nothing is to be read."""

    async def more(self) -> bool:
        """There is no more."""
        return False


async def to_its_end(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What is done in a thread, which nothing else may begin beside: who is cancelled waits for its end, too."""
    begun = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(begun)
    finally:
        await asyncio.wait([begun])
