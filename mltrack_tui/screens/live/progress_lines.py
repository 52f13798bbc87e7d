"""How an open candidate gets on, in a few lines of its overview, while it runs."""

import asyncio
from collections.abc import Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from textual.content import Content

from mltrack_tui.analysis.progress import Flag
from mltrack_tui.analysis.small_pictures import bar
from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.entities import ENDED, CandidateDetail
from mltrack_tui.domain.text import clean
from mltrack_tui.domain.times import ago
from mltrack_tui.screens.live.rhythm import rest_after
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
    """Keeps those lines, and the facts above them, as they are now."""

    def __init__(self, place: Place, pane: "OverviewPane") -> None:
        self._place = place
        self._pane = pane
        self._detail: CandidateDetail | None = None
        self._outdated = self._at_work = False

    def show(self, detail: CandidateDetail) -> None:
        """Another candidate is open, or was read again."""
        self._detail = detail
        self._pane.show_progress(())
        if detail.candidate.status not in ENDED:
            self._follow()

    def changed(self, changes: Changes) -> None:
        """Read it again where it is concerned."""
        if self._detail is not None and changes.concerns(self._detail.candidate.id.candidate_id):
            self._follow()

    def _follow(self) -> None:
        self._outdated = True
        if not self._at_work:
            self._at_work = True
            _: Worker[None] = self._place.run_worker(self._read, group="progress")

    async def _read(self) -> None:
        try:
            while self._outdated and (before := self._detail) is not None:
                begun, self._outdated = monotonic(), False
                await self._read_again(before)
                await asyncio.sleep(rest_after(monotonic() - begun))
        finally:
            self._at_work = False

    async def _read_again(self, before: CandidateDetail) -> None:
        session = self._place.session
        detail = await quiet_answer(self._place, partial(session.source.detail, before.candidate.id))
        if detail is None:
            return
        histories = await quiet_answer(self._place, partial(histories_of, session.source, detail.candidate))
        if histories is None or self._detail is not before:
            return
        if detail != before:
            self._detail = detail
            self._pane.show(detail, session.now(), session.source.capabilities.datasets)
        self._pane.show_progress(progress_lines(runner(detail.candidate, histories, session)))
