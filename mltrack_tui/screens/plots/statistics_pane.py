"""What scatter, histogram, boxes and bars have in common: their columns, a cursor, and that they read again quietly."""

from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from mltrack_tui.commands import STATISTICS, Command, hints
from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.domain.page import Page
from mltrack_tui.domain.query import Column, Kind, Value
from mltrack_tui.screens.live.rhythm import rest_after
from mltrack_tui.screens.plots.pane import Drawing, Pane, Subject
from mltrack_tui.screens.plots.statistics_asking import Asking, Telling
from mltrack_tui.widgets.chart import ChartView

if TYPE_CHECKING:
    from textual.timer import Timer

    from mltrack_tui.screens.plots.place import PlotsPlace


class Both(NamedTuple):
    """Two columns of all candidates, and their values in the candidates' order."""

    page: Page[CandidateId]
    x: Column
    y: Column
    xs: Sequence[Value]
    ys: Sequence[Value]


class StatisticsPane(Pane):
    """Draws columns of all candidates.

    Attributes:
        x, y: the columns that are drawn; None until they were chosen, by the user or for the user.
        asking: where their values come from.
        chart: the picture.
        style: the characters that it is drawn with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*STATISTICS.bindings()]
    HINTS: ClassVar[tuple[Command, ...]] = hints(STATISTICS)
    X_KINDS: ClassVar[tuple[Kind, ...]] = (Kind.PARAM, Kind.METRIC)
    """What can be drawn over."""
    Y_KINDS: ClassVar[tuple[Kind, ...]] = (Kind.METRIC, Kind.PARAM)
    """What can be drawn."""

    place: "PlotsPlace"

    def __init__(self, place: "PlotsPlace", subject: Subject) -> None:
        super().__init__(place, subject)
        self.x: Column | None = None
        self.y: Column | None = None
        self.asking = Asking(place, subject)
        self.chart = ChartView()
        self.style = place.session.style
        self._again: Timer | None = None
        self._read_at = self._took = 0.0
        self._stale = self._picked = False
        self._sentence = "Reading values …"
        """What is said in place of a picture; '' where there is one."""

    def compose(self) -> ComposeResult:
        """The picture."""
        yield self.chart

    # What a kind of picture is

    async def read(self) -> str | None:
        """Read what is drawn; where there is nothing to draw, that in a sentence. None where the source failed."""
        raise NotImplementedError

    async def draw(self) -> None:
        """Show what was read, for the room there is."""
        raise NotImplementedError

    def neighbours(self) -> tuple[Sequence[CandidateId], int]:
        """The candidates among which the cursor's is opened, and its place; without any there is none to open."""
        raise NotImplementedError

    def step(self, step: int) -> bool:
        """Put the cursor on the next of what is drawn (1), or on that before (-1); False at the end."""
        raise NotImplementedError

    def count(self) -> tuple[int, int]:
        """Where the cursor is, from 0, and among how many."""
        raise NotImplementedError

    @property
    def where(self) -> str:
        """The cursor's place."""
        at, of = self.count()
        return f"{at + 1:,}/{of:,}" if of else ""

    # Reading

    async def read_both(self, telling: Telling, kinds: Sequence[Kind], joint: str) -> Both | str | None:
        """Read x and y; without a choice, the metric that matters and what is most ``telling`` of it.

        That is looked for among the first kind of columns, then among the next. Where there is nothing to draw, that
        in a sentence, which has ``joint`` between the two; None where the source failed.
        """
        page = await self.asking.candidates()
        if page is None:
            return None
        self.y = self.y or await self.asking.likely_metric(page.items)
        if self.y is None:
            return "There is no metric here."
        ys = await self.asking.values(page.items, self.y)
        if ys is None:
            return None
        for kind in kinds:
            self.x = self.x or await self.asking.most_telling(kind, page.items, self.y, ys, telling)
        self.x = self.x or next((each for _, each in self.asking.choices(self.X_KINDS) if each != self.y), None)
        if self.x is None:
            return f"There is no column to draw {self.asking.title(self.y)} {joint}."
        xs = await self.asking.values(page.items, self.x)
        return None if xs is None else Both(page, self.x, self.y, xs, ys)

    def begin(self) -> None:
        """Read the columns and their values."""
        self._load(learn=True)

    @work(exclusive=True, group="statistics")
    async def _load(self, *, learn: bool = False) -> None:
        self._stale = self._picked = False
        begun = monotonic()
        if learn or self.asking.columns is None:
            await self.asking.learn()
        sentence = await self.read() if self.asking.columns is not None else None
        self._read_at = monotonic()
        self._took = self._read_at - begun
        if sentence is not None:
            self._sentence = sentence
        elif self._sentence:
            self._sentence = "Nothing could be read."
        self._redraw()
        self._learn_name()

    async def _show(self) -> None:
        from mltrack_tui.plots.painting import finished, words  # with the first picture

        if self._sentence:
            self.chart.show(finished(words(self._sentence, *self.chart.size).lines, self.style))
        else:
            await self.draw()
        self.place.ready.set()
        self.post_message(self.Told())

    def changed(self, changes: Changes) -> None:
        """Read again what is drawn, a while after it was read last; what nobody sees, when it is seen again."""
        drawn = {column.name for column in (self.x, self.y) if column is not None}
        points = any(not drawn.isdisjoint(metrics) for metrics in changes.metrics.values())
        if not (changes.anything or changes.began or changes.candidates or changes.others or points):
            return
        self._stale = True
        self._read_again()

    def on_show(self) -> None:
        """What changed meanwhile is read, at once where another column was chosen."""
        if self._picked:
            self._load()
        else:
            self._read_again()

    def _read_again(self) -> None:
        if not self._stale or self._again is not None or not self.display:
            return
        rest = rest_after(self._took) - (monotonic() - self._read_at)

        def read() -> None:
            self._again = None
            self._load()

        self._again = self.set_timer(max(rest, 0.0), read)

    @on(ChartView.Resized)
    def _resized(self) -> None:
        self._redraw()

    @work(exclusive=True, group="drawing")
    async def _redraw(self) -> None:
        await self._show()

    @work(exclusive=True, group="names")
    async def _learn_name(self) -> None:
        """Have the name of the candidate under the cursor, once the keys rest on it."""
        here = self.candidate_under_cursor()
        if here is not None and not self.asking.knows(here):
            await self.asking.name_them([here])
            self.post_message(self.Told())

    def drawing(self) -> Drawing | None:
        """The picture, as it is shown."""
        from mltrack_tui.plots.picture_svg import picture_svg

        table = self.exportable()
        if self._sentence or table is None:
            return None
        return Drawing(table.name, self.chart.picture, partial(picture_svg, self.chart.picture))

    # Commands

    def action_step(self, step: int) -> None:
        """Go to the next candidate, bar or box."""
        if self.step(step):
            self._redraw()
            self._learn_name()

    def action_open_charted(self) -> None:
        """Open the candidate under the cursor, with those beside it as its neighbours."""
        from mltrack_tui.screens.candidate.place import CandidatePlace  # not needed for the picture

        ids, index = self.neighbours()
        if ids:
            self.app.push_screen(CandidatePlace(self.place.session, self.place.parts, ids, index))

    def action_pick_x(self) -> None:
        """Choose the column that is drawn over, here and in the other pictures."""
        self._pick("x axis", self.X_KINDS, lambda pane, column: pane.draw_over(column))

    def action_pick_y(self) -> None:
        """Choose the column that is drawn, here and in the other pictures."""
        self._pick("y axis", self.Y_KINDS, lambda pane, column: pane.draw_of(column))

    def draw_over(self, column: Column) -> None:
        """Draw over this column from when it is seen next, if that can be."""
        if column.kind in self.X_KINDS:
            self.x = column
            self._was_picked()

    def draw_of(self, column: Column) -> None:
        """Draw this column from when it is seen next, if that can be."""
        if column.kind in self.Y_KINDS:
            self.y = column
            self._was_picked()

    def _was_picked(self) -> None:
        """What is read just now may end in a choice made for the user, which would take the place of this one."""
        self._picked = True
        self.workers.cancel_group(self, "statistics")

    def _pick(self, title: str, kinds: Sequence[Kind], choose: "Callable[[StatisticsPane, Column], None]") -> None:
        from mltrack_tui.screens.dialogs import Picker  # when the first dialog is opened

        def chosen(column: Column | None) -> None:
            if column is None:
                return
            for pane in self.place.panes:
                if isinstance(pane, StatisticsPane) and (pane is self or column not in {pane.x, pane.y}):
                    choose(pane, column)
            self._load()

        if choices := self.asking.choices(kinds):
            self.app.push_screen(Picker(title, choices), chosen)
