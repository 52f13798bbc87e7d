"""How an open candidate gets on, in a few lines of its overview, while it runs."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from mltrack_tui.analysis.progress import Flag
from mltrack_tui.analysis.small_pictures import bar
from mltrack_tui.domain.entities import ENDED, CandidateDetail
from mltrack_tui.domain.text import clean
from mltrack_tui.domain.times import ago
from mltrack_tui.screens.live.runner_cells import left_words, rate_words, share_words, step_words
from mltrack_tui.screens.live.runners import Runner, histories_of, runner
from mltrack_tui.screens.live.trouble import quiet_answer
from mltrack_tui.screens.place import Place

if TYPE_CHECKING:
    from textual.worker import Worker

    from mltrack_tui.screens.candidate.overview import OverviewPane

_BAR = 20
_TONES = {Flag.NAN: "$error", Flag.DIVERGED: "$error", Flag.SILENT: "$warning", Flag.STALLED: "$dim"}


def progress_lines(of: Runner) -> Sequence[tuple[str, Content]]:
    """What each line is called, and what it says; none of a candidate that has ended."""
    told = of.progress
    if of.candidate.status in ENDED:
        return ()
    if told.share is None:
        far = Content(step_words(told) if told.step is None else f"step {step_words(told)}")
    else:
        far = Content.assemble((bar(told.share, _BAR), "$graph"), f" {share_words(told)}, at step {told.step:,}")
    lines = [("progress", far)]
    if told.last_point is not None:
        rate = f"{rate_words(told)}   " if told.rate else ""
        lines.append(("points", Content(f"{rate}last point {ago(told.last_point, of.at)}")))
    if told.ends is not None:
        lines.append(("ends", Content(left_words(told, of.at))))
    return [*lines, *(("", Content.styled(clean(str(each)), _TONES[each.flag])) for each in told.worries)]


class ProgressLines:
    """Keeps those lines as they are now: whoever reads the candidate again has them made anew."""

    def __init__(self, place: Place, pane: "OverviewPane") -> None:
        self._place = place
        self._pane = pane
        self._detail: CandidateDetail | None = None
        self._at_work = False

    def show(self, detail: CandidateDetail) -> None:
        """Another candidate is open, or was read again."""
        before, self._detail = self._detail, detail
        if before is None or before.candidate.id != detail.candidate.id or detail.candidate.status in ENDED:
            self._pane.show_progress(())
        if not self._at_work:
            self._at_work = True
            _: Worker[None] = self._place.run_worker(self._read, group="progress")

    async def _read(self) -> None:
        session, told = self._place.session, None
        try:
            while (detail := self._detail) is not None and detail is not told and detail.candidate.status not in ENDED:
                told, candidate = detail, detail.candidate
                histories = await quiet_answer(self._place, partial(histories_of, session.source, candidate))
                if histories is not None and self._detail is not None and self._detail.candidate.id == candidate.id:
                    self._pane.show_progress(progress_lines(runner(candidate, histories, session)))
        finally:
            self._at_work = False
