"""What is sent to the terminal: over a slow line, each byte counts."""

import re

from textual.driver import Driver

_STYLE = re.compile(r"(?:\x1b\[0m((?:\x1b\[\d+;\d+H|\n)*))?\x1b\[([\d;]*[1-9][\d;]*)m|\x1b\[0?m")
"""A style (ECMA-48: SGR), with the end of the one before and the moves between them where they stand so; or an end."""


_COLOURS = re.compile(r"(38;2(?:;\d+){3});(48;2(?:;\d+){3})")


def sparing(driver: type[Driver]) -> type[Driver]:
    """A driver that tells the terminal no style twice."""

    def write(self: Driver, data: str) -> None:
        driver.write(self, without_repeated_styles(data))

    return type(f"Sparing{driver.__name__}", (driver,), {"write": write})


def without_repeated_styles(data: str) -> str:
    """The same for the terminal's screen, in fewer bytes: Textual ends each piece's style and begins the next one's.

    Moves of the cursor leave a style as it is, so that lines of one style need it once.
    """
    now: str | None = ""

    def shorter(found: re.Match[str]) -> str:
        nonlocal now
        moves, style = found.groups()
        before, now = now, style
        if style is None:
            now = ""
        elif moves is not None:
            return moves + _change(before or "", style)
        elif before:  # what adds to a style: nobody knows what is told by now
            now = None
        return found[0]

    return _STYLE.sub(shorter, data)


def _change(before: str, style: str) -> str:
    """The codes that make one style of another: where the ground is the same, the other colour alone."""
    if before == style:
        return ""
    was, now = _COLOURS.fullmatch(before), _COLOURS.fullmatch(style)
    return f"\x1b[{now[1]}m" if was and now and was[2] == now[2] else f"\x1b[0;{style}m"
