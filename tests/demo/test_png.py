import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from mltrack_tui.demo.png import encode_png, heat_map


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG, each of whose check sums is right."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at = 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", png, at + 8 + length) == (zlib.crc32(kind + data),)
        yield kind, data
        at += 12 + length


def pixels(png: bytes) -> list[list[tuple[int, ...]]]:
    """The picture in an unfiltered PNG of 8-bit RGB."""
    parts = dict(chunks(png))
    assert list(parts) == [b"IHDR", b"IDAT", b"IEND"]
    width, height, *kind = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    assert kind == [8, 2, 0, 0, 0]
    raw = zlib.decompress(parts[b"IDAT"])
    lines = [raw[at : at + 1 + 3 * width] for at in range(0, len(raw), 1 + 3 * width)]
    assert len(lines) == height
    assert {line[0] for line in lines} == {0}
    return [[tuple(line[at : at + 3]) for at in range(1, len(line), 3)] for line in lines]


def test_a_png_decodes_to_the_pixels_it_was_made_of() -> None:
    picture = [[(0, 0, 0), (255, 0, 0), (1, 2, 3)], [(0, 255, 0), (0, 0, 255), (255, 255, 255)]]
    assert pixels(encode_png(picture)) == picture


def test_a_heat_map_is_darkest_where_the_count_is_greatest() -> None:
    picture = pixels(heat_map([[0, 5], [100, 50]], cell=2))
    assert (len(picture), len(picture[0])) == (4, 4)
    cells = {name: sum(picture[y][x]) for name, y, x in (("none", 0, 1), ("few", 1, 2), ("top", 2, 0), ("half", 3, 3))}
    assert cells["none"] > cells["few"] > cells["half"] > cells["top"]


def test_a_heat_map_of_nothing_is_blank() -> None:
    assert len({pixel for line in pixels(heat_map([[0, 0], [0, 0]])) for pixel in line}) == 1


def test_every_picture_of_the_demonstration_decodes(demo: Path) -> None:
    pictures = list(demo.parent.rglob("*.png"))
    assert len(pictures) > 3
    assert {len(pixels(path.read_bytes())) for path in pictures} == {160}
