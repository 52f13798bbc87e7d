"""Images as colours, decoded only as far as they are harmless."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from mltrack_tui.preview.file import Unreadable

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
"""The decoders that are let near somebody's bytes."""
MOST_PIXELS = 50_000_000
"""Pixels of an image that is decoded: 200 MB."""
_FADING = 6
"""Times that a plot is made smaller before its lines are hard to see."""
_LEFT = 3
"""Pixels of such a plot, to each that is shown, of which a line takes in one more on both sides."""
_AROUND = 4
"""Pixels to each side that tell what a line of a plot is drawn on."""
Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as cells of a terminal, each of two pixels.

    Attributes:
        rows: the colours of the upper and of the lower pixel of each cell.
    """

    rows: Sequence[Sequence[tuple[Colour, Colour]]]


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of an image is seen: its middle, in shares of the width and height, and how many times as large."""

    x: float = 0.5
    y: float = 0.5
    zoom: int = 1


def decoded(data: bytes, background: Colour) -> "Image":
    """An image, upright, its transparent parts filled with a colour; of several frames the first.

    Raises Unreadable where it is broken, of another format, or far larger than it looks.
    """
    from PIL import Image, ImageOps

    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise Unreadable(_too_large(width, height))
        upright = ImageOps.exif_transpose(image)
        if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
            filled = Image.new("RGBA", upright.size, (*background, 255))
            filled.alpha_composite(upright.convert("RGBA"))
            return filled.convert("RGB")
        if upright.mode.startswith("I"):  # of 16 bits, of which a screen shows the upper 8
            upright = upright.convert("I").point(lambda value: value * (1 / 256)).convert("L")
        return upright.convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable("The image says that it is larger than any that is decoded here.") from error
    except (OSError, ValueError, SyntaxError, TypeError, LookupError, ArithmeticError, struct.error) as error:
        raise Unreadable("The image cannot be decoded: it is broken, or of an unusual kind.") from error


def _too_large(width: int, height: int) -> str:
    return f"The image has {width:,}×{height:,} pixels; up to {MOST_PIXELS:,} are decoded here."


def box_of(size: tuple[int, int], part: Part) -> tuple[int, int, int, int]:
    """The pixels that a part has: left, top, right, bottom."""
    width, height = max(size[0] // part.zoom, 1), max(size[1] // part.zoom, 1)
    left = min(max(round(part.x * size[0] - width / 2), 0), size[0] - width)
    top = min(max(round(part.y * size[1] - height / 2), 0), size[1] - height)
    return left, top, left + width, top + height


def fitted(image: "Image", width: int, height: int, part: Part = Part(), *, sharp_from: int = 1) -> "Image":
    """A part of an image, as large as fits so many pixels.

    What is enlarged ``sharp_from`` times or more is so in whole multiples, each of its pixels sharp: the fewer pixels
    there are, the sooner that matters more than to fill them.
    """
    from PIL.Image import Resampling

    seen = image.crop(box_of(image.size, part)) if part.zoom > 1 else image
    scale = min(width / seen.width, height / seen.height)
    is_sharp = scale >= sharp_from
    if is_sharp:
        scale = int(scale)
    size = max(round(seen.width * scale), 1), max(round(seen.height * scale), 1)
    if scale <= 1 / _FADING:
        seen = _with_lines_kept(seen.reduce(int(1 / scale / _LEFT)))
    return seen.resize(size, Resampling.NEAREST if is_sharp else Resampling.LANCZOS, reducing_gap=3.0)


def _with_lines_kept(image: "Image") -> "Image":
    """A plot with wider lines, so that they are still seen when it is made much smaller; another image as it is.

    What has one colour in its corners is taken for a plot. What is darker than that around it spreads, and so does
    what is lighter, as the numbers in a dark cell.
    """
    from PIL import Image, ImageChops, ImageFilter

    right, below = image.width - 1, image.height - 1
    if len({image.getpixel(corner) for corner in ((0, 0), (right, 0), (0, below), (right, below))}) > 1:
        return image
    darker, lighter = image.filter(ImageFilter.MinFilter(3)), image.filter(ImageFilter.MaxFilter(3))
    around = image.filter(ImageFilter.BoxBlur(_AROUND))
    is_light = ImageChops.subtract(around.convert("L"), Image.blend(darker, lighter, 0.5).convert("L"))
    return Image.composite(darker, lighter, is_light.point(lambda more: 255 if more else 0))


def half_blocks(image: "Image", background: Colour) -> Picture:
    """An image, each pixel half a cell."""
    width, data = image.width, image.tobytes()
    pixels = list(zip(data[::3], data[1::3], data[2::3], strict=True))
    lines = [pixels[at : at + width] for at in range(0, len(pixels), width)]
    if len(lines) % 2:
        lines.append([background] * width)
    return Picture([list(zip(lines[at], lines[at + 1], strict=True)) for at in range(0, len(lines), 2)])
