"""One download: its files that come just now, those that failed and why, and where it lies."""

from textual.content import Content
from textual.widgets import Static

from mltrack_tui.domain.text import clean
from mltrack_tui.screens.dialogs import Reading
from mltrack_tui.screens.transfers.words import LONGEST
from mltrack_tui.transfer.downloads import Download, State
from mltrack_tui.transfer.words import bytes_words, files_words, pace_words, percent, share

MOST = 200
"""Lines of a kind that are laid out; how many more there are is said."""


class DownloadDetails(Reading):
    """Says all there is to say of a download, as it goes on."""

    def __init__(self, download: Download) -> None:
        self._download = download
        self._said = said(download)
        super().__init__(f"Download {download.title}", self._said)

    def renew(self) -> None:
        """Say what has changed."""
        now = said(self._download)
        if now != self._said:
            self._said = now
            self.query_one(Static).update(now)


def said(download: Download) -> Content:
    """What has become of it so far, in lines."""
    progress = download.progress
    how = [download.state.value, files_words(progress), bytes_words(progress), pace_words(progress)]
    lines = [Content(" · ".join(filter(None, how)))]
    if download.problem:
        lines.append(Content.styled(clean(download.problem), "$error"))
    lies = "Where it lies" if download.state is State.DONE else "Where it will lie"
    lines += _section(lies, [clean(str(path)) for path in download.targets or [download.folder]])
    coming = [f"{clean(path, LONGEST)}  {_far(download, path)}" for path in download.active]
    lines += _section("Coming just now", coming)
    lines += _section("Failed", [f"{clean(each.path)}: {clean(each.reason)}" for each in download.failures], "$error")
    return Content("\n").join(lines)


def _far(download: Download, path: str) -> str:
    progress = download.active[path]
    far = share([progress])
    return bytes_words(progress) + (f" · {percent(far)}" if far is not None else "")


def _section(title: str, lines: list[str], ink: str = "") -> list[Content]:
    if not lines:
        return []
    more = len(lines) - MOST
    shown = [Content.styled(f"  {line}", ink) if ink else Content(f"  {line}") for line in lines[:MOST]]
    left_out = [Content.styled(f"  … {more:,} more", "$warning")] if more > 0 else []
    return [Content(""), Content.styled(title, "bold"), *shown, *left_out]
