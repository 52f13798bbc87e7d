"""The question before much is fetched."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.domain.text import clean
from mltrack_tui.preview.file import ArtifactFile
from mltrack_tui.screens.dialogs import Dialog


class ReadOn(Dialog[bool]):
    """Whether to fetch so much of a file for looking at it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "read_on", "read", show=False)]

    def __init__(self, file: ArtifactFile, wanted: int) -> None:
        super().__init__()
        self._file, self._wanted = file, wanted

    def compose(self) -> ComposeResult:
        """The question."""
        with Vertical(classes="dialog small") as frame:
            frame.border_title = Content(clean(self._file.name, 60))
            frame.border_subtitle = "enter reads it · esc leaves it"
            size = f" of {bytes_text(self._file.size)}" if self._file.size is not None else ""
            before = f" {bytes_text(self._file.fetched)} were until now." if self._file.fetched else ""
            yield Static(f"To show this, {bytes_text(self._wanted)}{size} have to be read.{before}")

    def action_read_on(self) -> None:
        """Yes."""
        self.dismiss(True)
