from typing import Any

import pyte
from hypothesis import given
from hypothesis import strategies as st

from mltrack_tui.app.output import without_repeated_styles

GROUND = "48;2;9;9;9"
STYLES = [f"38;2;1;0;0;{GROUND}", f"38;2;0;2;0;{GROUND}", "38;2;1;0;0;48;2;0;0;0", "1;31", "7", "0;4"]
ENDED = [f"\x1b[{style}m{text}\x1b[0m" for style in STYLES for text in ("", "⡇ ", "ab")]
PIECES = st.sampled_from(
    [
        *ENDED,
        *ENDED,
        "\x1b[2;3H",
        "\x1b[1;1H",
        "\n",
        "plain",
        "\x1b[0m",
        "\x1b[m",
        "\x1b[1m",
        "\x1b[31mred",
        "\x1b[?25l",
    ]
)


def seen(data: str) -> tuple[list[list[Any]], Any]:
    """What a terminal shows, and in which style it goes on."""
    screen = pyte.Screen(20, 6)
    pyte.Stream(screen).feed(data + "on")
    return [[screen.buffer[y][x] for x in range(20)] for y in range(6)], screen.cursor.attrs


@given(st.lists(PIECES, max_size=12))
def test_a_terminal_shows_the_same_without_the_styles_that_it_knows(pieces: list[str]) -> None:
    data = "".join(pieces)
    assert seen(without_repeated_styles(data)) == seen(data)


def test_lines_of_one_style_say_it_once() -> None:
    lines = [f"\x1b[{line};5H\x1b[38;2;1;2;3;{GROUND}m⡇⡇\x1b[0m\n" for line in range(1, 40)]
    assert len(without_repeated_styles("".join(lines))) < 39 * len("\x1b[39;5H⡇⡇\n") + 60
