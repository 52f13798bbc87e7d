"""What the screens say of downloads."""

from collections.abc import Sequence

from mltrack_tui.domain.text import clean
from mltrack_tui.screens.place import counted
from mltrack_tui.transfer.downloads import Download, State
from mltrack_tui.transfer.words import pace_words, percent, share

LONGEST = 60


def brief(under_way: Sequence[Download]) -> str:
    """``↓ 2 · 45%``: how many are under way, and how far those are together that were begun; '' for none.

    Where one waits for its source in vain, that too: ``↓ 2 · 45% · no answer for 3s``.
    """
    if not under_way:
        return ""
    if all(each.state is State.PAUSED for each in under_way):
        return f"↓ {len(under_way):,} paused"
    far = share([each.progress for each in under_way if each.progress.files_total is not None])
    told = [f"↓ {len(under_way):,}", *([] if far is None else [percent(far)])]
    return " · ".join([*told, *(pace_words(each.progress) for each in under_way if each.progress.silence)])


def ended_words(download: Download) -> str:
    """What is told of a download that ended, in a sentence."""
    title = clean(download.title, LONGEST)
    if download.state is State.DONE:
        return f"Downloaded {title} to {clean(str(where(download)))}"
    if download.problem:
        return f"{title} was not downloaded: {clean(download.problem)}"
    failed = counted(len(download.failures), "file")
    return f"{failed} of {title} could not be downloaded: T shows which."


def where(download: Download) -> object:
    """Where it lies, or will lie: the one thing that was wanted, else the folder of all."""
    return download.targets[0] if len(download.targets) == 1 else download.folder
