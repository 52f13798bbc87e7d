"""Sixels are painted by a terminal of our own, as the VT330/VT340 programmer reference, chapter 14, has it."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from mltrack_tui.preview.sixel import in_cells, sixels, tiles

_HEAD = re.compile(r'\x1bP0;1;0q"1;1;(\d+);(\d+)')
_CODE = re.compile(r"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)([?-~])|([?-~])|([$-])")


def painted(codes: str) -> Image.Image:
    """What a terminal shows; what was not painted is magenta."""
    head = _HEAD.match(codes)
    assert head is not None
    assert codes.endswith("\x1b\\")
    screen = Image.new("RGB", (int(head[1]), int(head[2])), "magenta")
    inks: dict[str, str] = {}
    ink, x, y, at = "", 0, 0, head.end()
    while at < len(codes) - 2:
        code = _CODE.match(codes, at)
        assert code is not None, codes[at : at + 20]
        at = code.end()
        if code[1]:
            inks[code[1]] = f"rgb({code[2]}%,{code[3]}%,{code[4]}%)"
        elif code[5]:
            ink = inks[code[5]]
        elif code[9]:
            x, y = 0, y + 6 * (code[9] == "-")
        else:
            bits, run = ord(code[7] or code[8]) - 63, int(code[6] or 1)
            for bit in range(6):
                if bits >> bit & 1:
                    screen.paste(ink, (x, y + bit, x + run, y + bit + 1))
            x += run
    return screen


def furthest(one: Image.Image, other: Image.Image) -> int:
    """The largest difference of a colour, of 255."""
    return max(ImageChops.difference(one, other).tobytes())


@given(width=st.integers(1, 40), height=st.integers(1, 20), data=st.data())
@settings(max_examples=60, deadline=None)
def test_an_image_of_few_colours_is_painted_pixel_by_pixel(width: int, height: int, data: st.DataObject) -> None:
    colours = data.draw(st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=20))
    pixels = data.draw(st.lists(st.sampled_from(colours), min_size=width * height, max_size=width * height))
    image = Image.new("RGB", (width, height))
    image.putdata(pixels)
    assert furthest(painted(sixels(image)), image) <= 4  # 64 steps, and per cent


@pytest.mark.parametrize(
    ("image", "most"),
    [
        (Image.linear_gradient("L").convert("RGB"), 6),
        (Image.merge("RGB", [Image.linear_gradient("L"), Image.radial_gradient("L"), Image.new("L", (256, 256))]), 40),
    ],
)
def test_of_many_colours_the_nearest_are_painted(image: Image.Image, most: int) -> None:
    assert furthest(painted(sixels(image)), image) <= most


def test_a_large_image_is_painted_in_pieces_that_begin_at_cells() -> None:
    image = in_cells(Image.linear_gradient("L").resize((1003, 2)).convert("RGB"), (9, 18), (255, 255, 255))
    assert image.size == (1008, 18)
    first, second = tiles(image, (9, 18))
    assert [(tile.column, tile.row) for tile in (first, second)] == [(0, 0), (111, 0)]
    whole = Image.new("RGB", image.size)
    whole.paste(painted(first.codes))
    whole.paste(painted(second.codes), (999, 0))
    assert furthest(whole, image) <= 6
