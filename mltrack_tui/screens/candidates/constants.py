"""One line above the candidate table: what is the same for all, and how many columns are not shown."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from mltrack_tui.domain.query import Column, Value
from mltrack_tui.domain.text import clean
from mltrack_tui.screens.candidates.layout import Layout

_LEAST, _LONGEST = 12, 40
"""Characters that constants have at least, so that they are worth beginning; that one of them has at most."""


class ConstantLine(Widget):
    """``constant  optimizer=adam  seed=42  …`` on the left, ``6 columns hidden  (= shows all)`` on the right."""

    def __init__(self) -> None:
        super().__init__(id="constants")
        self._constants: Sequence[tuple[Column, Value]] = ()
        self._hidden = ""
        self._lead = "constant"

    def show(self, layout: Layout, everything: bool, *, so_far: bool) -> None:
        """Say what follows from a layout; ``so_far`` says that more candidates may tell otherwise."""
        told = (layout.folded, hidden_words(layout, everything), "constant so far" if so_far else "constant")
        if told != (self._constants, self._hidden, self._lead):
            self._constants, self._hidden, self._lead = told
            self.refresh()

    def render(self) -> Content:
        """As many constants as there is room for."""
        width = self.size.width - 2
        room = width - cell_len(self._hidden) - 4
        constants = constant_words(self._constants, room, self._lead) if room >= _LEAST else ""
        gap = max(width - cell_len(constants) - cell_len(self._hidden), 0)
        return Content.styled(f" {constants}{' ' * gap}{self._hidden}", "$dim").truncate(self.size.width)


def constant_words(constants: Sequence[tuple[Column, Value]], room: int, lead: str = "constant") -> str:
    """``constant  seed=42``, where that is the ``lead``, and as many more as fit; ``…`` where some do not."""
    if not constants:
        return ""
    words = lead
    for place, (column, value) in enumerate(constants):
        text = f"{value:g}" if isinstance(value, float) else str(value)
        more = f"  {clean(column.name, _LONGEST)}={clean(text, _LONGEST)}"
        last = place == len(constants) - 1
        if cell_len(words) + cell_len(more) > room - (0 if last else 3):
            return f"{words}  …"
        words += more
    return words


def hidden_words(layout: Layout, everything: bool) -> str:
    """How many columns are not shown, and which key shows them."""
    hidden = layout.silent + layout.put_away
    if not hidden:
        return "all columns  (= hides what says nothing)" if everything else ""
    columns = f"{hidden:,} column{'s' if hidden != 1 else ''} hidden"
    if not layout.silent:
        return f"{columns}  (C shows {'them' if hidden != 1 else 'it'})"
    return f"{columns}  (= shows {f'{layout.silent:,}, C all' if layout.put_away else 'all'})"
