"""What pictures of statistics have in common: words that fit, lines of cells in inks, and lists that scroll."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from rich.cells import cell_len

from mltrack_tui.domain.text import clean
from mltrack_tui.plots.picture import CAPTION, SERIES, TEXT, TITLE, Ink, Picture, Run, Style
from mltrack_tui.plots.style import Glyphs, glyphs
from mltrack_tui.plots.words import fitted as cut

MIN_WIDTH, MIN_HEIGHT = 16, 5
"""Below these there is no picture, only words."""
HERE, CHOSEN = Ink("here"), Ink("chosen")
"""The cell of the point that the cursor is on; the label of the line that it is on."""
CURSOR_MARK, BEST_MARK = "›", "★"
_SHAPES = str.maketrans(
    {
        **dict.fromkeys("▏▎▍▌▋▊▉█", "#"),
        **dict.fromkeys("│├┤", "|"),
        **dict.fromkeys("└┬", "+"),
        "─": "-",
        "★": "*",
        "•": ".",
        "●": "o",
        "∘": "o",
        "›": ">",
    }
)
"""What pictures of statistics are made of, in ASCII."""


def fitted(text: str, width: int) -> str:
    """What somebody wrote, on one line in no more cells than ``width``: its end is … where it is longer."""
    return cut(clean(text, 4 * max(width, 0) + 1), width)


def padded(text: str, width: int, *, right: bool = False) -> str:
    """The same in exactly so many cells, at the left of them, or at the right."""
    text = fitted(text, width)
    blank = " " * (width - cell_len(text))
    return blank + text if right else text + blank


def title(text: str, width: int) -> tuple[Run, ...]:
    """The first line of a picture."""
    return (Run(fitted(text, width), TITLE),)


def caption(notes: Sequence[str], width: int) -> tuple[Run, ...]:
    """The last line of a picture: the notes that have room, the first the most important; … says there were more."""
    kept = [note for note in notes if note]
    text = " · ".join(kept)
    while len(kept) > 1 and cell_len(text) > width:
        kept.pop()
        text = " · ".join(kept) + " …"
    return (Run(fitted(text, width), CAPTION),)


def words(sentence: str, width: int, height: int, above: str = "") -> Picture:
    """A picture of which there is nothing but a sentence to show."""
    said = (Run(" " * max((width - cell_len(sentence)) // 2, 0) + sentence, TEXT),)
    lines = [said] if height < 2 else filled([*filled([title(above, width)], height // 2), said], height)
    return Picture(tuple(tuple(Run(fitted(run.text, width), run.ink) for run in line) for line in lines[:height]))


def painted(line: str, cells: Mapping[int, Run], ink: Ink) -> tuple[Run, ...]:
    """A line in one ink but for some cells, by column, each of one character. Its characters are a cell wide each."""
    inked = [cells.get(column, Run(character, ink)) for column, character in enumerate(line)]
    return tuple(Run("".join(run.text for run in runs), ink) for ink, runs in _by_ink(inked))


def _by_ink(runs: Iterable[Run]) -> Iterable[tuple[Ink, list[Run]]]:
    return ((ink, list(together)) for ink, together in groupby(runs, key=lambda run: run.ink))


def ink_of(slot: int | None) -> Ink:
    """A candidate's ink; of one that has no colour of its own, that of text."""
    return Ink("curve", slot) if slot is not None and slot < SERIES else TEXT


def number_of_slot(slot: int) -> str:
    """How a marked candidate is told from others: its number, from 1, or + of one that has no colour of its own."""
    return str(slot + 1) if slot < SERIES else "+"


def head(text: str, width: int, *, chosen: bool, ink: Ink = TEXT, right: bool = False) -> tuple[Run, ...]:
    """The beginning of a line in a list: its label, and the cursor's mark before it where it is ``chosen``."""
    mark = Run(CURSOR_MARK if chosen else " ", CHOSEN)
    return mark, Run(padded(text, width, right=right), CHOSEN if chosen else ink)


def filled(lines: Sequence[tuple[Run, ...]], height: int) -> list[tuple[Run, ...]]:
    """These lines, and blank ones below them: ``height`` of them."""
    blank: tuple[Run, ...] = ()
    return [*lines, *[blank] * (height - len(lines))]


def scrolled(count: int, cursor: int, rows: int) -> range:
    """Which of so many lines of a list are shown in the room of ``rows``, the cursor's in the middle of them."""
    start = max(0, min(cursor - rows // 2, count - rows))
    return range(start, min(start + rows, count))


def finished(lines: Sequence[tuple[Run, ...]], style: Style) -> Picture:
    """The picture of these lines, in ASCII where that is the style."""
    if (made_of := glyphs(style)).plain:
        lines = [tuple(Run(_plain(run.text, made_of), run.ink) for run in line) for line in lines]
    return Picture(tuple(lines))


def _plain(text: str, made_of: Glyphs) -> str:
    """The text in ASCII, as wide as it was."""
    shapes = text.translate(_SHAPES)
    if shapes.isascii():
        return shapes
    return "".join(each if each.isascii() else made_of.words(each) * cell_len(each) for each in shapes)
