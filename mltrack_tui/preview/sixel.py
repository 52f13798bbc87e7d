"""Images as sixels: six lines of pixels at a time, and of each in turn the pixels that have one colour.

https://vt100.net/docs/vt3xx-gp/chapter14.html, but for the colours, of which today's terminals have 256 and not 16.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

    from mltrack_tui.preview.image import Colour

_BAND = 6
_COLOURS = 128
"""Of an image at most: with 256, a plot has a third more bytes, and nobody sees a difference."""
_LEVELS = [round(round(part * 63 / 255) * 255 / 63) for part in range(256)] * 3
"""What red, green and blue are rounded to, so that the best colours are found in a fraction of the time."""
_LARGEST = 1_000
"""Pixels of an image to a side: xterm shows none that has more, if not told otherwise (``maxGraphicSize``)."""
_CHARACTERS = bytes(range(63, 127)) + bytes(192)
"""That of a column of six pixels, the upper one being its lowest bit."""
_RUN = re.compile(rb"(.)\1{3,}")


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of an image: in which column and row of its cells it begins, and what makes the terminal paint it."""

    column: int
    row: int
    codes: str


def in_cells(image: "Image", cell: tuple[int, int], background: "Colour") -> "Image":
    """An image that ends where a cell of so many pixels does."""
    from PIL import Image

    width, height = (-(-pixels // each) * each for pixels, each in zip(image.size, cell, strict=True))
    whole = Image.new("RGB", (width, height), background)
    whole.paste(image)
    return whole


def tiles(image: "Image", cell: tuple[int, int]) -> Sequence[Tile]:
    """What an image of whole cells is painted by, in pieces that any terminal takes."""
    wide, high = (max(_LARGEST // each, 1) * each for each in cell)

    def tile(x: int, y: int) -> Tile:
        part = image.crop((x, y, min(x + wide, image.width), min(y + high, image.height)))
        return Tile(x // cell[0], y // cell[1], sixels(part))

    return [tile(x, y) for y in range(0, image.height, high) for x in range(0, image.width, wide)]


def sixels(image: "Image") -> str:
    """What paints an image of RGB where the cursor is; below its last line nothing changes.

    The cursor is then somewhere: terminals do not agree where.
    """
    from PIL.Image import Dither, Quantize

    few = image.point(_LEVELS).quantize(_COLOURS, method=Quantize.MEDIANCUT, dither=Dither.NONE)
    palette = few.getpalette() or []
    inks = "".join(
        "#{};2;{};{};{}".format(at // 3, *map(_percent, palette[at : at + 3])) for at in range(0, len(palette), 3)
    )
    lines = b"-".join(
        b"$".join(b"#%d%b" % (colour, _RUN.sub(_shortened, line)) for colour, line in band)
        for band in _bands(few.tobytes(), image.width)
    )
    return f'\x1bP0;1;0q"1;1;{image.width};{image.height}{inks}{lines.decode()}\x1b\\'


def _bands(pixels: bytes, width: int) -> Iterator[list[tuple[int, bytes]]]:
    """For each six lines the colours in them, each with its characters as far as it has pixels.

    The commonest is painted everywhere first, which is short, and the others over it.
    """
    for start in range(0, len(pixels), _BAND * width):
        lines = [pixels[at : at + width] for at in range(start, min(start + _BAND * width, len(pixels)), width)]
        full = (1 << len(lines)) - 1
        masks: defaultdict[int, bytearray] = defaultdict(lambda: bytearray(width))
        for x, column in enumerate(zip(*lines, strict=True)):
            if column.count(column[0]) == len(column):
                masks[column[0]][x] = full
            else:
                for row, colour in enumerate(column):
                    masks[colour][x] |= 1 << row
        commonest = min(masks, key=lambda colour: masks[colour].count(0))
        masks[commonest] = bytearray([full] * width)
        order = sorted(masks, key=lambda colour: colour != commonest)
        yield [(colour, bytes(masks[colour].rstrip(b"\0").translate(_CHARACTERS))) for colour in order]


def _percent(part: int) -> int:
    return round(part / 2.55)


def _shortened(run: re.Match[bytes]) -> bytes:
    return b"!%d%b" % (run.end() - run.start(), run[1])
