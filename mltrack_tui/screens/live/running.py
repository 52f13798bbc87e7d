"""All candidates that are running, over all experiments, as they run."""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from mltrack_tui.commands import GRID, LIST, OF_RUNNING, WATCH, Command, Group, hints
from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.entities import ENDED, Candidate, CandidateId
from mltrack_tui.domain.filter import Words
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.text import clean
from mltrack_tui.export.shape import Form
from mltrack_tui.export.table import Heading, Row
from mltrack_tui.screens.live.runner_cells import runner_fields
from mltrack_tui.screens.live.runners import RUNNING, Found, Runner, histories_of, runner, running
from mltrack_tui.screens.live.trouble import quiet_answer
from mltrack_tui.screens.overview import OverviewPlace
from mltrack_tui.screens.rows import Field, Rows
from mltrack_tui.screens.session import Session
from mltrack_tui.widgets.difference import cells_on_screen, repaint_difference
from mltrack_tui.widgets.grid import Grid

if TYPE_CHECKING:
    from mltrack_tui.domain.history import History
    from mltrack_tui.screens.browsing import Page as WebPage

AGE = 5.0
"""Seconds after which it is looked whether somebody has been silent for too long meanwhile."""


class RunningPlace(OverviewPlace[Runner]):
    """What runs, the latest activity first; rows stay where they are while it is open, also of what ends."""

    BINDINGS: ClassVar[list[BindingType]] = [*Group("Candidates", (WATCH,)).bindings(), *OF_RUNNING.bindings()]
    HINTS: ClassVar[tuple[Command, ...]] = (*hints(GRID, LIST, OF_RUNNING), WATCH)
    FOLLOWS = True
    NOUN = "candidate"
    HEADINGS = (
        *(Heading("id"), Heading("name"), Heading("project"), Heading("experiment"), Heading("status")),
        *(Heading("step", Form.EXACT), Heading("total_steps", Form.EXACT), Heading("steps_per_second", Form.EXACT)),
        *(Heading("last_point", Form.TIME), Heading("ends", Form.TIME), Heading("worries")),
    )

    def __init__(self, session: Session) -> None:
        self._histories: dict[CandidateId, Sequence[History]] = {}
        self._news: Changes | None = None
        self._note = ""
        super().__init__(session)
        self.path.show((session.source.name, "running"))

    def make_grid(self) -> Grid:
        """The table; status and name stay while the rest scrolls."""
        grid = Grid(frozen=2)
        grid.set_reactive(Grid.cursor, (0, 1))
        return grid

    def on_mount(self) -> None:
        """Silence is told though nothing happens. (Textual calls the base's handler too.)"""
        self.set_interval(AGE, self._grow_older)

    def fields(self) -> Sequence[Field[Runner]]:
        """Who it is, how far, how fast, and what looks wrong."""
        return runner_fields()

    def exact(self, item: Runner) -> Row:
        """The same, in full."""
        candidate, told = item.candidate, item.progress
        who = (item.name, candidate.name, candidate.id.project, candidate.experiment_name, candidate.status)
        return *who, told.step, told.total, told.rate, told.last_point, told.ends, "; ".join(map(str, told.worries))

    def fits(self, item: Runner) -> bool:
        """Words of the name or of the experiment."""
        where = self.filtering.where
        words = f"{item.called} {item.candidate.experiment_name or ''}"
        return where is None or (isinstance(where, Words) and where.occur_in(words))

    def empty_words(self) -> str:
        """Nobody trains."""
        note = f" {self._note}" if self._note else ""
        return f"No candidate is running{note}.\nOne that begins appears here by itself."

    def tell_shown(self, kept: int) -> None:
        """How many run, of how many that are shown."""
        still = sum(item.candidate.status == RUNNING for item in self._all.items)
        part = "" if kept == len(self._all) else f"{kept:,} of "
        ended = f" · {len(self._all) - still:,} ended" if still < len(self._all) else ""
        more = "" if self._whole else " · reading …"
        self.tell_count(f"{part}{still:,} running{ended}{f', {self._note}' if self._note else ''}{more}")

    # Loading

    async def ask(self) -> AsyncIterator[Page[Runner]]:
        """Who runs first, then how each gets on."""
        source = self.session.source
        found = await running(source)
        self._note = found.note
        candidates = await source.read(found.ids)
        self._histories = {each.id: self._histories.get(each.id, ()) for each in candidates}
        yield self._page(candidates, complete=not candidates)
        for each in candidates:
            self._histories[each.id] = await histories_of(source, each)
        if candidates:
            yield self._page(candidates, complete=True)

    def _runner(self, candidate: Candidate) -> Runner:
        return runner(candidate, self._histories.get(candidate.id, ()), self.session)

    def _page(self, candidates: Sequence[Candidate], *, complete: bool) -> Page[Runner]:
        latest = sorted(map(self._runner, candidates), key=lambda each: (-each.last_activity, each.called))
        return Page(latest, len(latest), len(latest), complete)

    # Changes

    def changed(self, changes: Changes) -> None:
        """Whoever is concerned is read again, also of a server, which is asked for nobody else."""
        self._news = changes if self._news is None else self._news.then(changes)
        self._outdated = True
        self._go_on_following()

    async def _read_again(self) -> None:
        changes, self._news = self._news, None
        if changes is None:
            return
        known = {each.candidate.id: each for each in self._all.items}
        found: Found | None = Found(list(known))
        if changes.anything or changes.began or changes.candidates or changes.others:
            found = await quiet_answer(self, lambda: running(self.session.source))
        if found is None:
            return
        self._note = found.note
        some = [id_ for id_ in {**known, **dict.fromkeys(found.ids)} if id_ not in known or _concerns(changes, id_)]
        candidates = await quiet_answer(self, partial(self.session.source.read, some)) if some else ()
        for gone in set(some) - {each.id for each in candidates} if candidates is not None else ():
            known.pop(gone, None)
        for each in candidates or ():
            histories = await quiet_answer(self, partial(histories_of, self.session.source, each))
            if histories is not None:
                self._histories[each.id] = histories
            known[each.id] = self._runner(each)
        self._renew(list(known.values()))

    def watched_others(self) -> None:
        """Show it."""
        self._grow_older()

    def candidate_here(self) -> CandidateId | None:
        """The cursor's."""
        here = self.item_under_cursor()
        return here.candidate.id if here is not None else None

    def action_total_steps(self) -> None:
        """Have the user say how many steps the candidate under the cursor will take."""
        from mltrack_tui.screens.live.totals import TotalDialog  # when it is first asked for

        def chosen(words: str | None) -> None:
            if words is not None:
                self.status.show_notice(words, "success")
                self._grow_older()

        here = self.item_under_cursor()
        if here is not None and here.candidate.status not in ENDED:
            self.app.push_screen(TotalDialog(self.session.live, here), chosen)
        elif here is not None:
            self.status.show_notice(f"{clean(here.called)} has ended: it will take no more steps.")

    def _grow_older(self) -> None:
        if self.is_current and self._whole:
            self._renew([self._runner(each.candidate) for each in self._all.items])

    def _renew(self, runners: Sequence[Runner]) -> None:
        """Show them in the rows where they stand, those that are new below; only what differs is painted."""
        by_name = {each.name: each for each in runners}
        shown = Rows(self._shown.fields, [by_name[each.name] for each in self._shown.items if each.name in by_name])
        new = len(runners) != len(self._all)
        before, columns = cells_on_screen(self.grid), self._all.columns()
        self.have(runners)
        if new or not self._shown.items or self._all.columns() != columns:
            self._rearrange_in_place(shown.items)
            return
        self._shown = self.grid.rows = shown
        repaint_difference(self.grid, before)
        self.tell_shown(len(shown))

    def _rearrange_in_place(self, first: Sequence[Runner]) -> None:
        """Show all, those that were shown where they were."""
        order, self.order = self.order, ()
        names = {each.name: place for place, each in enumerate(first)}
        self._all = Rows(self._all.fields, sorted(self._all.items, key=lambda each: names.get(each.name, len(names))))
        self.rearrange()
        self.order = order

    # Ways on

    def open_row(self, row: int) -> None:
        """To the candidate; its neighbours there are those here."""
        from mltrack_tui.screens.candidate.place import CandidatePlace

        ids = [each.candidate.id for each in self._shown.items]
        self.app.push_screen(CandidatePlace(self.session, ("running",), ids, row))

    def web_pages(self) -> "Sequence[WebPage]":
        """The candidate's."""
        here = self.item_under_cursor()
        return [("page", here.candidate.id)] if here is not None else []


def _concerns(changes: Changes, candidate: CandidateId) -> bool:
    return changes.concerns(candidate.candidate_id)
