from concurrent.futures import ThreadPoolExecutor

from hypothesis import given, settings
from hypothesis import strategies as st

from mltrack_tui.plots.canvas import Dot, braille


def dots_of(lines: list[str]) -> set[Dot]:
    """Every dot that is set, from braille's bits: Unicode numbers them down the columns, the lowest row last."""
    bits = {0: (0, 3), 1: (0, 2), 2: (0, 1), 3: (1, 3), 4: (1, 2), 5: (1, 1), 6: (0, 0), 7: (1, 0)}
    return {
        (column * 2 + bits[bit][0], (len(lines) - 1 - row) * 4 + bits[bit][1])
        for row, line in enumerate(lines)
        for column, cell in enumerate(line)
        if cell != " "
        for bit in range(8)
        if (ord(cell) - 0x2800) >> bit & 1
    }


@settings(deadline=None)
@given(st.data(), st.integers(1, 8), st.integers(1, 4))
def test_single_dots_lie_where_they_were_put(data: st.DataObject, columns: int, rows: int) -> None:
    dots = data.draw(st.lists(st.tuples(st.integers(0, columns * 2 - 1), st.integers(0, rows * 4 - 1)), max_size=9))

    lines = braille([[dot] for dot in dots], columns, rows)

    assert [len(line) for line in lines] == [columns] * rows
    assert dots_of(lines) == set(dots)


def test_a_stroke_joins_its_dots_and_leaves_the_next_one_apart() -> None:
    lines = braille([[(0, 0), (3, 0)], [(6, 2), (9, 2)]], 5, 1)

    assert dots_of(lines) == {(0, 0), (1, 0), (2, 0), (3, 0), (6, 2), (7, 2), (8, 2), (9, 2)}


def test_nothing_is_an_empty_canvas() -> None:
    assert braille([], 3, 2) == braille([[]], 3, 2) == ["   ", "   "]


def test_canvases_drawn_at_once_do_not_mix() -> None:
    wanted = [([[(0, row), (19, row)]], 10, 2) for row in range(8)] * 4

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda asked: braille(*asked), wanted))

    assert [dots_of(lines) for lines in found] == [{(x, asked[0][0][0][1]) for x in range(20)} for asked in wanted]
