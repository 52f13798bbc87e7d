"""The box that a filter is typed into: it marks what it is told is wrong, and hands its keys on in their order."""

from typing import ClassVar, Protocol

from rich.highlighter import Highlighter
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.reactive import var

from mltrack_tui.commands import FILTER_BOX
from mltrack_tui.domain.text import clean
from mltrack_tui.widgets.text_box import TextBox

_STEP = 512
"""Terminal cells by which the box's inside grows."""
WRONG = Style(underline=True, bold=True)
"""What is wrong is underlined too: colour alone says nothing to some."""


class BoxKeys(Protocol):
    """Who carries out the keys that are not the text's own."""

    async def accept(self) -> None:
        """Go on with the filter as it is, or take the choice that was gone to."""
        ...

    def complete(self) -> None:
        """Take the first choice, or the one that was gone to."""
        ...

    async def step(self, by: int) -> None:
        """Go to another choice or to another filter of the history."""
        ...

    def leave(self) -> None:
        """Close what is open, or give the filter up."""
        ...


class _Marker(Highlighter):
    """Marks a part of a text."""

    def __init__(self) -> None:
        self.start = self.end = 0
        self.style = WRONG

    def highlight(self, text: Text) -> None:
        """Mark the part, if there is any."""
        if self.start < self.end:
            text.stylize(self.style, self.start, self.end)


class FilterInput(TextBox):
    """A text box of one line without a frame."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"filter--wrong"}
    BINDINGS: ClassVar[list[BindingType]] = [*FILTER_BOX.bindings()]

    wrong: var[tuple[int, int] | None] = var(None)
    """From where to where the text is marked as wrong."""

    def __init__(self, keys: BoxKeys, placeholder: str) -> None:
        self._marker = _Marker()
        super().__init__(
            placeholder=placeholder, id="filter", compact=True, select_on_focus=False, highlighter=self._marker
        )
        self.cursor_blink = False  # each blink is sent over a slow line
        self._keys = keys

    def validate_virtual_size(self, size: Size) -> Size:
        """Grow in large steps: each other size is a layout of the whole screen, and that before a letter is echoed."""
        return Size(-(-size.width // _STEP) * _STEP, size.height)

    def watch_value(self) -> None:
        """Leave no room behind the text that it could have before it. (Textual watches the value, too.)"""
        most = max(self.content_width - self.scrollable_content_region.width, 0)
        if self.scroll_offset.x > most:
            self.scroll_to(x=most, animate=False, force=True, immediate=True)

    def on_resize(self) -> None:
        """The same with another width."""
        self.watch_value()

    def watch_wrong(self) -> None:
        """Mark another part; of none at all, the last letter."""
        start, end = self.wrong or (0, 0)
        if self.wrong is not None and start >= min(end, len(self.value)):
            start, end = max(len(self.value) - 1, 0), len(self.value)
        style = WRONG + self.get_component_rich_style("filter--wrong", partial=True)
        if (start, end, style) != (self._marker.start, self._marker.end, self._marker.style):
            self._marker.start, self._marker.end, self._marker.style = start, end, style
            self.refresh()

    async def on_key(self, event: events.Key) -> None:
        """Keys that were sent here before the box was left are for who has them now. (The others are `TextBox`'s.)"""
        there = self.screen.focused  # `has_focus` would be told only after this key
        if there is not None and there is not self:
            event.stop()
            event.prevent_default()
            there.post_message(events.Key(event.key, event.character))

    def on_paste(self, event: events.Paste) -> None:
        """Take all lines of what is pasted, as one: a part of a filter would be another filter."""
        event.stop()
        event.prevent_default()
        self.replace(clean(event.text.replace("\r\n", "\n").rstrip("\n")), *self.selection)

    async def action_accept(self) -> None:
        """Go on with the filter."""
        await self._keys.accept()

    def action_complete(self) -> None:
        """Take a choice."""
        self._keys.complete()

    async def action_step(self, by: int) -> None:
        """Go to another choice or filter."""
        await self._keys.step(by)

    def action_leave_box(self) -> None:
        """Close the choices, or give the filter up."""
        self._keys.leave()
