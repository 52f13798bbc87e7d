"""The line that a text to search for is typed into."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from mltrack_tui.widgets.filter_box import FilterInput


class SearchBox(Horizontal):
    """A box that is there while it has the keys."""

    def __init__(self, search: Callable[[str], None], hand_on: Callable[[], None]) -> None:
        """``search`` is told what to look for, after ``hand_on`` gave the keys to somebody else."""
        super().__init__(classes="name-filter")
        self._search, self._hand_on = search, hand_on
        self._box = FilterInput(self, "text to search for")
        self.display = False

    def compose(self) -> ComposeResult:
        """A sign, then the box."""
        yield Static("╱", classes="sign")
        yield self._box

    def open(self) -> None:
        """Have the keys."""
        self.display = True
        self.screen.set_focus(self._box)
        self._box.select_all()

    # The keys of the box that are not the text's own

    async def accept(self) -> None:
        """Search, after the letters that were typed before this key and may still be on their way."""
        self._box.call_later(self._done)

    def _done(self) -> None:
        self.leave()
        if self._box.value:
            self._search(self._box.value)

    def complete(self) -> None:
        """There is nothing to choose from."""

    async def step(self, by: int) -> None:
        """There is nothing to step to."""

    def leave(self) -> None:
        """Search for nothing else."""
        self.display = False
        self._hand_on()
