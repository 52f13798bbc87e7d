"""Asking for the tracking server that has a store's artifacts."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from mltrack_tui.commands import OPEN
from mltrack_tui.domain.text import clean
from mltrack_tui.screens.dialogs import Dialog
from mltrack_tui.screens.session import Session
from mltrack_tui.sources.base import NoServerError, Source, SourceError
from mltrack_tui.widgets.text_box import TextBox

KEPT = 'For good:  artifacts = "https://mlflow.example"  below  [sources.NAME]  in config.toml.'


def words_of(error: NoServerError, session: Session) -> str:
    """What is the matter, and the ways on."""
    key = session.keys.shown(OPEN)
    return f"{error}\n\n{key}  names the server now" if key else str(error)


class ServerDialog(Dialog[str]):
    """Asks for an address until the source takes it; dismissed with it."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source

    def compose(self) -> ComposeResult:
        """A box and a sentence."""
        with Vertical(classes="dialog small") as frame:
            frame.border_title = "Where the artifacts are"
            frame.border_subtitle = "enter tries it · esc cancels"
            yield Static("The address of the tracking server that the candidates were logged to", classes="label")
            yield TextBox(placeholder="https://mlflow.example")
            yield Static(Content.styled(KEPT, "$dim"), id="progress")

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        if not (address := event.value.strip()):
            return
        try:
            self._source.artifacts_at(address)
        except SourceError as error:
            self.query_one("#progress", Static).update(Content.styled(clean(str(error)), "$error"))
        else:
            self.dismiss(address)
