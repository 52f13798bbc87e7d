"""What an archive holds, by its own words: nothing of it is unpacked, and every number in it may be a lie."""

import struct
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from mltrack_tui.preview.file import ArtifactFile, Unreadable

MOST = 10_000
"""Entries that are listed."""
MOST_READ = 8_000_000
"""Bytes of an archive that are read for its listing."""
_LONGEST_NAME = 4_096


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder in an archive.

    Attributes:
        name: its path, as somebody wrote it.
        size: in bytes, unpacked; packed: within the archive, None where nobody tells.
        kind: ``file``, ``folder``, ``link``, ``other``.
    """

    name: str
    size: int
    packed: int | None = None
    kind: str = "file"


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries of an archive.

    Attributes:
        total: how many there are, where that is known.
        cut: why not all are here, in a few words; ''.
    """

    entries: Sequence[Entry]
    total: int | None = None
    cut: str = ""


# ZIP: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.12 to 4.3.16

_END = struct.Struct("<4s4H2LH")
_LOCATOR = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
_REACH = 65_535 + _END.size + _LOCATOR.size
_UTF_8 = 0x800


async def zip_listing(file: ArtifactFile) -> Listing:
    """What a ZIP archive's directory says, which is at its end. Raises Unreadable, and as `ArtifactFile.read`."""
    offset, tail = await file.tail(_REACH)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise Unreadable("This archive has no directory at its end: it is cut off, or none.")
    *_, total, size, begin, _ = _END.unpack_from(tail, at)
    if total == 0xFFFF or 0xFFFF_FFFF in {size, begin}:
        total, size, begin = await _directory_64(file, tail[: max(at, 0)])
    before = offset + at - size - begin  # of an archive that stands behind something else, such as a program
    begin += before if before > 0 and total < 0xFFFF else 0
    data = await file.read(begin, begin + min(size, MOST_READ))
    entries = _central(data)
    is_cut = len(entries) < total
    return Listing(entries, total, f"the first {len(entries):,}" if is_cut else "")


async def _directory_64(file: ArtifactFile, before: bytes) -> tuple[int, int, int]:
    """The same of an archive that is larger than ZIP once allowed."""
    if len(before) < _LOCATOR.size:
        raise Unreadable("This archive's directory is not where it should be.")
    signature, _, where, _ = _LOCATOR.unpack_from(before, len(before) - _LOCATOR.size)
    data = await file.read(where, where + _END_64.size) if signature == b"PK\x06\x07" else b""
    if len(data) < _END_64.size or not data.startswith(b"PK\x06\x06"):
        raise Unreadable("This archive's directory is not where it should be.")
    *_, total, size, begin = _END_64.unpack(data)
    return total, size, begin


def _central(data: bytes) -> list[Entry]:
    entries: list[Entry] = []
    at = 0
    while len(entries) < MOST and at + _CENTRAL.size <= len(data) and data.startswith(b"PK\x01\x02", at):
        fields = _CENTRAL.unpack_from(data, at)
        flags, packed, size = fields[5], fields[10], fields[11]
        name_length, extra_length, comment_length = fields[12:15]
        at += _CENTRAL.size
        name = data[at : at + name_length].decode("utf-8" if flags & _UTF_8 else "cp437", "backslashreplace")
        size, packed = _sizes_64(data[at + name_length : at + name_length + extra_length], size, packed)
        entries.append(Entry(name, size, packed, "folder" if name.endswith("/") else "file"))
        at += name_length + extra_length + comment_length
    return entries


def _sizes_64(extra: bytes, size: int, packed: int) -> tuple[int, int]:
    """Sizes too large for their fields are in another (4.5.3)."""
    at = 0
    while 0xFFFF_FFFF in {size, packed} and at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            values = [value for (value,) in struct.iter_unpack("<Q", extra[at + 4 : at + 4 + length // 8 * 8])]
            size = values.pop(0) if size == 0xFFFF_FFFF and values else size
            packed = values.pop(0) if packed == 0xFFFF_FFFF and values else packed
        at += 4 + length
    return size, packed


# tar: POSIX.1-2008 (pax) and GNU

_BLOCK = 512
_KINDS = {"\0": "file", "0": "file", "7": "file", "1": "link", "2": "link", "5": "folder"}
_ABOUT_NEXT = "xL"
Read = Callable[[int, int], Awaitable[bytes]]
"""Bytes from one offset to before another; fewer at the end, or where no more are to be read."""


async def tar_listing(read: Read) -> Listing:
    """The entries of a tar archive, one after the other. Raises Unreadable, and what ``read`` raises."""
    entries: list[Entry] = []
    at, name, size_told = 0, "", None
    while len(entries) < MOST:
        header = await read(at, at + _BLOCK)
        if len(header) < _BLOCK:
            return Listing(entries, cut="as far as it was read")
        if not header.strip(b"\0"):
            return Listing(entries, len(entries))
        kind = chr(header[156])
        size = _number(header[124:136]) if size_told is None or kind in _ABOUT_NEXT else size_told
        if not _is_header(header):
            if entries:
                return Listing(entries, cut="what follows is broken")
            raise Unreadable("This is no tar archive.")
        at += _BLOCK
        if kind in _ABOUT_NEXT:
            about = await read(at, at + min(size, 16 * _LONGEST_NAME))
            if kind == "L":
                name = about.rstrip(b"\0").decode("utf-8", "backslashreplace")
            else:
                name, size_told = _pax(about, name, size_told)
        elif kind not in "gK":
            entries.append(Entry((name or _name(header))[:_LONGEST_NAME], size, None, _KINDS.get(kind, "other")))
            name, size_told = "", None
        at += -(-size // _BLOCK) * _BLOCK
    return Listing(entries, cut=f"the first {MOST:,}")


def _is_header(header: bytes) -> bool:
    """Whether the sum of a header is the one it tells."""
    told = _number(header[148:156])
    return sum(header[:148]) + 8 * ord(" ") + sum(header[156:]) == told


def _number(field: bytes) -> int:
    """Octal digits or, of what is too large for them, base 256 as GNU writes it."""
    if field[0] & 0x80:
        return int.from_bytes(field, "big") & ((1 << 8 * len(field) - 1) - 1)
    digits = field.strip(b" \0")
    return int(digits, 8) if digits and not digits.strip(b"01234567") else 0


def _name(header: bytes) -> str:
    name, prefix = header[:100].split(b"\0", 1)[0], b""
    if header[257:263] == b"ustar\0":
        prefix = header[345:500].split(b"\0", 1)[0]
    return (prefix + b"/" + name if prefix else name).decode("utf-8", "backslashreplace")


def _pax(about: bytes, name: str, size: int | None) -> tuple[str, int | None]:
    """What a pax header says of the entry behind it: ``30 path=…``, a line each."""
    for line in about.split(b"\n"):
        key, equals, value = line.partition(b" ")[2].partition(b"=")
        if equals and key == b"path":
            name = value.decode("utf-8", "backslashreplace")
        elif equals and key == b"size" and value.isdigit() and len(value) < 20:
            size = int(value)
    return name, size
