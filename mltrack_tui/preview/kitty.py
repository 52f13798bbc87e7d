"""Images as kitty's graphics protocol has them: sent once, and shown where characters stand for their cells.

https://sw.kovidgoyal.net/kitty/graphics-protocol/#unicode-placeholders: what is painted is text, so that whatever is
painted over it, beside it or after it is as right as with any other text. Nothing is asked of the terminal.
"""

from base64 import b64encode
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

_PLACEHOLDER = "\U0010eeee"
_CHUNK = 4096
"""Characters of an image that a terminal takes at once."""
_ACCENTS = (
    "305 30d-30e 310 312 33d-33f 346 34a-34c 350-352 357 35b 363-36f 483-487 592-595 597-599 59c-5a1 5a8-5a9 5ab-5ac "
    "5af 5c4 610-617 657-65b 65d-65e 6d6-6dc 6df-6e2 6e4 6e7-6e8 6eb-6ec 730 732-733 735-736 73a 73d 73f-741 743 745 "
    "747 749-74a 7eb-7f1 7f3 816-819 81b-823 825-827 829-82d 951 953-954 f82-f83 f86-f87 135d-135f 17dd 193a 1a17 "
    "1a75-1a7c 1b6b 1b6d-1b73 1cd0-1cd2 1cda-1cdb 1ce0 1dc0-1dc1 1dc3-1dc9 1dcb-1dcc 1dd1-1de6 1dfe 20d0-20d1 "
    "20d4-20d7 20db-20dc 20e1 20e7 20e9 20f0 2cef-2cf1 2de0-2dff a66f a67c-a67d a6f0-a6f1 a8e0-a8e5 "
)
"""Those above a letter, for 0, 1, 2 …: the beginning of kitty's ``rowcolumn-diacritics.txt``."""


def _accents() -> list[str]:
    found: list[str] = []
    for run in _ACCENTS.split():
        first, _, last = run.partition("-")
        found += map(chr, range(int(first, 16), int(last or first, 16) + 1))
    return found


ACCENTS = _accents()
MOST_CELLS = len(ACCENTS)
"""Columns, and rows, of an image at most."""


def sent(image: "Image", number: int, columns: int, rows: int) -> str:
    """What makes the terminal have an image, in place of the last of this number, to be fitted into so many cells."""
    packed = BytesIO()
    image.save(packed, "PNG", compress_level=6)
    data = b64encode(packed.getvalue()).decode()
    chunks = [data[at : at + _CHUNK] for at in range(0, len(data), _CHUNK)]
    about = f"a=T,U=1,q=2,f=100,i={number},c={columns},r={rows},"
    return "".join(
        f"\x1b_G{about if not place else ''}m={int(place + 1 < len(chunks))};{chunk}\x1b\\"
        for place, chunk in enumerate(chunks)
    )


def forgotten(number: int) -> str:
    """What makes the terminal have an image no longer."""
    return f"\x1b_Ga=d,d=I,q=2,i={number}\x1b\\"


def row_of(row: int, columns: int) -> str:
    """The characters of a row of an image's cells; their colour is to be the image's number."""
    return "".join(_PLACEHOLDER + ACCENTS[row] + ACCENTS[column] for column in range(columns))
