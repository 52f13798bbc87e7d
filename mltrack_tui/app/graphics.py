"""How images get to a terminal that draws them itself, as the user says that it does."""

import re
import sys
from collections.abc import Callable, Mapping

from mltrack_tui.app.tmux import handed_on
from mltrack_tui.config.settings import Config
from mltrack_tui.screens.session import Graphics

CELL = (8, 16)
"""Pixels of a cell where nobody says: few, as an image that is too large would scroll the screen."""
_TMUX_WITH_SIXELS = (3, 4)
_END = "\x1b\\"


def graphics_of(
    config: Config, environment: Mapping[str, str], send: Callable[[str], None]
) -> tuple[Graphics | None, str]:
    """What shows images, by ``send``; None where half-blocks do, and why it is them if the user wants others."""
    kind, inside_tmux = config.images, bool(environment.get("TMUX"))
    if kind == "halfblock":
        return None, ""
    if environment.get("STY") and not inside_tmux:
        return None, "images: GNU screen lets none through, so that they are half-blocks"
    if inside_tmux and kind == "sixel" and _version(environment) < _TMUX_WITH_SIXELS:
        return None, "images: tmux has sixels from 3.4 on; within this one, images are half-blocks"

    def send_on(codes: str) -> None:
        send("".join(handed_on(code + _END) for code in codes.split(_END) if code))

    def cell() -> tuple[int, int]:
        return config.cell_pixels or _cell_of_terminal() or CELL

    return Graphics(kind, send_on if inside_tmux and kind == "kitty" else send, cell), ""


def _version(environment: Mapping[str, str]) -> tuple[int, ...]:
    """That of tmux, which tells it from 3.2 on."""
    said = environment.get("TERM_PROGRAM_VERSION", "") if environment.get("TERM_PROGRAM") == "tmux" else ""
    found = re.search(r"(\d+)\.(\d+)", said)
    return tuple(map(int, found.groups())) if found else (0,)


def _cell_of_terminal() -> tuple[int, int] | None:
    """Pixels of a cell as the system knows them, without asking the terminal; ssh hands them on, too."""
    import fcntl
    import struct
    import termios

    try:
        said = fcntl.ioctl(sys.__stderr__ or 2, termios.TIOCGWINSZ, bytes(8))  # what Textual writes to
    except (OSError, ValueError):
        return None
    rows, columns, width, height = struct.unpack("HHHH", said)
    return (width // columns, height // rows) if rows and columns and width >= columns and height >= rows else None
