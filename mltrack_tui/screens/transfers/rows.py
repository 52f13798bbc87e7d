"""How downloads look as lines of a table."""

from collections.abc import Sequence

from rich.cells import cell_len

from mltrack_tui.analysis.small_pictures import bar
from mltrack_tui.domain.text import clean
from mltrack_tui.screens.transfers.words import LONGEST, where
from mltrack_tui.transfer.downloads import Download, State
from mltrack_tui.transfer.words import bytes_words, left_words, pace_words, percent, share
from mltrack_tui.widgets.cells import MISSING, Cell, GridColumn, Ink, Tone

_NOTHING = Cell("")
_SILENT = Cell("no answer", Tone.WARN)
_BAR = 6
_BESIDE, _LEAST_TITLE = 78, 13
"""Terminal cells that the other columns take up to the files; the least that titles get."""
_STATES = {
    State.WAITING: Cell("· waiting", Tone.DIM),
    State.RUNNING: Cell("● running", Tone.BUSY),
    State.PAUSED: Cell("‖ paused", Tone.WARN),
    State.DONE: Cell("✓ done", Tone.GOOD),
    State.FAILED: Cell("✗ failed", Tone.BAD),
    State.CANCELLED: Cell("⊘ stopped", Tone.DIM),
}


class DownloadRows:
    """Downloads, the latest first; what changes while one goes on has columns of fixed widths."""

    def __init__(self, downloads: Sequence[Download] = ()) -> None:
        self.downloads = downloads

    def __len__(self) -> int:
        return len(self.downloads)

    def cells(self, row: int, columns: tuple[int, ...]) -> list[Cell]:
        """The cells of a line."""
        makers = (_title, _state, _bar, _bytes, _speed, _left, _files, _into)
        return [makers[column](self.downloads[row]) for column in columns]

    def columns(self, width: int) -> list[GridColumn]:
        """The title has what the others leave of the screen, as far as it needs it; the folder comes last."""
        titles = max((cell_len(_title(each).text) for each in self.downloads), default=0)
        folders = max((cell_len(_into(each).text) for each in self.downloads), default=0)
        return [
            GridColumn("download", min(max(titles, 8), max(width - _BESIDE, _LEAST_TITLE))),
            GridColumn("state", 10),
            GridColumn("", _BAR + 5),
            GridColumn("size", 15),
            GridColumn("speed", 10, right=True),
            GridColumn("left", 6, right=True),
            GridColumn("files", max(map(_files_width, self.downloads), default=5), right=True),
            GridColumn("into", min(max(folders, 4), 60)),
        ]

    def full(self, row: int, column: int) -> tuple[str, str]:
        """The title of a cell's column and all that is to be said there; of the first, where it lies."""
        download = self.downloads[row]
        (cell,) = self.cells(row, (column,))
        if column == 0:
            return download.title, str(where(download))
        if column == 1 and (told := download.problem or (download.failures and download.failures[0].reason)):
            return "state", f"{download.state.value}: {told}"
        if column in {1, 4} and download.progress.silence:
            return "state", f"{download.state.value}, {pace_words(download.progress)}"
        return self.columns(80)[column].title or "done", cell.tail.text.strip() or cell.text


def _title(download: Download) -> Cell:
    return Cell(clean(download.title, LONGEST), Tone.STRONG)


def _state(download: Download) -> Cell:
    cell, failed = _STATES[download.state], len(download.failures)
    return Cell(f"✗ {failed:,} failed", Tone.BAD) if download.state is State.FAILED and failed else cell


def _bar(download: Download) -> Cell:
    far = 1.0 if download.state is State.DONE else share([download.progress])
    if far is None:
        return _NOTHING
    return Cell(bar(far, _BAR) if far else " " * _BAR, Tone.GRAPH, tail=Ink(f" {percent(far):>4}", Tone.PLAIN))


def _bytes(download: Download) -> Cell:
    begun = download.progress.files_total is not None or download.progress.bytes_done
    return Cell(bytes_words(download.progress)) if begun else _NOTHING


def _speed(download: Download) -> Cell:
    return _SILENT if download.progress.silence else Cell(pace_words(download.progress))


def _left(download: Download) -> Cell:
    words = left_words(download.progress)
    return Cell(words) if words or download.state is not State.RUNNING else MISSING


def _files(download: Download) -> Cell:
    done, total = download.progress.files_done, download.progress.files_total
    return _NOTHING if total is None else Cell(f"{done:,}/{total:,}")


def _files_width(download: Download) -> int:
    """The same however many have come."""
    total = len(f"{download.progress.files_total or 0:,}")
    return max(2 * total + 1, len("files"))


def _into(download: Download) -> Cell:
    return Cell(clean(str(download.folder), 200), Tone.DIM)
