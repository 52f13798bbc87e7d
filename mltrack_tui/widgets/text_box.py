"""A text box of one line."""

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.widgets import Input


class TextBox(Input, inherit_bindings=False):
    """One that does what keys say in the order in which they come: a slow line sends several at once."""

    BINDINGS: ClassVar[list[BindingType]] = [*Input.BINDINGS]  # without those that scroll: there is one line

    async def on_key(self, event: events.Key) -> None:
        """Carry out a key at once: on its way through the queues of others, the letters after it would overtake it."""
        active = None if event.is_printable else self.screen.active_bindings.get(event.key)
        if active is None or not active.enabled:
            return
        if await self.app.run_action(active.binding.action, active.node):
            event.stop()
            event.prevent_default()
