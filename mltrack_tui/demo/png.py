"""A PNG writer of twenty lines: enough for a heat map (PNG specification, RFC 2083)."""

import struct
import zlib
from collections.abc import Sequence

Colour = tuple[int, int, int]


def encode_png(pixels: Sequence[Sequence[Colour]]) -> bytes:
    """An image of 8-bit RGB, given row by row, all rows of one length."""
    header = struct.pack(">IIBBBBB", len(pixels[0]), len(pixels), 8, 2, 0, 0, 0)
    lines = b"".join(b"\0" + bytes(channel for pixel in row for channel in pixel) for row in pixels)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(lines, 6)) + _chunk(b"IEND", b"")
    )


def heat_map(matrix: Sequence[Sequence[int]], cell: int = 16) -> bytes:
    """A matrix of counts as a PNG, light for none to dark blue for the greatest, ``cell`` pixels a side each."""
    top = max(max(row) for row in matrix) or 1
    rows = []
    for counts in matrix:
        row = [colour for count in counts for colour in [_shade((count / top) ** 0.4)] * cell]
        rows.extend([row] * cell)
    return encode_png(rows)


def _shade(amount: float) -> Colour:
    light, dark = (247, 251, 255), (8, 48, 107)
    red, green, blue = (round(a + (b - a) * amount) for a, b in zip(light, dark, strict=True))
    return red, green, blue


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
