"""A place whose content is a table: filtered as one types, sorted by any column, the cursor kept on its row."""

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from mltrack_tui.commands import FILTER_BOX, GRID, HELP, LIST, Command, hints
from mltrack_tui.domain.query import Lifecycle
from mltrack_tui.screens.filtering import Filtering
from mltrack_tui.screens.languages import Language, Words
from mltrack_tui.screens.place import Place
from mltrack_tui.screens.session import Session
from mltrack_tui.screens.sorting import Sorted
from mltrack_tui.widgets.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Sequence

K = TypeVar("K")


class ListPlace(Place, Sorted[K]):
    """A table of things with names; ``K`` is what tells the columns that it is sorted by."""

    BINDINGS: ClassVar[list[BindingType]] = [*LIST.bindings()]
    HINTS: ClassVar[tuple[Command, ...]] = hints(GRID, LIST)

    lifecycle: Lifecycle = Lifecycle.ACTIVE

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.grid = self.make_grid()
        self.filtering = Filtering(self.language(), self._to_table)

    def make_grid(self) -> Grid:
        """The table; its first column stays while the rest scrolls."""
        return Grid(frozen=1)

    def content(self) -> ComposeResult:
        """The filter's box above the table."""
        yield self.filtering
        yield self.grid

    def on_mount(self) -> None:
        """The table has the keys. (Textual calls the base's handler too.)"""
        self.set_focus(self.grid)
        self.watch(self.grid, "cursor", self._moved, init=False)

    # What the subclass knows

    def open_row(self, row: int) -> None:
        """Go to what lies behind a row."""
        raise NotImplementedError

    # Filter

    def language(self) -> Language:
        """What may be typed into the filter."""
        return Words()

    def action_filter(self) -> None:
        """Type a filter; those of other days are at hand."""
        self.filtering.open()
        self._recall()

    def action_up(self) -> None:
        """Out of the filter first, then out of the place."""
        if self.filtering.text:
            self.filtering.clear()
        else:
            self.leave()

    def _to_table(self) -> None:
        self.set_focus(self.grid)

    @on(Filtering.Changed)
    def _filter_changed(self) -> None:
        if self.filtering.settle():  # else the text is another one by now, and what it means comes
            self.rearrange()

    def hold_cursor(self, held: bool) -> None:
        """Go back to the row that the cursor is on now whenever it is shown, though a filter may hide it meanwhile."""
        raise NotImplementedError

    @on(Filtering.Typing)
    def _typing(self) -> None:
        self.hold_cursor(self.filtering.is_typing)
        self.hints.show(hints(FILTER_BOX) if self.filtering.is_typing else [*self.HINTS, HELP])
        if self.filtering.is_typing:
            self._recall()

    @work(exclusive=True, group="recall")
    async def _recall(self) -> None:
        nothing: Sequence[str] = ()
        self.filtering.remember(await self.remembered(lambda state: state.filters(), nothing))

    @on(Filtering.Accepted)
    async def _accepted(self) -> None:
        text = self.filtering.text
        await self.remembered(lambda state: state.keep_filter(text), None)

    def tell_count(self, count: str, sorted_what: str = "") -> None:
        """Say how many are shown, and by what they, or ``sorted_what``, are sorted: the title may be out of sight."""
        order = self.sorted_words()
        order += sorted_what if order else ""
        deleted = ", deleted ones too" if self.lifecycle is Lifecycle.ALL else ""
        self.path.show(count=count + deleted + order)

    def tell_unsortable(self, why: str) -> None:
        """Say why nothing is sorted."""
        self.status.show_notice(why)

    # Rows

    def action_toggle_deleted(self) -> None:
        """Show deleted ones too, or only active ones."""
        capability = self.session.source.capabilities.deleted
        if not capability:
            self.status.show_notice(capability.reason or "")
            return
        self.show_lifecycle(Lifecycle.ALL if self.lifecycle is Lifecycle.ACTIVE else Lifecycle.ACTIVE)

    def show_lifecycle(self, lifecycle: Lifecycle) -> None:
        """Show what is in these stages of its life."""
        self.lifecycle = lifecycle
        self.reload()

    @on(Grid.Opened)
    def _opened(self) -> None:
        self.open_row(self.grid.cursor_row)

    @on(Grid.Moved)
    def _moved(self) -> None:
        name, value = self.value_under_cursor() or ("", "")
        self.status.show_value(self.position(), name, value)

    def position(self) -> str:
        """Where the cursor is among the rows."""
        rows = len(self.grid.rows)
        return f"{self.grid.cursor_row + 1:,}/{rows:,}" if rows else ""
