"""The line that words of names are typed into."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from mltrack_tui.widgets.filter_box import FilterInput


class NameFilter(Horizontal):
    """A box that is there while it has text or the keys."""

    class Changed(Message):
        """Other names are to be shown."""

    def __init__(self, hand_on: Callable[[], None], placeholder: str = "words of a metric's name") -> None:
        """``hand_on`` gives the keys to somebody else, at once."""
        super().__init__(classes="name-filter")
        self._hand_on = hand_on
        self._box = FilterInput(self, placeholder)
        self.display = False

    def compose(self) -> ComposeResult:
        """A sign, then the box."""
        yield Static("╱", classes="sign")
        yield self._box

    @property
    def text(self) -> str:
        """The words."""
        return self._box.value

    def open(self) -> None:
        """Have the keys."""
        self.display = True
        self.screen.set_focus(self._box)

    def clear(self) -> bool:
        """Filter no longer; says whether that was done."""
        filtered = bool(self._box.value)
        self._box.value = ""
        self.display = False
        return filtered

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say so."""
        event.stop()
        self.post_message(self.Changed())

    # The keys of the box that are not the text's own

    async def accept(self) -> None:
        """Go on with what is found."""
        self.display = bool(self.text)
        self._hand_on()

    def complete(self) -> None:
        """There is nothing to choose from."""

    async def step(self, by: int) -> None:
        """Go down to what is found."""
        if by > 0:
            await self.accept()

    def leave(self) -> None:
        """Filter no longer."""
        self.clear()
        self._hand_on()
