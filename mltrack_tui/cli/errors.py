"""Why a command ends without its answer."""

from collections.abc import Iterable
from difflib import get_close_matches
from enum import IntEnum


class Status(IntEnum):
    """What the program returns to the shell."""

    FINE = 0
    NO_ANSWER = 1
    WRONG_COMMAND_LINE = 2
    INTERRUPTED = 130


class CommandError(Exception):
    """A command's end: the text is one line for standard error."""

    def __init__(self, text: str, status: Status = Status.NO_ANSWER) -> None:
        super().__init__(text)
        self.status = status


def nearest(word: str, names: Iterable[str], count: int = 3) -> list[str]:
    """The names that look most like a word, the likest first; letters' case is no difference."""
    by_folded: dict[str, str] = {}
    for name in names:
        by_folded.setdefault(name.casefold(), name)
    matches = get_close_matches(word.casefold(), by_folded, n=count, cutoff=0.5)
    within = [name for name in by_folded if word.casefold() in name and name not in matches]
    return [by_folded[folded] for folded in [*matches, *within][:count]]


def suggestion(names: list[str], otherwise: str = "") -> str:
    """The end of a message that names what may have been meant."""
    return f"; nearest: {', '.join(names)}" if names else otherwise
