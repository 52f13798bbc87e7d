"""Text that somebody else wrote, made harmless for a terminal."""

import re

_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c\u2028\u2029\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
_UNSAFE_IN_LINES = re.compile(_UNSAFE.pattern.replace(r"\x00-\x1f", r"\x00-\x09\x0b-\x1f"))
_SPACES = "\t\n\r\u2028\u2029"


def _harmless(match: re.Match[str]) -> str:
    return " " if match[0] in _SPACES else "·"


def clean(text: str, limit: int | None = None) -> str:
    """One line without control codes: C0, DEL, C1, bidirectional controls and lone surrogates become ``·``.

    Tabs and line ends become spaces. ``limit`` cuts to so many characters first, the last of them then ``…``, so that
    100 kB cost no more than what is shown.
    """
    if limit is not None and len(text) > limit:
        text = text[: max(limit - 1, 0)] + "…"
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(_harmless, text)


def clean_lines(text: str) -> str:
    """The same for text of several lines, which keeps its line ends and whose tabs become four spaces."""
    text = text.replace("\r\n", "\n").replace("\t", "    ")
    return _UNSAFE_IN_LINES.sub(_harmless, text)
