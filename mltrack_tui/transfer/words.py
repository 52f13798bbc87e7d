"""How far downloads are, in a few words: the same on the screen and on the command line."""

from collections.abc import Sequence

from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.domain.times import SECOND, duration
from mltrack_tui.transfer.order import Progress


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


def percent(far: float) -> str:
    """``45%``; 100% only once all has come."""
    return f"{int(far * 100)}%"


def files_words(progress: Progress) -> str:
    """``3 of 12 files``."""
    number = progress.files_done if progress.files_total is None else progress.files_total
    of = "" if progress.files_total is None else f"{progress.files_done:,} of "
    return f"{of}{number:,} file{'' if number == 1 else 's'}"


def bytes_words(progress: Progress) -> str:
    """``1.2/3.4 GB``, where both have the same unit; once all has come, ``3.4 GB``."""
    done = bytes_text(progress.bytes_done)
    if progress.bytes_total is None or progress.bytes_done == progress.bytes_total:
        return done
    total = bytes_text(progress.bytes_total)
    number, unit = done.split(" ")
    return f"{number if total.endswith(f' {unit}') else done}/{total}"


def pace_words(progress: Progress) -> str:
    """``3.1 MB/s``; ``no answer for 3s`` where bytes are waited for; '' where none are, or nobody can tell yet."""
    if progress.silence:
        return f"no answer for {duration(progress.silence * SECOND)}"
    return f"{bytes_text(round(progress.speed))}/s" if progress.speed else ""


def left_words(progress: Progress) -> str:
    """``2m03s``: how long it will take still; '' where that cannot be told."""
    return "" if progress.left is None else duration(max(round(progress.left), 1) * SECOND)
