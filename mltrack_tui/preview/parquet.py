"""Parquet as a table, by way of pyarrow: the footer is read, and then groups of rows as somebody goes on.

Nothing of the file is run, but what it says of itself is its own: sizes are checked before anything is unpacked.
"""

import asyncio
import importlib.util
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from mltrack_tui.domain.numbers import exact
from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.preview.delimited import distinct
from mltrack_tui.preview.file import ArtifactFile, Unreadable
from mltrack_tui.preview.table import Cells, to_its_end

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

LARGEST_GROUP = 256_000_000
"""Bytes that a group of rows may come to once it is unpacked."""
LONGEST_FOOTER = 16_000_000
_FIRST = 1000
"""Rows that are made into cells at once."""
_ASKED_FOR = 65_536
"""Bytes of its end that pyarrow asks for first, however long the footer is."""
_LONGEST_TEXT = 10_000


class ParquetTable:
    """Groups of rows, as far as they were read: packed as Arrow has them, made into text when they are looked at."""

    def __init__(self, file: ArtifactFile) -> None:
        self._file = file
        self._window = Window()
        self._one_by_one = asyncio.Lock()
        self._parquet: ParquetFile | None = None
        self._groups: list[pa.Table] = []
        self._ends: list[int] = []
        self._kept: tuple[int, list[Cells]] = -1, []
        self.names: Sequence[str] = ()
        self.notes: Sequence[str] = ()
        self.complete = False
        self.total = ""

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @property
    def taken(self) -> int:
        """What was fetched of the file."""
        return self._file.fetched

    def row(self, index: int) -> Cells:
        """A row's cells."""
        kept = self._kept
        if kept[0] != index // _FIRST:
            kept = self._kept = index // _FIRST, self._texts(index // _FIRST * _FIRST)
        return kept[1][index % _FIRST]

    def _texts(self, start: int) -> list[Cells]:
        """The rows from one on, across the ends of groups."""
        found: list[Cells] = []
        begin = 0
        for group, end in zip(self._groups, self._ends, strict=True):
            low, high = max(start, begin), min(start + _FIRST, end)
            if low < high:
                columns = [
                    [_text(each) for each in column.to_pylist()]
                    for column in group.slice(low - begin, high - low).columns
                ]
                found += zip(*columns, strict=True)
            begin = end
        return found

    async def open(self) -> None:
        """The footer, and the first group of rows. Raises Unreadable without the extra that reads it."""
        if importlib.util.find_spec("pyarrow") is None:
            raise Unreadable("Parquet is read with pyarrow: pip install 'mltrack-tui[parquet]'")
        async with self._one_by_one:
            await self._footer()
            await self._next()

    async def more(self) -> bool:
        """The next group of rows."""
        async with self._one_by_one:
            return await self._next()

    async def _footer(self) -> None:
        await self._file.read(0, 4)
        start, tail = await self._file.tail(8)
        length = int.from_bytes(tail[:4], "little")
        if tail[4:] != b"PAR1" or length > start:
            raise Unreadable("This is no whole Parquet file: its end is missing.")
        if length > LONGEST_FOOTER:
            raise Unreadable(f"Its footer is said to take {bytes_text(length)}.")
        size = start + 8
        self._window = Window(size)
        await self._have(max(size - max(length + 8, _ASKED_FOR), 0), size)
        self._parquet = parquet = await to_its_end(_opened, self._window)
        schema = parquet.schema_arrow
        self.names = distinct([field.name for field in schema], len(schema))
        self.total = f"{parquet.metadata.num_rows:,}"
        self.notes = [", ".join(f"{name} {field.type}" for name, field in zip(self.names, schema, strict=True))]
        self._groups, self._ends, self._kept = [], [], (-1, [])
        self.complete = not parquet.metadata.num_row_groups

    async def _next(self) -> bool:
        if self._parquet is None or self.complete:
            return False
        place = len(self._groups)
        group = self._parquet.metadata.row_group(place)
        if group.total_byte_size > LARGEST_GROUP:
            raise Unreadable(f"Its rows {len(self):,} and on come to {bytes_text(group.total_byte_size)} unpacked.")
        columns = [group.column(each) for each in range(group.num_columns)]
        starts = [min(each.data_page_offset, each.dictionary_page_offset or each.data_page_offset) for each in columns]
        ends = [start + each.total_compressed_size for start, each in zip(starts, columns, strict=True)]
        if columns:
            await self._have(max(min(starts), 0), min(max(ends), self._window.size))
        read = await to_its_end(_group, self._parquet, place)
        self._groups.append(read)
        self._ends.append(len(self) + len(read))
        self._kept = -1, []
        self._window.forget()
        self.complete = len(self._groups) >= self._parquet.metadata.num_row_groups
        return True

    async def _have(self, start: int, stop: int) -> None:
        self._window.put(start, await self._file.read(start, stop))


def _opened(window: "Window") -> "ParquetFile":
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        return ParquetFile(window, pre_buffer=False)
    except (pa.ArrowException, OSError) as error:
        raise Unreadable(f"It is no Parquet that can be read: {_first_line(error)}") from None


def _group(parquet: "ParquetFile", place: int) -> "pa.Table":
    import pyarrow as pa

    try:
        return parquet.read_row_group(place, use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise Unreadable(f"Its rows cannot be read: {_first_line(error)}") from None


def _first_line(error: BaseException) -> str:
    return str(error).split("\n")[0]


class Window(io.RawIOBase):
    """The parts of a file that were fetched, as the file that pyarrow wants to read: whatever else it asks, fails."""

    def __init__(self, size: int = 0) -> None:
        super().__init__()
        self.size = size
        self._parts: dict[int, bytes] = {}
        self._place = 0

    def put(self, start: int, data: bytes) -> None:
        """Have a part."""
        self._parts[start] = data

    def forget(self) -> None:
        """Have no part any more."""
        self._parts.clear()

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Where it stands."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Stand elsewhere."""
        self._place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self.size}[whence]
        return self._place

    def read(self, size: int = -1) -> bytes:
        """What lies there. Raises OSError where it was not fetched."""
        stop = self.size if size < 0 else min(self._place + size, self.size)
        for start, data in self._parts.items():
            if start <= self._place and stop <= start + len(data):
                found = data[self._place - start : stop - start]
                self._place = stop
                return found
        raise OSError(f"bytes {self._place:,} to {stop:,} lie outside of what the footer says")


def _text(value: object) -> str | None:
    """A cell as text; of what is nested, no more than anybody reads."""
    if value is None or isinstance(value, str):
        return value
    match value:
        case float():
            text = exact(value)
        case datetime():
            text = value.isoformat(" ")
        case bytes():
            text = value[:_LONGEST_TEXT].hex(" ")
        case Mapping() | list():
            text = repr(value)[:_LONGEST_TEXT]
        case _:
            text = str(value)
    return text
