"""How far downloads are, in a few words."""

from collections.abc import Sequence

from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.domain.text import clean
from mltrack_tui.screens.place import counted
from mltrack_tui.transfer.downloads import Download, Progress, State

LONGEST = 60


def share(downloads: Sequence[Progress]) -> float | None:
    """How much of some downloads has come, from 0 to 1: of their bytes, else of their files; None: nobody knows."""
    for done, totals in (
        (sum(each.bytes_done for each in downloads), [each.bytes_total for each in downloads]),
        (sum(each.files_done for each in downloads), [each.files_total for each in downloads]),
    ):
        total = sum(each or 0 for each in totals)
        if None not in totals and total:
            return min(done / total, 1.0)
    return None


def brief(under_way: Sequence[Download]) -> str:
    """``↓ 2 · 45%``: how many are under way, and how far those are together that were begun; '' for none."""
    if not under_way:
        return ""
    if all(each.state is State.PAUSED for each in under_way):
        return f"↓ {len(under_way):,} paused"
    far = share([each.progress for each in under_way if each.progress.files_total is not None])
    return f"↓ {len(under_way):,}" + ("" if far is None else f" · {percent(far)}")


def percent(far: float) -> str:
    """``45%``; 100% only once all has come."""
    return f"{int(far * 100)}%"


def files_words(progress: Progress) -> str:
    """``3 of 12 files``."""
    if progress.files_total is None:
        return counted(progress.files_done, "file")
    return f"{progress.files_done:,} of {counted(progress.files_total, 'file')}"


def bytes_words(progress: Progress) -> str:
    """``1.2/3.4 GB``, where both have the same unit; once all has come, ``3.4 GB``."""
    done = bytes_text(progress.bytes_done)
    if progress.bytes_total is None or progress.bytes_done == progress.bytes_total:
        return done
    total = bytes_text(progress.bytes_total)
    number, unit = done.split(" ")
    return f"{number if total.endswith(f' {unit}') else done}/{total}"


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
