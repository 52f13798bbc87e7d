"""Why a command ends without its answer."""

from collections.abc import Iterable, Sequence
from enum import IntEnum


class Status(IntEnum):
    """What the program returns to the shell."""

    FINE = 0
    NO_ANSWER = 1
    WRONG_COMMAND_LINE = 2
    INTERRUPTED = 130


class CommandError(Exception):
    """A command's end: the text is one line for standard error.

    ``picture`` is lines that show the place of a mistake below it, harmless for a terminal.
    """

    def __init__(self, text: str, status: Status = Status.NO_ANSWER, picture: Sequence[str] = ()) -> None:
        super().__init__(text)
        self.status = status
        self.picture = picture


def nearest(word: str, names: Iterable[str], count: int = 3) -> list[str]:
    """The names that look most like a word, the likest first; letters' case is no difference."""
    from mltrack_tui.search.names import nearest as found

    return found(word, names, count)


def suggestion(names: list[str], otherwise: str = "") -> str:
    """The end of a message that names what may have been meant."""
    return f"; nearest: {', '.join(names)}" if names else otherwise
