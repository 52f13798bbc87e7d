"""A text box of one line."""

from textual import events
from textual.widgets import Input


class TextBox(Input):
    """One that does what keys say in the order in which they come: a slow line sends several at once."""

    async def on_key(self, event: events.Key) -> None:
        """Carry out a key at once: on its way through the queues of others, the letters after it would overtake it."""
        active = None if event.is_printable else self.screen.active_bindings.get(event.key)
        if active is not None and active.node is self and active.enabled:
            event.stop()
            event.prevent_default()
            await self.app.run_action(active.binding.action, self)
