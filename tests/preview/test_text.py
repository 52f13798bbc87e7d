"""Rows of text, found from any side."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from mltrack_tui.preview.file import BLOCK
from mltrack_tui.preview.text import Encoding, encoding_of, reach_above, reach_below
from mltrack_tui.preview.window import Window

_PIECES = st.one_of(
    st.sampled_from([b"\n", b"\r\n", b"\r", b"\xef\xbb\xbf", b"\xff\xfe", b"\xe2\x82", b"\x80" * 5, b"\0\n", b"\n\0"]),
    st.binary(max_size=40),
    st.builds(lambda unit, times: unit * times, st.sampled_from([b"x", "ü".encode(), "€".encode(), b"\n"]),
              st.integers(8_000, 40_000)),
)  # fmt: skip
FILES = st.lists(_PIECES, max_size=12).map(b"".join)


def from_the_top(data: bytes, encoding: Encoding) -> Window:
    window = Window(encoding, data[:BLOCK], is_end=len(data) <= BLOCK)
    while not window.is_end:
        stop = reach_below(window.stop)
        window.add_below(data[window.stop : stop], is_end=stop >= len(data))
    return window


def from_the_end(data: bytes, encoding: Encoding) -> Window:
    start = reach_above(len(data))
    window = Window(encoding, data[start:], start, is_end=True)
    while not window.is_begin:
        window.add_above(data[reach_above(window.begin) : window.begin])
    return window


@settings(max_examples=40, deadline=None)
@given(FILES)
def test_who_goes_up_finds_the_rows_of_who_went_down(data: bytes) -> None:
    encoding = encoding_of(data)
    down, up = from_the_top(data, encoding), from_the_end(data, encoding)
    assert down.rows == up.rows
    assert down.numbers == up.numbers
    assert b"".join(row.data for row in down.rows) == data[encoding.begins :]
    assert not any(unicodedata.category(each) == "Cc" for row in down.rows for each in encoding.text(row.data))
