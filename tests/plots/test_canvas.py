from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given, settings
from hypothesis import strategies as st

from mltrack_tui.plots.canvas import Canvas, Dot
from mltrack_tui.plots.picture import Style
from mltrack_tui.plots.style import glyphs


def braille(strokes: Sequence[Sequence[Dot]], columns: int, rows: int) -> list[str]:
    made_of = glyphs(Style.BRAILLE)
    cells = Canvas(columns, rows, made_of).drawn(strokes)
    return ["".join(made_of.cells[cell] for cell in cells[row::rows]) for row in range(rows)]


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


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 79), st.integers(0, 39)), min_size=2, max_size=9))
def test_a_stroke_has_its_dots_and_no_gap_between_them(dots: list[Dot]) -> None:
    dots.sort(key=lambda dot: dot[0])

    found = dots_of(braille([dots], 40, 10))

    assert set(dots) <= found
    assert {x for x, _ in found} == set(range(dots[0][0], dots[-1][0] + 1))
    for x, y in found - {max(found)}:
        beside = {(x + across, y + up) for across in (-1, 0, 1) for up in (-1, 0, 1)} - {(x, y)}
        assert beside & found or len(found) == 1
    low, high = min(y for _, y in dots), max(y for _, y in dots)
    assert all(low <= y <= high for _, y in found)


def test_what_leaves_the_canvas_is_cut_off_at_its_edge() -> None:
    cells = Canvas(2, 1, glyphs(Style.BRAILLE)).drawn([[(0, 2), (1, 2000), (2, -5), (3, 1)]])

    assert [glyphs(Style.BRAILLE).cells[cell] for cell in cells] == ["⠃", "⣧"]


def test_blocks_and_ascii_put_their_dots_where_braille_does() -> None:
    dots: list[list[Dot]] = [[(0, 0)], [(3, 5)], [(4, 2)]]

    blocks = Canvas(3, 3, glyphs(Style.BLOCK)).drawn(dots)
    plain = Canvas(5, 2, glyphs(Style.ASCII)).drawn(dots)

    assert [glyphs(Style.BLOCK).cells[cell] for cell in blocks] == [*"  ▖", *"▝  ", *" ▖ "]
    assert [glyphs(Style.ASCII).cells[cell] for cell in plain] == [*" .", *"  ", *"  ", *"' ", *" '"]


def test_dashes_leave_gaps_where_a_line_is_flat_and_none_where_it_is_steep() -> None:
    canvas = Canvas(4, 3, glyphs(Style.BRAILLE))

    cells = canvas.drawn([[(0, 0), (2, 0), (3, 11), (7, 11)]], "1100")

    rows = [[glyphs(Style.BRAILLE).cells[cell] for cell in cells[row::3]] for row in range(3)]
    assert "".join(rows[2]) == "⣀⡇  "
    assert "".join(rows[0]) == " ⢸⠉ "


def test_nothing_is_an_empty_canvas() -> None:
    assert braille([], 3, 2) == braille([[]], 3, 2) == ["   ", "   "]


def test_canvases_drawn_at_once_do_not_mix() -> None:
    wanted = [([[(0, row), (19, row)]], 10, 2) for row in range(8)] * 4

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda asked: braille(*asked), wanted))

    assert [dots_of(lines) for lines in found] == [{(x, asked[0][0][0][1]) for x in range(20)} for asked in wanted]
