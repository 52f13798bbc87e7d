"""A packed file's inside, forward only and bounded: a small file may be packed out of an endless one."""

import asyncio
from typing import Protocol

from mltrack_tui.preview.archive import MOST_READ
from mltrack_tui.preview.file import BLOCK, ArtifactFile, Unreadable
from mltrack_tui.preview.kinds import BZIP2, PACKED, XZ

MOST_UNPACKED = 512_000_000
"""Bytes that come out at most; all but what is looked at are dropped at once."""
_AT_ONCE = 1 << 20


class _Unpacks(Protocol):
    """What unpacks piece by piece, as `bz2` and `lzma` have it."""

    @property
    def eof(self) -> bool:
        """Whether there is no more."""
        ...

    def unpack(self, data: bytes) -> bytes:
        """Some more bytes, at most `_AT_ONCE`."""
        ...

    @property
    def wants(self) -> bool:
        """Whether it wants more of the packed file first."""
        ...

    @property
    def rest(self) -> bytes:
        """What stands behind its end, as far as it was given."""
        ...


class Unpacked:
    """What a gzip, bzip2 or xz file unpacks to, read from front to back."""

    def __init__(self, file: ArtifactFile, head: bytes) -> None:
        self._file = file
        self._unpacks = _unpacker(head)
        self._read = 0
        self._at = 0
        self._kept = b""
        self._is_end = False

    async def read(self, start: int, stop: int) -> bytes:
        """Its bytes from ``start``, before which nothing is asked for any more; fewer where its bounds are met."""
        while self._at + len(self._kept) < stop and not self._is_end:
            piece = await self._next()
            self._kept += piece
            drop = max(min(start - self._at, len(self._kept)), 0)
            self._at, self._kept = self._at + drop, self._kept[drop:]
        return self._kept[max(start - self._at, 0) : max(stop - self._at, 0)]

    async def _next(self) -> bytes:
        data = b""
        if self._unpacks.eof:
            data = self._unpacks.rest
            if len(data) < len(XZ):
                data += await self._packed()
            self._is_end = not data.startswith(PACKED)  # there may be several, one behind the other: of parallel gzip
            self._unpacks = _unpacker(data)
        elif self._unpacks.wants:
            data = await self._packed()
            self._is_end = not data
        if self._is_end or self._at > MOST_UNPACKED:
            self._is_end = True
            return b""
        try:
            return await asyncio.to_thread(self._unpacks.unpack, data)
        except (OSError, ValueError) as error:
            raise Unreadable("This archive is broken: it cannot be unpacked.") from error

    async def _packed(self) -> bytes:
        data = await self._file.read(self._read, self._read + BLOCK) if self._read < MOST_READ else b""
        self._read += len(data)
        return data


def _unpacker(head: bytes) -> _Unpacks:
    if head.startswith(BZIP2):
        return _Bzip2()
    return _Xz() if head.startswith(XZ) else _Gzip()


class _Gzip:
    def __init__(self) -> None:
        import zlib

        self._zlib = zlib.decompressobj(31)
        self._error = zlib.error

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def wants(self) -> bool:
        return not self._zlib.unconsumed_tail

    @property
    def rest(self) -> bytes:
        return self._zlib.unused_data

    def unpack(self, data: bytes) -> bytes:
        try:
            return self._zlib.decompress(self._zlib.unconsumed_tail + data, _AT_ONCE)
        except self._error as error:
            raise ValueError(str(error)) from error


class _Bzip2:
    def __init__(self) -> None:
        import bz2

        self._bz2 = bz2.BZ2Decompressor()

    @property
    def eof(self) -> bool:
        return self._bz2.eof

    @property
    def wants(self) -> bool:
        return self._bz2.needs_input

    @property
    def rest(self) -> bytes:
        return self._bz2.unused_data

    def unpack(self, data: bytes) -> bytes:
        return self._bz2.decompress(data, _AT_ONCE)


class _Xz:
    def __init__(self) -> None:
        import lzma

        self._lzma = lzma.LZMADecompressor(memlimit=100_000_000)
        self._error = lzma.LZMAError

    @property
    def eof(self) -> bool:
        return self._lzma.eof

    @property
    def wants(self) -> bool:
        return self._lzma.needs_input

    @property
    def rest(self) -> bytes:
        return self._lzma.unused_data

    def unpack(self, data: bytes) -> bytes:
        try:
            return self._lzma.decompress(data, _AT_ONCE)
        except self._error as error:
            raise ValueError(str(error)) from error
