"""The smallest Textual application: what starting any costs."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Empty(App[None]):
    """One word."""

    def compose(self) -> ComposeResult:
        """The word to wait for."""
        yield Static("Ready")


if __name__ == "__main__":
    Empty().run()
