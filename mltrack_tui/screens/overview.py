"""What the lists of the upper places have in common: read whole, then filtered and sorted here."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from time import monotonic
from typing import ClassVar, Protocol, TypeVar

from textual import events, on, work

from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.filter import Words
from mltrack_tui.domain.page import Page
from mltrack_tui.export.table import Exportable, Heading, Row
from mltrack_tui.screens.live.rhythm import rest_after
from mltrack_tui.screens.live.trouble import quiet_answer
from mltrack_tui.screens.nothing import nothing_found
from mltrack_tui.screens.place import counted
from mltrack_tui.screens.rows import Field, Rows, RowsPlace
from mltrack_tui.screens.session import Session
from mltrack_tui.sources.pages import final


class Named(Protocol):
    """What a line of a list stands for."""

    @property
    def name(self) -> str:
        """What the list is filtered by, and the cursor kept on."""
        ...


T = TypeVar("T", bound=Named)


class OverviewPlace(RowsPlace[T]):
    """A list that is read whole, then filtered and sorted here."""

    NOUN: ClassVar[str]
    HEADINGS: ClassVar[Sequence[Heading]]
    OPTIONAL: ClassVar[Sequence[str]] = ()
    """Of these headings, those that are left out where nothing has a value."""
    FOLLOWS: ClassVar[bool] = False
    """Whether the list is read again when its source changes."""
    TELLS_DELETED: ClassVar[bool] = False
    """Whether some source tells deleted ones."""

    def __init__(
        self, session: Session, known: Sequence[T] = (), *, whole: bool = True, start_at: str | None = None
    ) -> None:
        """``known`` is shown at once, and read on from unless it is the ``whole``."""
        super().__init__(session, Rows([field for field in self.fields() if not field.optional]))
        self.have(known)
        self._whole = whole
        self._start_at = start_at
        self._summaries = 0
        self._held: str | None = None
        self._outdated = self._following = False
        self._at_first: str | None = None
        """The first thing of a list of which more was to come, where the cursor was put because nobody had moved it."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to show of what no source tells."""
        nothing = action == "toggle_deleted" and not self.TELLS_DELETED
        return False if nothing else super().check_action(action, parameters)

    def fields(self) -> Sequence[Field[T]]:
        """The table's columns."""
        raise NotImplementedError

    def exact(self, item: T) -> Row:
        """The values that are exported, one for each of `HEADINGS`."""
        raise NotImplementedError

    def ask(self) -> AsyncIterator[Page[T]]:
        """Ask the source for everything."""
        raise NotImplementedError

    def empty_words(self) -> str:
        """What to say where there is nothing."""
        raise NotImplementedError

    def begin(self) -> None:
        """Show what is known already, and read the rest."""
        if self._all.items:
            self.rearrange()
        if not self._all.items or not self._whole:
            self.reload()

    def reload(self) -> None:
        """Read the list again."""
        self._load()

    @work(exclusive=True, group="list")
    async def _load(self) -> None:
        if not self._all.items:
            self.say(f"Opening {self.session.name} …")
        async for page in self.answers(self.ask):
            self.have(page.items)
            self._whole = page.complete
            self.rearrange()
            await asyncio.sleep(0)  # the keys first
        if not self._whole:  # the source failed: what is known stays
            self._whole = True
            self.rearrange()

    # Changes

    def changed(self, changes: Changes) -> None:
        """Read the list again as soon as it is seen; a server would have to count everything for it."""
        others = changes.anything or changes.began or changes.candidates or changes.others
        if self.FOLLOWS and others and self.session.source.capabilities.watch:
            self._outdated = True
            self._go_on_following()

    @on(events.ScreenResume)
    def _go_on_following(self) -> None:
        if self._outdated and not self._following and self.is_current:
            self._follow()

    @work(group="follow")
    async def _follow(self) -> None:
        self._following = True
        try:
            while self._outdated and self.is_current:
                begun = monotonic()
                if self._whole:
                    self._outdated = False
                    await self._read_again()
                await asyncio.sleep(rest_after(monotonic() - begun))
        finally:
            self._following = False

    async def _read_again(self) -> None:
        """Read quietly: where nothing is otherwise, nothing is painted."""
        page = await quiet_answer(self, lambda: final(self.ask()))
        if page is not None and list(page.items) != list(self._all.items):
            self.have(page.items)
            self.rearrange()

    # Rows

    def have(self, items: Sequence[T]) -> None:
        """Have these things, and the columns that say something of them; a column that was there stays."""
        before = [field.title for field in self._all.fields]
        fields = [
            field
            for field in self.fields()
            if not field.optional or field.title in before or any(field.value(item) is not None for item in items)
        ]
        places = {field.title: place for place, field in enumerate(fields)}
        self.order = tuple((places[before[key]], descending) for key, descending in self.order)
        self._all = Rows(fields, items)

    def fits(self, item: T) -> bool:
        """Whether the filter admits something."""
        where = self.filtering.where
        return where is None or (isinstance(where, Words) and where.occur_in(item.name))

    def hold_cursor(self, held: bool) -> None:
        """While a filter is typed, its beginnings may hide the cursor's row."""
        on_summary = self.grid.cursor_row < self._summaries
        self._held = self.name_under_cursor() if held and not on_summary else None

    def summaries(self, shown: Sequence[T]) -> Sequence[T]:
        """Rows that stand for all that is ``shown`` and come before it, whatever the order; they are not counted."""
        return shown[:0]

    def rearrange(self) -> None:
        """Filter and sort what was read; the cursor stays on its row."""
        kept = self._all.arranged(self.fits, self.order)
        if self.filtering.withholds(len(kept), len(self._shown)):
            return
        first = self.summaries(kept.items)
        shown = kept.after(first)
        row, column = self._row_of_cursor(shown.items, len(first)), self._column_of_cursor(shown.fields)
        self._shown, self._summaries = shown, len(first)
        self.ready.set()
        self.grid.show(
            self._shown,
            columns=self._all.after(first).columns(),
            cursor_row=row,
            cursor_column=column,
            sort_marks=self.sort_marks(),
        )
        self.say("" if len(kept) else self.nothing(len(self._all)))
        self.tell_shown(len(kept))

    def tell_shown(self, kept: int) -> None:
        """Say how many there are, and how many of them are shown."""
        total = counted(len(self._all), self.NOUN)
        more = "" if self._whole else " · counting …"
        self.tell_count((total if kept == len(self._all) else f"{kept:,} of {total}") + more)

    def _column_of_cursor(self, fields: Sequence[Field[T]]) -> int | None:
        """Where the cursor's column is now, if columns have come before it."""
        if len(fields) == len(self._shown.fields):
            return None
        here = self._shown.fields[self.grid.cursor_column].title
        return next(place for place, field in enumerate(fields) if field.title == here)

    def _row_of_cursor(self, items: Sequence[T], summaries: int) -> int | None:
        """Where the cursor's row is now; as long as nobody moved it, on the first that stands for itself."""
        names = [item.name for item in items[summaries:]]
        if self.grid.cursor_row:  # somebody went on before it came
            self._start_at = None
        if self._held in names:
            return summaries + names.index(self._held)
        here = self._start_at or self.name_under_cursor()
        untouched = here in (None, self._at_first) or not (self._start_at or self.ready.is_set())
        self._at_first = names[0] if untouched and names and not self._whole else None
        if untouched:
            return summaries
        if self._start_at is None and self.grid.cursor_row < self._summaries:
            return None
        if here not in names:
            return None
        self._start_at = None
        return summaries + names.index(here)

    def nothing(self, total: int) -> str:
        """What to say where nothing of so much is shown."""
        if not total:
            return self.empty_words()
        return nothing_found(self.NOUN, self.filtering.good_text, self.filtering.where, total)

    def exportable(self) -> Exportable:
        """What is shown, exactly, without what stands for several."""
        from mltrack_tui.screens.exporting import table_of

        rows = [self.exact(item) for item in self._shown.items[self._summaries :]]
        unused = {
            place
            for place, heading in enumerate(self.HEADINGS)
            if heading.name in self.OPTIONAL and all(row[place] is None for row in rows)
        }
        headings = [heading for place, heading in enumerate(self.HEADINGS) if place not in unused]
        used = [[value for place, value in enumerate(row) if place not in unused] for row in rows]
        return table_of(f"{self.NOUN}s", headings, used)

    def name_under_cursor(self) -> str | None:
        """The name of the thing under the cursor."""
        here = self.item_under_cursor()
        return None if here is None else here.name

    def item_under_cursor(self) -> T | None:
        """The thing under the cursor."""
        items = self._shown.items
        return items[self.grid.cursor_row] if self.grid.cursor_row < len(items) else None
