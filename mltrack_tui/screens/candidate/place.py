"""The place of one candidate; `[` and `]` go to its neighbours in the table it was opened from."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import ContentSwitcher

from mltrack_tui.commands import ARTIFACTS as IN_TREE
from mltrack_tui.commands import CANDIDATE, DOWNLOAD, HELP, LARGE, LOADING, LOOKS, OF_CANDIDATES, hints
from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.entities import CandidateDetail, CandidateId, Link
from mltrack_tui.screens.candidate import elsewhere, fetching
from mltrack_tui.screens.candidate.artifacts import ArtifactsPane
from mltrack_tui.screens.candidate.curves import Curves
from mltrack_tui.screens.candidate.following import Following
from mltrack_tui.screens.candidate.metrics import MetricsPane
from mltrack_tui.screens.candidate.overview import OverviewPane
from mltrack_tui.screens.candidate.texts import TextsPane
from mltrack_tui.screens.candidate.usage import UsageLines
from mltrack_tui.screens.live.progress_lines import ProgressLines
from mltrack_tui.screens.live.trouble import quiet_answer
from mltrack_tui.screens.patience import SILENCE
from mltrack_tui.screens.place import Place
from mltrack_tui.screens.session import Session
from mltrack_tui.sources.base import SourceError
from mltrack_tui.widgets.grid import Grid
from mltrack_tui.widgets.tabs import TabBar

if TYPE_CHECKING:
    from mltrack_tui.export.table import Exportable
    from mltrack_tui.screens.browsing import Page
    from mltrack_tui.screens.copying import Copyable

OVERVIEW, PARAMETERS, METRICS, TAGS, ARTIFACTS = range(5)
_NAMES = ("Overview", "Parameters", "Metrics", "Tags", "Artifacts")
_STEPS = hints(CANDIDATE)
_HINTS = {METRICS: (LARGE, *hints(LOOKS)), ARTIFACTS: (DOWNLOAD, *hints(IN_TREE))}


class CandidatePlace(Place):
    """One candidate, in five tabs."""

    BINDINGS: ClassVar[list[BindingType]] = [*CANDIDATE.bindings(), *OF_CANDIDATES.bindings(), *LOADING.bindings()]

    def __init__(
        self, session: Session, path: Sequence[str], candidates: Sequence[CandidateId], index: int, tab: int = OVERVIEW
    ) -> None:
        super().__init__(session)
        self._path = tuple(path)
        self._candidates = candidates
        self._index = index
        self._tab = tab
        self._shown: CandidateId | None = None
        self._name: str | None = None
        self._origin: Sequence[Link] = ()
        self.tabs = TabBar(_NAMES)
        self.overview = OverviewPane(id="tab-0")
        self._usage = UsageLines(self, self.overview)
        self._progress = ProgressLines(self, self.overview)
        self.parameters = TextsPane(id="tab-1", empty="This candidate logged no parameters.")
        self.metrics = MetricsPane(self, id="tab-2")
        self._curves = Curves(self, self.metrics)
        self._following = Following(self, lambda: self._load(again=True))
        self.tags = TextsPane(id="tab-3", empty="This candidate has no tags.")
        self.artifacts = ArtifactsPane(self, id="tab-4")

    @property
    def candidate(self) -> CandidateId:
        """The candidate that is shown."""
        return self._candidates[self._index]

    @property
    def shown(self) -> CandidateId | None:
        """The one whose values are on screen: it is another until they were read."""
        return self._shown

    @property
    def called(self) -> str:
        """Its name where that is known, else its id."""
        return (self._name if self._shown == self.candidate else None) or self.candidate.candidate_id

    @property
    def parts(self) -> Sequence[str]:
        """The path to it, below its source."""
        return (*self._path, self.called)

    def candidate_here(self) -> CandidateId | None:
        """The one that is open."""
        return self.candidate

    def content(self) -> ComposeResult:
        """The tabs' names above the open one."""
        yield self.tabs
        with ContentSwitcher(initial=f"tab-{self._tab}"):
            yield self.overview
            yield self.parameters
            yield self.metrics
            yield self.tags
            yield self.artifacts

    def on_mount(self) -> None:
        """Open the first tab."""
        self.hold_frame()
        for pane in (self.parameters, self.metrics, self.tags, self.artifacts):
            self.watch(pane.grid, "cursor", self._tell_value, init=False)
        self.action_tab(self._tab)

    # Loading

    def reload(self) -> None:
        """Read the candidate again."""
        self.looked_at = self.candidate
        self._curves.forget()
        self.path.show((self.session.source.name, *self._path, self.candidate.candidate_id), self._place_in_table())
        self._load()

    def _place_in_table(self) -> str:
        return f"{self._index + 1:,} of {len(self._candidates):,}"

    @work(exclusive=True, group="detail")
    async def _load(self, *, again: bool = False) -> None:
        candidate = self.candidate
        again = again and candidate == self._shown  # else it is not on screen yet, and takes the place of that reading
        self._following.begin()
        patience = self.set_timer(SILENCE, self._say_that_it_is_read)
        ask = partial(self.session.source.detail, candidate)
        try:
            detail = await (quiet_answer(self, ask, self._gone) if again else self.answer(ask, self._lost))
        finally:
            patience.stop()  # also where another reading takes its place, which may have said something since
        if detail is None:
            return
        self._show(detail, again=again)
        self._usage.show(detail)
        async for page in self.answers(lambda: self.session.source.summaries(candidate)):
            self.metrics.show(detail.candidate.metrics, page.items, read=page.complete or page.on_demand)
            if page.on_demand:
                break
        for history in self._curves.whole(candidate):
            self.metrics.know(history)
        self._following.done()

    def _say_that_it_is_read(self) -> None:
        """Before somebody takes what is still on screen for what the path names."""
        if self.candidate != self._shown:
            self.say("Reading the candidate …")

    def _lost(self, error: SourceError) -> None:
        """There is nothing to show of a candidate but the sentence, unless it was shown before."""
        self.failed(error)
        if self.candidate != self._shown:
            self.say(str(error))

    def _gone(self) -> None:
        """What was read stays, and the path says of it that it was."""
        self.path.show((self.session.source.name, *self._path, f"{self.called} (gone)"))
        self.status.show_notice(f"The source has {self.called} no longer: this is how it was.")

    def _show(self, detail: CandidateDetail, *, again: bool) -> None:
        """Show a candidate; one read ``again`` as it goes on keeps what takes longer until that was read too."""
        shown = detail.candidate
        if shown.id != self._shown:
            self.artifacts.clear()
        self._shown, self._name, self._origin = shown.id, shown.name, detail.origin
        self._curves.show(shown)
        self.say("")
        name = shown.name or shown.id.candidate_id
        self.path.show((self.session.source.name, *self._path, name))
        self.overview.show(detail, self.session.now(), self.session.source.capabilities.datasets)
        self._progress.show(detail)
        self.parameters.show(shown.params)
        if not again:
            self.metrics.show(shown.metrics)
        self.tags.show(shown.tags)
        self.tabs.show(counts={PARAMETERS: len(shown.params), METRICS: len(shown.metrics), TAGS: len(shown.tags)})
        if not again and (self._tab == ARTIFACTS or self.artifacts.listed):
            self.artifacts.read()
        self.ready.set()

    @on(MetricsPane.CurveWanted)
    def _curve_wanted(self) -> None:
        if self._tab == METRICS:
            self._curves.draw()

    def action_load_all(self) -> None:
        """Read the history of the highlighted metric to its end; moving on, or escape, ends it."""
        why = self._curves.want_whole() if self._tab == METRICS else "Open the tab Metrics (3): its histories are read."
        if why:
            self.status.show_notice(why)

    # Commands

    def action_tab(self, index: int) -> None:
        """Open a tab, its table ready for the keys."""
        self._tab = index
        self.tabs.show(index)
        self.query_one(ContentSwitcher).current = f"tab-{index}"
        pane = (self.overview, self.parameters, self.metrics, self.tags, self.artifacts)[index]
        (pane if isinstance(pane, OverviewPane) else pane.grid).focus()
        self.hints.show([*_HINTS.get(index, ()), *_STEPS, HELP])
        if index == ARTIFACTS and not self.artifacts.listed and self._shown is not None:
            self.artifacts.read()
        if index == METRICS:
            self._curves.draw()
        self._tell_value()

    def changed(self, changes: Changes) -> None:
        """Read what got points again, and the candidate."""
        if changes.concerns(self.candidate.candidate_id):
            self._following.changed()
        self._curves.changed(changes)

    def action_step_tab(self, step: int) -> None:
        """Open the next tab or the one before."""
        self.action_tab((self._tab + step) % len(_NAMES))

    @on(TabBar.Picked)
    def _tab_picked(self, event: TabBar.Picked) -> None:
        self.action_tab(event.index)

    def action_step(self, step: int) -> None:
        """Go to the next candidate of the table or the one before, in the same tab."""
        index = self._index + step
        if 0 <= index < len(self._candidates):
            self._index = index
            self.reload()
        else:
            self.status.show_notice("This is the last candidate." if step > 0 else "This is the first candidate.")

    def action_up(self) -> None:
        """Out of the tree's filter first."""
        if self._tab != ARTIFACTS or not self.artifacts.stop():
            super().action_up()

    def leave(self) -> bool:
        """Read a history on no longer, first."""
        return self._curves.stop() or super().leave()

    @property
    def _pane(self) -> TextsPane | MetricsPane | ArtifactsPane | None:
        """The open tab's, where that has a table."""
        return (None, self.parameters, self.metrics, self.tags, self.artifacts)[self._tab]

    def value_under_cursor(self) -> tuple[str, str] | None:
        """What the open tab's cursor is on."""
        pane = self._pane
        return pane.value_under_cursor() if pane is not None else ("candidate id", self.candidate.candidate_id)

    def copyable(self) -> "Sequence[Copyable]":
        """The value under the cursor, and what names the candidate and its artifact."""
        here = [] if self._tab == OVERVIEW else super().copyable()
        name = self._name if self._shown == self.candidate else None
        return [*here, *elsewhere.names(self, name, self.artifacts if self._tab == ARTIFACTS else None)]

    def web_pages(self) -> "Sequence[Page]":
        """The candidate's, and those of what it came from."""
        origin = self._origin if self._shown == self.candidate else ()
        links = [(f"{link.label}  {link.text}", link.url) for link in origin if link.url]
        return [("page", self.candidate), *links]

    def exportable(self) -> "Exportable | None":
        """The open tab's table of parameters, metrics, tags or artifacts."""
        pane = self._pane
        return None if pane is None else elsewhere.table(self, _NAMES[self._tab].lower(), pane)

    @on(Grid.Moved)
    def _tell_value(self) -> None:
        name, value = self.value_under_cursor() or ("", "")
        in_tree = self._tab == ARTIFACTS
        position, value = self.artifacts.told_of_cursor() if in_tree else ("", value)
        at = self.candidate, self._tab, self._pane.grid.cursor if self._pane is not None else None
        self.status.show_value(position, name, value, at=at)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to enlarge in the overview."""
        nothing = action == "enlarge" and self._tab == OVERVIEW
        return False if nothing else super().check_action(action, parameters)

    def action_enlarge(self) -> None:
        """The metric large, or the cell's full value."""
        if self._tab == METRICS:
            if self.metrics.metric is not None:
                self._plot(self.metrics.metric)
        else:
            super().action_enlarge()

    @on(Grid.Opened)
    def _opened(self) -> None:
        """Behind a value lies all of it; what lies behind an artifact is the tree's business."""
        if self._tab != ARTIFACTS:
            self.action_enlarge()

    def action_plot(self) -> None:
        """Draw all metrics of this candidate."""
        self._plot()

    def _plot(self, metric: str | None = None) -> None:
        from mltrack_tui.screens.plots.pane import Subject  # when it is first opened
        from mltrack_tui.screens.plots.place import PlotsPlace

        subject = Subject((self.candidate,), metric=metric, look=self.metrics.look)
        self.app.push_screen(PlotsPlace(self.session, self.parts, subject))

    def action_download(self) -> None:
        """Download the marked artifacts, or what the cursor is on."""
        fetching.download(self, self.artifacts if self._tab == ARTIFACTS else None)

    def action_download_all(self) -> None:
        """Download all artifacts of the candidate."""
        fetching.download_all(self)
