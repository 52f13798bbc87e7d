"""Text that is longer than the screen."""

from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll

from mltrack_tui.commands import READING


class TextScroll(VerticalScroll):
    """Scrolled by the keys that move in lists."""

    BINDINGS: ClassVar[list[BindingType]] = [*READING.bindings()]
