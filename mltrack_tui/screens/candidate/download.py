"""Where to download to, and how far it is."""

import asyncio
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, ProgressBar, Static

from mltrack_tui.domain.entities import Artifact, CandidateId
from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.domain.text import clean
from mltrack_tui.screens.dialogs import Dialog
from mltrack_tui.sources.base import Source, SourceBusy, SourceError
from mltrack_tui.transfer.download import Progress, download
from mltrack_tui.transfer.errors import TransferError

RETRY = 0.5
"""Seconds between two questions to a source that is busy."""


class DownloadDialog(Dialog[str]):
    """Asks for a folder, then shows the progress; ``escape`` cancels. Answers with where the download lies."""

    def __init__(self, source: Source, candidate: CandidateId, artifact: Artifact) -> None:
        super().__init__()
        self._source, self._candidate, self._artifact = source, candidate, artifact

    def compose(self) -> ComposeResult:
        """The folder, a bar, a sentence."""
        with Vertical(classes="dialog small") as frame:
            frame.border_title = Content(clean(f"Download {self._artifact.name}", 60))
            frame.border_subtitle = "enter downloads · esc cancels"
            yield Static("into the folder", classes="label")
            yield Input(str(Path.cwd()), select_on_focus=False)
            yield ProgressBar(show_eta=False)
            yield Static(id="progress")

    def on_mount(self) -> None:
        """No bar before there is progress."""
        self.query_one(ProgressBar).display = False

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self._download(Path(event.value.strip()).expanduser())

    @work(exclusive=True)
    async def _download(self, folder: Path) -> None:
        self.query_one(Input).disabled = True
        try:
            where = await self._patiently(folder)
        except (SourceError, TransferError) as error:
            self._say(str(error), "error")
            self.query_one(Input).disabled = False
            self.query_one(Input).focus()
        else:
            self.dismiss(str(where))

    async def _patiently(self, folder: Path) -> Path:
        """Download, and again for as long as the source is busy; ``escape`` ends it."""
        while True:
            try:
                return await download(self._source, self._candidate, self._artifact.path, folder, progress=self._tell)
            except SourceBusy as busy:
                self._say(f"{busy} Trying again…", "warning")
                await asyncio.sleep(RETRY)

    def _say(self, text: str, tone: str) -> None:
        self.query_one("#progress", Static).update(Content.styled(clean(text), f"${tone}"))

    def _tell(self, progress: Progress) -> None:
        bar = self.query_one(ProgressBar)
        bar.display = True
        bar.update(total=progress.bytes_total, progress=progress.bytes_done)
        of = f" of {bytes_text(progress.bytes_total)}" if progress.bytes_total is not None else ""
        files = f"{progress.files_done:,} of {progress.files_total:,} files"
        self.query_one("#progress", Static).update(f"{files}   {bytes_text(progress.bytes_done)}{of}")
