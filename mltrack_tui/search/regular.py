"""Regular expressions that no text can make slow: RE2, and the one place that knows it."""

import re
from collections.abc import Callable
from functools import lru_cache

_MEMORY = 4 << 20
"""Bytes that one expression may take; RE2 slows down rather than take more."""

_NO_LETTERS = re.compile(
    r"\\[pP](?:\{\^?\w*\}|\w)|\\x(?:\{[0-9a-fA-F]*\}|[0-9a-fA-F]{2})|\\.|\(\?P?<[^>]*>|\(\?[a-zA-Z-]+[:)]", re.DOTALL
)
"""Letters of an expression that stand for no letter: escapes, the names of groups, flags."""

_CAUSES = {
    "invalid perl operator": "(?= (?! (?<= are not known to RE2, which keeps searches fast: use two clauses instead",
    "invalid escape sequence": "RE2 knows no such escape, nor back references: they would make searches slow",
    "missing )": "a ( is not closed",
    "unexpected )": "a ) has no (",
    "missing ]": "a [ is not closed",
    "no argument for repetition operator": "nothing stands before a repetition like * or +",
    "bad repetition operator": "two repetitions follow each other",
    "invalid repetition size": "a repetition is counted wrongly or above 1000",
    "invalid character class range": "a range in [ ] is the wrong way round or unknown",
    "invalid named capture group": "a group's name is wrong",
    "trailing \\": "a \\ stands at the end",
    "invalid UTF-8": "it is no text",
    "pattern too large": "it is too large",
    "expression nests too deeply": "it is nested too deeply",
}


@lru_cache(maxsize=64)
def compiled(pattern: str) -> Callable[[str], bool]:
    """Whether an expression occurs in a text. It minds the case of letters if it has a capital itself.

    Raises:
        ValueError: it is none, or has what RE2 does not know; the text is a sentence's end that says why.
    """
    import re2

    options = re2.Options()
    options.log_errors = False  # it would write to standard error, across the screen
    options.max_mem = _MEMORY
    options.never_capture = True
    options.case_sensitive = any(letter.isupper() for letter in _NO_LETTERS.sub("", pattern))
    try:
        search = re2.compile(pattern.encode(), options).search
    except UnicodeEncodeError:
        raise ValueError(_CAUSES["invalid UTF-8"]) from None
    except re2.error as error:
        raise ValueError(_reason(error.args[0] if error.args else b"")) from None
    # bytes, as for text RE2 counts the characters up to each match
    return lambda text: search(text.encode("utf-8", "replace")) is not None


def _reason(told: bytes | str) -> str:
    text = told.decode("utf-8", "replace") if isinstance(told, bytes) else told
    cause, colon, piece = text.partition(": ")
    said = next((sentence for known, sentence in _CAUSES.items() if known in text), cause)
    return f"{said}: {piece}" if colon and len(piece) < 40 else said
