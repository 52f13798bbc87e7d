"""The plots of some candidates, in tabs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import ContentSwitcher

from mltrack_tui.commands import HELP, PLOT_TABS
from mltrack_tui.domain.changes import Changes
from mltrack_tui.screens.place import Place
from mltrack_tui.screens.plots.curves import CurvesPane
from mltrack_tui.screens.plots.pane import Pane, Subject
from mltrack_tui.screens.plots.statistics import PANES
from mltrack_tui.screens.session import Session
from mltrack_tui.widgets.tabs import TabBar

if TYPE_CHECKING:
    from mltrack_tui.export.table import Exportable
    from mltrack_tui.screens.browsing import Page
    from mltrack_tui.screens.copying import Copyable


class PlotsPlace(Place):
    """Candidates as pictures: their metrics as curves, and what their values say together."""

    BINDINGS: ClassVar[list[BindingType]] = [*PLOT_TABS.bindings()]

    def __init__(self, session: Session, path: Sequence[str], subject: Subject, tab: int = 0) -> None:
        """``path`` leads to the candidates."""
        super().__init__(session)
        self.parts = tuple(path)
        self._tab = tab
        self._begun: set[int] = set()
        self._held: list[str] = []
        kinds: tuple[type[Pane], ...] = (CurvesPane, *PANES)
        self.panes = tuple(kind(self, subject) for kind in kinds)
        self.tabs = TabBar([pane.TITLE for pane in self.panes])
        for index, pane in enumerate(self.panes):
            pane.id = f"plot-{index}"

    @property
    def pane(self) -> Pane:
        """The pane that is open."""
        return self.panes[self._tab]

    def content(self) -> ComposeResult:
        """The tabs' names above the open one."""
        yield self.tabs
        with ContentSwitcher(initial=f"plot-{self._tab}"):
            yield self.pane

    def begin(self) -> None:
        """Open the first tab."""
        self.path.show((self.session.source.name, *self.parts))
        self.action_tab(self._tab)

    def reload(self) -> None:
        """Read what the open tab shows again; the others begin anew when they are opened."""
        self._begun = {self._tab}
        self.pane.begin()

    def changed(self, changes: Changes) -> None:
        """Tell the panes that have begun."""
        for index in self._begun:
            self.panes[index].changed(changes)

    # Keys

    def on_key(self, event: events.Key) -> None:
        """Hold the open tab's keys as long as it can do nothing with them: who knows it types ahead."""
        if self._held or not self.pane.takes_keys:
            here = self.active_bindings.get(event.key)
            if here is None or here.node is self.pane:
                event.stop()
                self._held.append(event.key)
                self.call_later(self._press_held)

    async def _press_held(self) -> None:
        while self._held and self.pane.takes_keys:
            self.set_focus(self.pane)
            here = self.active_bindings.get(self._held.pop(0))
            if here is not None and here.enabled:
                await self.app.run_action(here.binding.action, here.node)

    # Commands

    def action_tab(self, index: int) -> None:
        """Open a tab, which begins when it is first seen."""
        if index >= len(self.panes):
            return
        self._tab = index
        self.tabs.show(index)
        switcher = self.query_one(ContentSwitcher)
        if self.pane.parent is None:  # made when it is first seen: five panes at once would keep the first one waiting
            switcher.mount(self.pane)
        switcher.current = self.pane.id
        self.pane.focus()
        if index not in self._begun:
            self._begun.add(index)
            self.pane.begin()
        self.tell()

    def action_step_tab(self, step: int) -> None:
        """Open the next tab or the one before."""
        self.action_tab((self._tab + step) % len(self.panes))

    @on(TabBar.Picked)
    def _tab_picked(self, event: TabBar.Picked) -> None:
        self.action_tab(event.index)

    @on(Pane.Told)
    def tell(self) -> None:
        """Show around the pane what it says."""
        pane = self.pane
        self.hints.show([*pane.hints, HELP])
        self.path.show(count=pane.position)
        self.status.show_value(pane.where, *(pane.value_under_cursor() or ("", "")))
        self.looked_at = pane.candidate_under_cursor() or self.looked_at
        if self._held:
            self.call_later(self._press_held)

    def leave(self) -> bool:
        """Leave what is open within the pane first."""
        return self.pane.leave() or super().leave()

    # What is taken elsewhere

    def value_under_cursor(self) -> tuple[str, str] | None:
        """What the open tab's cursor is on."""
        return self.pane.value_under_cursor()

    def copyable(self) -> "Sequence[Copyable]":
        """The value under the cursor, and what names its candidate."""
        from mltrack_tui.screens.copying import candidate_choices

        here = self.pane.candidate_under_cursor()
        names = candidate_choices(here, None, self.session.source.location) if here is not None else []
        return [*super().copyable(), *names]

    def web_pages(self) -> "Sequence[Page]":
        """The candidate's."""
        here = self.pane.candidate_under_cursor()
        return [("page", here)] if here is not None else []

    def exportable(self) -> "Exportable | None":
        """The data that is drawn."""
        return self.pane.exportable()

    def action_export(self) -> None:
        """Choose where to write the picture, or the data that it is of."""
        from mltrack_tui.screens.plots.exporting import DrawingDialog

        drawing = self.pane.drawing()
        if drawing is None:
            self.status.show_notice("There is no picture to export here.")
            return
        self.app.push_screen(DrawingDialog(drawing, self.exportable()), self._copied)

    def action_enlarge(self) -> None:
        """What the pane has to enlarge, or the full value under the cursor."""
        if not self.pane.enlarge():
            super().action_enlarge()
