"""A place whose content is a table: filtered as one types, sorted by any column, the cursor kept on its row."""

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from mltrack_tui.analysis.sorting import Keys, only_by, then_by
from mltrack_tui.commands import FILTER_BOX, GRID, HELP, LIST, Command, hints
from mltrack_tui.domain.query import Lifecycle
from mltrack_tui.domain.text import clean
from mltrack_tui.screens.filtering import Filtering
from mltrack_tui.screens.languages import Language, Words
from mltrack_tui.screens.place import Place
from mltrack_tui.screens.session import Session
from mltrack_tui.widgets.grid import Grid

ASCENDING, DESCENDING = "▲", "▼"
RANKS = "¹²³⁴⁵⁶⁷⁸⁹"

K = TypeVar("K")


class ListPlace(Place, Generic[K]):
    """A table of things with names; ``K`` is what tells the columns that it is sorted by."""

    BINDINGS: ClassVar[list[BindingType]] = [*LIST.bindings()]
    HINTS: ClassVar[tuple[Command, ...]] = hints(GRID, LIST)

    lifecycle: Lifecycle = Lifecycle.ACTIVE
    order: Keys[K] = ()
    """What the rows are sorted by."""

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

    def rearrange(self) -> None:
        """Filter and sort anew, and show the result with the cursor on the same row."""
        raise NotImplementedError

    def sort_key(self, column: int) -> K | None:
        """What the rows are sorted by in a column of the table; None where there is nothing to sort by."""
        raise NotImplementedError

    def sort_choices(self) -> Sequence[tuple[str, K]]:
        """All that the rows can be sorted by, on screen or not, with its name."""
        raise NotImplementedError

    def sort_place(self, key: K) -> int | None:
        """The column of the table that is sorted by this, if there is one."""
        raise NotImplementedError

    def sort_name(self, key: K) -> str:
        """What is sorted by, in words."""
        return str(key)

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

    # Order

    def action_sort(self, descending: bool) -> None:
        """Sort by the cursor's column."""
        if (key := self._key_here()) is not None:
            self.sort(only_by(key, descending))

    def action_sort_also(self, descending: bool) -> None:
        """Sort by the cursor's column where the other keys are equal; again: the other way round, or no more."""
        if (key := self._key_here()) is not None:
            self.sort(then_by(self.order, key, descending))

    def _key_here(self) -> K | None:
        key = self.sort_key(self.grid.cursor_column)
        if key is None:
            self.status.show_notice("There is nothing to sort by in this column.")
        return key

    def sort(self, order: Keys[K]) -> None:
        """Sort by these keys, with the cursor in the last one's column."""
        self.order = order
        column = self.sort_place(order[-1][0]) if order else None
        if column is not None:
            self.grid.move(self.grid.cursor_row, column)
        self.rearrange()

    def action_pick_sort(self) -> None:
        """Choose what to sort by from a list."""
        from mltrack_tui.screens.dialogs import Picker  # when the first dialog is opened

        choices: list[tuple[str, Keys[K]]] = [
            (f"{name}  {word}", only_by(key, descending))
            for name, key in self.sort_choices()
            for word, descending in (("ascending", False), ("descending", True))
        ]

        if not choices:
            return  # nothing was read yet

        def chosen(order: Keys[K] | None) -> None:
            if order is not None:
                self.sort(order)

        self.app.push_screen(Picker("Sort by", choices), chosen)

    def sort_marks(self) -> dict[int, str]:
        """The signs at the titles of sorted columns, with the weight of each where there are several."""
        marks = self._marked_keys()
        return {place: mark for key, mark in marks if (place := self.sort_place(key)) is not None}

    def _marked_keys(self) -> list[tuple[K, str]]:
        ranks = RANKS[: len(self.order)] if len(self.order) > 1 else ""
        return [
            (key, (DESCENDING if descending else ASCENDING) + ranks[rank : rank + 1])
            for rank, (key, descending) in enumerate(self.order)
        ]

    def tell_count(self, count: str, sorted_what: str = "") -> None:
        """Say how many are shown, and by what they, or ``sorted_what``, are sorted: the title may be out of sight."""
        order = "".join(f"   {mark} {clean(self.sort_name(key), 24)}" for key, mark in self._marked_keys()[:3])
        order += sorted_what if order else ""
        deleted = ", deleted ones too" if self.lifecycle is Lifecycle.ALL else ""
        self.path.show(count=count + deleted + order)

    @on(Grid.TitlePressed)
    def _title_pressed(self) -> None:
        if (key := self._key_here()) is not None:
            self.sort(only_by(key, self.order == only_by(key, False)))

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
