"""What a drawing is: lines of text in inks, which whoever shows it gives their colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

SERIES = 8
"""Candidates that are told apart by colour and number; more are counted, not drawn."""


class Style(StrEnum):
    """The characters a picture is made of."""

    BRAILLE = "braille"
    BLOCK = "block"
    """Quarters of cells: for fonts without braille."""
    ASCII = "ascii"
    """Nothing but ASCII anywhere, axes, labels and marks included."""


class Ink(NamedTuple):
    """What a text in a picture is, so that it gets a colour.

    ``kind`` is ``text``, ``title``, ``axis`` (lines and labels), ``caption``, ``curve``, ``behind`` (the raw curve
    behind a smoothed one, a band around a mean), ``mark`` (NaN, infinities), ``best`` or ``cursor``. ``slot`` is the
    candidate's place among at most `SERIES`, or None where it belongs to none of them.
    """

    kind: str
    slot: int | None = None


class Run(NamedTuple):
    """Some characters of one ink."""

    text: str
    ink: Ink


TEXT, TITLE, AXIS, CAPTION = Ink("text"), Ink("title"), Ink("axis"), Ink("caption")
MARK, BEST, CURSOR = Ink("mark"), Ink("best"), Ink("cursor")


@dataclass(frozen=True, slots=True)
class Picture:
    """Lines from the top, each of which is runs of text from the left; no control codes, nothing behind their end."""

    lines: tuple[tuple[Run, ...], ...] = ()

    @property
    def text(self) -> str:
        """The picture without its inks."""
        return "\n".join("".join(run.text for run in line).rstrip() for line in self.lines)

    @classmethod
    def of_text(cls, lines: Sequence[str], ink: Ink = TEXT) -> "Picture":
        """A picture of nothing but words."""
        return cls(tuple((Run(line, ink),) for line in lines))
