"""Which columns are shown, and how: the dialog behind ``C``."""

from textual.app import ComposeResult

from mltrack_tui.domain.query import Column
from mltrack_tui.domain.view import View
from mltrack_tui.screens.candidates.rows import CandidateRows
from mltrack_tui.screens.dialogs import Dialog


class ColumnPicker(Dialog[View]):
    """All columns."""

    def __init__(self, rows: CandidateRows, here: Column | None) -> None:
        super().__init__()

    def compose(self) -> ComposeResult:
        """Later."""
        return iter(())
