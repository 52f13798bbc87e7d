"""The characters that pictures are made of, and which of them a terminal shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from mltrack_tui.plots.picture import Style

_PLAIN_TERMINALS = frozenset({"dumb", "vt52", "vt100", "vt102", "vt220", "ansi"})


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters of one style.

    Attributes:
        across, down: the dots of one cell.
        cells: the character of each set of dots; a dot's bit is ``column * down + row``, row 0 the lowest.
        nan, above, below, lone: marks: no number; beyond the upper and the lower edge; a point without neighbours.
        level, level_tick, upright, upright_tick, corner: the axes.
        cursor: a line through the canvas.
        cut: what stands for the rest of a text.
        plain: whether no text may have anything but ASCII.
    """

    across: int
    down: int
    cells: str
    nan: str = "×"
    above: str = "▲"
    below: str = "▼"
    lone: str = "•"
    level: str = "─"
    level_tick: str = "┬"
    upright: str = "│"
    upright_tick: str = "┤"
    corner: str = "└"
    cursor: str = "│"
    cut: str = "…"
    plain: bool = False

    def words(self, text: str) -> str:
        """A text of ours or of a user in the characters there are."""
        if not self.plain or text.isascii():
            return text
        return text.translate(_IN_ASCII).encode("ascii", "replace").decode()


def _braille(dots: int) -> str:
    """Unicode numbers a cell's dots down the left column, down the right, and then the lowest two."""
    bits = (6, 2, 1, 0, 7, 5, 4, 3)  # of our dots, from the lowest of the left column to the highest of the right
    return chr(0x2800 + sum(1 << bit for place, bit in enumerate(bits) if dots >> place & 1)) if dots else " "


_IN_ASCII = str.maketrans({"–": "-", "…": "~", "×": "x", "▲": "^", "▼": "v", "•": "o", "·": "|", "±": "+-", "−": "-"})
_GLYPHS = {
    Style.BRAILLE: Glyphs(2, 4, "".join(map(_braille, range(256)))),
    Style.BLOCK: Glyphs(2, 2, " ▖▘▌▗▄▚▙▝▞▀▛▐▟▜█"),
    Style.ASCII: Glyphs(
        1, 3, " .-:':||", "x", "^", "v", "o", "-", "+", "|", "+", "+", "|", cut="~", plain=True
    ),
}  # fmt: skip


def glyphs(style: Style) -> Glyphs:
    """The characters of a style."""
    return _GLYPHS[style]


def usual_style(environment: Mapping[str, str], encoding: str) -> Style:
    """The style of who chose none, by the environment's ``TERM`` and the encoding of standard output.

    ``linux`` is the console, whose fonts have blocks but no braille; what is as old as a VT100 has neither.
    """
    terminal = environment.get("TERM", "")
    if not encoding.lower().replace("-", "").startswith("utf") or terminal in _PLAIN_TERMINALS:
        return Style.ASCII
    return Style.BLOCK if terminal == "linux" else Style.BRAILLE
